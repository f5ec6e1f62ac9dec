// The lists of OAI-PMH as files, for a web server that runs no program: pages by the order of changes, so that a page only changes when something leaves it. Selecting by date takes a program; these lists ignore it.

import { createHash } from 'node:crypto';
import type { Givens, Listed } from '../../harvest/given.ts';
import { everything, type StaticPage } from '../../harvest/static.ts';
import { FORMATS, type Format } from './formats.ts';
import { element, errorElement, header, recordElement, response } from './response.ts';
import { OaiError } from './errors.ts';
import { listSets, setOf } from './sets.ts';

/** Changes that one page is of. */
const SPAN = 100;
const VERBS = ['ListRecords', 'ListIdentifiers'] as const;

type Page = { nth: number; items: Listed[] };

/** `made`: all beside the items that changes what stands in a page, as text. */
export function* staticLists(givens: Givens, url: string, made: string): Generator<StaticPage> {
  const sets = [undefined, ...listSets(givens).flatMap(({ spec }) => (isWhole(spec) ? [] : [spec]))];
  for (const set of sets) {
    // one page ahead: each names the next
    let before: Page | undefined;
    let isFirst = true;
    for (const page of pagesOf(givens, set)) {
      if (before) {
        yield* written(before, page.nth, isFirst, set);
        isFirst = false;
      }
      before = page;
    }
    yield* written(before, undefined, isFirst, set);
  }

  function* written(
    page: Page | undefined,
    next: number | undefined,
    isFirst: boolean,
    set: string | undefined,
  ): Generator<StaticPage> {
    const seqs = page?.items.map(({ item: { seq, gone } }) => `${seq}${gone ? '-' : ''}`) ?? [];
    for (const verb of VERBS)
      for (const format of FORMATS) {
        const name = nameOf(format.prefix, set, isFirst ? undefined : page?.nth);
        const token = next === undefined ? '' : nameOf(format.prefix, set, next);
        yield {
          path: `${verb}/${name}.xml`,
          print: createHash('sha256')
            .update(JSON.stringify([made, seqs, token]))
            .digest('hex')
            .slice(0, 32),
          text: () => textOf(verb, format, set, page, isFirst ? undefined : name, token),
        };
      }
  }

  function textOf(
    verb: (typeof VERBS)[number],
    format: Format,
    set: string | undefined,
    page: Page | undefined,
    own: string | undefined,
    token: string,
  ): string {
    const args = own === undefined ? { verb, metadataPrefix: format.prefix, ...(set === undefined ? {} : { set }) } : { verb, resumptionToken: own }; // prettier-ignore
    if (!page) {
      const none = new OaiError('noRecordsMatch', 'no image is in that list');
      return response(url, givens.clock(), args, errorElement(none));
    }
    const items = page.items.map((one) =>
      verb === 'ListIdentifiers' ? header(one.item) : record(one, format),
    );
    const more = token || own !== undefined ? [element('resumptionToken', token)] : [];
    return response(url, givens.clock(), args, `<${verb}>\n${[...items, ...more].join('\n')}\n</${verb}>`);
  }
}

function record({ item, given }: Listed, format: Format): string {
  if (item.gone) return recordElement(item);
  try {
    return recordElement(item, given ? format.write(given) : format.bare(item));
  } catch {
    return recordElement(item, format.bare(item)); // as the service gives it
  }
}

/** The web server gives the list without a set. */
const isWhole = (spec: string): boolean => Object.keys(setOf(spec) ?? {}).length === 0;

function* pagesOf(givens: Givens, spec: string | undefined): Generator<Page> {
  let page: Page | undefined;
  for (const one of everything(givens, spec === undefined ? {} : setOf(spec))) {
    const nth = Math.floor((one.item.seq - 1) / SPAN);
    if (page && page.nth !== nth) yield page;
    if (page?.nth !== nth) page = { nth, items: [] };
    page.items.push(one);
  }
  if (page) yield page;
}

/** In letters that stand in an address as they are, and in a name of a file. */
const nameOf = (prefix: string, set: string | undefined, nth: number | undefined): string =>
  // the number before the set: names of instruments may end in a dot and a number
  [prefix, ...(nth === undefined ? [] : [nth]), ...(set === undefined ? [] : [set.replace(':', '-')])].join(
    '.',
  );
