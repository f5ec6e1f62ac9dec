// The address of a one-time link, as the command line prints it: where people reach the pages. Makes no link.

import type { Config } from '../config/schema.ts';
import { pageUrl, urlOf } from '../serve/bind.ts';
import type { Code } from '../serve/auth/people.ts';

/** `url`: where the service listens; without one it is where it will, by the config. */
export function linkOf(code: string, { serve }: Pick<Config, 'serve'>, url?: string): string {
  const own = url ?? urlOf(serve.host, serve.port, serve.tls ? 'https' : 'http');
  return `${pageUrl(serve, own)}/#/sign-in?link=${code}`;
}

export const linkText = ({ code, expiresAt }: Code, config: Pick<Config, 'serve'>, url?: string): string =>
  `${linkOf(code, config, url)}\nIt works once, until ${expiresAt}.`;
