// Publishing before the start: what harvesters would miss, and entries that hold nothing back. Only looks.

import type { Config } from '../config/schema.ts';
import { utcDay } from '../domain/publish.ts';
import { isLoopback, isOwnHost } from '../serve/bind.ts';
import type { Finding } from './preflight.ts';

type Part = { publish: Config['publish']; serve: Pick<Config['serve'], 'host' | 'names' | 'proxy'> };

export function checkPublish({ publish, serve }: Part, now = new Date()): Finding[] {
  const { open, email, baseUrl, withhold } = publish;
  const findings: Finding[] = [];
  const warn = (message: string, advice: string) =>
    findings.push({ what: 'publish', level: 'warn', message, advice });
  const host = baseUrl === undefined ? undefined : new URL(baseUrl).host;

  if (open === 'everybody' && email === undefined)
    warn(
      'everybody is given public records, and publish.email is not set',
      'Harvesters that find something wrong have nobody to write to; name an address.',
    );
  if (open === 'everybody' && serve.proxy.length === 0 && (serve.host === 'localhost' || isLoopback(serve.host)))
    warn(
      `everybody is given public records, and nobody beyond this machine reaches ${serve.host}`,
      'Set serve.host and serve.tls, or serve.proxy; docs/access.md has both.',
    ); // prettier-ignore
  if (host !== undefined && !isOwnHost(host, serve))
    warn(
      `requests to ${host} of publish.baseUrl are refused: serve.names does not have it`,
      'Add the name to serve.names; leave it out where only a copy by `semtag publish` is there.',
    );
  for (const { project, operator, until } of withhold)
    if (until !== undefined && until <= utcDay(now))
      warn(
        `publish.withhold: the entry of ${[project, operator].filter(Boolean).join(', ')} ended on ${until} and holds nothing back`,
        'Take it out, or correct the day.',
      );
  return findings;
}
