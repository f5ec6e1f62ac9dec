// A password that is typed: hidden until somebody wants to look at it. A new one says its rules. Keeps nothing.

import { useId, useState } from 'preact/hooks';

type Props = {
  label: string;
  value: string;
  type: (value: string) => void;
  /** it is to be chosen, not known */
  chosen?: boolean;
};

export function PasswordField({ label, value, type, chosen = false }: Props) {
  const [shown, show] = useState(false);
  const id = useId();
  return (
    <div class="password">
      <label for={id}>{label}</label>
      <div class="beside">
        <input
          id={id}
          {...(shown ? { type: 'text' as const } : { type: 'password' as const })}
          value={value}
          required
          maxLength={128}
          spellcheck={false}
          autocapitalize="none"
          autocomplete={chosen ? 'new-password' : 'current-password'}
          aria-describedby={chosen ? `${id}-rules` : undefined}
          onInput={(event) => type(event.currentTarget.value)}
        />
        <button type="button" aria-pressed={shown} aria-controls={id} onClick={() => show(!shown)}>
          {shown ? 'Hide' : 'Show'}
        </button>
      </div>
      {chosen && (
        <p id={`${id}-rules`} class="quiet">
          12 to 128 characters, without your name, and none that leaked or is guessed early.
        </p>
      )}
    </div>
  );
}
