// The icons, drawn here: no font, no request. Each stands beside words and says nothing by itself.

const PATHS = {
  arrived: 'M8 2v8M4.5 6.5 8 10l3.5-3.5M3 13.5h10',
  question:
    'M5.6 6a2.4 2.4 0 1 1 3.3 2.2c-.6.3-.9.7-.9 1.5M8 12.2v.3M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13',
  label: 'M2 2.5h5.5l6 6-5 5-6-6zM5 5.5v.1',
  sending: 'M2 8h10M8.5 4.5 12 8l-3.5 3.5',
  check: 'M3 8.5 6.5 12 13 4.5',
  aside: 'M8 2 14.5 13.5h-13zM8 6.5v3.5M8 11.7v.2',
  away: 'M2 2l12 12M6.5 3.2A6.5 6.5 0 0 1 14 8M2.5 6A6.5 6.5 0 0 0 12 13',
  paused: 'M5.5 3v10M10.5 3v10',
  dot: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
