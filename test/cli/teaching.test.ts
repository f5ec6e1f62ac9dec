// `semtag teaching` beside a real listening app: it says what the page says, sets teaching aside and back, and does nothing where it only says so.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listen } from '../serve/browser.ts';
import { makeWorld, SECRET, type World } from '../serve/world.ts';
import { semtag, temporary } from './semtag.ts';

/** A directory whose config names a data directory that says where the app listens. */
async function beside(): Promise<{ dir: string; world: World }> {
  const world = await makeWorld({ n: 3, size: 128, webDir: '/nonexistent' });
  onTestFinished(() => world.close());
  const dir = temporary();
  mkdirSync(join(dir, 'data'));
  writeFileSync(join(dir, 'semtag.yaml'), 'dataDir: data\n');
  const url = await listen(world);
  writeFileSync(join(dir, 'data/service.json'), JSON.stringify({ url, secret: SECRET, pid: process.pid }));
  return { dir, world };
}

it('says how teaching does, with the images', async () => {
  const { dir, world } = await beside();
  const wrong = await world.checked(0, 'Powder', 'Tips');
  await world.checked(1, 'Powder');
  const answer = { kind: 'category', category: 'Tips' } as const;
  world.deps.answers.label(wrong, { answer, by: 'Ben', promptVersion: 0 });
  const odd = await world.asked(2, 'Fibres', 'Nanowires', 0.7);
  const at = new Date().toISOString();
  world.store.revisions.label(odd, { ...answer, basis: 'answer', by: 'Ben', at }, 0, true);
  const { code, out } = await semtag(dir, 'teaching');
  expect(code).toBe(0);
  for (const words of [
    'In use: what people answer counts',
    '1 of 1 checked was wrong (labels since ',
    'Not enough data for a share',
    '1 automatic label waits for a blind check',
    'right in 1 series and the taught one in 0',
    `The one that was wrong:\n  ${wrong.slice(0, 12)}  ${world.store.images.need(wrong).name}: Labelled itself Powder; a person said Tips.`,
    'The head alone: Tips; the taught one: Powder; a person: Tips.',
    `${odd.slice(0, 12)}  ${world.store.images.need(odd).name}: Ben said Tips; it had next to no score.`,
  ])
    expect(out).toContain(words);
  const json = JSON.parse((await semtag(dir, 'teaching', '--json')).out) as object;
  expect(json).toMatchObject({ use: true, checks: { open: 1, drawn: { checked: 1, wrong: 1 } } });
});

it('sets teaching aside and puts it to use again, once it is not only said', async () => {
  const { dir, world } = await beside();
  const { store } = world;
  const aside = ['teaching', '--use', 'no', '--reason', 'odd samples', '--by', 'Mia'];
  expect(await semtag(dir, ...aside, '--dry-run')).toMatchObject({ code: 0, out: 'teaching would be set aside\n' }); // prettier-ignore
  expect(store.teaching.current().use).toBe(true);
  expect((await semtag(dir, ...aside)).out).toContain('Set aside by Mia: odd samples');
  expect(store.teaching.current()).toMatchObject({ use: false, by: 'Mia' });
  expect(await semtag(dir, ...aside)).toMatchObject({ code: 1, out: '' });
  const at = new Date().toISOString();
  for (const head of ['one', 'other']) store.teaching.headInUse(head, at);
  const { out } = await semtag(dir, 'teaching');
  for (const words of ['The head alone decides now', 'Another head is in use since then.'])
    expect(out).toContain(words);
  const back = await semtag(dir, 'teaching', '--use', 'yes', '--reason', 'looked at', '--by', 'Mia');
  expect(back.out).toContain('In use again. Mia: looked at');
  expect(store.teaching.current().use).toBe(true);
});

it.each([
  [['--use', 'no'], 2, 'go together'],
  [['--reason', 'x'], 2, 'go together'],
  [['--dry-run'], 2, 'goes with --use'],
  [['--use', 'maybe', '--reason', 'x'], 2, 'maybe'],
  [[], 1, 'no service runs'],
])('%j alone: exit %i', async (args, code, words) => {
  const dir = temporary();
  writeFileSync(join(dir, 'semtag.yaml'), 'dataDir: data\n');
  const ended = await semtag(dir, 'teaching', ...args);
  expect(ended).toMatchObject({ code, out: '' });
  expect(ended.err).toContain(words);
});
