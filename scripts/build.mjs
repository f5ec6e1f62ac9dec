// Builds dist/: the service with tsc, the pages with Vite, and the files that are read at run time.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// node and the package's own script: the shims in node_modules/.bin cannot be run this way under Windows
const run = (script, args) =>
  execFileSync(process.execPath, [`${root}node_modules/${script}`, ...args], { cwd: root, stdio: 'inherit' });

rmSync(`${root}dist`, { recursive: true, force: true });
run('typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
if (existsSync(`${root}src/serve/web/index.html`)) run('vite/bin/vite.js', ['build', '--logLevel', 'warn']);
cpSync(`${root}src/store/schema`, `${root}dist/store/schema`, { recursive: true });
chmodSync(`${root}dist/main.js`, 0o755);
