// Which images show more of the same sample than this one: pure, and knows no store.

/** One that may be shown beside the image: `fieldOfView` in metres. */
export type Wider = { sha256: string; name: string; fieldOfView: number; settledAt: string };

/** As much wider at least: what is nearly the same picture shows nothing more. */
const STEP = 1.5;

export const WIDER_SHOWN = 3;

/** The next wider ones, each clearly wider than the one before; of those as wide the one nearest in time. */
export function widerOf(fieldOfView: number, settledAt: string, candidates: readonly Wider[]): Wider[] {
  const apart = (one: Wider) => Math.abs(Date.parse(one.settledAt) - Date.parse(settledAt));
  const chosen: Wider[] = [];
  let least = fieldOfView * STEP;
  while (chosen.length < WIDER_SHOWN) {
    const wide = candidates.filter((one) => one.fieldOfView >= least * (1 - 1e-9));
    if (wide.length === 0) break;
    const narrowest = Math.min(...wide.map((one) => one.fieldOfView));
    const [first] = wide
      .filter((one) => one.fieldOfView < narrowest * STEP)
      .sort((a, b) => apart(a) - apart(b) || (a.sha256 < b.sha256 ? -1 : 1));
    chosen.push(first!);
    least = first!.fieldOfView * STEP;
  }
  return chosen;
}
