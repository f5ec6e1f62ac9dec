// Which images people are looking at: what is on a screen is not scored again under their eyes. Memory only; a page that is gone is forgotten.

/** A page says every ten seconds what it shows; after two missed ones nobody looks any more. */
const LOOKING_MS = 25_000;

export type Screens = {
  /** This page shows this image now, or none. `page`: any name that tells pages apart. */
  shows(page: string, sha256: string | undefined): void;
  open(): ReadonlySet<string>;
};

export function onScreens(now: () => number = () => performance.now()): Screens {
  const pages = new Map<string, { sha256: string; at: number }>();
  return {
    shows(page, sha256) {
      if (sha256 === undefined) pages.delete(page);
      else pages.set(page, { sha256, at: now() });
    },
    open() {
      for (const [page, { at }] of pages) if (now() - at > LOOKING_MS) pages.delete(page);
      return new Set([...pages.values()].map(({ sha256 }) => sha256));
    },
  };
}
