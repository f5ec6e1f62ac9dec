// The core of the read stage, run in a child: one open file -> header, pixels, scan area, frame, thumbnail and, by what it is handed,
// features. Knows no store and no engine; never writes anything but the thumbnail.

import type { AlignmentMeasures } from '../domain/alignment.ts';
import type { ColourPicture, Grey } from '../domain/grey.ts';
import type { InstrumentHeader, ScanArea } from '../domain/header.ts';
import type { Bottlenecks, ImageFacts, ImageJob } from '../domain/job.ts';
import { asSemtagError, SemtagError } from '../errors.ts';
import { sniff } from '../formats/sniff.ts';
import { fileSource } from '../formats/source.ts';
import { walkTiff } from '../formats/tiff.ts';
import type { Decoded } from './decoded.ts';
import { frameOf } from './frame.ts';
import { readHeader } from './header.ts';
import { scanAreaOf } from './infobar.ts';
import { decodeOpen } from './pixels.ts';
import { writeColours, writeThumbnail } from './thumbnail.ts';

/** What tells how far structure lies in one direction, and the picture that shows it. */
export type Measures = {
  of: (grey: Grey, scanArea: ScanArea) => AlignmentMeasures | undefined;
  map: (grey: Grey, scanArea: ScanArea) => ColourPicture | undefined;
};

/**
 * Errors: `unreadable`, `not_an_image`, `malformed`, `undecodable`, `too_large`, and what `features` throws. Thumbnail and features run side by side:
 * their timings overlap.
 */
export async function readImage(
  job: ImageJob,
  features?: (grey: Grey, scanArea: ScanArea) => Promise<Bottlenecks | undefined>,
  measures?: Measures,
): Promise<ImageFacts> {
  const timings: Record<string, number> = {};
  const { mediaType, header, grey } = await openAndDecode(job, timings);
  const scanArea = timed(timings, 'area', () => scanAreaOf(grey, header));
  // a training image has a person's label: it is a picture
  const frame = job.training
    ? undefined
    : timed(timings, 'frame', () => frameOf(grey, header, scanArea.height));
  const { thumb, thumbSize } = job;
  const wanted = frame ? undefined : job.alignment;
  const alignment = wanted && measures && timed(timings, 'alignment', () => measures.of(grey, scanArea));
  const map = wanted?.map && measures?.map(grey, scanArea);
  if (map) await writeColours(map, wanted.map!);
  const [bottlenecks] = await Promise.all([
    features && timed(timings, 'features', () => features(grey, scanArea)),
    thumb && timed(timings, 'thumbnail', () => writeThumbnail(grey, scanArea, thumb, thumbSize)),
  ]);
  return {
    header: withNotes(header, grey),
    mediaType,
    width: grey.width,
    height: grey.height,
    bitsPerSample: grey.bitsPerSample,
    scanArea,
    ...(frame ? { frame } : {}),
    ...(bottlenecks ? { bottlenecks } : {}),
    ...(alignment ? { alignment } : {}),
    timings,
  };
}

/** The file is open here and nowhere else. */
async function openAndDecode({ path, name, sidecar, limits }: ImageJob, timings: Record<string, number>) {
  const source = opened(path, name);
  try {
    const mediaType = sniff(source);
    if (!mediaType) throw new SemtagError('not_an_image', `${name}: its first bytes are those of no image`);
    const header = timed(timings, 'header', () => readHeader(source, name, sidecar));
    const tiff = mediaType === 'image/tiff' ? walkTiff(source) : undefined;
    const grey = await timed(timings, 'decode', () =>
      decodeOpen({ path, source, tiff }, mediaType, header.page, limits),
    );
    return { mediaType, header, grey };
  } catch (error) {
    // those who decode know no names
    if (!(error instanceof SemtagError) || error.message.startsWith(name)) throw error;
    throw new SemtagError(error.code, `${name}: ${error.message}`, { cause: error });
  } finally {
    source.close();
  }
}

function opened(path: string, name: string): ReturnType<typeof fileSource> {
  try {
    return fileSource(path);
  } catch (thrown) {
    const error = asSemtagError(thrown);
    if (error.code === 'out_of_resources') throw error;
    throw new SemtagError('unreadable', `${name}: ${error.message}`, { cause: thrown });
  }
}

/** What decoding had to do stands in the record beside what the header lacked. */
function withNotes(header: InstrumentHeader, { notes }: Decoded): InstrumentHeader {
  if (notes.length === 0) return header;
  const warnings = notes.map((message) => ({ code: 'pixels_converted', message }));
  return { ...header, warnings: [...header.warnings, ...warnings] };
}

/** Runs a step and adds its milliseconds to `timings`, also for a step that ends later. */
function timed<T>(timings: Record<string, number>, step: string, run: () => T): T {
  const start = performance.now();
  const stop = () => (timings[step] = performance.now() - start);
  const result = run();
  if (result instanceof Promise) return result.finally(stop) as T;
  stop();
  return result;
}
