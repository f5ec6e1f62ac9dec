// Under the picture: others that wait and look like it, to be ticked where the answer holds for them too. None is ticked by itself: a person's name stands only under what they meant.

import { thumbUrl, type ImageView } from '../api.ts';

export type LookAlike = NonNullable<ImageView['lookAlikes']>[number];

type Props = {
  alike: LookAlike[];
  ticked: ReadonlySet<string>;
  tick: (sha256: string) => void;
  /** all of them, or none where all are ticked */
  tickAll: () => void;
};

export function LookAlikes({ alike, ticked, tick, tickAll }: Props) {
  const n = alike.filter(({ sha256 }) => ticked.has(sha256)).length;
  const them = alike.length === 1 ? 'this look-alike' : `these ${alike.length} look-alikes`;
  return (
    <section class="look-alikes" aria-label="Look-alikes">
      <button aria-keyshortcuts="a" aria-pressed={n === alike.length} onClick={tickAll}>
        <kbd aria-hidden="true">A</kbd> Same for {them}
        <span class="quiet">{n === 0 ? ' not ticked' : ` ${n} ticked`}</span>
      </button>
      <ul>
        {alike.map(({ sha256, name }) => (
          <li key={sha256}>
            <label title={name}>
              <input type="checkbox" checked={ticked.has(sha256)} onChange={() => tick(sha256)} />
              <img src={thumbUrl(sha256)} alt="" width="96" height="72" />
              <span class="unseen">Same for {name}</span>
            </label>
          </li>
        ))}
      </ul>
    </section>
  );
}
