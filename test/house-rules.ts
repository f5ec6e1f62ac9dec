// The rules of the house as a function of source texts: who may import whom, where SQL and wiring may stand. Reads no disk.

import ts from 'typescript';

/** Paths are relative to the project, with forward slashes: `src/store/open.ts`. */
export type Sources = ReadonlyMap<string, string>;

const STAGES = ['watch', 'settle', 'read', 'classify', 'decide', 'tag', 'forward'];

/** From the bottom to the top; a room imports only rooms below its own. Stages stand side by side. */
const FLOORS: string[][] = [
  ['domain'],
  ['config'],
  ['formats'],
  ['record'],
  ['store'],
  ['pipeline'],
  STAGES,
  ['worker'],
  ['learn'],
  ['batch'],
  ['serve'],
  ['paths.ts'],
  ['preflight'],
  ['service.ts'],
  ['cli'],
  ['main.ts'],
];

/** Files without imports of ours that everyone above domain may use. */
const GROUND = ['errors.ts', 'faults.ts', 'hash-file.ts', 'publish.ts'];

/** Packages that have one home; everyone else asks that room. */
const HOMES: [RegExp, string[]][] = [
  [/^better-sqlite3$/, ['store']],
  [/^(fastify|@fastify\/.+)$/, ['serve']],
  [/^(onnxruntime-.+|@tensorflow\/.+)$/, ['classify']],
  [/^(commander|cli-table3|cli-progress)$/, ['cli', 'main.ts']],
  [/^chokidar$/, ['watch']],
  [/^(sharp|utif|exifreader)$/, ['read']],
  [/^(preact.*|uplot)$/, ['serve']],
];

const SQL =
  /^\s*(select\s[\s\S]+\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(table|index|trigger|view)\s|drop\s+(table|index)\s|pragma\s+\w+|begin\s+(immediate|exclusive)|vacuum\s+into\s)/i;

/** A folder that belongs to one person's machine, in a text that is not about paths in general. */
const MACHINE_PATH = /(^|[\s'"`(=])(\/work\/|\/root\/|\/home\/\w|\/Users\/\w|[A-Z]:\\Users\\)/m;

type Import = { from: string; typeOnly: boolean };

/** Sentences, one a breach, each naming the file first. */
export function breaches(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) => {
    if (!path.startsWith('src/')) return machinePath(path, text);
    const found = [...firstLine(path, text), ...machinePath(path, text)];
    if (!/\.tsx?$/.test(path)) return found;
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    return [...found, ...imports(path, file), ...sql(path, file), ...barrels(path, file)];
  });
}

function imports(path: string, file: ts.SourceFile): string[] {
  const room = roomOf(path);
  return importsOf(file).flatMap((one) => {
    if (!one.from.startsWith('.')) return packages(path, room, one.from);
    const target = resolve(path, one.from);
    const to = roomOf(target);
    if (path.startsWith('src/serve/web/')) return page(path, target, one.typeOnly);
    const wiring =
      /\/stage\.ts$/.test(target) && to !== 'pipeline' && room !== 'service.ts' && room !== to
        ? [`${path}: imports ${target}; only service.ts wires stages`]
        : [];
    return [...floor(path, room, target, to), ...wiring];
  });
}

function floor(path: string, room: string, target: string, to: string): string[] {
  if (room === to && !room.endsWith('.ts')) return [];
  if (GROUND.includes(room)) return [`${path}: imports ${target}; ${room} imports nothing`];
  if (GROUND.includes(to)) return room === 'domain' ? [`${path}: imports ${target}; domain is pure`] : [];
  const [from, below] = [FLOORS.findIndex((f) => f.includes(room)), FLOORS.findIndex((f) => f.includes(to))];
  if (from < 0) return [`${path}: lies in no room of the house`];
  if (below < 0) return [`${path}: imports ${target}, which is in no room of the house`];
  if (from === below && STAGES.includes(room))
    return [`${path}: imports ${target}; no stage imports another stage`];
  if (room === 'config' && to !== 'domain') return [`${path}: imports ${target}; config imports domain only`];
  // the service's own files may use each other
  return below < from || (from === below && room !== to)
    ? []
    : [`${path}: imports ${target}; ${room} is below ${to}`];
}

/** Pages run in a browser: of the service they may know types alone. */
function page(path: string, target: string, typeOnly: boolean): string[] {
  const fine = target.startsWith('src/serve/web/') || target.startsWith('src/domain/') || typeOnly;
  return fine ? [] : [`${path}: imports ${target}; pages import domain, pages, and types`];
}

function packages(path: string, room: string, name: string): string[] {
  if (room === 'domain') return [`${path}: imports ${name}; domain imports nothing outside itself`];
  const bare = name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0]!;
  const home = HOMES.find(([pattern]) => pattern.test(bare))?.[1];
  return home && !home.includes(room)
    ? [`${path}: imports ${name}, which belongs to ${home.join(', ')}`]
    : [];
}

function sql(path: string, file: ts.SourceFile): string[] {
  if (path.startsWith('src/store/')) return [];
  return stringsOf(file)
    .filter((text) => SQL.test(text))
    .map((text) => `${path}: SQL outside store: ${text.trim().slice(0, 40)}`);
}

function barrels(path: string, file: ts.SourceFile): string[] {
  return file.statements
    .filter((s) => ts.isExportDeclaration(s) && s.moduleSpecifier !== undefined)
    .map((s) => `${path}: re-exports (${s.getText().slice(0, 40)}); import from the file that has it`);
}

function firstLine(path: string, text: string): string[] {
  const [first = '', second = ''] = text.split('\n');
  const line = first.startsWith('#!') ? second : first;
  const opens = { ts: '// ', tsx: '// ', sql: '-- ', css: '/* ', html: '<!' }[path.split('.').at(-1)!];
  return opens === undefined || line.startsWith(opens)
    ? []
    : [`${path}: the first line does not say what the file is and what it must never do`];
}

function machinePath(path: string, text: string): string[] {
  const found = MACHINE_PATH.exec(text);
  return found ? [`${path}: a path of one machine: ${found[2]}`] : [];
}

function importsOf(file: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
      found.push({
        from: node.moduleSpecifier.text,
        typeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
      });
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
      found.push({ from: node.moduleSpecifier.text, typeOnly: node.isTypeOnly });
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteralLike(argument)) found.push({ from: argument.text, typeOnly: false });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal))
        found.push({ from: node.argument.literal.text, typeOnly: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function stringsOf(file: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    else if (ts.isTemplateExpression(node)) found.push(node.getText().slice(1, -1));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** `src/store/open.ts` -> `store`; `src/service.ts` -> `service.ts`. */
function roomOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function resolve(path: string, from: string): string {
  return new URL(from, `file:///${path}`).pathname.slice(1);
}
