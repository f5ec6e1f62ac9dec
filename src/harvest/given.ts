// What harvesters are given, as public records: the one way from the store to anything public. Never hands out a record that was not cut down to what is public.

import type { PublishConfig } from '../config/publish-schema.ts';
import { datestamp } from '../domain/datestamp.ts';
import { isPublic, utcDay, whose, type PublishRules } from '../domain/publish.ts';
import type { RenderContext } from '../record/context.ts';
import { publicRecord, type PublicRecord } from '../record/public.ts';
import type { SemRecord } from '../record/record.ts';
import type { Facets, PublicSearch } from '../store/publication-search.ts';
import type { Asked, Published } from '../store/publication.ts';
import type { Store } from '../store/store.ts';

export type GivenDeps = {
  store: Pick<Store, 'publication' | 'publicationSearch' | 'pauses'>;
  rules: PublishRules;
  publish: Pick<PublishConfig, 'baseUrl' | 'fields' | 'files'>;
  now: () => Date;
};

/** A public record and where it can be looked up. */
export type Given = { item: Published; record: PublicRecord; context: RenderContext };

/** `error`: why its record cannot be read. */
export type Listed = { item: Published; given?: Given; error?: unknown };

export type Givens = ReturnType<typeof givens>;

export function givens({ store, rules, publish, now }: GivenDeps) {
  const { publication, publicationSearch: searching } = store;

  /** A record of a time when the image was another project's may be kept back, though the image is not. */
  const isOpen = (record: SemRecord): boolean => isPublic(whose(record.facts), rules.policy, utcDay(now()));

  /** Another image, which a public record may name. */
  function isGiven(sha256: string): boolean {
    const item = publication.ofImage(sha256, rules, utcDay(now()));
    if (!item || item.gone || item.paused) return false;
    const record = publication.record(sha256, item.revision);
    return record !== undefined && isOpen(record);
  }

  function givenOf(item: Published, revision = item.revision): Given | undefined {
    const record = publication.record(item.sha256, revision);
    return record && isOpen(record) ? shown(item, record) : undefined;
  }

  function shown(item: Published, record: SemRecord): Given {
    const context: RenderContext = {
      ...(publish.baseUrl === undefined ? {} : { baseUrl: publish.baseUrl }),
      publishedAt: datestamp(item.first),
    };
    return { item, record: publicRecord(record, publish.fields, isGiven), context };
  }

  /** Never throws: one record that cannot be read stops no list. */
  function listed(item: Published): Listed {
    if (item.gone) return { item };
    try {
      const record = publication.record(item.sha256, item.revision);
      if (!record) throw new Error('its record is not there');
      return isOpen(record) ? { item, given: shown(item, record) } : { item: { ...item, gone: true } };
    } catch (error) {
      return { item, error };
    }
  }

  return {
    /** Whether harvesters get the files themselves. */
    files: publish.files,

    /** Changes, oldest first; one that is gone has no record. One at a time: a page of records is long, and need not be there at once. */
    *list(asked: Asked, limit: number): Generator<Listed> {
      for (const item of publication.list(asked, rules, utcDay(now()), limit)) yield listed(item);
    },

    /** One of them. */
    listed,

    /** Newest change first, without what cannot be read. `next`: where the list goes on, with the same words. */
    search(asked: PublicSearch, limit: number, before?: number): { found: Given[]; next?: number } {
      const { items, next } = searching.find(asked, rules, utcDay(now()), limit, before);
      const found = items.flatMap((item) => listed(item).given ?? []);
      return { found, ...(next === undefined ? {} : { next }) };
    },

    /** Whether anything is found. */
    exists: (asked: PublicSearch): boolean => searching.exists(asked, rules, utcDay(now())),

    /** Of all that is found. */
    facets(asked: PublicSearch): Facets {
      const facets = searching.facets(asked, rules, utcDay(now()));
      return { ...facets, complete: facets.complete && !publication.isWalking() };
    },

    /** Addresses for a sitemap: which parts of the order of changes hold something, and what one of them holds. */
    parts: (size: number): number[] => searching.parts(size),
    part: (part: number, size: number) =>
      searching.between(part * size, (part + 1) * size, rules, utcDay(now())),

    /** By `urn:uuid:`, without the record; undefined where it was never given. */
    item: (id: string) => publication.get(id, rules, utcDay(now())),

    /** Since when nothing at all is given; undefined otherwise. */
    pausedSince: (): string | undefined => store.pauses.list().find(({ scope }) => scope === 'all')?.since,

    /** By `urn:uuid:`. `gone`: it was given once; `paused`: not at the moment; undefined: never. `revision`: an earlier one. Throws where its record cannot be read. */
    get(id: string, revision?: number): Given | 'gone' | 'paused' | undefined {
      const item = publication.get(id, rules, utcDay(now()));
      if (!item) return undefined;
      if (item.gone) return 'gone';
      if (item.paused) return 'paused';
      if (revision === undefined || revision === item.revision) return givenOf(item) ?? 'gone';
      return revision > item.revision ? undefined : givenOf(item, revision);
    },

    /** s since 1970: the clock of what is given, which never goes back, nor do stamps behind what it said. */
    clock: (): number => publication.tell(Math.floor(now().getTime() / 1000)),

    /** Place of the newest change. */
    newest: (): number => publication.top().seq,

    /** Its stamp, s since 1970; 0 where nothing was ever given. */
    changed: (): number => publication.top().stamp,

    /** Of an image, where it is given at the moment. */
    ofImage(sha256: string): Given | undefined {
      const item = publication.ofImage(sha256, rules, utcDay(now()));
      return item && !item.gone && !item.paused ? givenOf(item) : undefined;
    },

    earliest: () => publication.earliest(),
    values: (column: Parameters<typeof publication.values>[0]) => publication.values(column),
    isWalking: () => publication.isWalking(),
  };
}
