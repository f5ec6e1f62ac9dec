// The metadata formats, each with its schema and how a record is written in it. A record that cannot be written stops no list: it is given with what its header says.

import { STATUS_WORDS } from '../../domain/publish.ts';
import { escapeXml } from '../../formats/xml.ts';
import type { Given } from '../../harvest/given.ts';
import { renderDatacite } from '../../record/datacite.ts';
import { renderOaiDc } from '../../record/oai-dc.ts';
import type { Published } from '../../store/publication.ts';

export type Format = {
  prefix: string;
  schema: string;
  namespace: string;
  write: (given: Given) => string;
  /** Nothing but what the list itself knows. */
  bare: (item: Published) => string;
};

const WRAPPER = 'http://schema.datacite.org/oai/oai-1.1/';
const DATACITE = 'http://datacite.org/schema/kernel-4';
const DATACITE_SCHEMA = 'https://schema.datacite.org/meta/kernel-4.7/metadata.xsd';
const DC = 'http://www.openarchives.org/OAI/2.0/oai_dc/';
const DC_SCHEMA = 'http://www.openarchives.org/OAI/2.0/oai_dc.xsd';

const PROBLEM = 'The metadata of this image could not be written; ask the facility.';

export const FORMATS: readonly Format[] = [
  {
    prefix: 'oai_dc',
    schema: DC_SCHEMA,
    namespace: DC,
    write: ({ record, context }) => renderOaiDc(record, context),
    bare: ({ id, category, status }) =>
      oaiDc([
        ['identifier', id],
        ['type', 'Image'],
        ...(category === null ? [] : ([['subject', category]] as [string, string][])),
        ['description', `${STATUS_WORDS[status]}. ${PROBLEM}`],
      ]),
  },
  {
    prefix: 'datacite',
    schema: DATACITE_SCHEMA,
    namespace: DATACITE,
    write: ({ record, context }) => renderDatacite(record, context),
    bare: bareDatacite,
  },
  {
    prefix: 'oai_datacite',
    schema: `${WRAPPER}oai.xsd`,
    namespace: WRAPPER,
    write: ({ record, context }) => wrapped(renderDatacite(record, context)),
    bare: (item) => wrapped(bareDatacite(item)),
  },
];

/** An element oai_dc with these. */
export function oaiDc(parts: [name: string, value: string][]): string {
  const inside = parts.map(([name, value]) => `<dc:${name}>${escapeXml(value)}</dc:${name}>`).join('');
  return `<oai_dc:dc xmlns:oai_dc="${DC}" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${DC} ${DC_SCHEMA}">${inside}</oai_dc:dc>`;
}

/** The symbol is of whoever registered a DOI: nobody did (DataCite 4.7, appendix 3: not applicable). */
const wrapped = (resource: string): string =>
  `<oai_datacite xmlns="${WRAPPER}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${WRAPPER} ${WRAPPER}oai.xsd"><schemaVersion>4.7</schemaVersion><datacentreSymbol>:unap</datacentreSymbol><payload>${resource}</payload></oai_datacite>`;

/** What DataCite requires and a list does not know is `:unav`, not available (appendix 3). */
function bareDatacite({ id, first, category, status }: Published): string {
  const year = new Date(first * 1000).getUTCFullYear();
  const subjects = category === null ? '' : `<subjects><subject>${escapeXml(category)}</subject></subjects>`;
  return `<resource xmlns="${DATACITE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${DATACITE} ${DATACITE_SCHEMA}"><identifier identifierType="URN">${id}</identifier><creators><creator><creatorName>:unav</creatorName></creator></creators><titles><title>:unav</title></titles><publisher>:unav</publisher><publicationYear>${year}</publicationYear><resourceType resourceTypeGeneral="Image">Image</resourceType>${subjects}<descriptions><description descriptionType="Other">${STATUS_WORDS[status]}. ${PROBLEM}</description></descriptions></resource>`;
}
