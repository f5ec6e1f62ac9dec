// `npm run check`: format, lint and types, side by side; says what each found, and exits 1 where one found something.
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const CHECKS = [
  ['prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn'],
  ['eslint/bin/eslint.js', '.', '--cache', '--cache-location', 'node_modules/.cache/eslint'],
  ['typescript/bin/tsc', '--noEmit'],
];

const codes = await Promise.all(
  CHECKS.map(
    ([script, ...args]) =>
      new Promise((done) => {
        const child = spawn(process.execPath, [`${root}node_modules/${script}`, ...args], { cwd: root });
        const chunks = [];
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
        child.on('close', (code) => {
          process.stdout.write(Buffer.concat(chunks)); // whole, so that two do not mix
          done(code ?? 1);
        });
      }),
  ),
);
process.exit(codes.every((code) => code === 0) ? 0 : 1);
