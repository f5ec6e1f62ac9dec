// To come: the page thresholds.

import type { PageProps } from '../page-props.ts';

export function ThresholdsPage(_props: PageProps) {
  return <main class="page" />;
}
