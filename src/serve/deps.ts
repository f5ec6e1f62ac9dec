// What the app is handed by the composition root. Type only: the app never builds a stage, opens a store or reads the config file.

import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { Config } from '../config/schema.ts';
import type { PublishRules } from '../domain/publish.ts';
import type { Sight } from '../domain/access.ts';
import type { Settings } from '../config/settings.ts';
import type { Answers } from '../decide/answers.ts';
import type { SpeaksAgainst } from '../domain/odd-answers.ts';
import type { SpreadOf } from '../domain/teaching.ts';
import type { Image } from '../store/images.ts';
import type { Store } from '../store/store.ts';
import type { Screens } from './on-screens.ts';
import type { Status } from './status.ts';

/** Where the bytes of an image lie. A promise rejects with not_found where there is nothing (any more). */
export type ImageFiles = {
  /** path of the thumbnail, a JPEG without info bar; the file may be missing */
  thumb(sha256: string): string;
  /** path of a JPEG of up to 2048 px on its longest side, info bar cut */
  picture(sha256: string): Promise<string>;
  /** path of the acquired bytes */
  acquired(sha256: string): Promise<string>;
  /** path of the tagged file of this revision; a temporary one is the caller's to remove */
  tagged(sha256: string, revision: number): Promise<{ path: string; temporary: boolean }>;
};

export type ModelInUse = {
  name: string;
  head: string;
  headPath: string;
  backbone: { name: string; sha256: string };
  preprocessing: string;
  /** what lies beside the head */
  provenance?: unknown;
};

/** What the public routes use. */
export type PublicDeps = Pick<AppDeps, 'config'> & {
  store: Pick<Store, 'deliveries'>;
  files: Pick<ImageFiles, 'thumb' | 'tagged'> & Partial<Pick<ImageFiles, 'acquired'>>;
  /** answers are kept as files: no search, no files as acquired */
  isCopy?: boolean;
};

export type AppDeps = {
  store: Store;
  answers: Answers;
  /** The first `limit` images to ask about, that somebody with this sight sees, in this order; without it they come by age. */
  questions?: (
    limit: number,
    sight: Sight,
  ) => Promise<{ sha256: string; alike?: number; lookAlikes?: string[] }[]>;
  /** how alike images are; absent where nothing compares them */
  spread?: SpreadOf;
  /** Images that look like this one, most alike first; undefined where its features are not known. */
  similar?: (sha256: string, sight: Sight, limit: number) => Promise<{ items: { image: Image; likeness: number }[]; complete: boolean } | undefined>; // prettier-ignore
  /** Answers that the others of their series speak against; without it none are known. */
  odd?: () => Promise<SpeaksAgainst[]>;
  /** what people are looking at */
  screens: Screens;
  config: Config;
  /** what is public goes by these */
  rules: PublishRules;
  /** of this run alone: who can read it in the data directory is let in as the files themselves would let them */
  secret: string;
  files: ImageFiles;
  /** as somebody with this sight sees it */
  status: (sight: Sight) => Status;
  /** the config as it was read; absent where it came from no file */
  settings?: Settings;
  /** which model is in use, and what is known of it */
  model?: ModelInUse;
  /** what the process says of itself, for /metrics; absent where nothing measures */
  measured?: Registry;
  /** directory of the built pages */
  webDir: string;
  logger: FastifyBaseLogger;
};
