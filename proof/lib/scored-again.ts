// A score computed again from what its record names: head, bottlenecks, and the log of lessons up to the place that it knew. By no process of the service.

import { meanLogits, type Head } from '../../src/classify/head.ts';
import { placeOf } from '../../src/classify/space.ts';
import { softmax, type Scores } from '../../src/domain/scores.ts';
import type { Taught } from '../../src/domain/teaching.ts';
import { createTeacher } from '../../src/learn/teach/teacher.ts';
import type { Store } from '../../src/store/store.ts';

export function scoredAgain(store: Store, head: Head, sha256: string, taught: Taught | undefined): Scores {
  const seen = (image: string) => {
    const { views } = store.bottlenecks.get(image, head.backbone.sha256, head.preprocessing)!;
    const logits = meanLogits(head, views).map((v) => v / head.temperature);
    return { logits, place: placeOf(head, head.space!, views) };
  };
  if (!taught) return softmax(seen(sha256).logits);
  const log = store.lessons.after(0).filter(({ position }) => position <= taught.position);
  const gone = new Set(log.map(({ of }) => of));
  const unknown = (place: number) => taught.without?.some(([from, to]) => from <= place && place <= to);
  const teacher = createTeacher();
  for (const { position, of, sha256: answered, series, category, weight, realm } of log)
    if (of === undefined && !gone.has(position) && !unknown(position))
      teacher.learn({ id: position, sha256: answered, series: String(series), realm, category, weight, ...seen(answered) }); // prettier-ignore
  return teacher.score({ sha256, series: String(taught.series), realm: taught.realm, ...seen(sha256) })
    .scores;
}
