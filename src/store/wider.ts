// Images of the same sample at lower magnification, near in time. Reads only, and looks at so many rows however large a sample is.

import type { Sight } from '../domain/access.ts';
import { widerOf, type Wider } from '../domain/wider.ts';
import type { Db } from './open.ts';
import { SEEN, sightValues } from './sight.ts';

/** A sample is taken out after a day at the latest; later it may lie otherwise. */
const HOURS = 12;
/** The overview is mostly taken first. */
const BEFORE = 200;
const AFTER = 50;

/** Metres from the left to the right edge of the sample picture; NULL where there is no pixel size. */
const WIDTH = `image.header ->> '$.fields.pixel_size_x_m.value' * (image.picture ->> '$.scanArea.width')`;

export function wider(db: Db) {
  const own = db.prepare(
    `SELECT instrument, sample, settled_at AS settledAt, ${WIDTH} AS fieldOfView FROM image WHERE sha256 = ?`,
  );
  const near = (side: string, order: 'ASC' | 'DESC', limit: number) =>
    db.prepare(
      `SELECT sha256, name, settled_at AS settledAt, ${WIDTH} AS fieldOfView FROM image INDEXED BY image_sample
       WHERE sample = @sample AND ${side} AND instrument = @instrument AND picture IS NOT NULL AND ${SEEN}
       ORDER BY settled_at ${order}, sha256 ${order} LIMIT ${limit}`,
    );
  const before = near('settled_at BETWEEN @from AND @at', 'DESC', BEFORE);
  const after = near('settled_at > @at AND settled_at <= @to', 'ASC', AFTER);

  return {
    /** The next wider ones; none where the width of the image or its sample is not known. */
    of(sha256: string, sight: Sight): Wider[] {
      const image = own.get(sha256) as
        | { instrument: string; sample: string | null; settledAt: string; fieldOfView: number | null }
        | undefined;
      if (!image || image.sample === null || image.fieldOfView === null) return [];
      const { instrument, sample, settledAt: at, fieldOfView } = image;
      const moment = (hours: number) => new Date(Date.parse(at) + hours * 3_600_000).toISOString();
      const values = {
        instrument,
        sample,
        at,
        from: moment(-HOURS),
        to: moment(HOURS),
        ...sightValues(sight),
      };
      const found = [...before.all(values), ...after.all(values)] as (Wider | { fieldOfView: null })[];
      return widerOf(
        fieldOfView,
        at,
        found.filter((one): one is Wider => one.fieldOfView !== null),
      );
    },
  };
}
