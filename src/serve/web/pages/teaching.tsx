// The Teaching page: whether what answers taught is used, how often automatic labels are wrong, which answers need a look. Asks once, and again on request.

import { useEffect, useRef, useState } from 'preact/hooks';
import {
  AGAIN_MEANS,
  ASIDE_MEANS,
  DRAWN,
  errorWords,
  FIRST,
  guardWords,
  oddMeans,
  oddWords,
  openWords,
  personWords,
  sideWords,
  useWords,
  wrongMeans,
  wrongWords,
} from '../../teaching-words.ts';
import { ApiError, api, type Teaching } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { ReasonField } from '../components/reason-field.tsx';
import { Said, Side, Thumb } from '../components/teaching-images.tsx';
import { inFull, when } from '../format.ts';
import type { PageProps } from '../page-props.ts';
import { WHO_DECIDES } from '../who-decides.ts';
import '../style/teaching.css';

export function TeachingPage({ me, person, needName }: PageProps) {
  const [teaching, setTeaching] = useState<Teaching>();
  const [reason, setReason] = useState('');
  const [said, say] = useState('');

  const trouble = (error: Error) => {
    if (!(error instanceof ApiError)) throw error;
    say(`${error.message} ${error.hint}`);
  };
  const look = () => api.teaching().then(setTeaching, trouble);
  useEffect(() => void look(), []);

  /** whoever leaves while the name is asked for has decided nothing */
  const here = useRef(true);
  useEffect(() => () => void (here.current = false), []);
  const [busy, setBusy] = useState(false);

  async function change(use: boolean, by = person.name): Promise<void> {
    if (!here.current || busy) return;
    if (!by) return needName((given) => void change(use, given), WHO_DECIDES);
    setBusy(true);
    try {
      const now = await api.useTeaching({ use, by, reason: reason.trim() });
      setTeaching((before) => before && { ...before, ...now });
      setReason('');
      say(use ? 'Teaching is in use again.' : 'Teaching is set aside.');
    } catch (error) {
      trouble(error as Error);
    }
    setBusy(false);
    await look();
  }

  if (!teaching)
    return (
      <main class="page teaching" aria-busy="true">
        <h1>Teaching</h1>
        <p role="status">{said}</p>
      </main>
    );
  const { use, since, checks, guard, odd } = teaching;
  return (
    <main class="page teaching">
      <header>
        <h1>Teaching</h1>
        <button onClick={() => void look()}>Look again</button>
      </header>
      <p role="status" class="quiet">
        {said}
      </p>

      <section aria-label="Use">
        <p class={use ? 'tone-good' : 'tone-ask'}>
          <Icon name={use ? 'check' : 'paused'} /> {useWords(teaching)}{' '}
          {since && (
            <span class="quiet" title={inFull(since)}>
              since {when(since)}
            </span>
          )}
        </p>
        {!use && <p>{ASIDE_MEANS}</p>}
        {me?.role === 'manager' ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (reason.trim()) void change(!use);
            }}
          >
            <ReasonField id="reason" reason={reason} change={setReason} />
            <button disabled={busy || !reason.trim()}>{use ? 'Set aside' : 'Put to use again'}</button>
          </form>
        ) : (
          <p>
            {use
              ? 'A facility manager can set it aside, with a reason.'
              : 'A facility manager puts it to use again, with a reason.'}
          </p>
        )}
        <p class="quiet">
          {use ? 'Set aside, the head alone decides; no answer and no label is lost.' : AGAIN_MEANS}
        </p>
      </section>

      <section aria-label="Blind checks">
        <h2>How often is an automatic label wrong?</h2>
        <p>{errorWords(DRAWN, checks.drawn)}</p>
        <p>{errorWords(FIRST, checks.first)}</p>
        <p class="quiet">
          {openWords(checks)} {checks.open > 0 && <a href="#/answer">Answer</a>}
        </p>
        <Said words={wrongMeans(checks.wrong)} images={checks.wrong.images} of={wrongWords} />
      </section>

      <section aria-label="Guard">
        <h2>Is the taught head better than the head alone?</h2>
        <p>{guardWords(guard)}</p>
        <Said words="The head alone was right:" images={guard.headRight.images} of={sideWords} />
        <Said words="The taught head was right:" images={guard.taughtRight.images} of={sideWords} />
      </section>

      <section aria-label="Answers to look at">
        <h2>Answers to look at</h2>
        {odd.note && <p class="tone-ask">{odd.note}</p>}
        {odd.answers.length === 0 && <p>No answer stands against what looks like it.</p>}
        {odd.people?.map(({ by, images }) => (
          <Side key={by} words={personWords(by)} images={images} />
        ))}
        {odd.answers.length > 0 && <p class="quiet">{oddMeans(odd)}</p>}
        <ul class="grid">
          {odd.answers.map((answer) => (
            <li key={answer.image.sha256} class="card tile">
              <Thumb image={answer.image} />
              <p>{oddWords(answer)}</p>
              <p class="quiet name" title={answer.image.name}>
                {answer.image.name}
              </p>
            </li>
          ))}
        </ul>
      </section>
    </main>
  );
}
