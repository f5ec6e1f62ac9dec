// The picture: fits, zooms at the pointer, pans, and carries a scale bar that is true at every zoom. Knows nothing of answers.

import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { pictureUrl, type ImageView } from '../api.ts';
import type { Zooming } from '../keys.ts';
import { scaleBar } from '../scale-bar.ts';

type View = { zoom: number; x: number; y: number };
const FIT: View = { zoom: 1, x: 0, y: 0 };
const STEP = 1.4;
const DEEPEST = 40;

/** A key moves by this share of the box. */
const PAN = 0.2;

/** False where it does nothing: an arrow key pans only what is zoomed. */
export type Zoom = (by: Zooming) => boolean;

type Props = {
  image: ImageView;
  /** the picture is on the screen, or it is clear that there will be none */
  onShown: () => void;
  /** it could not be loaded: nobody has seen it */
  onFailed?: () => void;
  /** counts up when the service was heard of: what could not be loaded is tried again */
  tick: number;
  zoomRef: { current: Zoom };
  /** lies over its upper right corner */
  children?: ComponentChildren;
};

export function Picture({ image, onShown, onFailed, tick, zoomRef, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ w: number; h: number }>();
  const [view, setView] = useState(FIT);
  const [loaded, setLoaded] = useState<'loading' | 'shown' | 'failed'>('loading');
  const state = image.hasPicture ? loaded : 'missing';
  const [tries, setTries] = useState(0);
  const again = () => setTries((n) => n + 1);
  /** fingers or the mouse on the picture, by pointer: one pans, two pinch */
  const held = useRef(new Map<number, { x: number; y: number }>());
  const area = image.picture?.scanArea;

  useLayoutEffect(() => {
    const measure = () => setSize({ w: box.current!.clientWidth, h: box.current!.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);

  const fit = size && area ? Math.min(size.w / area.width, size.h / area.height) : 1;
  const w = (area?.width ?? 0) * fit * view.zoom;
  const h = (area?.height ?? 0) * fit * view.zoom;

  /** Keeps the point (px, py), from the middle of the box, where it is. */
  function zoomAt(factor: number, px: number, py: number): void {
    setView((v) => {
      const zoom = Math.min(DEEPEST, Math.max(1, v.zoom * factor));
      const k = zoom / v.zoom;
      return zoom === 1 ? FIT : { zoom, x: px - (px - v.x) * k, y: py - (py - v.y) * k };
    });
  }
  zoomRef.current = (by) => {
    if (by === 'fit') setView(FIT);
    else if (by === 'in' || by === 'out') zoomAt(by === 'in' ? STEP : 1 / STEP, 0, 0);
    else if (view.zoom === 1) return false;
    else {
      const [dx, dy] = TOWARDS[by];
      const [stepX, stepY] = [(size?.w ?? 0) * PAN, (size?.h ?? 0) * PAN];
      setView((v) => ({ ...v, x: v.x - dx * stepX, y: v.y - dy * stepY }));
    }
    return true;
  };

  function move(event: PointerEvent): void {
    const from = held.current.get(event.pointerId);
    if (!from) return;
    const to = { x: event.clientX, y: event.clientY };
    const other = [...held.current].find(([id]) => id !== event.pointerId)?.[1];
    held.current.set(event.pointerId, to);
    if (!other)
      return setView((v) => (v.zoom === 1 ? v : { ...v, x: v.x + to.x - from.x, y: v.y + to.y - from.y }));
    const at = box.current!.getBoundingClientRect();
    const apart = (one: { x: number; y: number }) =>
      Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
    zoomAt(
      apart(to) / apart(from),
      (to.x + other.x) / 2 - at.left - at.width / 2,
      (to.y + other.y) / 2 - at.top - at.height / 2,
    );
  }

  useEffect(() => {
    const element = box.current!;
    const wheel = (event: WheelEvent) => {
      event.preventDefault(); // needs a listener that is not passive
      const at = element.getBoundingClientRect();
      const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.002));
      zoomAt(factor, event.clientX - at.left - at.width / 2, event.clientY - at.top - at.height / 2);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);

  useEffect(() => {
    if (state === 'missing') onShown();
    else if (state === 'failed') onFailed?.();
  }, [state]);
  /** Told in the frame that paints it: not when the page comes to it, which can be late on a busy machine. */
  function painted(): void {
    setLoaded('shown');
    onShown();
  }
  useEffect(() => {
    if (state === 'failed') again();
  }, [tick]);

  const transform = `translate(-50%, -50%) translate(${view.x}px, ${view.y}px)`;
  return (
    <section class="picture" aria-label="Picture">
      <div
        ref={box}
        class={view.zoom > 1 ? 'stage zoomed' : 'stage'}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          held.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={move}
        onPointerUp={(event) => held.current.delete(event.pointerId)}
        onPointerCancel={(event) => held.current.delete(event.pointerId)}
        onDblClick={() => setView(FIT)}
      >
        {image.hasPicture && size && (
          <img
            key={tries}
            src={pictureUrl(image.sha256)}
            alt={`${image.name}, ${image.instrument}`}
            class={fit * view.zoom > 3 ? 'coarse' : ''}
            draggable={false}
            style={{ width: `${w}px`, height: `${h}px`, transform }}
            hidden={state === 'failed'}
            onLoad={() => requestAnimationFrame(painted)}
            onError={() => setLoaded('failed')}
          />
        )}
        {state === 'missing' && <p class="no-picture">There is no picture of {image.name}.</p>}
        {state === 'failed' && (
          <p class="no-picture" role="alert">
            The picture of {image.name} could not be loaded; it is tried again by itself.{' '}
            <button onPointerDown={(event) => event.stopPropagation()} onClick={again}>
              Load again
            </button>
          </p>
        )}
      </div>
      <p class="caption">
        {image.instrument} · {image.name}
      </p>
      {area && <Scale image={image} metres={metresPerPx(image, w)} width={size?.w ?? 0} />}
      {children}
      <div class="zoom" role="group" aria-label="Zoom">
        <button title="Zoom in (+)" aria-label="Zoom in" onClick={() => zoomRef.current('in')}>
          +
        </button>
        <button title="Zoom out (-)" aria-label="Zoom out" onClick={() => zoomRef.current('out')}>
          −
        </button>
        <button title="Fit (F)" onClick={() => zoomRef.current('fit')}>
          Fit
        </button>
      </div>
    </section>
  );
}

/** Where one looks to, in boxes to the right and down. */
const TOWARDS = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] } as const;

/** Metres for one pixel of the screen: the file's pixel size, and how much wider or narrower its picture is shown. */
function metresPerPx({ picture, header }: ImageView, shownWidth: number): number | undefined {
  const pixel = header?.fields['pixel_size_x_m']?.value;
  return typeof pixel === 'number' && picture && shownWidth > 0
    ? (pixel * picture.scanArea.width) / shownWidth
    : undefined;
}

function Scale({ image, metres, width }: { image: ImageView; metres: number | undefined; width: number }) {
  if (metres === undefined)
    return <p class="scale unknown">{image.hasPicture ? 'no pixel size in its header' : ''}</p>;
  const bar = scaleBar(metres, Math.min(260, width / 3));
  if (!bar) return null;
  return (
    <p class="scale">
      <span class="length">{bar.label}</span>
      <span class="bar" style={{ width: `${bar.px}px` }} />
    </p>
  );
}
