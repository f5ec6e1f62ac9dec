// The records of a search one by one, newest image first: complete for the facility's own use, or what is public of them. Holds one page at a time.

import type { PublishConfig } from '../config/publish-schema.ts';
import type { PublishRules } from '../domain/publish.ts';
import type { RenderContext } from '../record/context.ts';
import type { SemRecord, ShownRecord } from '../record/record.ts';
import type { Image } from '../store/images.ts';
import type { Reader } from '../store/reader.ts';
import { givens } from './given.ts';

export type Row = {
  record: ShownRecord;
  context: RenderContext;
  image: Image;
  /** of the record: the tagged file of this one carries it */
  revision: number;
};

export type RowsDeps = {
  reader: Pick<Reader, 'deliveries' | 'pauses' | 'publication' | 'publicationSearch'>;
  rules: PublishRules;
  publish: Pick<PublishConfig, 'baseUrl' | 'fields' | 'files'>;
  now: () => Date;
};

/** `undefined` for an image that has no record, or none that is public. */
export function rowOf({ reader, rules, publish, now }: RowsDeps, onlyPublic: boolean) {
  const given = givens({ store: reader, rules, publish, now });

  function complete(image: Image): Row | undefined {
    const newest = reader.deliveries.newestRecord(image.sha256);
    if (!newest) return undefined;
    // what is public has a page that links can lead to, nothing else has
    const context = given.ofImage(image.sha256)?.context ?? {};
    return { record: JSON.parse(newest.record) as SemRecord, context, image, revision: newest.revision };
  }

  return (image: Image): Row | undefined => {
    if (!onlyPublic) return complete(image);
    const found = given.ofImage(image.sha256);
    return found && { record: found.record, context: found.context, image, revision: found.item.revision };
  };
}
