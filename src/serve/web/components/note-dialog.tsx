// A note that goes with the next answer: free words for the history and the record. Sends nothing by itself.

import { useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';

const LONGEST = 2000;

type Props = { note: string; keep: (note: string) => void; close: () => void };

export function NoteDialog({ note, keep, close }: Props) {
  const [text, setText] = useState(note);
  function done(): void {
    keep(text.trim());
    close();
  }
  return (
    <Dialog title="Note with your answer" close={close} class="facts-dialog">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          done();
        }}
      >
        <div class="field">
          <label for="note">Note</label>
          <textarea
            id="note"
            rows={3}
            maxLength={LONGEST}
            autofocus
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey) return;
              event.preventDefault();
              if (!event.repeat) done(); // a held key would press again what opened this
            }}
          />
        </div>
        <button class="main">{text.trim() ? 'Keep it for my answer' : 'No note'}</button>
      </form>
      <p class="quiet">
        It goes into the history and the record with your answer. Enter keeps it, Shift + Enter begins a line.
      </p>
    </Dialog>
  );
}
