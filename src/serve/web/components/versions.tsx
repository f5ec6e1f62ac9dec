// All versions of the thresholds, newest first, each with who, when, why; to compare with, to put on the handles, to go back to. Saves nothing itself.

import { valueWords } from '../../threshold-words.ts';
import type { ThresholdsOverview, VersionView } from '../api.ts';
import { inFull, when } from '../format.ts';
import { RollBack } from './roll-back.tsx';

type Props = Pick<ThresholdsOverview, 'versions' | 'inForce'> & {
  /** the version that the figures are compared with, where it was chosen */
  against: number | undefined;
  compare: (version: number | undefined) => void;
  put: (one: VersionView) => void;
  rollBack: (to: number, reason: string) => Promise<boolean>;
};

export function Versions({ versions, inForce, against, compare, put, rollBack }: Props) {
  return (
    <section aria-label="Versions">
      <h2>Versions</h2>
      <ul class="versions">
        {versions.map((one) => (
          <li key={one.version} class="card">
            <p>
              <b>Version {one.version}</b>
              {one.version === inForce.version ? ' (in force)' : ''}: {valueWords(one)}
            </p>
            <p class="quiet">
              <span title={inFull(one.at)}>{when(one.at)}</span>, {one.author}: {one.reason}
            </p>
            <div class="acts">
              <button
                aria-pressed={against === one.version}
                onClick={() => compare(against === one.version ? undefined : one.version)}
              >
                Compare
              </button>
              <button onClick={() => put(one)}>Put on the handles</button>
              {one.version !== inForce.version && <RollBack to={one} inForce={inForce} rollBack={rollBack} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
