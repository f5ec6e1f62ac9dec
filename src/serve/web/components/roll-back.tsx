// The way back to an old version, on its own card: a form that says what will change and asks why. Saves nothing itself.

import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { SAVED_MEANS, valueWords } from '../../threshold-words.ts';
import type { VersionView } from '../api.ts';

type Props = {
  to: VersionView;
  inForce: VersionView;
  /** true once it is in force: the reason that was typed stays otherwise */
  rollBack: (to: number, reason: string) => Promise<boolean>;
};

export function RollBack({ to, inForce, rollBack }: Props) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (open) field.current!.focus();
  }, [open]);
  function cancel(): void {
    setOpen(false);
    opener.current!.focus();
  }
  return (
    <>
      <button ref={opener} aria-expanded={open} onClick={() => (open ? cancel() : setOpen(true))}>
        Roll back …
      </button>
      {open && (
        <form
          onKeyDown={({ key }) => key === 'Escape' && cancel()}
          onSubmit={(event) => {
            event.preventDefault();
            void rollBack(to.version, reason.trim()).then((done) => {
              if (!done) return;
              setOpen(false);
              setReason('');
            });
          }}
        >
          <p>
            Now version {inForce.version} is in force: {valueWords(inForce)}. A new version takes its place
            with the values of version {to.version}: {valueWords(to)}. {SAVED_MEANS}
          </p>
          <label for={id}>Why back to version {to.version}?</label>
          <input
            id={id}
            ref={field}
            value={reason}
            required
            pattern=".*\S.*"
            maxLength={500}
            autocomplete="off"
            onInput={(event) => setReason(event.currentTarget.value)}
          />
          <button>Roll back to version {to.version}</button>
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        </form>
      )}
    </>
  );
}
