// The role of an account, to be changed. Whoever manages lets others in: making or unmaking a manager needs a second click.

import { ROLES, type Role } from '../../../domain/access.ts';
import { useSure } from '../use-sure.ts';

type Props = { name: string; role: Role; change: (role: Role) => void };

export function RoleOf({ name, role, change }: Props) {
  const { asked, ask } = useSure<Role>();
  return (
    <div class="role">
      <select
        aria-label={`Role of ${name}`}
        value={asked ?? role}
        onChange={({ currentTarget }) => {
          const wanted = currentTarget.value as Role;
          if (wanted === 'manager' || role === 'manager') ask(wanted === role ? undefined : wanted);
          else change(wanted);
        }}
      >
        {ROLES.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      {asked && <button onClick={() => change(asked)}>{sureWords(name, asked)}</button>}
    </div>
  );
}

const sureWords = (name: string, role: Role) =>
  role === 'manager' ? `Really let ${name} manage?` : `Really make ${name} ${role}, no manager any more?`;
