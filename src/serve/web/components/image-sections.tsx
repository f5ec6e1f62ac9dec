// The parts of the page of one image: scores, header, where it is, its time line, images that look like it. Each shows what it is given.

import { CATEGORIES, categoryTitle } from '../../../domain/categories.ts';
import { fileUrl, recordUrl, thumbUrl, type ImageDetail, type ImageHistory, type ImageView, type SimilarImages } from '../api.ts'; // prettier-ignore
import { says } from '../flags.ts';
import { inFull, score, when } from '../format.ts';
import { headerRows } from '../header-words.ts';

export function Scores({ image }: { image: ImageView }) {
  if (image.suggestions.length === 0) return <p class="quiet">It was not classified.</p>;
  return (
    <ul class="bars">
      {image.suggestions.map(({ category, score: value }) => (
        <li key={category}>
          <span>
            <i class={`mark mark-${CATEGORIES.indexOf(category)}`} aria-hidden="true" />{' '}
            {categoryTitle(category)}
          </span>
          <span>{score(value)}</span>
          <meter min={0} max={1} value={value} aria-label={categoryTitle(category)} />
        </li>
      ))}
    </ul>
  );
}

export function HeaderTable({ image }: { image: ImageView }) {
  const rows = headerRows(image);
  const warnings = image.header?.warnings ?? [];
  if (rows.length + warnings.length === 0)
    return <p class="quiet">Neither its header nor its folder says anything about it.</p>;
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Value</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, value, origin }, i) => (
            <tr key={i}>
              <th scope="row">{name}</th>
              <td>{value}</td>
              <td class="quiet">{origin}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {warnings.map(({ code, message }, i) => (
        <p key={i} class="tone-ask" title={code}>
          {message}
        </p>
      ))}
    </>
  );
}

type Where = {
  detail: ImageDetail;
  /** what is owed waits for the end of a pause */
  paused: boolean;
};

export function Whereabouts({ detail: { image, files, deliveries, publication, record }, paused }: Where) {
  const newest = deliveries.filter(({ revision }) => revision === image.revision);
  /** what lies at a target while the revision of now does not */
  const before = newest.length ? [] : deliveries.filter(({ state }) => state === 'received');
  return (
    <>
      <ul>
        {newest.map((one) => (
          <li key={one.id}>
            {deliveryWords(one, paused)}
            <span class="quiet name"> {one.place}</span>
          </li>
        ))}
        {newest.length === 0 && (
          <li>
            {before.length
              ? 'As it is now it was not sent yet; an earlier revision lies there:'
              : 'Nothing of it was sent to a repository yet.'}
          </li>
        )}
        {before.map((one) => (
          <li key={one.id}>
            Revision {one.revision} at {one.target}
            {one.receipt && ` since ${when(one.receipt.at)}`}
            <span class="quiet name"> {one.place}</span>
          </li>
        ))}
        <li>
          {publication.given ? (
            <>
              Public since {when(publication.since)}. <a href={publication.page}>Its public page</a>
            </>
          ) : (
            `Not public: ${publication.why}.`
          )}
        </li>
        {files.map(({ id, instrument, path, seenAt, version }) => (
          <li key={id} class="quiet" title={inFull(seenAt)}>
            Acquired as {path} at {instrument}
            {version > 1 ? `, version ${version}` : ''}, seen {when(seenAt)}
          </li>
        ))}
      </ul>
      <p class="actions">
        {record && <a href={fileUrl(image.sha256, 'tagged')}>Tagged file</a>}
        <a href={fileUrl(image.sha256, 'acquired')}>Acquired bytes</a>
        {record && <a href={recordUrl(image.sha256)}>Record (JSON)</a>}
        <a href={`/api/images/${image.sha256}`}>All of this as JSON</a>
      </p>
    </>
  );
}

function deliveryWords({ target, state, receipt, error, tries, revision }: ImageDetail['deliveries'][number], paused: boolean) {
  const rev = revision > 1 ? ` (revision ${revision})` : '';
  if (state === 'received') return `At ${target}${receipt ? ` since ${when(receipt.at)}` : ''}${rev}.`;
  if (state === 'withheld') return `Not sent to ${target}${rev} as long as it is withheld.`;
  if (state === 'owed' && paused) return `Owed to ${target}${rev}; it is sent when the pause ends.`;
  if (state === 'owed')
    return error
      ? `Owed to ${target}${rev}; tried ${tries} times, last: ${error}.`
      : `On its way to ${target}${rev}.`;
  return state === 'emptied' ? `No longer at ${target}${rev}.` : `A newer revision went to ${target}.`;
} // prettier-ignore

export function TimeLine({ items }: { items: ImageHistory['items'] }) {
  return (
    <ol class="happened" reversed>
      {items.toReversed().map(({ id, at, who, what, from, to }) => (
        <li key={id}>
          {what}
          <span class="quiet" title={inFull(at)}>
            {' '}
            · {who === 'semtag' ? 'by itself' : who}, {when(at)}
            {to && ` · ${from ? `${from} → ` : ''}${to}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

export function Alike({ similar }: { similar: SimilarImages | undefined }) {
  if (!similar)
    return (
      <p class="quiet" aria-busy="true">
        Comparing …
      </p>
    );
  if (!similar.known)
    return (
      <p class="quiet">
        Images that look like it appear here once the network has seen it; it has not yet, or could not read
        it.
      </p>
    );
  const rest = !similar.complete && (
    <p class="quiet">
      semtag is still looking through older images: more that look like it may appear here later.
    </p>
  );
  if (similar.items.length === 0)
    return rest || <p class="quiet">There is no other image to compare it with yet.</p>;
  return (
    <>
      <ul class="resembles">
        {similar.items.map(({ image, likeness }) => (
          <li key={image.sha256}>
            <a href={`#/image/${image.sha256}`} title={`${image.name}, likeness ${likeness.toFixed(2)}`}>
              <img src={thumbUrl(image.sha256)} alt={image.name} loading="lazy" width="160" height="120" />
              <span class="quiet">
                {says(image).words} · {likeness.toFixed(2)}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {rest}
    </>
  );
}
