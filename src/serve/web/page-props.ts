// What every page is handed by the frame. Types only.

import type { Me, Status } from './api.ts';
import type { Asks } from './components/who-dialog.tsx';
import type { Live } from './live.ts';
import type { Person } from './person.ts';
import type { Route } from './router.ts';

export type PageProps = {
  route: Route;
  live: Live;
  status: Status | undefined;
  /** who the service takes this browser for; undefined until it has said so, or where nobody is signed in */
  me: Me | undefined;
  person: Person;
  /** opens the dialog that asks for a name, where none is known */
  needName: (then?: (name: string) => void, asks?: Asks) => void;
};
