// Compiles kernel/cuts.ts into a module that needs no compiler: `npm run kernel`. The same source gives the same bytes. --print: writes nothing.
import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const options = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--outFile', 'cuts.wasm'];
let bytes;
const { error, stderr } = await asc.main(['cuts.ts', ...options], {
  readFile: (name) =>
    name === 'cuts.ts' ? readFileSync(new URL('../kernel/cuts.ts', import.meta.url), 'utf8') : null,
  writeFile: (_, contents) => void (bytes = contents),
});
if (error) throw new Error(stderr.toString());

const base64 = Buffer.from(bytes).toString('base64');
const text = `// kernel/cuts.ts as WebAssembly, by \`npm run kernel\`. Never changed by hand.

// prettier-ignore
export const CUTS_WASM =
  '${base64.match(/.{1,100}/g).join("'\n  + '")}';
`;
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(new URL('../src/classify/cuts-wasm.ts', import.meta.url), text);
