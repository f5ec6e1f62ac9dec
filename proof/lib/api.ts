// What proofs read through the API, and the one thing they do: answer prompts as a person would.

import type { ImageSummary, ImageView } from '../../src/serve/image-view.ts';
import type { Running } from './service.ts';
import { until } from './wait.ts';

export type Detail = {
  image: ImageView;
  deliveries: { revision: number; target: string; state: string; place: string; receipt?: { at: string } }[];
  files: { path: string; state: string; version: number; role: string }[];
};
export type Prompt = { sha256: string; promptVersion: number; suggestions: { category: string }[] };

/** Every image, newest first. */
export async function allImages(service: Running): Promise<ImageSummary[]> {
  const images: ImageSummary[] = [];
  let next: string | undefined;
  do {
    const page = await service.get<{ items: ImageSummary[]; next?: string }>(
      `/api/images?limit=200${next ? `&cursor=${next}` : ''}`,
    );
    images.push(...page.items);
    next = page.next;
  } while (next);
  return images;
}

export function detail(service: Running, sha256: string): Promise<Detail> {
  return service.get<Detail>(`/api/images/${sha256}`);
}

export type Counts = {
  images: Record<string, number>;
  files: Record<string, number>;
  roots: { instrument: string; away?: string }[];
};

/** How many images are on their way, those that wait for a person included. */
export async function moving(service: Running): Promise<{ images: number; seen: number; known: number }> {
  const { images, files } = await service.get<Counts>('/api/status');
  const on = ['settled', 'read', 'asked', 'labelled', 'tagged'];
  return {
    images: on.reduce((sum, state) => sum + (images[state] ?? 0), 0),
    seen: files['seen'] ?? 0,
    known: Object.values(files).reduce((a, b) => a + b, 0),
  };
}

/** Answers what is asked until nothing is on its way and at least `files` files are known; returns the number of answers. */
export async function untilDone(service: Running, files: number, seconds = 60 + files * 5): Promise<number> {
  let answered = 0;
  await until('every file has an end', seconds, async () => {
    answered += await answerAll(service);
    const now = await moving(service);
    return now.images === 0 && now.seen === 0 && now.known >= files;
  });
  return answered;
}

/** Answers everything that waits with its first suggestion; returns how many answers were taken. */
export async function answerAll(service: Running, by = 'proof'): Promise<number> {
  const prompts = await service.get<{ items: Prompt[] }>('/api/prompts?limit=100');
  let taken = 0;
  for (const { sha256, promptVersion, suggestions } of prompts.items) {
    const answer = { kind: 'category', category: suggestions[0]!.category };
    const { status } = await service.post(`/api/images/${sha256}/label`, { answer, by, promptVersion });
    if (status === 200) taken++;
  }
  return taken;
}
