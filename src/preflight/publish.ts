// Publishing before the start: what is public and to whom, what harvesters would miss, and entries that hold nothing back. Only looks.

import type { Config } from '../config/schema.ts';
import { entryWords, inForce, isPublic, utcDay } from '../domain/publish.ts';
import { isLoopback, isOwnHost } from '../serve/bind.ts';
import type { Finding } from './preflight.ts';

type Part = {
  publish: Config['publish'];
  projects: Config['projects'];
  serve: Pick<Config['serve'], 'host' | 'names' | 'proxy'>;
};

export function checkPublish({ publish, projects, serve }: Part, now = new Date()): Finding[] {
  const { open, email, baseUrl, withhold } = publish;
  const today = utcDay(now);
  const message = summary(publish, projects.private, today);
  const findings: Finding[] = [{ what: 'publish', level: 'ok', message }];
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
    if (until !== undefined && until <= today)
      warn(
        `publish.withhold: the entry of ${[project, operator].filter(Boolean).join(', ')} ended on ${until} and holds nothing back`,
        'Take it out, or correct the day.',
      );
  return findings;
}

/** What is public of which images, to whom, and what is kept back. */
function summary(
  { projects, open, fields, files, withhold }: Config['publish'],
  closed: readonly string[],
  today: string,
): string {
  const allBut = { projects: ['*'], privateProjects: closed, withhold: [] };
  const named = projects.filter((one) => one === '*' || isPublic({ project: one }, allBut, today));
  if (named.length === 0) return 'no image is public: publish.projects names no project that is not private';
  const whose = named.includes('*')
    ? `every project that is known${closed.length > 0 ? `, but not of ${closed.join(', ')},` : ''}`
    : named.join(', ');
  const held = inForce(withhold, today).map(entryWords);
  return [
    `images of ${whose} are public`,
    `given to ${open === 'everybody' ? 'everybody who reaches this service' : 'programs of this machine and holders of a harvester token'}`,
    ...(fields.length > 0 ? [`with ${fields.join(', ')}`] : []),
    ...(files ? ['the files too'] : []),
    ...(held.length > 0 ? [`kept back: ${held.join(', ')}`] : []),
  ].join('; ');
}
