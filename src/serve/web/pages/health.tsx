// To come: the page health.

import type { PageProps } from '../page-props.ts';

export function HealthPage(_props: PageProps) {
  return <main class="page" />;
}
