// To come: the page sign-in.

import type { PageProps } from '../page-props.ts';

export function SignInPage(_props: PageProps) {
  return <main class="page" />;
}
