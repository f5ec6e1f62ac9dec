// The Settings page: what this service runs with, why, and where it was written; the model; reports. Changes nothing: the config is a file.

import { useEffect, useState } from 'preact/hooks';
import { ApiError, api, type Reports, type SettingsView } from '../api.ts';
import { TrainedOn } from '../components/trained-on.tsx';
import { inFull, when } from '../format.ts';
import '../style/settings.css';

const shown = (value: unknown, unit?: string) =>
  `${typeof value === 'string' ? value : JSON.stringify(value)}${unit ? ` ${unit}` : ''}`;

export function SettingsPage() {
  const [settings, setSettings] = useState<SettingsView>();
  const [reports, setReports] = useState<Reports>();
  const [only, setOnly] = useState('');
  const [said, say] = useState('');
  useEffect(() => {
    const trouble = (error: Error) => {
      if (!(error instanceof ApiError)) throw error;
      say(`${error.message} ${error.hint}`);
    };
    void api.settings().then(setSettings, trouble);
    void api.reports().then(setReports, trouble);
  }, []);

  const model = settings?.model;
  const asked = only.trim().toLowerCase();
  const values =
    settings?.values.filter(({ key, why }) => `${key} ${why}`.toLowerCase().includes(asked)) ?? [];
  return (
    <main class="page settings" aria-busy={!settings && !said}>
      <h1>Settings</h1>
      <p role="status" class="quiet">
        {said}
      </p>
      {settings && (
        <>
          <section aria-label="Model in use">
            <h2>Model in use</h2>
            {model ? (
              <dl>
                <dt>Head</dt>
                <dd>
                  {model.name} <code title={model.head}>{model.head.slice(0, 12)}</code>
                  <span class="quiet name" title={model.headPath}>
                    {' '}
                    {model.headPath}
                  </span>
                </dd>
                <dt>Backbone</dt>
                <dd>
                  {model.backbone.name}{' '}
                  <code title={model.backbone.sha256}>{model.backbone.sha256.slice(0, 12)}</code>
                </dd>
                <dt>Preprocessing</dt>
                <dd>{model.preprocessing}</dd>
                <dt>Engine</dt>
                <dd>
                  {settings.engine} {settings.note && <span class="tone-ask">{settings.note}</span>}
                </dd>
              </dl>
            ) : (
              <p>No model is loaded.</p>
            )}
            {model?.provenance !== undefined && <TrainedOn provenance={model.provenance} />}
            <p>
              <a href="#/thresholds">Thresholds</a>: version {settings.thresholdsVersion}.{' '}
              <a href="#/teaching">Teaching</a>: {settings.teaching ? 'in use' : 'set aside'}.
            </p>
          </section>

          <section aria-label="Reports">
            <h2>Reports</h2>
            {reports?.reports.length === 0 && (
              <p>
                Reports will appear here: <code>semtag evaluate DIR --report</code> and{' '}
                <code>semtag calibrate DIR --report</code> keep theirs in <code>{reports.dir}</code>.
              </p>
            )}
            <ul>
              {reports?.reports.map(({ name, at }) => (
                <li key={name}>
                  <a href={`/api/reports/${name}`} target="_blank" rel="noopener">
                    {name}
                  </a>{' '}
                  <span class="quiet" title={inFull(at)}>
                    {when(at)}
                  </span>
                </li>
              ))}
            </ul>
          </section>

          <section aria-label="Config">
            <h2>Config</h2>
            <p class="quiet">
              {settings.path ? `From ${settings.path}. ` : ''}It is changed in the file; the next start takes
              it.
            </p>
            <p>
              <a href="/api/export" download="semtag-settings.json">
                Download config, thresholds and head
              </a>{' '}
              <span class="quiet">
                One file for another SEM PC, without passwords or tokens: <code>semtag config import</code>{' '}
                takes it there.
              </span>
            </p>
            {settings.changed && (
              <p class="tone-ask">
                The file was changed since the start: what stands below is still in force.
              </p>
            )}
            <label>
              <span>Find </span>
              <input value={only} onInput={(event) => setOnly(event.currentTarget.value)} />
            </label>
            <div class="wide">
              <table>
                <thead>
                  <tr>
                    <th scope="col">key</th>
                    <th scope="col">value</th>
                    <th scope="col">from</th>
                    <th scope="col">what it is for</th>
                  </tr>
                </thead>
                <tbody>
                  {values.map(({ key, value, unit, origin, why }) => (
                    <tr key={key}>
                      <th scope="row">{key}</th>
                      <td>{value === undefined ? '(not shown)' : shown(value, unit)}</td>
                      <td class={origin === 'default' ? 'quiet' : ''}>{origin}</td>
                      <td class="quiet">{why}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {values.length === 0 && <p class="quiet">No setting is called so.</p>}
          </section>
        </>
      )}
    </main>
  );
}
