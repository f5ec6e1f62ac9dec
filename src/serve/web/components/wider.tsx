// The same sample at lower magnification: small pictures over the corner of the large one, and a dialog that shows them large. Nothing is answered there.

import { useEffect, useState } from 'preact/hooks';
import { api, thumbUrl, type ImageView, type WiderView } from '../api.ts';
import { si } from '../../../domain/amounts.ts';
import { Dialog } from './dialog.tsx';
import { Picture, type Zoom } from './picture.tsx';

/** What was found, by image: the next ones are asked for before they are shown, so that nothing moves when they are. Until facts are corrected: of which sample they are is one. */
const found = new Map<string, WiderView[]>();
const KEPT = 50;

export const forgetWider = (): void => found.clear();

async function look(sha256: string): Promise<WiderView[]> {
  const have = found.get(sha256);
  if (have) return have;
  const { items } = await api.wider(sha256);
  if (found.size >= KEPT) found.delete(found.keys().next().value!);
  found.set(sha256, items);
  return items;
}

/** Of the image on the screen; `next`: who comes, to be looked for already. */
export function useWider(image: ImageView | undefined, next: readonly ImageView[]): WiderView[] {
  const [, shown] = useState(0);
  const sha256 = image?.sha256;
  const all = [...(image ? [image] : []), ...next];
  useEffect(() => {
    for (const { sha256: one } of all)
      look(one).then(
        () => one === sha256 && shown((n) => n + 1),
        () => undefined, // it only shows more
      );
  }, [all.map((one) => `${one.sha256} ${one.facts['sample']?.value}`).join()]);
  return (sha256 && found.get(sha256)) || [];
}

export function Wider({ items, open }: { items: WiderView[]; open: (index: number) => void }) {
  if (items.length === 0) return null;
  return (
    <section class="wider" aria-label="Same sample, lower magnification">
      <p aria-hidden="true">
        same sample <kbd>W</kbd>
      </p>
      {items.map(({ sha256, name, fieldOfView }, i) => (
        <button
          key={sha256}
          title={name}
          aria-keyshortcuts={i === 0 ? 'w' : undefined}
          onClick={() => open(i)}
        >
          <img src={thumbUrl(sha256)} alt="" width="72" height="54" />
          <span>
            {si(fieldOfView, 'm')}
            <span class="unseen"> wide: show {name}</span>
          </span>
        </button>
      ))}
    </section>
  );
}

type DialogProps = { items: WiderView[]; first: number; tick: number; close: () => void };

export function WiderDialog({ items, first, tick, close }: DialogProps) {
  const [index, setIndex] = useState(first);
  const [image, setImage] = useState<ImageView>();
  const [zoomRef] = useState<{ current: Zoom }>({ current: () => false });
  const { sha256 } = items[index]!;
  useEffect(() => {
    let current = true;
    api.image(sha256).then(
      (view) => current && setImage(view),
      () => undefined,
    );
    return () => void (current = false);
  }, [sha256]);
  const step = (by: number) => setIndex((i) => (i + by + items.length) % items.length);
  return (
    <Dialog title="Same sample, lower magnification" close={close} class="wider-dialog">
      <div
        class="one"
        onKeyDown={({ key, repeat }) => {
          if (key === 'ArrowRight' || key === 'ArrowLeft') step(key === 'ArrowRight' ? 1 : -1);
          if (key.toLowerCase() === 'w' && !repeat) close();
          if (key === '+' || key === '-') zoomRef.current(key === '+' ? 'in' : 'out');
        }}
      >
        <div class="looked-at">
          {image && (
            <Picture
              key={image.sha256}
              image={image}
              zoomRef={zoomRef}
              tick={tick}
              onShown={() => undefined}
            />
          )}
        </div>
        <div class="known" role="group" aria-label="Which one">
          {items.map((one, i) => (
            <button
              key={one.sha256}
              aria-pressed={i === index}
              autofocus={i === first}
              onClick={() => setIndex(i)}
            >
              {si(one.fieldOfView, 'm')} wide
            </button>
          ))}
          <span class="quiet">← → the others, + − zoom, W or Esc back to the question</span>
        </div>
      </div>
    </Dialog>
  );
}
