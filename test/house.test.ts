// The house keeps its order: who may import whom, SQL only in the store, wiring only in service.ts. Reads the sources as text.

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));
const STAGES = ['watch', 'settle', 'read', 'classify', 'decide', 'tag', 'forward', 'harvest'];

/** A room may import rooms of a lower floor and its own. Rooms of one floor do not know each other. */
const FLOORS: string[][] = [
  ['errors.ts', 'faults.ts', 'hash-file.ts', 'publish.ts', 'paths.ts', 'child-code.ts'],
  ['domain'],
  ['config', 'formats'],
  ['record'],
  ['store'],
  ['pipeline'],
  STAGES,
  ['learn', 'worker'],
  ['batch', 'serve'],
  ['preflight'],
  ['teaching.ts'],
  ['service.ts'],
  ['cli'],
  ['main.ts'],
];

/** Readers of the store that answer the service itself, which sees everything. */
const UNSEEN =
  /store\.(images\.(get|need|list|inState|counts|countsSince|doubted|sidecar)|history\.\w+|checks\.(open|openCount)|rescoring\.(waiting|stillWaiting)|acquisitions\.waitingParts|along\.\w+|deliveries\.backlog|files\.counts)\b/;

type Source = { file: string; text: string };

function sources(): Source[] {
  return readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.tsx?$/.test(e.name) && !e.name.endsWith('.d.ts'))
    .map((e) => join(e.parentPath, e.name))
    .map((path) => ({ file: relative(SRC, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));
}

const roomOf = (file: string) => file.split('/')[0]!;
const floorOf = (room: string) => FLOORS.findIndex((rooms) => rooms.includes(room));
const isPage = (file: string) => file.startsWith('serve/web/');

function imports({ file, text }: Source): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map((i) => i.fileName)
    .map((name) =>
      name.startsWith('.') ? relative(SRC, resolve(SRC, dirname(file), name)).replaceAll('\\', '/') : name,
    );
}

function breaches(all: Source[]): string[] {
  return all.flatMap((source) => {
    const { file, text } = source;
    const own = roomOf(file);
    const found: string[] = [];
    if (floorOf(own) < 0) found.push(`${file}: a room that the house does not know`);
    for (const name of imports(source)) {
      if (!/\.(tsx?|css)$/.test(name)) {
        // a package or a module of Node
        if (own === 'domain') found.push(`${file}: the domain imports ${name}`);
        if (name === 'better-sqlite3' && own !== 'store') found.push(`${file}: SQLite outside the store`);
        continue;
      }
      const other = roomOf(name);
      if (other === own) continue;
      const [mine, theirs] = [floorOf(own), floorOf(other)];
      if (own === 'domain' && other !== 'domain') found.push(`${file}: the domain imports ${name}`);
      else if (theirs > mine) found.push(`${file} imports ${name}, which is above it`);
      else if (theirs === mine) found.push(`${file} imports ${name}, its neighbour`);
      // what is cut for the browser takes types and the words of the domain, nothing that runs in the service
      if (isPage(file) && !['domain', 'serve'].includes(other) && !isTypeOnly(text, name))
        found.push(`${file}: a page imports ${name}`);
    }
    // whoever asks sees what they may: routes read images, and what tells of them, through the sight of the caller
    const unseen = file.startsWith('serve/routes/') ? UNSEEN.exec(text) : null;
    if (unseen) found.push(`${file}: ${unseen[0]} asks for nobody's sight; store.seen does`);
    if (own !== 'store' && looksLikeSql(file, text)) found.push(`${file}: SQL outside the store`);
    if (/^export \*/m.test(text)) found.push(`${file}: a barrel`);
    if (!/^(#!.*\n)?\/\//.test(text)) found.push(`${file}: its first line does not say what it is`);
    if (
      file !== 'service.ts' &&
      /\b(settle|read|classify|tag|forward)Stage\(/.test(text.replace(/export function \w+Stage\(/g, ''))
    )
      found.push(`${file}: wiring outside service.ts`);
    return found;
  });
}

function isTypeOnly(text: string, name: string): boolean {
  const base = name.split('/').at(-1)!;
  return new RegExp(`import type [^;]*/${base.replace('.', '\\.')}'`).test(text);
}

/** A string or template that begins as a statement does. */
function looksLikeSql(file: string, text: string): boolean {
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, kind);
  const sql =
    /^\s*(select\s[\s\S]+\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(table|index|trigger)\s|pragma\s)/i;
  let found = false;
  const visit = (node: ts.Node) => {
    if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) && sql.test(node.text)) found = true;
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

describe('the house', () => {
  test('every file keeps its place', () => {
    expect(breaches(sources())).toEqual([]);
  });

  test('no machine path stands in the sources', () => {
    const paths = sources().filter(({ text }) => /["'`]\/(home|root|work|tmp|Users)\//.test(text));
    expect(paths.map(({ file }) => file)).toEqual([]);
  });

  const planted = (file: string, text: string) => breaches([{ file, text: `// planted\n${text}` }]);
  test.each([
    ['settle/a.ts', "import { embed } from '../tag/embed.ts';", 'its neighbour'],
    ['record/a.ts', "import { openStore } from '../store/store.ts';", 'above it'],
    ['domain/a.ts', "import { readFileSync } from 'node:fs';", 'the domain imports'],
    ['domain/a.ts', "import { SemtagError } from '../errors.ts';", 'the domain imports'],
    ['serve/a.ts', "import Database from 'better-sqlite3';", 'SQLite outside'],
    ['serve/a.ts', "const q = 'SELECT name FROM image';", 'SQL outside'],
    ['cli/a.ts', 'const q = `UPDATE image SET name = ${x}`;', 'SQL outside'],
    ['serve/a.ts', "export * from './b.ts';", 'a barrel'],
    ['cli/a.ts', "import { tagStage } from '../tag/stage.ts';\ntagStage(deps);", 'wiring outside'],
    ['utils/a.ts', '', 'does not know'],
    ['serve/routes/a.ts', 'const image = store.images.need(sha256);', "nobody's sight"],
    ['serve/web/a.ts', "import { startService } from '../../service.ts';", 'above it'],
    ['serve/web/a.ts', "import { openStore } from '../../store/store.ts';", 'a page imports'],
  ])('a breach in %s is seen: %s', (file, text, said) => {
    expect(planted(file, text).join()).toContain(said);
  });

  test('a file without a first comment is seen, and what is allowed is not', () => {
    expect(breaches([{ file: 'cli/a.ts', text: 'export {};' }]).join()).toContain('first line');
    expect(
      planted(
        'tag/a.ts',
        "import { walkTiff } from '../formats/tiff.ts';\nimport type { Store } from '../store/store.ts';",
      ),
    ).toEqual([]);
  });
});
