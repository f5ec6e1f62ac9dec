// How the dialog of names asks where a manager decides something. Words only.

import type { Asks } from './components/who-dialog.tsx';

export const WHO_DECIDES: Asks = {
  title: 'Who decides this?',
  means: 'Your name goes into the history, with the reason.',
  as: 'Go on as',
};
