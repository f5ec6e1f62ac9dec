// Claim: what people answer teaches at once: far fewer images are asked and fewer labels are wrong, in sources that the head has not seen.

import { facilitiesOf, replayable, type Facility, type LeftOut } from './lib/facility.ts';
import { printLikeness } from './lib/likeness-report.ts';
import type { QueueFigures } from './lib/queue-figures.ts';
import { printQueues, printTwoSubjects } from './lib/queue-report.ts';
import { byHead, byTeacher, inOrder, ORDERS, replay, type Seen } from './lib/replay.ts';
import { LARGE, streamFigures, streamIntervals, type StreamFigures } from './lib/stream-figures.ts';
import { printTable, three } from './lib/table.ts';
import { teachSpeed } from './lib/teach-speed.ts';
import { writeTeachingPlot } from './lib/teaching-plot.ts';
import { doubts, openFacility, stream } from './lib/through-service.ts';
import type { Proof } from './run.ts';

const PARTS = 5;
/** Training with all views of the shipped head takes ten times as long and changes both arms alike; `--n 15` does it. */
const VIEWS = 2;
/** `parts`: the images are dealt to so many; `facilities`: of them, so many run. */
const SHORT = { images: 120, parts: 4, facilities: 1 };
const SPEED = { lessons: 5000, queue: 1000, most: 2000 };

/** Of the issue, for whole sources left out; shares of the run without teaching where it says so. */
const BOUNDS = {
  askedOfUntaught: 0.5,
  askedOfUntaughtLarge: 0.4,
  wrongOfAutomatic: 0.03,
  wrongOfAll: 0.02,
  answeredWrongOfAutomatic: 0.01,
  queueTop1: [0.92, 0.97, 0.98],
};

export const proof: Proof = {
  claim: 'answers teach at once: fewer images are asked and fewer labels are wrong, on sources not seen',
  defaultDir: '../shared/sem-images',
  async prove({ dir, short, n, keep }) {
    const { all, sourceOf } = await replayable(dir, short ? SHORT.images : undefined);
    const dealing = { parts: short ? SHORT.parts : PARTS, deal: 0, views: n ?? VIEWS };
    const arms: LeftOut[] = sourceOf.size === 0 ? ['series'] : short ? ['sources'] : ['sources', 'series'];
    const missed: string[] = [];
    const said: string[] = [];
    for (const leftOut of arms) {
      const facilities = facilitiesOf(all, sourceOf, leftOut, dealing).slice(0, short ? SHORT.facilities : PARTS);
      const judged = leftOut === arms[0];
      const replayed = await replays(facilities);
      // what is judged goes through the service; the replay, which needs no service, gives the rest, and how far it can be believed
      const found = judged ? await streams(facilities) : replayed;
      const words = `${leftOut} left out: ${wordsOf(found)}`;
      printStreams(`${leftOut} left out, ${judged ? 'through the service' : 'replayed'}`, found);
      if (judged) {
        const apart = different(found, replayed);
        said.push(`${apart} of ${rowsOf(found).flatMap(({ facilities: seen }) => seen.flat()).length} differ from the replay without a service`);
        if (keep) writeTeachingPlot(keep, rowsOf(found));
      }
      const queues = await printQueues(facilities, BOUNDS.queueTop1.length, judged);
      await printTwoSubjects(facilities, judged && !short);
      await printLikeness(facilities, sourceOf);
      said.push(`${words}, queue ${queues.map(({ top1 }) => three(top1)).join(' / ')}`);
      if (!judged) continue;
      missed.push(...shortOf(found, queues));
      const ms = teachSpeed(facilities.flatMap(({ arrivals }) => arrivals), SPEED.lessons, SPEED.queue);
      said.push(`one answer more after ${SPEED.lessons}, ${SPEED.queue} images scored: ${ms.toFixed(0)} ms`);
      if (ms > SPEED.most) missed.push(`${ms.toFixed(0)} ms from an answer to ${SPEED.queue} scores`);
    }
    // a few images, one facility: printed, judged by nobody
    if (short) said.push('short: not judged');
    else for (const what of missed) console.log(`short of the mark: ${what}`);
    return { ok: short || missed.length === 0, figures: said.join('; ') };
  },
}; // prettier-ignore

const INTERVALS = ['asked', 'top1', 'wrongOfAutomatic', 'wrongOfAll'] as const;

/** What each facility saw; `taught` in each of the ORDERS. `doubted`: automatic labels that answers spoke against in the end. */
type Streams = {
  untaught: Seen[][];
  taught: Seen[][][];
  doubted?: { wrong: number; right: number }[];
};

