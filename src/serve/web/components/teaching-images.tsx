// Images on the Teaching page, each a link to its own: with what was said of it, or bare. Decides nothing.

import { thumbUrl, type ImageSummary, type Teaching } from '../api.ts';

type CheckedImage = Teaching['checks']['wrong']['images'][number];

/** Checked images, each with what the machine and the person said of it. */
export function Said({
  words,
  images,
  of,
}: {
  words: string;
  images: CheckedImage[];
  of: (image: CheckedImage) => string;
}) {
  // prettier-ignore
  if (images.length === 0) return null;
  return (
    <div class="side">
      <p>{words}</p>
      <ul class="grid">
        {images.map((image) => (
          <li key={image.sha256} class="card tile">
            <Thumb image={image} />
            <p>{of(image)}</p>
            <p class="quiet name" title={image.name}>
              {image.name}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Side({ words, images }: { words: string; images: ImageSummary[] }) {
  if (images.length === 0) return null;
  return (
    <div class="side">
      <p>{words}</p>
      <ul class="thumbs">
        {images.map((image) => (
          <li key={image.sha256}>
            <Thumb image={image} />
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Thumb({ image: { sha256, name, hasPicture } }: { image: ImageSummary }) {
  return (
    <a href={`#/image/${sha256}`} class="thumb" aria-label={`Show ${name}`} title={name}>
      {hasPicture ? (
        <img src={thumbUrl(sha256)} alt="" loading="lazy" width="120" height="90" />
      ) : (
        <span class="no-picture">no picture</span>
      )}
    </a>
  );
}
