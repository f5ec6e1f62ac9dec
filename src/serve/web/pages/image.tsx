// The page of one image: the picture, what it shows and who says so, its header, what happened to it, where it is. Its answer is given on the Answer page.

import { useRef, useState } from 'preact/hooks';
import {
  ApiError,
  api,
  type ImageDetail,
  type ImageHistory,
  type ImageView,
  type SimilarImages,
  type Status,
} from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { Alike, HeaderTable, Scores, TimeLine, Whereabouts } from '../components/image-sections.tsx';
import { Picture, type Zoom } from '../components/picture.tsx';
import { TakeBack } from '../components/take-back.tsx';
import { Trouble } from '../components/trouble.tsx';
import { byWhom, flagOf, heldWords, says } from '../flags.ts';
import { inFull, score, when } from '../format.ts';
import type { PageProps } from '../page-props.ts';
import { useAsked } from '../use-asked.ts';
import '../style/images.css';

export function ImagePage({ route, live, status, person, needName }: PageProps) {
  const sha256 = route.page === 'image' ? route.sha256 : '';
  const [detail, setDetail] = useState<ImageDetail>();
  const [history, setHistory] = useState<ImageHistory['items']>([]);
  const [similar, setSimilar] = useState<SimilarImages>();
  const [said, say] = useState('');
  const zoom = useRef<Zoom>(() => false);

  const { ask, error } = useAsked(sha256, live.tick, load);
  function load(): void {
    ask(Promise.all([api.imageDetail(sha256), api.history(sha256)]), ([one, lines]) => {
      setDetail(one);
      setHistory(lines);
    });
  }
  const alike = useAsked(sha256, live.tick, () => {
    if (!similar) alike.ask(api.similar(sha256), setSimilar);
  });

  async function does(work: (by: string) => Promise<unknown>, done: string, by = person.name): Promise<void> {
    if (!by) return needName((given) => void does(work, done, given));
    try {
      await work(by);
      say(done);
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      say(`${problem.message} ${problem.hint}`);
    }
    load();
  }

  if (error && !detail)
    return (
      <main class="page images">
        <h1>{error.code === 'not_found' ? 'No such image' : 'Not shown yet'}</h1>
        <p role="alert" class="none">
          {error.code === 'not_found'
            ? 'There is no image at this address, or it belongs to a private project that you are no member of.'
            : `${error.message} ${error.hint}`}{' '}
          <a href="#/images">All images</a>
        </p>
      </main>
    );
  if (!detail) return <main class="page images" aria-busy="true" />;
  const { image } = detail;
  const pauses = status?.pauses ?? [];
  return (
    <main class="page wide-page image-page">
      <h1 class="wide">{image.name}</h1>
      <div>
        <Picture image={image} onShown={() => undefined} tick={live.tick} zoomRef={zoom} />
      </div>
      <div>
        <section class="card" aria-label="Label">
          <Said image={image} pauses={pauses} />
          {image.error && (
            <div class="reason">
              <p>{image.error.message}</p>
              <p class="quiet">{image.error.advice}</p>
              <button onClick={() => void does((by) => api.retry(sha256, by), 'It is tried again.')}>Retry</button>
            </div>
          )}
          <p class="actions">
            <a href={`#/answer/${sha256}`}>{image.state === 'asked' ? 'Answer' : 'Correct the label'}</a>
            {image.series !== undefined && <a href={`#/series/${image.series}`}>Its series</a>}
            {image.supersededBy && <a href={`#/image/${image.supersededBy}`}>The newer version</a>}
            {image.supersedes && <a href={`#/image/${image.supersedes}`}>The version before</a>}
            <button onClick={() => void copy(sha256).then(say)}>Copy its address</button>
          </p>
          <TakeBack
            image={image}
            takeBack={() =>
              void does((by) => api.undo(sha256, { by, promptVersion: image.promptVersion }), 'The answer was taken back.')
            }
          />
          <p role="status" class="quiet">
            {said}
          </p>
        </section>
        <section class="card">
          <h2>Scores</h2>
          <Scores image={image} />
        </section>
        <section class="card">
          <h2>Where it is</h2>
          <Whereabouts detail={detail} paused={heldWords(image, pauses) !== undefined} />
        </section>
      </div>
      <section class="card wide">
        <h2>Looks like</h2>
        {alike.error ? <Trouble error={alike.error} /> : <Alike similar={similar} />}
      </section>
      <section class="card">
        <h2>Header</h2>
        <HeaderTable image={image} />
      </section>
      <section class="card">
        <h2>What happened</h2>
        <TimeLine items={history} />
      </section>
    </main>
  );
} // prettier-ignore

function Said({ image, pauses }: { image: ImageView; pauses: Status['pauses'] }) {
  const shows = says(image);
  const flag = flagOf(image, pauses);
  const held = heldWords(image, pauses);
  const { label, otherParts, partOf } = image;
  return (
    <>
      <p>
        <strong>{shows.words}</strong>{' '}
        {shows.score !== undefined && <span class="quiet">{score(shows.score)}</span>}
      </p>
      <p class={`tone-${flag.tone}`}>
        <Icon name={flag.icon} /> {flag.words}
      </p>
      {held && <p class="quiet">{held}</p>}
      {label && (
        <p class="quiet" title={inFull(label.at)}>
          {byWhom(label)}, {when(label.at)}
          {label.note && `: “${label.note}”`}
        </p>
      )}
      {image.privateProject && <p class="quiet">Private project {image.privateProject}</p>}
      {partOf && (
        <p class="quiet">
          Part of {partOf.name} ({partOf.kind.replaceAll('_', ' ')})
          {otherParts && `; ${otherParts.all} other parts wait: ${otherParts.names.join(', ')}`}
        </p>
      )}
    </>
  );
}

/** Holds as long as the image does, also in a letter. */
async function copy(sha256: string): Promise<string> {
  const address = `${location.origin}/images/${sha256}`;
  try {
    await navigator.clipboard.writeText(address);
    return `Copied: ${address}`;
  } catch {
    return address; // a browser that does not allow it shows it to be copied by hand
  }
}
