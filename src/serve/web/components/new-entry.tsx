// The form of one kind of entry on the People page: its name, and the role or the instruments that it has. Sends nothing itself.

import { useState } from 'preact/hooks';
import type { Role } from '../../../domain/access.ts';

type Props = {
  act: string;
  /** the usual one first; none where it has none */
  roles?: Role[];
  instruments?: string[];
  /** it may hold for so many days only */
  ends?: boolean;
  /** true once it is made: what was typed stays otherwise */
  add: (
    name: string,
    has: { role: Role; instruments: string[]; days: number | undefined },
  ) => Promise<boolean>;
};

export function NewEntry({ act, roles = [], instruments = [], ends = false, add }: Props) {
  const [name, setName] = useState('');
  const [days, setDays] = useState('');
  const [role, setRole] = useState<Role>(roles[0] ?? 'operator');
  const [chosen, setChosen] = useState(instruments.slice(0, 1));
  const ready = name.trim() !== '' && (instruments.length === 0 || chosen.length > 0);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        const has = { role, instruments: chosen, days: days === '' ? undefined : Number(days) };
        void add(name.trim(), has).then((made) => {
          if (!made) return;
          setName('');
          setDays('');
        });
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
      {ends && (
        <label>
          Days that it holds
          <input
            type="number"
            value={days}
            min={1}
            max={3650}
            step={1}
            placeholder="until revoked"
            onInput={(e) => setDays(e.currentTarget.value)}
          />
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
