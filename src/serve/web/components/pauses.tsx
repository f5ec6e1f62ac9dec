// What is paused, with a way to end it, and the form that begins a pause: forwarding and publishing wait, intake goes on.

import { useState } from 'preact/hooks';
import { pausedName, type Paused } from '../../../domain/pause.ts';
import type { Status } from '../api.ts';
import { inFull, when } from '../format.ts';
import { ReasonField } from './reason-field.tsx';

type Props = {
  status: Status;
  busy: boolean;
  /** true once it is paused: the reason that was typed stays otherwise */
  pause: (what: Paused, reason: string) => Promise<boolean>;
  resume: (what: Paused) => void;
};

/** Where the card of a pause leads to. */
export const resumeId = (paused: Paused): string => `resume ${pausedName(paused)}`.replaceAll(' ', '-');

export function Pauses({ status: { pauses, roots }, busy, pause, resume }: Props) {
  const [scope, setScope] = useState('');
  const [project, setProject] = useState('');
  const [reason, setReason] = useState('');
  const what: Paused =
    scope === 'all'
      ? { scope }
      : scope === 'project'
        ? { scope, name: project.trim() }
        : { scope: 'instrument', name: scope.slice('instrument '.length) };
  const ready = scope !== '' && reason.trim() !== '' && what.name !== '';
  return (
    <section aria-label="Pause">
      <h2>Pause forwarding and publishing</h2>
      <p class="quiet">
        Images are taken, labelled and tagged meanwhile. Everything stays owed and is sent when the pause
        ends; harvesters are not given it before.
      </p>
      {pauses.length === 0 && <p>Nothing is paused.</p>}
      <ul class="pauses">
        {pauses.map(({ since, by, reason: why, ...paused }) => (
          <li key={pausedName(paused)}>
            <span>
              <strong>{pausedName(paused)}</strong> since <span title={inFull(since)}>{when(since)}</span> by{' '}
              {by}: {why}
            </span>
            <button id={resumeId(paused)} disabled={busy} onClick={() => resume(paused)}>
              Resume {pausedName(paused)}
            </button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready) return;
          void pause(what, reason.trim()).then((paused) => {
            if (!paused) return;
            setScope('');
            setReason('');
          });
        }}
      >
        <div>
          <label for="pause-what">What</label>
          <select id="pause-what" value={scope} onChange={(event) => setScope(event.currentTarget.value)}>
            <option value="">choose …</option>
            {roots.map(({ instrument }) => (
              <option key={instrument} value={`instrument ${instrument}`}>
                {instrument}
              </option>
            ))}
            <option value="project">a project …</option>
            <option value="all">everything</option>
          </select>
        </div>
        {scope === 'project' && (
          <div>
            <label for="pause-project">Project</label>
            <input
              id="pause-project"
              value={project}
              maxLength={200}
              onInput={(event) => setProject(event.currentTarget.value)}
            />
          </div>
        )}
        <div class="wide">
          <ReasonField id="pause-reason" reason={reason} change={setReason} />
        </div>
        <button disabled={busy || !ready}>Pause</button>
      </form>
    </section>
  );
}
