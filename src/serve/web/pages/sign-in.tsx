// The sign-in page: name and password, or what a one-time link is for. Keeps no password.

import { useEffect, useState } from 'preact/hooks';
import { api, ApiError, type LinkView } from '../api.ts';
import { PasswordField } from '../components/password-field.tsx';
import type { PageProps } from '../page-props.ts';
import '../style/people.css';

const TITLES = {
  first_manager: 'Make the first manager',
  password: 'Set your password',
  station: 'Pair this browser',
};

export function SignInPage({ route }: PageProps) {
  const query = 'query' in route ? route.query : '';
  const code = new URLSearchParams(query).get('link') ?? undefined;
  const [link, setLink] = useState<LinkView>();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [said, say] = useState('');
  const [busy, setBusy] = useState(false);
  const trouble = (error: Error) => {
    if (!(error instanceof ApiError)) throw error;
    say(`${error.message} ${error.hint}`);
  };
  useEffect(() => {
    if (code !== undefined) api.link(code).then(setLink, trouble);
  }, [code]);

  async function send(): Promise<void> {
    setBusy(true);
    try {
      if (code === undefined) await api.signIn(name, password);
      else
        await api.useLink({
          code,
          ...(link?.purpose === 'first_manager' ? { name } : {}),
          ...(link?.purpose === 'station' ? {} : { password }),
        });
      // a fresh page, and a link that is void does not stay in the address
      location.replace(link?.purpose === 'first_manager' ? '#/people' : '#/answer');
      location.reload();
    } catch (error) {
      trouble(error as Error);
      setBusy(false);
    }
  }

  const asksName = code === undefined || link?.purpose === 'first_manager';
  const asksPassword = link?.purpose !== 'station';
  return (
    <main class="page sign-in">
      <h1>{link ? TITLES[link.purpose] : code === undefined ? 'Sign in' : 'One-time link'}</h1>
      {link?.purpose === 'password' && <p>For {link.name}.</p>}
      {link?.purpose === 'first_manager' && <p>The name stands in the history.</p>}
      {link?.purpose === 'station' && (
        <p>
          This browser becomes the station {link.name}: people answer here for {link.instruments?.join(', ')}{' '}
          under a name that they pick, without a password.
        </p>
      )}
      {(code === undefined || link) && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          {asksName && (
            <label>
              Name
              <input
                value={name}
                required
                maxLength={80}
                autocomplete="username"
                onInput={(event) => setName(event.currentTarget.value)}
              />
            </label>
          )}
          {asksPassword && (
            <PasswordField label="Password" value={password} type={setPassword} chosen={code !== undefined} />
          )}
          <button disabled={busy}>{link ? TITLES[link.purpose] : 'Sign in'}</button>
        </form>
      )}
      <p role="alert" class="tone-bad">
        {said}
      </p>
      {code === undefined && (
        <p class="quiet">Password forgotten, or none yet? A manager makes a link that sets a new one.</p>
      )}
    </main>
  );
}
