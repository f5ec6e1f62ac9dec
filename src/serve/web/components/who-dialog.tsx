// Asks who answers. The name stands in the history and the record; it is no password and protects nothing.

import { useState } from 'preact/hooks';
import { nameProblem } from '../../../domain/person.ts';
import type { Person } from '../person.ts';
import { Dialog } from './dialog.tsx';

type Props = { person: Person; close: () => void; then: (name: string) => void };

export function WhoDialog({ person, close, then }: Props) {
  const [name, setName] = useState('');
  const problem = nameProblem(name);
  function choose(chosen: string): void {
    person.choose(chosen);
    close();
    then(chosen);
  }
  return (
    <Dialog title="Who answers?" close={close} class="who-dialog">
      <p>Your name goes into the history and the record of each image that you answer.</p>
      {person.known.length > 0 && (
        <div class="known">
          {person.known.map((known) => (
            <button key={known} onClick={() => choose(known)}>
              {known}
            </button>
          ))}
        </div>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) choose(name.trim());
        }}
      >
        <label for="who-name">Name</label>
        <input
          id="who-name"
          value={name}
          maxLength={80}
          autocomplete="off"
          autofocus
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button class="main" disabled={problem !== undefined}>
          Answer as {name.trim() || '…'}
        </button>
      </form>
      {name.trim() && problem && <p class="tone-bad">This cannot be: {problem}.</p>}
      <p class="quiet">Kept in this browser, and gone after 30 minutes without you.</p>
    </Dialog>
  );
}
