// Claim: harvesters get everything by OAI-PMH 2.0: the protocol's errors to the letter, N of N by two clients of others while records come and change and the service is killed, and quickly from a million.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { checkConfig } from '../src/config/load.ts';
import { categoryTitle, type Category } from '../src/domain/categories.ts';
import { publishRules, utcDay, type PublishRules } from '../src/domain/publish.ts';
import { setsOf } from '../src/serve/oai/sets.ts';
import { datestamp } from '../src/domain/datestamp.ts';
import type { Published } from '../src/store/publication.ts';
import { openStore } from '../src/store/store.ts';
import { makeCatalogue } from './lib/catalogue.ts';
import { madeOtherwise } from './lib/catalogue-records.ts';
import { freePort } from './lib/free-port.ts';
import { findHarvesters, harvest, type Harvest, type Harvested } from './lib/harvesters.ts';
import { allPages } from './lib/oai-pages.ts';
import { protocol, type Protocol } from './lib/oai-protocol.ts';
import type { Proof } from './run.ts';
import { makeLab, startSemtag, type Lab } from './lib/service.ts';
import { format, printTable } from './lib/table.ts';
import { until } from './lib/wait.ts';

/** Published at the beginning. */
const RECORDS = { full: 10_000, short: 1_000 };
/** Of a made-up catalogue so many are at the repository. */
const FORWARDED = 0.97;
const CATALOGUE = { full: 100_000, short: 20_000 };
/** A harvest takes as long at least: what happens meanwhile falls into it. The short form runs beside other proofs, where a change takes longer. */
const LASTS_S = { full: 12, short: 20 };
const PAGE = 100;
/** ms for a page */
const MOST_MS = 100;
/** What the service may hold more in any tenth of a harvest than in another. Not judged of the first one after a start: V8 lets garbage lie until its first full collection, and what the second and third hold at most must not be more than that. */
const GROWS = 1.2;

export const proof: Proof = {
  claim: `harvesters get everything by OAI-PMH 2.0, whatever happens meanwhile, a page of ${PAGE} in ${MOST_MS} ms`,
  async prove({ keep, n, short }) {
    const size = short ? RECORDS.short : RECORDS.full;
    const clients = await byClients(size, short ? LASTS_S.short : LASTS_S.full, keep);
    const pages = await byPages(n ?? (short ? CATALOGUE.short : CATALOGUE.full), keep);
    const judged = !short && (n ?? CATALOGUE.full) > CATALOGUE.short;
    const fast = pages.p95 < MOST_MS && pages.grew <= GROWS && pages.peak <= pages.first;
    for (const one of [...clients.wrong, ...pages.wrong].slice(0, 20)) console.log(`wrong: ${one}`);
    return {
      ok:
        clients.wrong.length === 0 &&
        pages.wrong.length === 0 &&
        (clients.validated || short === true) &&
        (fast || !judged),
      figures: `${clients.figures}; ${pages.figures}${judged ? '' : ' (not judged)'}`,
    };
  },
};

