// Writes records as RO-Crates, one for each day on which the images were taken in, each complete by itself. Holds the records of one crate at a time.

import { endingOf } from '../formats/endings.ts';
import { uuidOf } from '../record/context.ts';
import { recordText } from '../record/record.ts';
import { renderRoCrate, type CratePart } from '../record/ro-crate.ts';
import type { Row } from './rows.ts';
import type { Payload } from './payload.ts';

/** A day with more images has several crates. */
const MOST = 1000;

export type PutFile = { sha256: string; bytes: number };

export type CratesDeps = {
  payload: Payload;
  /** Puts the tagged file of a row into the payload and says what lies there now; undefined where it could not be had. Absent where files are left out. */
  putFile?: (row: Row, path: string, payload: Payload) => Promise<PutFile | undefined>;
};

export function crates({ payload, putFile }: CratesDeps) {
  let day = '';
  let nth = 1;
  /** How many crates each day has: a clock that went back brings a day again, and what is written stays. */
  const used = new Map<string, number>();
  let parts: CratePart[] = [];

  const nameOf = () => (nth === 1 ? day : `${day}-${nth}`);

  function close(): void {
    if (parts.length === 0) return;
    const about = { name: `SEM images taken in on ${day}${nth > 1 ? `, part ${nth}` : ''}` };
    const crate = renderRoCrate(parts, {}, about);
    payload.text(`${nameOf()}/ro-crate-metadata.json`, JSON.stringify(crate, null, 2) + '\n');
    parts = [];
  }

  return {
    /** Rows come newest first: those of a day follow each other. */
    async add(row: Row): Promise<void> {
      const own = row.image.settledAt.slice(0, 10);
      if (own !== day || parts.length === MOST) {
        close();
        [day, nth] = [own, (used.get(own) ?? 0) + 1];
        used.set(day, nth);
      }
      const { record, context } = row;
      const uuid = uuidOf(record.id);
      const json = `records/${uuid}.json`;
      payload.text(`${nameOf()}/${json}`, recordText(record));
      const file = `images/${uuid}${endingOf(record.acquired.mediaType)}`;
      const tagged = await putFile?.(row, `${nameOf()}/${file}`, payload);
      parts.push({ record, context, json, ...(tagged ? { file, tagged } : {}) });
    },
    close,
  };
}
