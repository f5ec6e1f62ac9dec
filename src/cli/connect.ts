// How a verb that writes reaches the images: through the running service's API when it holds the run lock, else with the same functions here.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/schema.ts';
import { answers, type Answers, type AnswerRequest, type FactValues } from '../decide/answers.ts';
import type { Pause, Paused } from '../domain/pause.ts';
import { SemtagError } from '../errors.ts';
import type { Image } from '../store/images.ts';
import { takeRunLock } from '../store/lock.ts';
import type { Series } from '../store/series.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Together } from '../store/together.ts';
import { peopleByHand, peopleByService, type PeopleCalls } from './people-calls.ts';
import { callService, runningService, type Address } from './running.ts';

/** What a verb tells of the image afterwards: the API gives as much. */
export type Touched = Pick<Image, 'sha256' | 'name' | 'state' | 'revision' | 'label'>;

/** With the images that got the answer too, and those whose label rested on it. */
export type Undone = Touched & { together: string[]; resting: string[] };

/** The series that images went into. */
export type Moved = { series: Pick<Series, 'id' | 'name' | 'images'>; moved: number };

export type Hands = {
  label(sha256: string, request: AnswerRequest): Promise<Touched & Pick<Together, 'together'>>;
  undo(sha256: string, by: string): Promise<Undone>;
  retry(sha256: string, by: string): Promise<Touched>;
  correctFacts(sha256s: string[], values: FactValues, by: string): Promise<Touched[]>;
  splitSeries(id: number, sha256s: string[], by: string): Promise<Moved>;
  joinSeries(id: number, into: number, by: string): Promise<Moved>;
  /** A file that went aside as incomplete. */
  retryFile(id: number, by: string): Promise<void>;
  /** Both give what is paused afterwards. */
  pause(what: Paused, by: string, reason: string): Promise<Pause[]>;
  resume(what: Paused, by: string): Promise<Pause[]>;
  people: PeopleCalls;
  /** the address of the service, or undefined where this process writes itself */
  url?: string;
  close(): void;
};

/** A service that is just starting has the lock before it has an address. */
const WAIT_MS = 250;
const TRIES = 12;

/** Throws already_running where something holds the lock and does not answer. */
export async function connect(config: Config): Promise<Hands> {
  for (let i = 0; i < TRIES; i++) {
    const lock = takeRunLock(config.dataDir);
    if (lock) {
      try {
        const store = openStore(config.dataDir);
        refuseOtherProjects(store, config);
        return byHand(
          store,
          config,
          answers(store, () => {}, undefined, {
            instruments: config.instruments,
            authors: config.teach.authors,
          }),
          () => {
            store.close();
            lock.release();
          },
        );
      } catch (error) {
        lock.release();
        throw error;
      }
    }
    const service = await runningService(config.dataDir);
    if (service) return byService(service);
    await sleep(WAIT_MS);
  }
  throw new SemtagError(
    'already_running',
    `${config.dataDir}: another semtag holds the lock and answers at no address; a verb that writes, or a service that hangs`,
  );
}

/** Whom an answer teaches goes by the list. The start of the service takes a new one over, with every image of the project: no verb does that by the way. */
function refuseOtherProjects(store: Store, { projects }: Config): void {
  const [before, now] = [store.projects.private(), [...new Set(projects.private)].sort()];
  if (before.join('\n') === now.join('\n')) return;
  store.close();
  throw new SemtagError(
    'config_invalid',
    `projects.private: ${now.join(', ') || 'none'} in the config, ${before.join(', ') || 'none'} as the service last had it; start the service with this config once`,
  );
}

function byHand(store: Store, config: Config, direct: Answers, close: () => void): Hands {
  return {
    label: async (sha256, request) => direct.label(sha256, request),
    async undo(sha256, by) {
      const resting = store.rescoring.restingOn(sha256);
      return { ...direct.undo(sha256, by), resting };
    },
    retry: async (sha256, by) => direct.retry(sha256, by),
    correctFacts: async (sha256s, values, by) => direct.correctFacts(sha256s, values, by),
    async splitSeries(id, sha256s, by) {
      const added = direct.splitSeries(id, sha256s, by);
      return { series: store.series.get(added)!, moved: sha256s.length };
    },
    async joinSeries(id, into, by) {
      const moved = direct.joinSeries(id, into, by);
      return { series: store.series.get(into)!, moved };
    },
    retryFile: async (id, by) => direct.retryFile(id, by),
    async pause(what, by, reason) {
      direct.pause(what, by, reason);
      return store.pauses.list();
    },
    async resume(what, by) {
      direct.resume(what, by);
      return store.pauses.list();
    },
    people: peopleByHand(store, config),
    close,
  };
}

function byService(service: Address): Hands {
  const post = async (path: string, body: object) =>
    ((await callService(service, path, body)) as { image: Touched }).image;
  const pauses = async (path: string, body: object) =>
    ((await callService(service, path, body)) as { pauses: Pause[] }).pauses;
  return {
    url: service.url,
    async label(sha256, request) {
      const { image, together } = (await callService(service, `/api/images/${sha256}/label`, request)) as { image: Touched } & Together; // prettier-ignore
      return { ...image, together };
    },
    async undo(sha256, by) {
      const { image, ...more } = (await callService(service, `/api/images/${sha256}/undo`, { by })) as { image: Touched } & Omit<Undone, keyof Touched>; // prettier-ignore
      return { ...image, ...more };
    },
    retry: (sha256, by) => post(`/api/images/${sha256}/retry`, { by }),
    async correctFacts(sha256s, facts, by) {
      const { items } = (await callService(service, '/api/facts', { sha256s, facts, by })) as {
        items: Touched[];
      };
      return items;
    },
    splitSeries: async (id, sha256s, by) =>
      (await callService(service, `/api/series/${id}/split`, { sha256s, by })) as Moved,
    joinSeries: async (id, into, by) =>
      (await callService(service, `/api/series/${id}/join`, { into, by })) as Moved,
    retryFile: async (id, by) => void (await callService(service, `/api/files/${id}/retry`, { by })),
    pause: (what, by, reason) => pauses('/api/pauses', { ...what, by, reason }),
    resume: (what, by) => pauses('/api/pauses/end', { ...what, by }),
    people: peopleByService(service),
    close: () => {},
  };
}