async function byClients(
  size: number,
  lasts: number,
  keep?: string,
): Promise<{ wrong: string[]; validated: boolean; figures: string }> {
  const { found, missing } = findHarvesters();
  const lab = labFor(await freePort(), keep && join(keep, 'clients'));
  const rules = rulesOf(lab);
  const at = Date.now();
  const n = Math.ceil(size / FORWARDED);
  const wrong = missing.map((one) => `no harvester ${one}`);
  try {
    await makeCatalogue(lab.dataDir, n, { until: at, published: rules });
    let service = await startSemtag(lab);
    try {
      const url = `${service.url}/oai`;
      const told: Protocol = await protocol(url, join(lab.home, 'answers'));
      wrong.push(...told.wrong);
      const before = listed(lab, rules);
      const delay = lasts / (size / PAGE);
      let came = 0;
      const half = (size * found.length) / 2;
      let changing: Promise<string> | undefined;
      let killed: Promise<void> | undefined;
      const ended: number[] = [];
      const harvests = Promise.all(
        found.map(async (one) => {
          const harvested = await harvest(one, url, '', delay, () => {
            changing ??= change(lab, n, at, size / 10, lasts);
            if (++came >= half) killed ??= killAndStart();
          });
          ended.push(Date.now());
          return harvested;
        }),
      );
      const killAndStart = async () => {
        service.child.kill('SIGKILL');
        await service.exited;
        service = await startSemtag(lab);
      };
      const full = await harvests;
      await killed;
      const [waited, moved, moments = ''] = ((await changing) ?? '0 0').split(' ');
      const times = moments.split(',').filter(Boolean).map(Number);
      const made = times.length;
      if (Number(waited) + Number(moved) !== made || made !== size / 10)
        wrong.push(`${made} changes were made`);
      const within = times.filter((time) => time < Math.min(...ended)).length;
      if (within < made / 2)
        wrong.push(`only ${within} of ${made} changes fell into the harvests of all clients`);
      if (!killed) wrong.push('the service was not killed');
      await until('what changed is published', 60, () => !isDue(lab));
      const since = await Promise.all(found.map((one, i) => harvest(one, url, full[i]!.date, 0)));
      const truth = listed(lab, rules);
      const rows = found.map(({ name }, i) => {
        const [first, second] = [full[i]!, since[i]!];
        const lost = before.filter(({ id }) => !first.items.has(id)).length;
        const union = new Map([...first.items, ...second.items]);
        const same = truth.filter((item) => isSame(item, union.get(item.id))).length;
        if (lost > 0) wrong.push(`${name}: ${lost} of the list at the beginning did not come`);
        if (same < truth.length || union.size > truth.length) wrong.push(`${name}: ${same} of ${truth.length} are as published, ${union.size} were seen`); // prettier-ignore
        wrong.push(...faultsOf(name, first), ...faultsOf(name, second));
        return [name, first.came, before.length - lost, first.again, second.items.size, `${same} of ${truth.length}`]; // prettier-ignore
      });
      printTable(
        ['client', 'records came', `of ${before.length} at the beginning`, 'asked again', 'harvested since', 'in all as published'], // prettier-ignore
        rows,
      );
      const valid = told.validated ? 'each answer valid' : 'not validated, the schemas are not here';
      return {
        wrong,
        validated: told.validated,
        figures: `${told.cases} cases of the protocol, ${valid}; ${rows.map(([name, , , , , same]) => `${name} ${same}`).join(', ')} with ${waited} inserted, ${moved} relabelled (${within} before any harvest ended) and one kill -9 meanwhile`, // prettier-ignore
      };
    } finally {
      await service.stop();
    }
  } finally {
    lab.remove();
  }
}

