// Calls of the HTTP interface, with the types that the routes themselves are made of. Throws ApiError, whose message people can read.

import type { FactName } from '../../domain/facts.ts';
import type { Answer } from '../../domain/label.ts';
import type { ErrorBody } from '../error-body.ts';
import type { ImageSummary, ImageView } from '../image-view.ts';
import type { ImageDetail, ImageHistory, ImageList, SimilarImages } from '../routes/images.ts';
import type { Me } from '../routes/me.ts';
import type { PeopleView } from '../routes/people.ts';
import type { LinkView } from '../routes/sign-in.ts';
import type { BlindView } from '../routes/checks.ts';
import type { Series, SeriesBrief, Spread } from '../routes/series.ts';
import type { Teaching } from '../routes/teaching.ts';
import type { HistoryPlots, ThresholdsOverview, VersionView, WhatIfAnswer } from '../routes/thresholds.ts';
import type { Reports, SettingsView } from '../routes/settings.ts';
import type { Retried } from '../../decide/answers.ts';
import type { Paused } from '../../domain/pause.ts';
import type { QueueHealth } from '../queue-health.ts';
import type { GivenAnswer } from '../routes/names.ts';
import type { WiderView } from '../routes/wider.ts';
import type { Status } from '../status.ts';
import { pairsText } from '../thresholds-query.ts';
import { useHeader } from './in-use.ts';
import type { Category } from '../../domain/categories.ts';
import type { ThresholdsValue } from '../../domain/decision.ts';

export type {
  ImageDetail,
  ImageHistory,
  ImageList,
  ImageSummary,
  ImageView,
  LinkView,
  PeopleView,
  QueueHealth,
  SimilarImages,
  GivenAnswer,
  Me,
  Series,
  SeriesBrief,
  Spread,
  Status,
  Teaching,
  WiderView,
};
export type { HistoryPlots, ThresholdsOverview, VersionView, WhatIfAnswer };
export type { Reports, SettingsView };

/** A series, and what is looked at only where a person wants to see it. */
export type FullSeries = { series: Series; spread?: Spread; others: SeriesBrief[] };

export type FileAside = {
  id: number;
  instrument: string;
  path: string;
  seenAt: string;
  error: { sentence: string; advice: string; message: string };
};

/** What a person says of operator, project, sample: null clears it. */
export type FactValues = Partial<Record<FactName, string | null>>;

export class ApiError extends Error {
  readonly code: string;
  readonly hint: string;
  /** with 409: the image as it is now */
  readonly image: ImageSummary | undefined;
  constructor({ code, message, hint, image }: Pick<ErrorBody, 'code' | 'message' | 'hint' | 'image'>) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.image = image;
  }
}

const NO_ANSWER = { code: 'no_connection', message: 'semtag does not answer.' };
const NOT_READ = { ...NO_ANSWER, hint: 'Nothing is lost; try again when the connection is back.' };
/** What was sent may have arrived all the same: only its answer is missing. */
const NOT_KNOWN = { ...NO_ANSWER, hint: 'It is not known whether this arrived: look before you send it again.' }; // prettier-ignore

/** Longer than the slowest answer of a busy service; a line that is dead and never breaks is given up after that. */
const LIMIT_MS = 20_000;

/** What proves that our page sends what is written by cookie; comes with /api/me. */
let csrf: string | undefined;

async function call<T>(url: string, body?: object, again = true): Promise<T> {
  const token: Record<string, string> = csrf === undefined ? {} : { 'x-csrf-token': csrf };
  const used = useHeader();
  const headers = { 'content-type': 'application/json', ...token, ...used };
  const init: RequestInit = body
    ? { method: 'POST', headers, body: JSON.stringify(body) }
    : { headers: used };
  let response: Response;
  let json: T | ErrorBody;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(LIMIT_MS) });
    json = (await response.json()) as T | ErrorBody; // what was cut off is no answer
  } catch {
    throw new ApiError(body ? NOT_KNOWN : NOT_READ);
  }
  if (!response.ok) {
    // the service was started again, or somebody signed in in another tab
    if (again && (json as ErrorBody).code === 'not_this_page') {
      await api.me();
      return call<T>(url, body, false);
    }
    throw new ApiError(json as ErrorBody);
  }
  return json as T;
}

const image = (sha256: string, rest: string) => `/api/images/${sha256}/${rest}`;

export const thumbUrl = (sha256: string): string => image(sha256, 'thumb');
export const fileUrl = (sha256: string, form: 'tagged' | 'acquired'): string =>
  image(sha256, `file?form=${form}`);
export const recordUrl = (sha256: string): string => image(sha256, 'record');
export const pictureUrl = (sha256: string): string => image(sha256, 'picture');

type One = { image: ImageSummary };

