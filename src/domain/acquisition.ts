// Files that one acquisition left: what was seen by several detectors, the same picture in two formats, tiles, slices, a tilt series. By name, folder, time and header alone; in doubt not one. Pure.

import type { HeaderFields } from './header.ts';
import { IMAGE_NAME } from './sidecar.ts';

export const ACQUISITION_KINDS = ['formats', 'detectors', 'tiles', 'slices', 'tilt series'] as const;
export type AcquisitionKind = (typeof ACQUISITION_KINDS)[number];

/** `id`: the same for all parts. `name`: for people, what the names have in common. */
export type PartOf = { kind: AcquisitionKind; id: string; name: string };

/** An image of one instrument. */
export type Shot = {
  /** folder below the acquisition directory, any text that is the same for the same folder */
  dir: string;
  /** of the file */
  name: string;
  fields: HeaderFields;
  /** pixels, of the picture as it lies in the file */
  width?: number;
  /** UTC, ISO 8601: counts where a header does not tell when it was acquired */
  settledAt: string;
};

/** Seconds between the detectors of one acquisition, one after the other: a slow scan of a large frame takes some minutes. */
const BETWEEN_SCANS = 600;
/** Seconds between two parts of a run: tiles and slices go over night, and files of a run can be copied the next morning. */
const BETWEEN_PARTS = 24 * 3600;
/** Headers write a magnification with three or four digits. */
const SAME = 0.01;

/**
 * Names of detectors as instruments write them into file names. Zeiss (DP_DETECTOR_CHANNEL): SE2, InLens, SESI, VPSE, AsB, EsB, BSD, QBSD, HDBSD.
 * FEI/Thermo ([Detectors] Name): ETD, TLD, CBS, ABS, LFD, GSED, vCD, ICD. JEOL ($CM_DETECTOR): SEI, LEI, BEI, BEC, COMPO, LABE, SED, BED-C. TESCAN, Hitachi: SE, BSE, In-Beam.
 * Left out, since they are words of samples as well: T1, ICE, MD, CL, TOPO.
 */
const DETECTORS = 'SE|SE1|SE2|SEI|SESI|BSE|BSD|QBSD|HDBSD|BEI|BEC|COMPO|In[ _-]?Lens|In[ _-]?Beam|ETD|TLD|CBS|ABS|AsB|EsB|VPSE|LFD|GSED|vCD|ICD|LEI|LABE|SED|BED[ _-]?[CST]'; // prettier-ignore
/** A detector stands apart from what is before and behind it; the last one in the name counts. */
const DETECTOR = new RegExp(`^(.*(?:^|[ ._()-]))(${DETECTORS})(?![^ ._()-])(.*)$`, 'i');

