// What answers taught: counts the images of a series that labelled themselves because of answers, and says so once there are more. Asks beside the answers, never before one.

import { useEffect, useRef } from 'preact/hooks';
import { api } from './api.ts';

/** `series`: of the image on the screen. Returns what is told of an answer in a series. */
export function useLessons(
  series: number | undefined,
  tick: number,
  say: (words: string) => void,
): (series: number | undefined) => void {
  /** how many there were when they were last counted, by series */
  const counted = useRef(new Map<number, number>());
  const taught = useRef<number>(undefined);

  useEffect(() => {
    if (series === undefined) return;
    const count = ({ because }: { because: number }) => void counted.current.set(series, because);
    api.series(series).then(count, () => undefined); // it only says more
  }, [series]);

  async function look(): Promise<void> {
    const of = taught.current;
    const before = of === undefined ? undefined : counted.current.get(of);
    if (of === undefined || before === undefined) return;
    const { because, waiting, name } = await api.series(of);
    const n = because - before;
    if (n <= 0 || taught.current !== of) return;
    counted.current.set(of, because);
    const more = waiting > 0 ? `, ${waiting} still ${waiting === 1 ? 'waits' : 'wait'}` : '';
    const them =
      n === 1 ? `1 image of ${name} labelled itself` : `${n} images of ${name} labelled themselves`;
    say(`${them} because of answers${more}.`);
  }
  useEffect(() => void look().catch(() => undefined), [tick]);

  return (of) => void (taught.current = of);
}
