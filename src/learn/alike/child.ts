// The child process that finds images that look alike: answers what the service asks, and makes signatures while nobody asks. Ends with the service.

import type { Failed } from '../asked-child.ts';
import { openCollection, type Likeness, type Setup } from './collection.ts';

export type Ask = { sha256: string; most: number };
export type Answer = { found: Likeness[] | undefined; complete: boolean };
type Numbered = { id: number };

/** New bottlenecks are looked for so often. */
const LOOK_MS = 1000;
/** Between two batches of older images. Somebody waits for its answers, so it runs as important as the service; the rest leaves the microscope software most of the time. */
const REST_MS = 100;

let collection: ReturnType<typeof openCollection>;

process.on('disconnect', () => process.exit(0));
process.on('message', (message: Setup | (Numbered & Ask)) => {
  if ('head' in message) {
    collection = openCollection(message);
    forever();
  } else process.send!(answer(message));
});

function answer({ id, sha256, most }: Numbered & Ask): Numbered & (Answer | Failed) {
  try {
    const complete = !collection.follow();
    return { id, found: collection.similar(sha256, most), complete };
  } catch (error) {
    return { id, error: { code: 'out_of_resources', message: (error as Error).message } };
  }
}

/** Makes signatures, batch by batch while there are more. */
function forever(): void {
  let more = false;
  try {
    more = collection.follow();
  } catch (error) {
    console.error(error); // a full disk passes; who asks meanwhile is told
  }
  setTimeout(forever, more ? REST_MS : LOOK_MS);
}
