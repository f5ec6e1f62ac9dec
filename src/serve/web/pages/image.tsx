// To come: the page image.

import type { PageProps } from '../page-props.ts';

export function ImagePage(_props: PageProps) {
  return <main class="page" />;
}