/** Words that say so by themselves, each with its numbers; a word inside another (textile, tilted) does not count. */
const SERIES_WORDS: [AcquisitionKind, RegExp][] = [
  // Tile_r1-c2 (Fibics Atlas), row03_col12
  ['tiles', /(?<![a-z0-9])(r(?:ow)?[ _-]?)\d+([ _-]*c(?:ol(?:umn)?)?[ _-]?)\d+(?![a-z0-9])/i],
  // Tile_001-002-000000 (Thermo Maps), mosaic (3, 4)
  ['tiles', /(?<![a-z])((?:tiles?|mosaic)[ _-]*\(?)\d+(?:[ _,x-]+\d+)*(?![a-z0-9])()/i],
  // SliceImage-001 (Thermo Auto Slice & View)
  ['slices', /(?<![a-z])(slices?(?:image)?[ _-]*)\d+(?![a-z0-9])()/i],
  ['tilt series', /(?<![a-z])(tilt[ _]*)[+-]?\d+(?:\.\d+)?(?:[ _]?deg|°)?(?![a-z0-9])()/i],
];

type Parsed = { kind: AcquisitionKind; key: string; name: string; extension: string; detector?: string };

/**
 * Keys of which two images share one where they may be parts of one acquisition; `partsOf` decides. Images of other instruments are none of it.
 * The first is by the name, the second, where the header tells enough, by the moment.
 */
export function acquisitionKeys(shot: Shot): string[] {
  const parsed = parse(shot);
  const moment = momentOf(shot);
  return [
    ...(parsed ? [JSON.stringify([shot.dir, parsed.kind, parsed.key])] : []),
    ...(moment ? [JSON.stringify([shot.dir, 'moment', ...moment])] : []),
  ];
}

/** What two images of one instrument are parts of; undefined: of nothing, as most. The same for both ways round. */
export function partsOf(a: Shot, b: Shot): Omit<PartOf, 'id'> | undefined {
  if (a.dir !== b.dir || a.name === b.name) return undefined;
  const [one, other] = [parse(a), parse(b)];
  if (one && other && one.kind === other.kind && one.key === other.key) {
    const { kind, name } = one;
    const otherFormat = one.extension !== other.extension;
    const otherDetector = one.detector !== other.detector;
    if (apartInTime(a, b, kind)) return undefined;
    if (kind === 'formats') return otherFormat ? { kind, name } : undefined;
    if (kind === 'detectors' && !otherFormat && !otherDetector) return undefined;
    if (kind === 'tilt series' && !otherFormat && sameTilt(a, b)) return undefined;
    if (otherView(a, b)) return undefined;
    return { kind: kind === 'detectors' && !otherDetector ? 'formats' : kind, name };
  }
  const [before, after] = [momentOf(a), momentOf(b)];
  if (!before || !after || JSON.stringify(before) !== JSON.stringify(after)) return undefined;
  if (detectorOf(a) === detectorOf(b)) return undefined;
  const name = common(stemOf(a.name) ?? a.name, stemOf(b.name) ?? b.name);
  return { kind: 'detectors', name: name || `${a.fields.acquired_at!.value.replace('T', ' ').slice(0, 19)}` };
}

function parse({ name }: Shot): Parsed | undefined {
  const stem = stemOf(name);
  if (!stem) return undefined;
  const extension = normal(name.slice(stem.length + 1))
    .replace('jpeg', 'jpg')
    .replace('tiff', 'tif');
  for (const [kind, word] of SERIES_WORDS)
    if (word.test(stem)) {
      const key = stem.replace(word, '$1#$2#');
      return { kind, key, name: tidy(stem.replace(word, '$1$2')), extension };
    }
  const [, before = '', detector, behind = ''] = DETECTOR.exec(stem) ?? [];
  // numbers alone may be counted for each detector apart: SE_01 and BSE_01 need not be the same place
  if (detector && /\p{L}/u.test(before + behind))
    return { kind: 'detectors', key: `${before}*${behind}`, name: tidy(`${tidy(before)} ${tidy(behind)}`), extension, detector: normal(detector) }; // prettier-ignore
  return { kind: 'formats', key: stem, name: stem, extension };
}

function stemOf(name: string): string | undefined {
  return IMAGE_NAME.test(name) ? name.replace(IMAGE_NAME, '') : undefined;
}

const normal = (text: string) => text.toLowerCase().replace(/[ _-]/g, '');

/** Without what joined it to something that was cut out. */
function tidy(text: string): string {
  return text.replace(/^[ ._(),-]+|[ ._(),-]+$/g, '');
}

function common(a: string, b: string): string {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return tidy(a.slice(0, n));
}

/** To the second, with all that must be the same; undefined where the header does not tell enough. */
function momentOf(shot: Shot): (string | undefined)[] | undefined {
  const at = shot.fields.acquired_at?.value;
  const view = [shot.fields.magnification?.value, fieldOfView(shot)];
  if (!at || !/T\d\d:\d\d:\d\d/.test(at) || !detectorOf(shot) || view.every((v) => v === undefined))
    return undefined;
  return [at.slice(0, 19), ...view.map((v) => v?.toPrecision(3))];
}

function detectorOf({ fields }: Shot): string {
  return normal(`${fields.detector?.value ?? ''} ${fields.signal?.value ?? ''}`);
}

/** Metres. */
function fieldOfView({ fields, width }: Shot): number | undefined {
  const pixel = fields.pixel_size_x_m?.value;
  return pixel === undefined || width === undefined ? undefined : pixel * width;
}

/** Both headers tell, and they tell of different views. */
function otherView(a: Shot, b: Shot): boolean {
  const pairs = [
    [a.fields.accelerating_voltage_V?.value, b.fields.accelerating_voltage_V?.value],
    [a.fields.magnification?.value, b.fields.magnification?.value],
    [fieldOfView(a), fieldOfView(b)],
  ] as const;
  return pairs.some(([x, y]) => x !== undefined && y !== undefined && Math.abs(x - y) > SAME * Math.abs(x));
}

function sameTilt(a: Shot, b: Shot): boolean {
  const [x, y] = [a.fields.stage_tilt_deg?.value, b.fields.stage_tilt_deg?.value];
  return x !== undefined && y !== undefined && Math.abs(x - y) < 0.1;
}

/** A name can come again with the next run. */
function apartInTime(a: Shot, b: Shot, kind: AcquisitionKind): boolean {
  const atOnce = kind === 'formats' || kind === 'detectors';
  const acquired = acquiredApart(a, b);
  if (acquired === undefined) return settledApart(a, b) > BETWEEN_PARTS;
  return acquired > (atOnce ? BETWEEN_SCANS : BETWEEN_PARTS);
}

/** Seconds between two images of one instrument: by their headers, else by when they settled. */
export const secondsApart = (a: Shot, b: Shot): number => acquiredApart(a, b) ?? settledApart(a, b);

/** Undefined where a header does not tell. */
function acquiredApart(a: Shot, b: Shot): number | undefined {
  const [x, y] = [a, b].map(({ fields }) => Date.parse(`${fields.acquired_at?.value.slice(0, 19)}Z`));
  const seconds = Math.abs(x! - y!) / 1000;
  return Number.isNaN(seconds) ? undefined : seconds;
}

function settledApart(a: Shot, b: Shot): number {
  return Math.abs(Date.parse(a.settledAt) - Date.parse(b.settledAt)) / 1000;
}
