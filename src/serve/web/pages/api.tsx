// To come: the page api.

import type { PageProps } from '../page-props.ts';

export function ApiPage(_props: PageProps) {
  return <main class="page" />;
}
