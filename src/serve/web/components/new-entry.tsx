// The form of one kind of entry on the People page: its name, and the role or the instruments that it has. Sends nothing itself.

import { useState } from 'preact/hooks';
import type { Role } from '../../../domain/access.ts';

type Props = {
  act: string;
  /** the usual one first; none where it has none */
  roles?: Role[];
  instruments?: string[];
  /** true once it is made: what was typed stays otherwise */
  add: (name: string, has: { role: Role; instruments: string[] }) => Promise<boolean>;
};

export function NewEntry({ act, roles = [], instruments = [], add }: Props) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>(roles[0] ?? 'operator');
  const [chosen, setChosen] = useState(instruments.slice(0, 1));
  const ready = name.trim() !== '' && (instruments.length === 0 || chosen.length > 0);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        void add(name.trim(), { role, instruments: chosen }).then((made) => made && setName(''));
      }}
    >
      <label>
        Name
        <input
          value={name}
          maxLength={80}
          autocomplete="off"
          onInput={(e) => setName(e.currentTarget.value)}
        />
      </label>
      {roles.length > 0 && (
        <label>
          Role
          <select value={role} onChange={(e) => setRole(e.currentTarget.value as Role)}>
            {roles.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      )}
      {instruments.length > 0 && (
        <fieldset>
          <legend>Instruments</legend>
          {instruments.map((one) => (
            <label class="member" key={one}>
              <input
                type="checkbox"
                checked={chosen.includes(one)}
                onChange={(e) =>
                  setChosen(
                    e.currentTarget.checked ? [...chosen, one] : chosen.filter((other) => other !== one),
                  )
                }
              />
              {one}
            </label>
          ))}
        </fieldset>
      )}
      <button disabled={!ready}>{act}</button>
    </form>
  );
}
