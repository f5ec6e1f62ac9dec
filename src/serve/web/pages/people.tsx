// To come: the page people.

import type { PageProps } from '../page-props.ts';

export function PeoplePage(_props: PageProps) {
  return <main class="page" />;
}
