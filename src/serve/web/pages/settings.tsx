// To come: the page settings.

import type { PageProps } from '../page-props.ts';

export function SettingsPage(_props: PageProps) {
  return <main class="page" />;
}
