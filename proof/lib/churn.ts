// A process that changes the catalogue of a running service beside it: images that waited are answered and tagged for the first time, others get another label and are tagged again, by the store's own commits. `node --import tsx churn.ts DIR N UNTIL CHANGES PAUSE_MS`

import { setTimeout as sleep } from 'node:timers/promises';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { randomOf } from '../../src/domain/random.ts';
import { recordText } from '../../src/record/record.ts';
import { openStore } from '../../src/store/store.ts';
import { madeRecord } from './catalogue-records.ts';
import { madeImages } from './made-images.ts';

const [dataDir = '', n, until, changes, pause] = process.argv.slice(2);
const random = randomOf(17);
const images = madeImages(Number(n), Number(until));
const waiting = images.filter(({ state }) => state === 'asked').slice(0, Number(changes) / 2);
const published = images.filter(({ state }) => state === 'forwarded');
const moved = Array.from({ length: Number(changes) - waiting.length }, () => published[Math.floor(random() * published.length)]!); // prettier-ignore
const all = [...waiting, ...moved].sort(() => random() - 0.5);

const store = openStore(dataDir);
const times: number[] = [];
for (const one of all) {
  const at = new Date().toISOString();
  const { label: before } = store.images.need(one.sha256);
  const others = CATEGORIES.filter((category) => category !== before?.category);
  const category = others[Math.floor(random() * others.length)]!;
  const label = { category, basis: 'answer' as const, by: 'Anna', at };
  store.revisions.label(one.sha256, { kind: 'category', ...label });
  const { revision, edition } = store.images.need(one.sha256);
  const record = recordText(madeRecord(one, label, revision));
  // the service waits for ask.hold with what was answered just now: nobody else tags it
  if (
    store.deliveries.tagged({
      sha256: one.sha256,
      revision,
      edition,
      record,
      method: 'tiff',
      taggedSha256: 'e'.repeat(64),
      deliveries: [],
      at,
    })
  )
    // prettier-ignore
    times.push(Date.now());
  await sleep(Number(pause));
}
store.close();
console.log(`${waiting.length} ${moved.length} ${times.join()}`);
