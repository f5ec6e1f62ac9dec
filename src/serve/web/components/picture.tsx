// The picture: fits, zooms at the pointer, pans, and carries a scale bar that is true at every zoom. Knows nothing of answers.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { pictureUrl, type ImageView } from '../api.ts';
import { scaleBar } from '../scale-bar.ts';

type View = { zoom: number; x: number; y: number };
const FIT: View = { zoom: 1, x: 0, y: 0 };
const STEP = 1.4;
const DEEPEST = 40;

export type Zoom = (by: 'in' | 'out' | 'fit') => void;

type Props = {
  image: ImageView;
  /** the picture is on the screen, or it is clear that there will be none */
  onShown: () => void;
  zoomRef: { current: Zoom };
};

export function Picture({ image, onShown, zoomRef }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ w: number; h: number }>();
  const [view, setView] = useState(FIT);
  const [state, setState] = useState<'loading' | 'shown' | 'missing'>(
    image.hasPicture ? 'loading' : 'missing',
  );
  const drag = useRef<{ x: number; y: number }>(null);
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
  zoomRef.current = (by) => (by === 'fit' ? setView(FIT) : zoomAt(by === 'in' ? STEP : 1 / STEP, 0, 0));

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
    if (state !== 'loading') onShown();
  }, [state]);

  const transform = `translate(-50%, -50%) translate(${view.x}px, ${view.y}px)`;
  return (
    <section class="picture" aria-label="Picture">
      <div
        ref={box}
        class={view.zoom > 1 ? 'stage zoomed' : 'stage'}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          drag.current = { x: event.clientX, y: event.clientY };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          const from = drag.current;
          if (!from) return;
          const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
          drag.current = { x: event.clientX, y: event.clientY };
          setView((v) => (v.zoom === 1 ? v : { ...v, x: v.x + dx, y: v.y + dy }));
        }}
        onPointerUp={() => (drag.current = null)}
        onPointerCancel={() => (drag.current = null)}
        onDblClick={() => setView(FIT)}
      >
        {image.hasPicture && size && state !== 'missing' && (
          <img
            src={pictureUrl(image.sha256)}
            alt={`${image.name}, ${image.instrument}`}
            class={fit * view.zoom > 3 ? 'coarse' : ''}
            draggable={false}
            style={{ width: `${w}px`, height: `${h}px`, transform }}
            onLoad={() => requestAnimationFrame(() => setState('shown'))}
            onError={() => setState('missing')}
          />
        )}
        {state === 'missing' && <p class="no-picture">There is no picture of {image.name}.</p>}
      </div>
      <p class="caption">
        {image.instrument} · {image.name}
      </p>
      {area && <Scale image={image} metres={metresPerPx(image, w)} width={size?.w ?? 0} />}
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

/** Metres for one pixel of the screen: the file's pixel size, and how much wider or narrower its picture is shown. */
function metresPerPx({ picture, header }: ImageView, shownWidth: number): number | undefined {
  const pixel = header?.fields['pixel_size_x_m']?.value;
  return typeof pixel === 'number' && picture && shownWidth > 0
    ? (pixel * picture.scanArea.width) / shownWidth
    : undefined;
}

function Scale({ image, metres, width }: { image: ImageView; metres: number | undefined; width: number }) {
  if (metres === undefined)
    return <p class="scale none">{image.hasPicture ? 'no pixel size in its header' : ''}</p>;
  const bar = scaleBar(metres, Math.min(260, width / 3));
  if (!bar) return null;
  return (
    <p class="scale">
      <span class="length">{bar.label}</span>
      <span class="bar" style={{ width: `${bar.px}px` }} />
    </p>
  );
}
