// The page of one public record: what a person reads who followed its address. Plain HTML without script; pure. Says nothing that the public record does not say.

import { grouped, si, THIN } from '../../domain/amounts.ts';
import { categoryTitle } from '../../domain/categories.ts';
import { BORDERLINE, DEFINITIONS } from '../../domain/definitions.ts';
import { statusOf, STATUS_WORDS } from '../../domain/publish.ts';
import { ranked } from '../../domain/scores.ts';
import { escapeXml as escape } from '../../formats/xml.ts';
import type { Given } from '../../harvest/given.ts';
import { landingUrl, uuidOf } from '../../record/context.ts';
import { renderJsonLd } from '../../record/jsonld.ts';
import { RENDERINGS, RENDERING_NAMES, type RenderingName } from '../../record/renderings.ts';
import { acquiredDate, headerValues, licenceAddress, ownerOf, titleOf } from '../../record/said.ts';
import type { PublicRecord } from '../../record/public.ts';
import type { Link } from './links.ts';

const CALLED: Record<RenderingName, string> = {
  json: 'Record (JSON)',
  xmp: 'XMP',
  datacite: 'DataCite 4.7 (XML)',
  oai_dc: 'Dublin Core (XML)',
  jsonld: 'schema.org (JSON-LD)',
  'ro-crate': 'RO-Crate 1.2 (JSON-LD)',
  'kit-sem': 'KIT SEM schema (JSON)',
  csv: 'Table row (CSV)',
};

const DECIDED = {
  auto: 'the top score is above the first threshold, so that it was labelled by itself',
  prompt:
    'the top score lies between the thresholds, so that a person was asked, with the two top categories first',
  choose: 'the top score is below both thresholds, so that a person was asked to choose among all ten',
};

/** `files`: whether the file itself is given; `isCopy`: with its record inside alone. Addresses in the page are relative, so that a copy of it below any path works. */
export function landingPage(
  { record, context, item }: Given,
  links: Link[],
  { files, isCopy }: { files: boolean; isCopy?: boolean | undefined },
): string {
  const uuid = uuidOf(record.id);
  const title = titleOf(record);
  const { category } = record.label;
  const described = category ? `${categoryTitle(category)}: ${DEFINITIONS[category]}` : 'No category.';
  return page(
    title,
    `<meta name="description" content="${escape(`Image of a scanning electron microscope. ${described}`)}">
${links.map(linkElement).join('\n')}
<script type="application/ld+json">${inScript(renderJsonLd(record, context))}</script>`,
    `<h1>${escape(title)}</h1>
<p class="quiet">Image of a scanning electron microscope · <code>${escape(record.id)}</code></p>
<div class="shown">
<img src="${uuid}/thumb.jpg" alt="${escape(category ? `Picture: ${categoryTitle(category)}` : 'Picture')}">
<dl>
${aboutRows(record, item.first).map(row).join('\n')}
</dl>
</div>
${categorySection(record)}
${valuesSection(record)}
${scoresSection(record)}
<h2>How to cite</h2>
<p>${escape(citation(record, landingUrl(record.id, context), item.first))}</p>
<h2>For programs</h2>
<ul>
${RENDERING_NAMES.map((name) => `<li><a href="${uuid}${RENDERINGS[name].ending}">${CALLED[name]}</a></li>`).join('\n')}
<li><a href="${uuid}/revisions">All revisions</a>; this is revision ${record.revision}: <a href="${uuid}/revisions/${record.revision}.json">as it was written</a></li>
<li><a href="${uuid}/linkset.json">All links</a></li>
<li><a href="../catalog.jsonld">Catalogue</a></li>
${files ? `<li><a href="${uuid}/file">The file</a>, its record inside${isCopy ? '' : `; <a href="${uuid}/file?form=acquired">as it was acquired</a>`}</li>` : ''}
</ul>
${files ? '' : '<p class="quiet">The file itself is not given out.</p>'}`,
  );
}

/** In its place once it is not public any more: an address that was written down still says what it was. */
export const withdrawnPage = (id: string): string =>
  page(
    'Withdrawn',
    '<meta name="robots" content="noindex">',
    `<h1>Withdrawn</h1>
<p>This record of an image was public once and is not any more. Nothing else takes its place.</p>
<p class="quiet"><code>${escape(id)}</code></p>
<p><a href="../catalog.jsonld">Catalogue</a></p>`,
  );

