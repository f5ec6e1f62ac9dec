// Typed links as a machine reads them: from the header Link (RFC 8288), from the head of a page, from a link set (RFC 9264). Knows nothing of how the service makes them.

export type TypedLink = { rel: string; href: string; type?: string; profile?: string };

/** One text for each, so that two places can be compared. */
export const asText = ({ rel, href, type = '', profile = '' }: TypedLink): string =>
  [rel, href, type, profile].join(' ');

/** Relative addresses are those of `at`. */
export function fromHeader(header: string | null, at: string): TypedLink[] {
  const links: TypedLink[] = [];
  for (const [, href, rest] of (header ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"(?:\\.|[^"\\])*"|[^\s",;]+))*)/g)) {
    const attributes = new Map([...rest!.matchAll(/([\w*-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s",;]+))/g)].map(([, name, quoted, bare]) => [name!, quoted ?? bare!])); // prettier-ignore
    for (const rel of (attributes.get('rel') ?? '').split(/\s+/))
      links.push(whole(rel, href!, at, attributes.get('type'), attributes.get('profile')));
  }
  return links;
} // prettier-ignore

/** Of the head of a page; profiles do not stand there. */
export function fromPage(html: string, at: string): TypedLink[] {
  return [...html.matchAll(/<link ([^>]*)>/g)].flatMap(([, inside]) => {
    const value = (name: string) => unescape(new RegExp(`\\b${name}="([^"]*)"`).exec(inside!)?.[1]);
    const [rel, href] = [value('rel'), value('href')];
    return rel && href && rel !== 'stylesheet' ? [whole(rel, href, at, value('type'))] : [];
  });
}

const unescape = (text: string | undefined) => text?.replaceAll('&quot;', '"').replaceAll('&amp;', '&');

type Target = { href: string; type?: string; profile?: string[] };

/** By anchor. Throws where an address is not absolute: a link set must stand for itself. */
export function fromLinkset(text: string): Map<string, TypedLink[]> {
  const { linkset } = JSON.parse(text) as { linkset: ({ anchor: string } & Record<string, Target[] | string>)[] }; // prettier-ignore
  return new Map(
    linkset.map(({ anchor, ...relations }) => [
      new URL(anchor).href,
      Object.entries(relations).flatMap(
        ([rel, targets]) =>
        (targets as Target[]).map(({ href, type, profile }) => whole(rel, new URL(href).href, href, type, profile?.[0])), // prettier-ignore
      ),
    ]),
  );
}

const whole = (rel: string, href: string, at: string, type?: string, profile?: string): TypedLink => ({
  rel,
  href: new URL(href, at).href,
  ...(type ? { type } : {}),
  ...(profile ? { profile } : {}),
});
