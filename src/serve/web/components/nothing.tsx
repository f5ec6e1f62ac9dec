// Nothing waits: says so, what has happened today, and shows the last image that was labelled by itself.

import { useEffect, useState } from 'preact/hooks';
import { api, thumbUrl, type ImageSummary, type Status } from '../api.ts';
import { labelWords } from '../flags.ts';
import { age, score } from '../format.ts';

export function Nothing({ status, tick }: { status: Status | undefined; tick: number }) {
  const [last, setLast] = useState<ImageSummary>();
  useEffect(() => {
    api.images({ basis: 'auto', limit: '1' }).then(
      ({ items }) => setLast(items[0]),
      () => undefined,
    );
  }, [tick]);
  const today = status?.today;
  return (
    <main class="nothing">
      <h1>Nothing to answer</h1>
      <p>An image that needs you appears here by itself.</p>
      {last?.label && (
        <a class="last" href={`#/answer/${last.sha256}`}>
          {last.hasPicture && <img src={thumbUrl(last.sha256)} alt="" width="320" height="240" />}
          <span>
            The last one labelled by itself: <strong>{labelWords(last.label)}</strong>
            {last.score !== undefined && ` ${score(last.score)}`}, {age(last.label.at)} ago
          </span>
        </a>
      )}
      {today && (
        <dl class="day">
          <Count n={today.settled} words="arrived today" />
          <Count n={today.automatic} words="labelled by itself" />
          <Count n={today.answered} words="answered by people" />
        </dl>
      )}
    </main>
  );
}

function Count({ n, words }: { n: number; words: string }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>{n}</dd>
    </div>
  );
}
