// The XML around every answer of OAI-PMH 2.0. Writes; decides nothing.

import { datestamp } from '../../domain/datestamp.ts';
import { escapeXml } from '../../formats/xml.ts';
import type { Published } from '../../store/publication.ts';
import type { Arguments } from './arguments.ts';
import type { OaiError } from './errors.ts';
import { setsOf } from './sets.ts';

const NAMESPACE = 'http://www.openarchives.org/OAI/2.0/';

/** Of an address that can stand in an attribute of type anyURI as it is. */
const ADDRESS = /^[A-Za-z][\w+.-]*:[\w~!$&'()*+,;=:@/?.-]*$/;

/** `args`: absent with badVerb and badArgument (section 3.6). `inside`: elements in XML. `date`: s since 1970. */
export function response(url: string, date: number, args: Arguments | undefined, inside: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="${NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${NAMESPACE} ${NAMESPACE}OAI-PMH.xsd">
<responseDate>${datestamp(date)}</responseDate>
<request${attributesOf(args)}>${escapeXml(url)}</request>
${inside}
</OAI-PMH>
`;
}

function attributesOf(args: Arguments | undefined): string {
  if (!args) return '';
  return Object.entries(args)
    .filter(([name, value]) => name !== 'identifier' || ADDRESS.test(value))
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}

export const errorElement = ({ code, message }: OaiError): string => element('error', message, { code });

export function element(name: string, value: string, attributes: Record<string, string> = {}): string {
  const written = Object.entries(attributes).map(([key, one]) => ` ${key}="${escapeXml(one)}"`);
  return `<${name}${written.join('')}>${escapeXml(value)}</${name}>`;
}

/** `<record>`; `metadata` is absent where it is gone. */
export const recordElement = (item: Published, metadata?: string): string =>
  `<record>${header(item)}${metadata === undefined ? '' : `<metadata>${metadata}</metadata>`}</record>`;

export function header(item: Published): string {
  return `<header${item.gone ? ' status="deleted"' : ''}>${[
    element('identifier', item.id),
    element('datestamp', datestamp(item.stamp)),
    ...setsOf(item).map((spec) => element('setSpec', spec)),
  ].join('')}</header>`;
}
