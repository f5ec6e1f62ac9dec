// The alignment report, like Fig. 8 of Modarres et al. 2017: images from the best aligned to the least, each with its directions. Pure.

import type { AlignmentMeasures } from '../../domain/alignment.ts';
import { markup, type Markup } from './markup.ts';
import { page } from './page.ts';
import { histogram } from './plot.ts';
import { fixed, reportTable } from './table.ts';

type Measured = { [K in keyof AlignmentMeasures]: AlignmentMeasures[K] | null };

/** Both pictures are JPEG. */
export type ReportedImage = Measured & {
  file: string;
  probability: number | null;
  thumb: Uint8Array | undefined;
  map: Uint8Array | undefined;
};

export function alignmentReport(images: ReportedImage[], head: string): string {
  const sorted = images.toSorted((a, b) => score(b) - score(a) || (a.file < b.file ? -1 : 1));
  const rows = sorted.map((i) => [
    i.file,
    ...[i.probability, i.globalCoherency, i.localCoherency, i.alignedFraction].map((v) => fixed(v, 2)),
    fixed(i.orientation, 1),
  ]);
  return page({
    title: 'Alignment of wires and fibres',
    intro: [
      `${images.length} images, those that the alignment head ${head} holds for aligned first.`,
      'aligned: probability of the head. Global and local coherency: of the structure tensor, as OrientationJ defines them. Fraction: share of the length of wires that lies along the common direction. Directions in degrees, anticlockwise from the rows of the picture.',
      'In the coloured pictures the hue is the direction: red 0, yellow 30, green 60, cyan 90, blue 120, magenta 150 degrees; grey has none. The head was trained on few images, aligned and not aligned ones largely from different sources: compare it with the measures before trusting it.',
    ],
    sections: [
      {
        title: 'All images',
        body: [
          reportTable({
            caption: 'From the best aligned to the least',
            heading: [
              'file',
              'aligned',
              'global coherency',
              'local coherency',
              'fraction',
              'direction in degrees',
            ],
            rows,
          }),
        ],
      },
      ...sorted.map((image, i) => ({ title: `${i + 1}. ${image.file}`, body: bodyOf(image, i + 1) })),
    ],
  });
}

function score({ probability, alignedFraction }: ReportedImage): number {
  return probability ?? alignedFraction ?? -1;
}

function bodyOf(image: ReportedImage, number: number): (string | Markup)[] {
  const { probability, globalCoherency, localCoherency, alignedFraction, orientation, file } = image;
  const numbers = `aligned ${fixed(probability, 2)}, global coherency ${fixed(globalCoherency, 2)}, local coherency ${fixed(localCoherency, 2)}, fraction ${fixed(alignedFraction, 2)} along ${fixed(orientation, 1)} degrees`;
  const pictures = [
    picture(image.thumb, `${file}, the scan area`),
    picture(image.map, `${file}, coloured by direction`),
  ];
  return [
    numbers,
    markup`<p style="display:flex;flex-wrap:wrap;gap:.5rem;max-width:none">${pictures.flatMap((p) => (p ? [p] : []))}</p>`,
    ...(image.histogram ? [directions(image.histogram, number)] : []),
  ];
}

function picture(jpeg: Uint8Array | undefined, alt: string): Markup | undefined {
  if (!jpeg) return undefined;
  const data = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
  return markup`<img src="${data}" alt="${alt}" style="width:20rem;max-width:100%;height:auto">`;
}

function directions(shares: number[], number: number): Markup {
  const step = 180 / shares.length;
  return histogram(
    {
      title: `Directions of image ${number}`,
      about: 'Share of the length of wires in each direction, in percent.',
      x: { label: 'direction in degrees', digits: 0 },
      y: { label: 'length in percent', digits: 1 },
    },
    Array.from({ length: shares.length + 1 }, (_, i) => i * step),
    [{ name: 'length', counts: shares.map((share) => 100 * share) }],
  );
}
