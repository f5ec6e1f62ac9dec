// Who is signed in: the own password, signing out. Keeps no password.

import { useState } from 'preact/hooks';
import { api, ApiError, type Me } from '../api.ts';
import type { Person } from '../person.ts';
import { Dialog } from './dialog.tsx';
import { PasswordField } from './password-field.tsx';

type Props = {
  me: Me;
  person: Person;
  close: () => void;
  /** answers were given under a wrong name */
  wrong: () => void;
};

export function AccountDialog({ me, person, close, wrong }: Props) {
  const [old, setOld] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [changed, setChanged] = useState(false);
  const [busy, setBusy] = useState(false);

  async function change(): Promise<void> {
    setBusy(true);
    setChanged(false);
    setProblem('');
    try {
      await api.changePassword(old, password);
      setChanged(true);
      setOld('');
      setPassword('');
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(`${error.message} ${error.hint}`);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title={me.name!} close={close} class="who-dialog">
      <p>Signed in as {me.role}. Your name goes into the history and the record of what you do.</p>
      <form
        class="own-password"
        onSubmit={(event) => {
          event.preventDefault();
          void change();
        }}
      >
        <PasswordField label="Old password" value={old} type={setOld} />
        <PasswordField label="New password" value={password} type={setPassword} chosen />
        <button disabled={busy}>Change password</button>
      </form>
      <p role="status">{changed && 'Changed. Your other browsers are signed out.'}</p>
      {problem && (
        <p role="alert" class="tone-bad">
          {problem}
        </p>
      )}
      <button onClick={person.leave}>Sign out</button>
      <button class="plain" onClick={wrong}>
        Answers were given under a wrong name …
      </button>
    </Dialog>
  );
}
