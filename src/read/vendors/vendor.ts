// The shape of a vendor's parser. Detection looks at marks in the bytes only, never at the file's extension.

import type { InstrumentHeader } from '../../domain/header.ts';
import type { HeaderInput } from '../header-input.ts';

/** `read` gives undefined when the file is not of this vendor. */
export type Vendor = { format: string; read(input: HeaderInput): InstrumentHeader | undefined };

/** `detect` hands what it found (page, text) to `parse`, so that nothing is decoded twice. */
export function vendor<Found>(
  format: string,
  detect: (input: HeaderInput) => Found | undefined,
  parse: (input: HeaderInput, found: Found) => InstrumentHeader,
): Vendor {
  return {
    format,
    read(input) {
      const found = detect(input);
      return found === undefined ? undefined : parse(input, found);
    },
  };
}
