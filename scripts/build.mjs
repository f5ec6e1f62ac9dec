// Builds dist/: the service with tsc, the pages with Vite, and the files that are read at run time.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `${root}node_modules/.bin/${name}`;
const run = (name, args) => execFileSync(bin(name), args, { cwd: root, stdio: 'inherit' });

rmSync(`${root}dist`, { recursive: true, force: true });
run('tsc', ['-p', 'tsconfig.build.json']);
if (existsSync(`${root}src/serve/web/index.html`)) run('vite', ['build', '--logLevel', 'warn']);
cpSync(`${root}src/store/schema`, `${root}dist/store/schema`, { recursive: true });
chmodSync(`${root}dist/main.js`, 0o755);
