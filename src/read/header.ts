// The instrument header of an image: tries the vendors in order, by marks in the bytes. Never throws: what cannot be read is a warning.

import type { InstrumentHeader, Warning } from '../domain/header.ts';
import type { ByteSource } from '../formats/source.ts';
import { openInput, pageWithTag, type HeaderInput } from './header-input.ts';
import { fei, feiTail } from './vendors/fei.ts';
import { feiXml } from './vendors/fei-xml.ts';
import { feiXp, feiXpTail } from './vendors/fei-xp.ts';
import { fibics } from './vendors/fibics.ts';
import { readGeneric } from './vendors/generic.ts';
import { hitachi } from './vendors/hitachi.ts';
import { jeolComment, jeolSidecar } from './vendors/jeol.ts';
import { openfibsem } from './vendors/openfibsem.ts';
import { phenom } from './vendors/phenom.ts';
import { tescan, tescanSidecar } from './vendors/tescan.ts';
import type { Vendor } from './vendors/vendor.ts';
import { zeiss } from './vendors/zeiss.ts';

/** A vendor's own tag first, then its sidecar, then text that no tag points to (vendor-headers.md section 0). */
const VENDORS: readonly Vendor[] = [
  zeiss,
  tescan,
  phenom,
  fei,
  feiXml,
  feiXp,
  fibics,
  openfibsem,
  jeolSidecar,
  tescanSidecar,
  hitachi,
  jeolComment,
  feiTail,
  feiXpTail,
];

/** Tags that promise a header; one that nothing could be read from is worth a warning. */
const PROMISES: Readonly<Record<number, string>> = {
  34118: 'Zeiss SmartSEM',
  34682: 'FEI / Thermo Fisher',
  50431: 'TESCAN',
  51023: 'Fibics',
};

/**
 * @param name as in the acquisition directory; only for messages, the bytes decide
 * @param sidecar bytes of the vendor's text file beside the image (JEOL NAME.txt, TESCAN NAME-tif.hdr)
 */
export function readHeader(
  source: ByteSource,
  name: string,
  sidecar?: { name: string; bytes: Uint8Array },
): InstrumentHeader {
  const input = openInput(source, name, sidecar);
  const warnings: Warning[] = [];
  for (const vendor of VENDORS) {
    try {
      const header = vendor.read(input);
      if (header) return { ...header, warnings: [...header.warnings, ...warnings] };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      warnings.push({ code: 'header_unreadable', message: `${vendor.format}: ${reason}` });
    }
  }
  return withPromises(input, warnings);
}

function withPromises(input: HeaderInput, warnings: Warning[]): InstrumentHeader {
  const header = readGeneric(input);
  for (const [tag, vendor] of Object.entries(PROMISES))
    if (pageWithTag(input, Number(tag)))
      warnings.push({
        code: 'header_unreadable',
        message: `tag ${tag} of ${vendor} is there, but nothing could be read from it`,
      });
  return { ...header, warnings: [...header.warnings, ...warnings] };
}
