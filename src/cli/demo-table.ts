// The demo's live table: one line an image, again when its state changes; redrawn in place on a terminal, appended elsewhere.

import { ALL_SIGHT } from '../domain/access.ts';
import { categoryTitle } from '../domain/categories.ts';
import { ERRORS } from '../errors.ts';
import type { Image } from '../store/images.ts';
import { print } from './report.ts';
import type { Store } from '../store/store.ts';

const EVERY_MS = 250;

type Dropping = { files: number; images: number; sidecars: number };

/** `json`: no table, one object at the end. `synthetic`: the pictures are drawn, no microscope saw them. */
export function demoTable(
  store: Store,
  url: string,
  dropping: Dropping,
  { json, synthetic }: { json: boolean; synthetic: boolean },
) {
  const { files, images, sidecars } = dropping;
  const live = process.stdout.isTTY;
  const shown = new Map<string, string>();
  let drawn = 0;
  const write = (text: string) => json || process.stdout.write(`${text}\n`);
  write(
    `semtag demo: ${files} files (${images} images, ${sidecars} sidecars) are dropped into an acquisition directory, one after the other.\n${synthetic ? 'The pictures are synthetic: their labels and scores say nothing about how good the model is.\n' : ''}The page: ${url}\n`,
  );

  function draw(): void {
    if (json) return;
    const images = store.images.list({}, 1000).reverse();
    if (!live) {
      for (const image of images)
        if (isEnd(image) && shown.get(image.sha256) !== image.state) {
          shown.set(image.sha256, image.state);
          write(line(image));
        }
      return;
    }
    const rows = (process.stdout.rows || 40) - 5;
    const lines = [...images.slice(-rows).map(line), summary(store)];
    if (drawn > 0) process.stdout.write(`\u001b[${drawn}A\u001b[J`);
    write(lines.join('\n'));
    drawn = lines.length;
  }

  const timer = setInterval(draw, EVERY_MS);
  return {
    say(text: string): void {
      draw();
      drawn = 0;
      write(text);
    },
    end(seconds: number): void {
      clearInterval(timer);
      draw();
      for (const file of store.files.inState('incomplete')) {
        const { message } = JSON.parse(file.error ?? '{}') as { message?: string };
        write(`aside      ${message ?? file.name.toString()}`);
      }
      for (const names of sameBytes(store)) write(`same bytes ${names.join(' = ')}: one image`);
      write(`\n${files} files: ${images} images, ${sidecars} sidecars`);
      write(`${summary(store)} in ${seconds.toFixed(1)} s`);
      if (json) print({ ...dropping, seconds, ...counts(store) }, json, () => '');
    },
  };
}

/** Names of files that hold the same image. */
function sameBytes(store: Store): string[][] {
  return store.images
    .list({}, 1000)
    .map(({ sha256 }) => store.files.ofImage(sha256).filter(({ role }) => role === 'image'))
    .map((files) => files.map(({ name }) => name.toString()))
    .filter((names) => names.length > 1);
}

function line(image: Image): string {
  const score =
    image.score === undefined ? '' : `${categoryTitle(image.category!)} ${image.score.toFixed(2)}`;
  return `${image.state.padEnd(11)} ${image.name.slice(0, 44).padEnd(44)} ${(image.header?.format ?? '').padEnd(8)} ${score.padEnd(34)} ${what(image)}`;
}

function what(image: Image): string {
  if (image.error) return `${ERRORS[image.error.code].sentence}`;
  if (image.state === 'asked')
    return image.decision === 'prompt' ? 'a person chooses between two' : 'a person chooses among ten';
  if (!image.label) return '';
  if (image.label.kind === 'category')
    return image.label.basis === 'auto' ? 'labelled by itself' : `labelled by ${image.label.by}`;
  return {
    not_a_sample: `no sample picture: ${image.picture?.frame?.replaceAll('_', ' ')}`,
    observe: 'observed',
    released: 'unlabelled',
    superseded: 'replaced by a newer version',
    auto: '',
    answer: image.label.kind.replaceAll('_', ' '),
  }[image.label.basis];
}

function isEnd({ state }: Image): boolean {
  return state === 'forwarded' || state === 'asked' || state === 'quarantined';
}

function summary(store: Store): string {
  const { forwarded, asked, aside, paused, working } = counts(store);
  return `${forwarded} arrived in the repository, ${asked} wait for a person, ${aside} aside with a reason, ${paused ? `${paused} paused, ` : ''}${working} in work`;
}

type Counts = Record<'forwarded' | 'asked' | 'aside' | 'paused' | 'working', number>;

function counts(store: Store): Counts {
  const { forwarded, asked, quarantined, ...rest } = store.images.counts();
  const paused = store.queues.held('repository', ALL_SIGHT);
  const working = Object.values(rest).reduce((a, b) => a + b, 0) - paused;
  const aside = quarantined + store.files.counts().incomplete;
  return { forwarded, asked, aside, paused, working };
}
