// The tables of the People page: who has an account, a token, a station, each with what can be changed. Sends nothing itself.

import type { ComponentChildren } from 'preact';
import type { PeopleView } from '../api.ts';
import { inFull, when } from '../format.ts';
import { RoleOf } from './role-of.tsx';
import { Twice } from './twice.tsx';

type Props = {
  all: PeopleView;
  /** `path`: below /api/people */
  change: (path: string, body: object) => Promise<boolean>;
};

export function Accounts({ all, change, newLink }: Props & { newLink: (id: number, name: string) => void }) {
  if (all.users.length === 0)
    return <p class="quiet">Nobody yet. Whoever gets an account signs in with a password.</p>;
  return (
    <Rows
      heads={[
        'Name',
        'Role',
        ...(all.privateProjects.length > 0 ? ['Member of private project'] : []),
        'Signs in',
        'Change',
      ]}
    >
      {all.users.map(({ id, name: own, role: its, disabled, hasPassword, projects }) => (
        <tr key={id}>
          <th scope="row">{own}</th>
          <td>
            <RoleOf name={own} role={its} change={(role) => void change(`users/${id}`, { role })} />
          </td>
          {all.privateProjects.length > 0 && (
            <td>
              {all.privateProjects.map((project) => (
                <label class="member" key={project}>
                  <input
                    type="checkbox"
                    checked={projects.includes(project)}
                    onChange={(e) =>
                      void change(`users/${id}`, {
                        [e.currentTarget.checked ? 'join' : 'leave']: [project],
                      })
                    }
                  />
                  {project}
                </label>
              ))}
            </td>
          )}
          <td class="quiet">
            {disabled ? 'disabled' : hasPassword ? 'with a password' : 'link not used yet'}
          </td>
          <td class="acts">
            {disabled ? (
              <button onClick={() => void change(`users/${id}`, { disabled: false })}>Enable</button>
            ) : (
              <>
                <button onClick={() => newLink(id, own)}>New link</button>
                <Twice
                  words="Disable"
                  sure="Really disable?"
                  act={() => void change(`users/${id}`, { disabled: true })}
                />
              </>
            )}
          </td>
        </tr>
      ))}
    </Rows>
  );
}

export function Tokens({ all, change }: Props) {
  if (all.tokens.length === 0)
    return <p class="quiet">None yet. A token lets a program in, a harvester for instance.</p>;
  return (
    <Rows heads={['Name', 'Role', 'Holds', 'Last used', 'Change']}>
      {all.tokens.map(({ id, name: own, role: its, usedAt, expiresAt }) => (
        <tr key={id}>
          <th scope="row">{own}</th>
          <td>{its}</td>
          <td class="quiet" title={expiresAt && inFull(expiresAt)}>
            {expiresAt ? untilWords(expiresAt) : 'until it is revoked'}
          </td>
          <td class="quiet">{usedAt ? when(usedAt) : 'never'}</td>
          <td class="acts">
            <Twice words="Revoke" sure="Really revoke?" act={() => void change(`tokens/${id}/revoke`, {})} />
          </td>
        </tr>
      ))}
    </Rows>
  );
}

export function Stations({ all, change }: Props) {
  if (all.stations.length === 0)
    return <p class="quiet">None yet. A station is a browser at an instrument, let in without a password.</p>;
  return (
    <Rows heads={['Name', 'Instruments', 'Last used', 'Change']}>
      {all.stations.map(({ id, name: own, instruments, usedAt }) => (
        <tr key={id}>
          <th scope="row">{own}</th>
          <td>{instruments.join(', ')}</td>
          <td class="quiet">{when(usedAt)}</td>
          <td class="acts">
            <Twice
              words="Revoke"
              sure="Really revoke?"
              act={() => void change(`stations/${id}/revoke`, {})}
            />
          </td>
        </tr>
      ))}
    </Rows>
  );
}

const untilWords = (iso: string) => `${Date.parse(iso) > Date.now() ? 'until' : 'ran out'} ${when(iso)}`;

function Rows({ heads, children }: { heads: string[]; children: ComponentChildren }) {
  return (
    <table>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
