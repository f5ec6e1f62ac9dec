// Records as an RO-Crate 1.2: one crate for an image, a bag or a day, flat as it must be. Pure. Nothing is said that the records do not say, a licence least of all.

import { categoryTitle } from '../domain/categories.ts';
import { landingUrl, uuidOf, type RenderContext } from './context.ts';
import { headerProperties, known } from './jsonld.ts';
import type { ModelReference, ShownRecord } from './record.ts';
import {
  acquiredDay,
  describe,
  describeMethod,
  instrumentOf,
  licenceAddress,
  ownerOf,
  personOf,
  titleOf,
} from './said.ts';
import { SCHEME } from './vocabulary.ts';

/** `context`: where this record can be looked up, if not as the whole crate. `file`, `json`: paths of the image and of its record in the crate, with `/`; absent where they are not in it. `tagged`: of the bytes of `file`, where they are not those that were acquired. */
export type CratePart = {
  record: ShownRecord;
  context?: RenderContext;
  file?: string;
  tagged?: { sha256: string; bytes: number };
  json?: string;
};

/** Of the whole; else of its one part. */
export type CrateAbout = { name?: string; description?: string };

type Entity = { '@id': string; '@type': string | string[] } & Record<string, unknown>;
type Reference = { '@id': string };

/** The schema asks for a licence or a text; where none is known the text says so. */
const NO_LICENCE = 'No licence is stated; nothing is allowed beyond what the law allows.';
const SEVERAL = 'The parts differ: see the licence of each part; where a part has none, none is stated.';

/** What `ro-crate-metadata.json` holds. */
export function renderRoCrate(parts: CratePart[], context: RenderContext, about: CrateAbout = {}): object {
  const graph = new Map<string, Entity>();
  /** The first entity of an id stays: the same person or instrument says the same in every part. */
  const put = (entity: Entity): Reference => {
    if (!graph.has(entity['@id'])) graph.set(entity['@id'], entity);
    return { '@id': entity['@id'] };
  };
  const made = parts.map((part) => describePart(part, part.context ?? context, put));
  const records = parts.map(({ record }) => record);
  const licences = [...new Set(records.map(({ rights }) => rights?.licence))];
  const [first] = records;
  const published = context.publishedAt ?? records.map(({ label }) => label.at).sort().at(-1);
  const root = known({
    '@id': './',
    '@type': 'Dataset',
    name: about.name ?? (first && records.length === 1 ? titleOf(first) : `${records.length} SEM images`),
    description: about.description ?? (first && records.length === 1 ? describe(first) : 'SEM images with their records'),
    datePublished: published,
    license: licences.length === 1 && licences[0] ? put(licenceOf(licences[0])) : licences.some(Boolean) ? SEVERAL : NO_LICENCE,
    publisher: first?.facility && put(facilityOf(first.facility)),
    hasPart: oneOrMore(made.flatMap(({ files }) => files)),
    mentions: oneOrMore(made.flatMap(({ mentioned }) => mentioned)),
  });
  const descriptor = {
    '@id': 'ro-crate-metadata.json',
    '@type': 'CreativeWork',
    conformsTo: { '@id': 'https://w3id.org/ro/crate/1.2' },
    about: { '@id': './' },
  };
  return { '@context': 'https://w3id.org/ro/crate/1.2/context', '@graph': [descriptor, root, ...graph.values()] };
} // prettier-ignore

type Put = (entity: Entity) => Reference;

