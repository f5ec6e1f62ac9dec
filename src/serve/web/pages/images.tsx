// To come: the page images.

import type { PageProps } from '../page-props.ts';

export function ImagesPage(_props: PageProps) {
  return <main class="page" />;
}
