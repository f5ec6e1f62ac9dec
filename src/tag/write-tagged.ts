// Writes one revision: the tagged copy and its record, verified against the acquired bytes before either has its name. Knows no store.

import { rm, stat, writeFile } from 'node:fs/promises';
import { SemtagError } from '../errors.ts';
import { faultPoint } from '../faults.ts';
import { publish } from '../publish.ts';
import { recordText, type SemRecord } from '../record/record.ts';
import { checkedProperties, renderXmp } from '../record/xmp.ts';
import { copyPieces } from './copy-pieces.ts';
import { embed, type Embedded } from './embed.ts';
import { verifyCopy, verifyTagged } from './verify.ts';

export type Written = { embedded: Embedded; text: string };

/**
 * The same record gives the same bytes at `image` and `json`; both are replaced. They lie on one disk with the temporary `IMAGE.writing`.
 * Throws tag_unverified where what was written is not the acquired file with a packet; nothing is published then.
 */
export async function writeTagged(
  record: SemRecord,
  acquired: string,
  { image, json }: { image: string; json: string },
): Promise<Written> {
  const { sha256 } = record.acquired;
  const temp = `${image}.writing`;
  try {
    const embedded =
      record.label.basis === 'observe'
        ? await plainCopy(acquired, temp)
        : await embed(acquired, temp, renderXmp(record), sha256);
    faultPoint('tag.written');
    if (embedded.method !== 'sidecar') await verifyTagged(acquired, temp, checkedProperties(record));
    else if (embedded.sha256 === sha256) await verifyCopy(acquired, temp);
    else throw new SemtagError('tag_unverified', `${acquired} does not have the SHA-256 ${sha256} any more`);
    await publish(temp, image);
    const text = recordText(record);
    await writeFile(temp, text);
    await publish(temp, json);
    faultPoint('tag.published');
    return { embedded, text };
  } finally {
    await rm(temp, { force: true });
  }
}

/** In mode observe the file goes on exactly as it was acquired. */
async function plainCopy(acquired: string, dest: string): Promise<Embedded> {
  const whole = { offset: 0, length: (await stat(acquired)).size };
  return {
    method: 'sidecar',
    reason: 'the instrument is only observed',
    ...(await copyPieces(acquired, [whole], dest)),
  };
}
