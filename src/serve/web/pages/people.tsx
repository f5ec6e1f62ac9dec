// The People page: accounts, tokens of programs, paired stations. A secret is shown once, when it is made.

import { useEffect, useState } from 'preact/hooks';
import { ROLES } from '../../../domain/access.ts';
import { api, ApiError, type PeopleView } from '../api.ts';
import { NewEntry } from '../components/new-entry.tsx';
import { when } from '../format.ts';
import type { PageProps } from '../page-props.ts';
import '../style/people.css';

type Secret = { words: string; text: string };

export function PeoplePage({ person, needName }: PageProps) {
  const [all, setAll] = useState<PeopleView>();
  const [secret, setSecret] = useState<Secret>();
  const [said, say] = useState('');
  /** what a second click does */
  const [sure, setSure] = useState('');
  const trouble = (error: Error) => {
    if (!(error instanceof ApiError)) throw error;
    say(`${error.message} ${error.hint}`);
  };
  const look = () => api.people().then(setAll, trouble);
  useEffect(() => void look(), []);

  async function change(
    path: string,
    body: object,
    made?: (answer: Made) => Secret,
    by = person.name,
  ): Promise<boolean> {
    if (!by) {
      needName((given) => void change(path, body, made, given));
      return false;
    }
    say('');
    setSure('');
    try {
      const answer = await api.changePeople<Made>(path, { ...body, by });
      setSecret(made?.(answer));
      return true;
    } catch (error) {
      trouble(error as Error);
      return false;
    } finally {
      await look();
    }
  }
  type Made = { code?: string; secret?: string };
  const linkOf = (words: string) => (answer: Made) => ({
    words,
    text: `${location.origin}/#/sign-in?link=${answer.code}`,
  });
  const twice = (key: string, words: string, act: () => void) => (
    <button onClick={() => (sure === key ? act() : setSure(key))}>
      {sure === key ? `Really ${words}?` : words}
    </button>
  );

  if (!all)
    return (
      <main class="page people" aria-busy="true">
        <h1>People</h1>
        <p role="status">{said}</p>
      </main>
    );
  return (
    <main class="page people">
      <h1>People</h1>
      <p role="status">{said}</p>
      {secret && (
        <section class="secret" aria-label="Shown once">
          <p>{secret.words} It is shown this once.</p>
          <code>{secret.text}</code>
          <button onClick={() => void navigator.clipboard.writeText(secret.text)}>Copy</button>
          <button onClick={() => setSecret(undefined)}>Done</button>
        </section>
      )}
      <h2>Accounts</h2>
      <NewEntry
        act="Add account"
        roles={['operator', 'manager', 'harvester']}
        add={(name, { role }) =>
          change('users', { name, role }, linkOf(`Send this link to ${name}: it sets the password.`))
        }
      />
      {all.users.length === 0 && (
        <p class="quiet">Nobody yet. Whoever gets an account signs in with a password.</p>
      )}
      <ul>
        {all.users.map(({ id, name: own, role: its, disabled, hasPassword, projects }) => (
          <li key={id}>
            <strong>{own}</strong>
            <select
              aria-label={`Role of ${own}`}
              value={its}
              onChange={(e) => void change(`users/${id}`, { role: e.currentTarget.value })}
            >
              {ROLES.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
            <span>{disabled ? 'disabled' : hasPassword ? '' : 'link not used yet'}</span>
            {all.privateProjects.map((project) => (
              <label class="member" key={project}>
                <input
                  type="checkbox"
                  checked={projects.includes(project)}
                  onChange={(e) =>
                    void change(`users/${id}`, { [e.currentTarget.checked ? 'join' : 'leave']: [project] })
                  }
                />
                {project}
              </label>
            ))}
            <button
              onClick={() =>
                void change(`users/${id}/link`, {}, linkOf(`This link sets a new password for ${own}.`))
              }
            >
              New link
            </button>
            {disabled ? (
              <button onClick={() => void change(`users/${id}`, { disabled: false })}>Enable</button>
            ) : (
              twice(`user ${id}`, 'Disable', () => void change(`users/${id}`, { disabled: true }))
            )}
          </li>
        ))}
      </ul>

      <h2>Tokens</h2>
      <NewEntry
        act="Make token"
        roles={['harvester', 'operator', 'manager']}
        add={(name, { role }) =>
          change('tokens', { name, role }, (answer) => ({
            words: `The token of ${name}.`,
            text: answer.secret!,
          }))
        }
      />
      {all.tokens.length === 0 && (
        <p class="quiet">None yet. A token lets a program in, a harvester for instance.</p>
      )}
      <ul>
        {all.tokens.map(({ id, name: own, role: its, usedAt }) => (
          <li key={id}>
            <strong>{own}</strong>
            <span>
              {its}, {usedAt ? `last used ${when(usedAt)}` : 'never used'}
            </span>
            {twice(`token ${id}`, 'Revoke', () => void change(`tokens/${id}/revoke`, {}))}
          </li>
        ))}
      </ul>

      <h2>Stations</h2>
      <NewEntry
        act="Pair station"
        instruments={all.instruments}
        add={(name, { instruments }) =>
          change(
            'stations',
            { name, instruments },
            linkOf(`Open this within an hour in the browser that becomes ${name}.`),
          )
        }
      />
      {all.stations.length === 0 && (
        <p class="quiet">None yet. A station is a browser at an instrument, let in without a password.</p>
      )}
      <ul>
        {all.stations.map(({ id, name: own, instruments, usedAt }) => (
          <li key={id}>
            <strong>{own}</strong>
            <span>
              {instruments.join(', ')}, last used {when(usedAt)}
            </span>
            {twice(`station ${id}`, 'Revoke', () => void change(`stations/${id}/revoke`, {}))}
          </li>
        ))}
      </ul>
    </main>
  );
}
