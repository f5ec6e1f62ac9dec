// Memory for the compiled loops of kernel/cuts.ts, laid out anew for each use. What a large picture takes is not kept for the next one.

import { CUTS_WASM } from './cuts-wasm.ts';

type Loops = { memory: WebAssembly.Memory } & Record<
  'rows8' | 'rows16' | 'columns' | 'sums' | 'crop' | 'turn',
  (...pointersAndNumbers: number[]) => void
>;

let compiled: WebAssembly.Module | undefined;
function loopsOf(): Loops {
  compiled ??= new WebAssembly.Module(Buffer.from(CUTS_WASM, 'base64'));
  return new WebAssembly.Instance(compiled).exports as Loops;
}

const PAGE = 65536;
/** Bytes that may stay from one use to the next. */
const KEPT = 64e6;
/** Bytes that a loop which takes several samples at a time may go past the end of a part. */
const OVER = 32;

/** Gives room for parts of these many bytes, never at 0, with whatever was in memory before; a layout ends with the next one. */
export function cutMemory() {
  let kept: Loops | undefined;
  return <Part extends string>(parts: Record<Part, number>) => {
    const at = {} as Record<Part, number>;
    let end = OVER;
    for (const part in parts) {
      at[part] = end;
      end += 16 * Math.ceil((parts[part] + OVER) / 16);
    }
    const loops = end > KEPT ? loopsOf() : (kept ??= loopsOf());
    const missing = end - loops.memory.buffer.byteLength;
    if (missing > 0) loops.memory.grow(Math.ceil(missing / PAGE));
    const { buffer } = loops.memory;
    return {
      loops,
      at,
      bytes: new Uint8Array(buffer),
      words: (from: number, n: number) => new Uint32Array(buffer, from, n),
      floats: (from: number, n: number) => new Float32Array(buffer, from, n),
      doubles: (from: number, n: number) => new Float64Array(buffer, from, n),
    };
  };
}

/** The bytes of samples `from`..`to`, without a copy. */
export function bytesOf(data: Uint8Array | Uint16Array, from: number, to: number): Uint8Array {
  const each = data.BYTES_PER_ELEMENT;
  return new Uint8Array(data.buffer, data.byteOffset + from * each, (to - from) * each);
}
