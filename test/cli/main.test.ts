// The command line as a whole: every verb is there and explains itself, wrong usage is told from failure, nothing heavy is loaded for --help.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { VERBS } from '../../src/cli/verbs.ts';
import { end, project, semtag, temporary } from './semtag.ts';

const NAMES = VERBS.map((verb) => verb.name);

/** Verbs that write something a person cares about must be able to say first what they would do. */
const WRITES = [
  'init',
  'label',
  'undo',
  'facts',
  'teaching',
  'thresholds',
  'people',
  'retry',
  'pause',
  'resume',
  'forget',
  'calibrate',
  'train',
  'model',
  'tag',
  'untag',
];
const NO_RESULT = ['run', 'demo']; // they show what happens while it happens

async function registered(name: string): Promise<Command> {
  const program = new Command();
  const { register } = (await import(`../../src/cli/${name}.ts`)) as { register: (program: Command) => void };
  register(program);
  expect(program.commands.map((one) => one.name())).toEqual([name]);
  return program.commands[0]!;
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

describe('the verbs', () => {
  it('are those that the documentation names', () => {
    expect([...NAMES].sort()).toEqual(
      'init run check open status list show record export publish label undo facts series teaching thresholds people retry pause resume forget verify header classify evaluate calibrate train model compare alignment tag untag config demo'
        .split(' ')
        .sort(),
    );
  });

  it.each(NAMES)('%s says what it does, with an example', async (name) => {
    const command = await registered(name);
    expect(command.description().length).toBeGreaterThan(10);
    const help = helpOf(command);
    expect(help).toMatch(/Examples?:/);
    expect(help).toContain(`$ semtag ${name}`);
    const options = [command, ...command.commands].flatMap((one) => one.options.map((o) => o.long));
    if (!NO_RESULT.includes(name)) expect(options, name).toContain('--json');
    if (WRITES.includes(name)) expect(options, name).toContain('--dry-run');
  });

  it('each have their file and none is forgotten in the list', () => {
    const files = readdirSync(join(project, 'src/cli')).filter((file) =>
      /^export function register\(/m.test(readFileSync(join(project, 'src/cli', file), 'utf8')),
    );
    expect(files.map((file) => file.replace('.ts', '')).sort()).toEqual([...NAMES].sort());
  });
});

describe('semtag', () => {
  it('lists the verbs, exit 0', async () => {
    const { code, out } = await semtag(temporary(), '--help');
    expect(code).toBe(0);
    for (const { name, summary } of VERBS) expect(out).toMatch(new RegExp(`^ {2}${name} +${summary}`, 'm'));
    expect((await semtag(temporary())).out).toBe(out);
  });

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect((await semtag(temporary(), '--version')).out.trim()).toBe(version);
  });

  it('names the nearest verb, exit 2 and nothing on stdout', async () => {
    const ended = await semtag(temporary(), 'lsit');
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toBe('semtag: there is no verb lsit. Did you mean list? `semtag --help` lists them.\n');
  });

  it('reads `help VERB` as `VERB --help`', async () => {
    const dir = temporary();
    expect((await semtag(dir, 'help', 'label')).out).toBe((await semtag(dir, 'label', '--help')).out);
  });

  it.each([
    ['an unknown option', ['list', '--frob'], '--frob'],
    ['a value that is none', ['list', '--state', 'askd'], 'Did you mean asked?'],
    ['a missing argument', ['show'], 'image'],
    ['no config', ['status'], 'semtag init'],
  ])('refuses %s, exit 2', async (_, args, words) => {
    const ended = await semtag(temporary(), ...args);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain(words);
    expect(ended.err).toMatch(/^semtag: /);
    expect(ended.err).not.toContain('    at '); // no stack
  });

  it('tells errors as JSON on stderr where JSON is asked for', async () => {
    const dir = temporary();
    for (const args of [['status'], ['list', '--frob'], ['lsit']]) {
      const ended = await semtag(dir, ...args, '--json');
      expect(ended).toMatchObject({ code: 2, out: '' });
      const error = JSON.parse(ended.err) as Record<string, unknown>;
      expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
    }
  });

  it('loads nothing for --help but commander and the list of verbs', () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const follow = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const [, from] of readFileSync(path, 'utf8').matchAll(
        /^(?:import|export)(?! type)[^;]*? from '([^']+)'/gm,
      ))
        if (from!.startsWith('.')) follow(resolve(dirname(path), from!));
        else if (!from!.startsWith('node:')) packages.add(from!);
    };
    follow(join(project, 'src/main.ts'));
    expect([...packages].sort()).toEqual(['commander', 'fastest-levenshtein']);
  });

  // `npm test` builds first; alone, this file may meet a tree without dist/
  it.skipIf(!existsSync(join(project, 'dist/main.js')) && !process.env['CI'])(
    'runs built, as it is installed',
    async () => {
      const main = join(project, 'dist/main.js');
      const dir = temporary();
      expect(await end([main, 'config', 'explain', 'settle.giveUp'], dir)).toMatchObject({ code: 0 });
      expect(await end([main, 'lsit'], dir)).toMatchObject({ code: 2 });
      expect((await end([main, 'header', '--help'], dir)).out).toContain('$ semtag header');
    },
  );
});