/** Whole, around what stands in it. */
const page = (title: string, head: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="style.css">
${head}
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;

const linkElement = ({ rel, href, type }: Link): string =>
  `<link rel="${rel}" href="${escape(href)}"${type ? ` type="${escape(type)}"` : ''}>`;

/** No `<` inside: nothing in it ends the element. */
const inScript = (value: object): string => JSON.stringify(value).replaceAll('<', '\\u003c');

type Row = [name: string, html: string];
const row = ([name, html]: Row): string => `<dt>${name}</dt><dd>${html}</dd>`;
const link = (address: string, text = address): string =>
  /^https?:/.test(address) ? `<a href="${escape(address)}">${escape(text)}</a>` : escape(text);

function aboutRows(record: PublicRecord, first: number): Row[] {
  const { label, rights, instrument, facility, acquired, header } = record;
  const owner = ownerOf(record);
  const at = header?.fields.acquired_at;
  const date = at && acquiredDate(at);
  const rows: (Row | undefined)[] = [
    ['Category', label.category ? escape(categoryTitle(label.category)) + (label.second ? `, also ${escape(categoryTitle(label.second))}` : '') : 'none'],
    ['Label', `${statusWords(record)}, ${label.at.slice(0, 10)}`],
    owner && ['Creator', owner.orcid ? link(owner.orcid, owner.name) : escape(owner.name)],
    record.project && ['Project', escape(record.project.title ?? record.project.name)],
    ['Instrument', instrument.pid ? link(instrument.pid, instrument.name) : escape(instrument.name)],
    facility && ['Facility', facility.ror ? link(facility.ror, facility.name ?? facility.ror) : escape(facility.name ?? '')],
    date ? ['Acquired', escape(date.replace('T', ' '))] : undefined,
    ['Public since', new Date(first * 1000).toISOString().slice(0, 10)],
    ['Licence', rights?.licence ? link(licenceAddress(rights.licence), rights.licence) : 'no licence given'],
    rights?.holder ? ['Rights holder', escape(rights.holder)] : undefined,
    ['File', `${escape(acquired.mediaType)}, ${grouped(acquired.bytes)} bytes`],
    ['SHA-256', `<span class="hash">${acquired.sha256}</span>`],
  ];
  return rows.filter((one) => one !== undefined);
} // prettier-ignore

function statusWords({ label }: PublicRecord): string {
  const status = statusOf(label);
  return status === 'confirmed' && label.by ? `confirmed by ${escape(label.by)}` : STATUS_WORDS[status];
}

function categorySection({ label: { category, categoryIri } }: PublicRecord): string {
  if (!category) return '';
  return `<h2>Category</h2>
<p><strong>${escape(categoryTitle(category))}</strong>: ${escape(DEFINITIONS[category])} ${escape(BORDERLINE[category])}</p>
${categoryIri ? `<p class="quiet">Term <code>${escape(categoryIri)}</code> of the <a href="../vocabulary.ttl">vocabulary of categories</a></p>` : ''}`;
}

function valuesSection(record: PublicRecord): string {
  const values = headerValues(record);
  const alignment = Object.entries(record.alignment ?? {}).flatMap(([name, field]) =>
    'value' in field ? [{ name: name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`), ...field }] : [],
  );
  if (values.length + alignment.length === 0) return '';
  return `<h2>Measured values</h2>
<table>
<thead><tr><th scope="col">Value</th><th scope="col">Amount</th><th scope="col">Origin</th></tr></thead>
<tbody>
${[...values, ...alignment]
  .map(
    ({ name, value, unit, origin }) =>
      `<tr><th scope="row">${escape(capital(name))}</th><td class="${typeof value === 'number' ? 'number' : ''}">${escape(amount(value, unit))}</td><td class="quiet">${escape(origin)}</td></tr>`,
  )
  .join('\n')}
</tbody>
</table>`;
}

const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

function amount(value: string | number, unit: string | null): string {
  if (typeof value === 'string') return value;
  if (unit === 'px') return `${grouped(value)}${THIN}px`;
  if (unit) return si(value, unit);
  return String(Number(value.toPrecision(4)));
}

function scoresSection({ classification: c }: PublicRecord): string {
  if (!c) return '';
  const { model, thresholds, decision } = c;
  const { training } = model;
  return `<h2>Scores</h2>
<p>Decision <strong>${decision}</strong>: ${DECIDED[decision]}. Thresholds version ${thresholds.version}: ${thresholds.auto} and ${thresholds.prompt}.</p>
<table>
<thead><tr><th scope="col">Category</th><th scope="col">Score</th></tr></thead>
<tbody>
${ranked(c.scores)
  .map(
    ({ category, score }) =>
      `<tr><th scope="row">${escape(categoryTitle(category))}</th><td class="number">${score.toFixed(4)}</td></tr>`,
  )
  .join('\n')}
</tbody>
</table>
<p>Model ${escape(model.name)} on ${escape(model.backbone.name)}${training ? `, trained on ${grouped(training.images)} images` : ''}; head <span class="hash">${escape(model.head)}</span></p>`;
}

/** `Anna Example; Example Centre (2026): SEM image, Nanowires. urn:uuid:...` */
function citation(record: PublicRecord, address: string | undefined, first: number): string {
  const by = [ownerOf(record)?.name, record.facility?.name].filter(Boolean).join('; ');
  const year = new Date(first * 1000).getUTCFullYear();
  const doc = `${titleOf(record)}, revision ${record.revision}`;
  return `${by ? `${by} (${year}): ` : ''}${doc}${by ? '' : ` (${year})`}. ${address ?? record.id}`;
}