export const api = {
  async me(): Promise<Me> {
    const me = await call<Me>('/api/me');
    csrf = me.csrf;
    return me;
  },
  signIn: (name: string, password: string) => call<{ name: string }>('/api/sign-in', { name, password }),
  signOut: () => call<unknown>('/api/sign-out', {}),
  link: (code: string) => call<LinkView>('/api/link', { code }),
  useLink: (body: { code: string; name?: string; password?: string }) =>
    call<{ purpose: LinkView['purpose']; name: string }>('/api/link/use', body),
  changePassword: (old: string, password: string) =>
    call<{ name: string }>('/api/password', { old, password }),
  people: () => call<PeopleView>('/api/people'),
  /** `path`: below /api/people */
  changePeople: <T>(path: string, body: object) => call<T>(`/api/people/${path}`, body),
  status: () => call<Status>('/api/status'),
  prompts: (limit: number) => call<{ items: ImageView[]; waiting: number }>(`/api/prompts?limit=${limit}`),
  checks: (limit: number) => call<{ items: BlindView[]; open: number }>(`/api/checks?limit=${limit}`),
  image: async (sha256: string) => (await call<{ image: ImageView }>(`/api/images/${sha256}`)).image,
  images: (query: Record<string, string>) =>
    call<ImageList>(`/api/images?${new URLSearchParams(query).toString()}`),
  imageDetail: (sha256: string) => call<ImageDetail>(`/api/images/${sha256}`),
  history: async (sha256: string) => (await call<ImageHistory>(image(sha256, 'history'))).items,
  similar: (sha256: string) => call<SimilarImages>(image(sha256, 'similar')),
  wider: (sha256: string) => call<{ items: WiderView[] }>(image(sha256, 'wider')),
  own: (name: string) =>
    call<{ items: ImageSummary[]; since: string }>(`/api/own?${new URLSearchParams({ name }).toString()}`),
  series: async (id: number) => (await call<{ series: Series }>(`/api/series/${id}`)).series,
  fullSeries: (id: number) => call<FullSeries>(`/api/series/${id}?full=true`),
  splitSeries: (id: number, sha256s: string[], by: string) =>
    call<{ series: Series; moved: number }>(`/api/series/${id}/split`, { sha256s, by }),
  joinSeries: (id: number, into: number, by: string) =>
    call<{ series: Series; moved: number }>(`/api/series/${id}/join`, { into, by }),
  shows: (page: string, sha256: string | null) => call<unknown>('/api/screens', { page, sha256 }),
  teaching: () => call<Teaching>('/api/teaching'),
  useTeaching: (body: { use: boolean; by: string; reason: string }) =>
    call<Pick<Teaching, 'use' | 'since' | 'by' | 'reason'>>('/api/teaching', body),
  thresholds: () => call<ThresholdsOverview>('/api/thresholds'),
  whatIf: ({ auto, prompt, perCategory }: ThresholdsValue, against?: number) => {
    const query = { auto: String(auto), prompt: String(prompt), perCategory: pairsText(perCategory) };
    const more = against === undefined ? {} : { against: String(against) };
    return call<WhatIfAnswer>(
      `/api/thresholds/what-if?${new URLSearchParams({ ...query, ...more }).toString()}`,
    );
  },
  thresholdPlots: (category?: Category) =>
    call<HistoryPlots>(`/api/thresholds/plots${category ? `?category=${category}` : ''}`),
  saveThresholds: (body: ThresholdsValue & { reason: string; by: string; version: number }) =>
    call<VersionView>('/api/thresholds', body),
  rollBack: (body: { to: number; reason: string; by: string; version: number }) =>
    call<VersionView>('/api/thresholds/roll-back', body),
  settings: () => call<SettingsView>('/api/settings'),
  reports: () => call<Reports>('/api/reports'),
  queues: () => call<QueueHealth>('/api/queues'),
  pause: (body: Paused & { by: string; reason: string }) => call<Pick<Status, 'pauses'>>('/api/pauses', body),
  resume: (body: Paused & { by: string }) => call<Pick<Status, 'pauses'>>('/api/pauses/end', body),
  retryMany: (body: { by: string; code?: string }) => call<Retried>('/api/quarantine/retry', body),
  quarantine: () => call<{ images: ImageSummary[]; files: FileAside[] }>('/api/quarantine'),
  label: (
    sha256: string,
    body: {
      answer: Answer;
      by: string;
      promptVersion?: number;
      corrects?: number;
      also?: { sha256: string; promptVersion: number }[];
      notForTraining?: boolean;
      note?: string;
    },
  ) =>
    call<One & { together: string[]; parts: string[]; left: string[]; resting: string[] }>(
      image(sha256, 'label'),
      body,
    ),
  undo: (sha256: string, body: { by: string; promptVersion: number }) =>
    call<One & { together: string[]; resting: string[] }>(image(sha256, 'undo'), body),
  answersOf: (name: string, since: string, until?: string) =>
    call<{ items: GivenAnswer[] }>(
      `/api/answers?${new URLSearchParams({ name, since, ...(until ? { until } : {}) }).toString()}`,
    ),
  /** `by`: left out by who is signed in */
  correctName: (sha256s: string[], from: string, to: string, by: string | undefined) =>
    call<{ changed: string[]; left: string[] }>('/api/answers/name', { sha256s, from, to, by }),
  correctFacts: (sha256s: string[], facts: FactValues, by: string) =>
    call<{ items: ImageSummary[] }>('/api/facts', { sha256s, facts, by }),
  retry: (sha256: string, by: string) => call<One>(image(sha256, 'retry'), { by }),
  retryFile: (id: number, by: string) => call<{ id: number }>(`/api/files/${id}/retry`, { by }),
};