function describePart({ record, file, tagged, json }: CratePart, context: RenderContext, put: Put) {
  const { id, acquired, label, picture, header, rights } = record;
  const uuid = uuidOf(id);
  const at = header?.fields.acquired_at;
  const owner = ownerOf(record);
  const measured = headerProperties(record).map((value, i) => put({ '@id': `#${uuid}-header-${i + 1}`, ...value }));
  const terms = [
    [label.category, label.categoryIri] as const,
    [label.second, label.secondIri] as const,
  ].flatMap(([one, iri]) => one && iri ? [put({ '@id': iri, '@type': 'DefinedTerm', name: categoryTitle(one), termCode: one, inDefinedTermSet: put({ '@id': SCHEME, '@type': 'DefinedTermSet', name: 'Categories of scanning electron micrographs' }) })] : []);
  const acquiredFile = tagged && tagged.sha256 !== acquired.sha256 && put({ '@id': `hash://sha256/${acquired.sha256}`, '@type': 'ImageObject', name: `${titleOf(record)}, as acquired`, encodingFormat: acquired.mediaType, contentSize: String(acquired.bytes), sha256: acquired.sha256 });
  const image = put(
    entity({
      '@id': file === undefined ? id : encodePath(file),
      '@type': file === undefined ? 'ImageObject' : ['File', 'ImageObject'],
      identifier: id,
      name: titleOf(record),
      description: describe(record),
      encodingFormat: acquired.mediaType,
      contentSize: String((tagged ?? acquired).bytes),
      sha256: (tagged ?? acquired).sha256,
      isBasedOn: acquiredFile || undefined,
      url: landingUrl(id, context),
      width: picture && `${picture.width} px`,
      height: picture && `${picture.height} px`,
      dateCreated: at && acquiredDay(at),
      dateModified: label.at,
      creator: owner && put(entity({ '@id': owner.orcid ?? `#person-${encodeURIComponent(owner.name)}`, '@type': 'Person', name: owner.name, affiliation: owner.affiliation && put({ '@id': `#organization-${encodeURIComponent(owner.affiliation)}`, '@type': 'Organization', name: owner.affiliation }) })),
      about: oneOrMore(terms),
      exifData: oneOrMore(measured),
      license: rights?.licence && put(licenceOf(rights.licence)),
      copyrightHolder: rights?.holder && put({ '@id': `#organization-${encodeURIComponent(rights.holder)}`, '@type': 'Organization', name: rights.holder }),
    }),
  );
  const sidecar = json && put({ '@id': encodePath(json), '@type': 'File', name: `Record of ${titleOf(record)}`, encodingFormat: 'application/json', about: image });
  const actions = actionsOf(record, image, sidecar || undefined, put);
  return {
    files: [...(file === undefined ? [] : [image]), ...(sidecar ? [sidecar] : [])],
    mentioned: [...(file === undefined ? [image] : []), ...actions],
  };
} // prettier-ignore

/** What made the image, what classified it, and who confirmed that where this may be known. */
function actionsOf(record: ShownRecord, image: Reference, result: Reference | undefined, put: Put): Reference[] {
  const { id, classification: c, label, instrument, header } = record;
  const uuid = uuidOf(id);
  const person = personOf(record);
  const at = header?.fields.acquired_at;
  const { vendor, instrument_model } = header?.fields ?? {};
  const named = instrumentOf(record) ?? instrument_model?.value ?? 'Instrument without name';
  const microscope = put(entity({
    '@id': instrument.pid ?? `#instrument-${encodeURIComponent(named)}`,
    '@type': 'Product',
    name: named,
    model: instrument_model?.value,
    manufacturer: vendor && put({ '@id': `#organization-${encodeURIComponent(vendor.value)}`, '@type': 'Organization', name: vendor.value }),
  }));
  const acquired = put(entity({ '@id': `#acquired-${uuid}`, '@type': 'CreateAction', name: 'Acquisition of the image', instrument: microscope, result: image, endTime: at && acquiredDay(at) }));
  const classified = c && put(entity({
    '@id': `#classified-${uuid}-${record.revision}`,
    '@type': 'CreateAction',
    name: 'Classification of the image',
    description: describeMethod(record),
    instrument: put(modelOf(c.model)),
    object: image,
    result: result ?? put({ '@id': `#score-${uuid}`, '@type': 'PropertyValue', name: `score ${categoryTitle(c.category)}`, value: c.score }),
    endTime: label.basis === 'auto' ? label.at : undefined,
  }));
  const confirmed = person && put(entity({
    '@id': `#confirmed-${uuid}-${record.revision}`,
    '@type': 'UpdateAction',
    name: 'Label given by a person',
    agent: put({ '@id': `#person-${encodeURIComponent(person)}`, '@type': 'Person', name: person }),
    object: result ?? image,
    endTime: label.at,
  }));
  return [acquired, ...(classified ? [classified] : []), ...(confirmed ? [confirmed] : [])];
} // prettier-ignore

/** A model is the version that its hash names; the address names these bytes, wherever they lie. */
const modelOf = ({ name, head, backbone, preprocessing, training }: ModelReference): Entity =>
  entity({
    '@id': `#model-${head.slice(0, 12)}`,
    '@type': 'SoftwareApplication',
    name: `semtag, model ${name}`,
    version: head,
    url: `hash://sha256/${head}`,
    description: `Softmax head on ${backbone.name} (SHA-256 ${backbone.sha256}), preprocessing ${preprocessing}${training ? `, trained on ${training.images} images of ${training.groups} series` : ''}`,
  });

const facilityOf = ({ name, ror }: NonNullable<ShownRecord['facility']>): Entity =>
  entity({ '@id': ror ?? '#facility', '@type': 'Organization', name: name ?? ror });

const licenceOf = (licence: string): Entity =>
  entity({ '@id': licenceAddress(licence), '@type': 'CreativeWork', name: licence });

const entity = (values: Record<string, unknown>): Entity => known(values) as Entity;

/** An array of one is no array: what the validator recommends. */
const oneOrMore = (list: Reference[]): Reference | Reference[] | undefined =>
  list.length > 1 ? list : list[0];

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
