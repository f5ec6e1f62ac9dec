// Asks who answers. The name stands in the history and the record; it is no password and protects nothing.

import { useState } from 'preact/hooks';
import { nameProblem } from '../../../domain/person.ts';
import type { Person } from '../person.ts';
import { Dialog } from './dialog.tsx';

/** What the name is for. `as`: before the name, on the button. */
export type Asks = { title: string; means: string; as: string };

const ANSWERS: Asks = {
  title: 'Who answers?',
  means: 'Your name goes into the history and the record of each image that you answer.',
  as: 'Answer as',
};

type Props = {
  person: Person;
  asks?: Asks | undefined;
  /** the letter that opened this: the name begins with it */
  typed?: string;
  close: () => void;
  then: (name: string) => void;
  /** answers were given under a wrong one */
  wrong: () => void;
};

export function WhoDialog({ person, asks = ANSWERS, typed = '', close, then, wrong }: Props) {
  const [name, setName] = useState(typed);
  const problem = nameProblem(name);
  function choose(chosen: string): void {
    person.choose(chosen);
    close();
    then(chosen);
  }
  return (
    <Dialog title={asks.title} close={close} class="who-dialog">
      <p>{asks.means}</p>
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
          {asks.as} {name.trim() || '…'}
        </button>
      </form>
      {name.trim() && problem && <p class="tone-bad">This cannot be: {problem}.</p>}
      <button class="plain" onClick={wrong}>
        Answers were given under a wrong name …
      </button>
      <p class="quiet">Kept in this browser, and gone after 30 minutes without you.</p>
    </Dialog>
  );
}