/** Each facility and order has a service of its own. */
async function streams(facilities: Facility[]): Promise<Streams> {
  const found: Streams = {
    untaught: [],
    taught: ORDERS.map(() => []),
    doubted: ORDERS.map(() => ({ wrong: 0, right: 0 })),
  };
  for (const [f, { arrivals, head }] of facilities.entries()) {
    const start = performance.now();
    const alone = await openFacility(head, { teach: false });
    try {
      found.untaught.push(await stream(alone, inOrder(arrivals, 'interleaved'), { atOnce: true }));
    } finally {
      await alone.end();
    }
    for (const [k, order] of ORDERS.entries()) {
      const facility = await openFacility(head, { teach: true });
      try {
        const seen = await stream(facility, inOrder(arrivals, order));
        const { wrong, right } = await doubts(facility, seen);
        found.taught[k]!.push(seen);
        found.doubted![k]!.wrong += wrong;
        found.doubted![k]!.right += right;
      } finally {
        await facility.end();
      }
    }
    process.stderr.write(`facility ${f + 1} of ${facilities.length} through the service: ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  }
  return found;
} // prettier-ignore

async function replays(facilities: Facility[]): Promise<Streams> {
  const found: Streams = { untaught: [], taught: ORDERS.map(() => []) };
  for (const { arrivals } of facilities) {
    found.untaught.push(await replay(inOrder(arrivals, 'interleaved'), byHead()));
    for (const [k, order] of ORDERS.entries())
      found.taught[k]!.push(await replay(inOrder(arrivals, order), byTeacher()));
  }
  return found;
}

function rowsOf({ untaught, taught }: Streams): { name: string; facilities: Seen[][] }[] {
  return [
    { name: 'not taught', facilities: untaught },
    ...ORDERS.map((order, k) => ({ name: `taught, ${order}`, facilities: taught[k]! })),
  ];
}

/** Images of all streams that were asked in one and not in the other, or have another label. */
function different(a: Streams, b: Streams): number {
  const [these, those] = [a, b].map((one) => rowsOf(one).flatMap(({ facilities }) => facilities.flat()));
  return these!.filter(({ asked, label }, i) => asked !== those![i]!.asked || label !== those![i]!.label)
    .length;
}

function printStreams(title: string, found: Streams): void {
  const doubted = [undefined, ...(found.doubted ?? [])];
  printTable(
    [title, 'asked', 'top-1', 'wrong of automatic', 'wrong of all', `${LARGE}+: asked`, 'wrong of automatic', 'wrong of all', 'answered: wrong of automatic', 'wrong labels doubted', 'right ones doubted'],
    rowsOf(found).map(({ name, facilities }, k) => {
      const seen = facilities.flat();
      const { large, answered, ...all } = streamFigures(seen);
      const between = streamIntervals(seen);
      const wrong = seen.filter(({ asked, label, image }) => !asked && label !== image.truth).length;
      return [
        name,
        ...INTERVALS.map((i) => three(all[i]) + (between[i] ? `\n${three(between[i].low)}-${three(between[i].high)}` : '')),
        ...[large.asked, large.wrongOfAutomatic, large.wrongOfAll, answered.wrongOfAutomatic].map(three),
        doubted[k] ? `${doubted[k].wrong} of ${wrong}` : '-',
        doubted[k]?.right ?? '-',
      ];
    }),
  );
} // prettier-ignore

const figuresOf = ({ untaught, taught }: Streams) => ({
  before: streamFigures(untaught.flat()),
  after: taught.map((seen) => streamFigures(seen.flat())),
});

/** What the issue asks and the figures do not give. */
function shortOf(found: Streams, queues: QueueFigures[]): string[] {
  const { before, after } = figuresOf(found);
  const one = ({ asked, wrongOfAutomatic, wrongOfAll, large, answered }: StreamFigures): [string, number, number][] => [
    ['asked of all', asked, BOUNDS.askedOfUntaught * before.asked],
    [`asked in series of ${LARGE}`, large.asked, BOUNDS.askedOfUntaughtLarge * before.large.asked],
    ['wrong of automatic', wrongOfAutomatic, BOUNDS.wrongOfAutomatic],
    ['wrong of all', wrongOfAll, Math.min(BOUNDS.wrongOfAll, before.wrongOfAll)],
    ['wrong of automatic in answered series', answered.wrongOfAutomatic, BOUNDS.answeredWrongOfAutomatic],
  ];
  return [
    ...ORDERS.flatMap((order, k) =>
      one(after[k]!).flatMap(([what, v, most]) => (v <= most ? [] : [`${order}, ${what}: ${three(v)}, at most ${three(most)}`])),
    ),
    ...queues.flatMap(({ answers, top1 }, k) => (top1 >= BOUNDS.queueTop1[k]! ? [] : [`queue after ${answers}: ${three(top1)}, at least ${BOUNDS.queueTop1[k]}`])),
  ];
} // prettier-ignore

function wordsOf(found: Streams): string {
  const { before, after } = figuresOf(found);
  const both = (of: (f: StreamFigures) => number) => `${three(of(before))} -> ${after.map((f) => three(of(f))).join(' / ')}`;
  return (
    `${before.images} images, asked ${both((f) => f.asked)}, series of ${LARGE} ${both((f) => f.large.asked)}, ` +
    `wrong of automatic ${both((f) => f.wrongOfAutomatic)}, of all ${both((f) => f.wrongOfAll)}`
  );
} // prettier-ignore
