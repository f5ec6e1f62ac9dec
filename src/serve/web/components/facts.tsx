// What the instrument and the path say about an image: SI units, and where each value came from on hovering. Absent is absent.

import type { FactName } from '../../../domain/facts.ts';
import type { ImageView } from '../api.ts';
import { grouped, si, THIN } from '../../../domain/amounts.ts';

type Row = { name: string; text: string; origin: string };

export function Facts({ image }: { image: ImageView }) {
  const rows = factsOf(image);
  return (
    <dl class="facts" aria-label="Facts">
      {rows.map(({ name, text, origin }) => (
        <div key={name} title={`from ${origin}`}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

export const FACT_TITLES: Record<FactName, string> = {
  operator: 'Operator',
  project: 'Project',
  sample: 'Sample',
};

const IN_LINE: readonly FactName[] = ['sample', 'operator', 'project'];

/** Sample, operator and project in one line, which opens what corrects them. */
export function FactsLine({ image, open }: { image: ImageView; open: () => void }) {
  const known = IN_LINE.flatMap((name) => {
    const field = image.facts[name];
    return field
      ? [
          {
            words: `${FACT_TITLES[name]} ${field.value}${name === 'project' && image.privateProject !== undefined ? ' (private)' : ''}`,
            origin: field.origin,
          },
        ]
      : [];
  });
  const words = known.map((one) => one.words).join(' · ') || 'No sample, operator or project';
  const origins = known.map((one) => `${one.words}: from ${one.origin}`).join('\n');
  return (
    <button class="facts-line" title={origins || undefined} aria-keyshortcuts="e" onClick={open}>
      <kbd aria-hidden="true">E</kbd> <span>{words}</span>
      <span class="unseen">, correct</span>
    </button>
  );
}

export function factsOf({ header, fieldOfView }: ImageView): Row[] {
  const fields = header?.fields ?? {};
  const rows: Row[] = [];
  function add(
    name: string,
    field: { value: string | number; unit?: string | null; origin: string } | undefined,
  ): void {
    if (!field) return;
    const { value, unit, origin } = field;
    const text = typeof value === 'string' ? value : unit ? si(value, unit) : grouped(value);
    rows.push({ name, text: name === 'Magnification' ? `${text}${THIN}×` : text, origin });
  }
  add('Voltage', fields['accelerating_voltage_V']);
  add('Working distance', fields['working_distance_m']);
  add('Magnification', fields['magnification']);
  add('Field of view', fieldOfView);
  add('Detector', fields['detector'] ?? fields['signal']);
  add('Pixel size', fields['pixel_size_x_m']);
  const at = fields['acquired_at'];
  if (at) {
    const zone = at.zone === 'unknown' || at.zone === 'local' ? 'instrument time' : at.zone;
    rows.push({
      name: 'Acquired',
      text: String(at.value).replace('T', ' ').slice(0, 19),
      origin: `${at.origin}, ${zone}`,
    });
  }
  return rows;
}