async function byPages(n: number, keep?: string) {
  const wrong: string[] = [];
  const small = labFor(0, keep && join(keep, 'small'));
  await makeCatalogue(small.dataDir, 300, { published: rulesOf(small) });
  const other = madeOtherwise(small.dataDir, rulesOf(small));
  small.remove();
  if (other > 0) wrong.push(`${other} of the catalogue are published otherwise than by the service`);
  const lab = labFor(0, keep && join(keep, 'pages'));
  try {
    const { images, seconds } = await makeCatalogue(lab.dataDir, n, { published: rulesOf(lab) });
    const records = images.filter(({ state }) => state === 'forwarded').length;
    console.log(`${n} images made in ${Object.values(seconds).reduce((a, b) => a + b, 0).toFixed(0)} s (rows ${seconds.rows.toFixed(0)})`); // prettier-ignore
    const service = await startSemtag(lab);
    try {
      const rows: (string | number)[][] = [];
      const runs = [];
      for (const prefix of ['oai_dc', 'datacite', 'oai_datacite']) {
        const run = await allPages(`${service.url}/oai`, prefix, service.child.pid!, records);
        rows.push([
          prefix,
          run.pages,
          run.median,
          run.p95,
          run.slowest,
          run.tenths.map(Math.round).join(' '),
        ]);
        if (run.records !== records) wrong.push(`${prefix}: ${run.records} of ${records} came`);
        if (run.fractions > 0) wrong.push(`${prefix}: ${run.fractions} times with a fraction of a second`);
        runs.push(run);
      }
      printTable(['all of it as', 'pages', 'ms, median', 'p95', 'slowest', 'MB at most, by tenths'], rows);
      const p95 = Math.max(...runs.map((run) => run.p95));
      const [cold, ...warm] = runs.map(({ tenths }) => ({ least: Math.min(...tenths), most: Math.max(...tenths) })); // prettier-ignore
      const grew = Math.max(...warm.map(({ least, most }) => most / least));
      const peak = Math.max(...warm.map(({ most }) => most));
      const first = cold!.most;
      return {
        wrong,
        p95,
        grew,
        peak,
        first,
        figures: `${records} of ${n} images harvested, p95 of a page ${format(p95)} ms (bound ${MOST_MS}), memory at most ${format(first)} MB in the first harvest after the start, ${format(peak)} MB in the others, which swing by x ${grew.toFixed(2)} (bound x ${GROWS})`, // prettier-ignore
      };
    } finally {
      await service.stop();
    }
  } finally {
    lab.remove();
  }
}

/** Nobody but the changing process tags what is answered: the service waits for it as long as a proof takes. */
const labFor = (port: number, keep?: string): Lab =>
  makeLab({ ...(keep ? { keep } : {}), more: { log: { level: 'warn' }, serve: { port }, ask: { hold: 3600 } } }); // prettier-ignore

/** As the service makes them of the same config. */
function rulesOf({ dataDir, acquired, repository }: Lab): PublishRules {
  const { publish, projects } = checkConfig({
    dataDir,
    instruments: [{ name: 'sem', root: acquired }],
    targets: [{ name: 'repository', type: 'folder', path: repository }],
  });
  return publishRules(publish, projects.private);
}

/** Changes of the catalogue by another process, in the first third of a harvest where it is quick; resolves to what it did. */
async function change(lab: Lab, n: number, at: number, changes: number, lasts: number): Promise<string> {
  const script = fileURLToPath(new URL('lib/churn.ts', import.meta.url));
  const pause = Math.floor((lasts * 300) / changes);
  const args = ['--import', 'tsx', script, lab.dataDir, n, at, changes, pause].map(String);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((done) => child.on('exit', done));
  return said.trim();
}

function listed(lab: Lab, rules: PublishRules): Published[] {
  const store = openStore(lab.dataDir);
  const all: Published[] = [];
  for (;;) {
    const page = store.publication.list({ after: all.at(-1)?.seq ?? 0 }, rules, utcDay(new Date()), 1000);
    if (page.length === 0) break;
    all.push(...page);
  }
  store.close();
  return all;
}

function isDue(lab: Lab): boolean {
  const store = openStore(lab.dataDir);
  const due = store.publication.isDue();
  store.close();
  return due;
}

/** The newest label is in the header and in the record. */
const isSame = (item: Published, seen: Harvested | undefined): boolean =>
  seen !== undefined &&
  seen.stamp === datestamp(item.stamp) &&
  seen.deleted === item.gone &&
  seen.sets.join(' ') === setsOf(item).sort().join(' ') &&
  (item.category === null || seen.subjects.includes(categoryTitle(item.category as Category)));

const faultsOf = (name: string, { ok, items }: Harvest): string[] => [
  ...(ok ? [] : [`${name} did not come to the end`]),
  ...[...items.values()]
    .filter(({ stamp }) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(stamp))
    .map(({ stamp }) => `${name}: ${stamp}`),
];
