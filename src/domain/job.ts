// The one job that a child process does for an image, and what comes back: everything that needs the image's bytes, in one visit.

import type { AlignmentMeasures } from './alignment.ts';
import type { FrameKind, InstrumentHeader, ScanArea } from './header.ts';

export const ENGINE_NAMES = ['onnx', 'tensorflow', 'wasm'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export type ImageJob = {
  /** private copy of the acquired file */
  path: string;
  /** the name it had in the acquisition directory: sidecars refer to it, the extension is only a hint */
  name: string;
  /** bytes of the vendor's sidecar, when there is one */
  sidecar?: { name: string; bytes: Uint8Array };
  /** where the thumbnail goes (JPEG, info bar cut); not written without it */
  thumb?: string;
  /** longest side of the thumbnail in pixels, 512 unless told */
  thumbSize?: number;
  /** name in the backbone catalogue; without it only the header and thumbnail are made */
  backbone?: string;
  engine?: EngineName;
  threads?: number;
  /** for an image that a head learns from: the training views after the two of classification, cut as this seed says, and its picture hash */
  training?: { seed: number };
  /** measures how far structure lies in one direction too; `map`: where the picture coloured by direction goes (JPEG) */
  alignment?: { map?: string };
  limits: { pixels: number };
};

export type ImageFacts = {
  header: InstrumentHeader;
  /** `image/tiff`, `image/png`, `image/jpeg`, `image/bmp` */
  mediaType: string;
  /** of the stored page, info bar included */
  width: number;
  height: number;
  bitsPerSample: number;
  /** the part that is sample picture */
  scanArea: ScanArea;
  /** set when header or pixels say that this is no sample picture; never with `training`, where a person's label says that it is one */
  frame?: FrameKind;
  bottlenecks?: Bottlenecks;
  /** 16 hexadecimal digits that hardly change when the picture is saved again, scaled or brightened; only with `training` */
  pictureHash?: string;
  /** only with `alignment`; absent for what is no sample picture and for a picture without edges */
  alignment?: AlignmentMeasures;
  /** engines that were passed over, and why: for the operator */
  notices?: string[];
  /** milliseconds a step, for latency figures */
  timings: Record<string, number>;
};

/** Feature vectors of one image, one a view, as the head takes them. */
export type Bottlenecks = {
  /** SHA-256 of the backbone file */
  backbone: string;
  /** version of the preprocessing: part of the model's identity */
  preprocessing: string;
  engine: EngineName;
  /** in the order of the preprocessing's views; each of the backbone's length (1712 for EfficientNet-Lite0) */
  views: Float32Array[];
};
