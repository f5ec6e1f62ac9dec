// The People page: accounts, tokens of programs, paired stations. A secret is shown once, when it is made.

import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiError, type PeopleView } from '../api.ts';
import { NewEntry } from '../components/new-entry.tsx';
import { RoleOf } from '../components/role-of.tsx';
import { Twice } from '../components/twice.tsx';
import { when } from '../format.ts';
import type { PageProps } from '../page-props.ts';
import { WHO_DECIDES } from '../who-decides.ts';
import '../style/people.css';

type Secret = { words: string; text: string };

const isHere = (host: string) => host === 'localhost' || host === '[::1]' || host.startsWith('127.');
const ONLY_HERE =
  'It opens on this machine only: the config gives the service no name for others (serve.names).';

export function PeoplePage({ person, needName }: PageProps) {
  const [all, setAll] = useState<PeopleView>();
  /** each stays until somebody says that they have it: it cannot be shown again */
  const [secrets, setSecrets] = useState<Secret[]>([]);
  const [said, say] = useState('');
  const busy = useRef(false);
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
    if (!by)
      return new Promise((done) => needName((given) => done(change(path, body, made, given)), WHO_DECIDES));
    // the second half of a double click makes no second token
    if (busy.current) return false;
    busy.current = true;
    say('');
    try {
      const answer = await api.changePeople<Made>(path, { ...body, by });
      if (made) setSecrets((have) => [...have, made(answer)]);
      return true;
    } catch (error) {
      trouble(error as Error);
      return false;
    } finally {
      busy.current = false;
      await look();
    }
  }
  type Made = { code?: string; secret?: string };
  const linkOf = (words: string) => (answer: Made) => ({
    words: all?.address === undefined && isHere(location.hostname) ? `${words} ${ONLY_HERE}` : words,
    text: `${all?.address ?? location.origin}/#/sign-in?link=${answer.code}`,
  });

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
      {secrets.map((secret) => (
        <section key={secret.text} class="secret" aria-label="Shown once">
          <p>{secret.words} It is shown this once.</p>
          <code>{secret.text}</code>
          <button onClick={() => void navigator.clipboard.writeText(secret.text)}>Copy</button>
          <button onClick={() => setSecrets((have) => have.filter((one) => one !== secret))}>Done</button>
        </section>
      ))}
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
            <RoleOf name={own} role={its} change={(role) => void change(`users/${id}`, { role })} />
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
              <Twice
                words="Disable"
                sure="Really disable?"
                act={() => void change(`users/${id}`, { disabled: true })}
              />
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
            <Twice words="Revoke" sure="Really revoke?" act={() => void change(`tokens/${id}/revoke`, {})} />
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
            <Twice
              words="Revoke"
              sure="Really revoke?"
              act={() => void change(`stations/${id}/revoke`, {})}
            />
          </li>
        ))}
      </ul>
    </main>
  );
}
