// The People page: accounts, tokens of programs, paired stations. A secret is shown once, when it is made.

import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiError, type PeopleView } from '../api.ts';
import { NewEntry } from '../components/new-entry.tsx';
import { Accounts, Stations, Tokens } from '../components/people-tables.tsx';
import type { PageProps } from '../page-props.ts';
import { WHO_DECIDES } from '../who-decides.ts';
import '../style/people.css';

/** `code`: of a one-time link. */
type Secret = { words: string; text: string; code?: string };

const isHere = (host: string) => host === 'localhost' || host === '[::1]' || host.startsWith('127.');
const ONLY_HERE =
  'It opens on this machine only: the config gives the service no name for others (serve.names).';

export function PeoplePage({ live, person, needName }: PageProps) {
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
  const gone = (secret: Secret) => setSecrets((have) => have.filter((one) => one !== secret));
  // a station was paired, a password set: a link that is used up, or that a newer one took the place of, goes
  useEffect(() => {
    void look();
    for (const secret of secrets)
      if (secret.code !== undefined)
        api.link(secret.code).catch(({ code }: { code?: string }) => {
          if (code === 'link_void') gone(secret);
        });
  }, [live.tick]);

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
    code: answer.code!,
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
          <button onClick={() => gone(secret)}>Done</button>
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
      <Accounts
        all={all}
        change={change}
        newLink={(id, name) =>
          void change(`users/${id}/link`, {}, linkOf(`This link sets a new password for ${name}.`))
        }
      />

      <h2>Tokens</h2>
      <NewEntry
        act="Make token"
        roles={['harvester', 'operator', 'manager']}
        ends
        add={(name, { role, days }) =>
          change('tokens', { name, role, ...(days === undefined ? {} : { days }) }, (answer) => ({
            words: `The token of ${name}.`,
            text: answer.secret!,
          }))
        }
      />
      <Tokens all={all} change={change} />

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
      <Stations all={all} change={change} />
    </main>
  );
}
