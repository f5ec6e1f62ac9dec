// The arguments of a request of OAI-PMH 2.0: which of them a verb takes and must have. Says nothing about what there is in the store.

import { OaiError } from './errors.ts';

const VERB_NAMES = [
  'Identify',
  'ListMetadataFormats',
  'ListSets',
  'GetRecord',
  'ListIdentifiers',
  'ListRecords',
] as const;
export type Verb = (typeof VERB_NAMES)[number];
type Name = 'identifier' | 'metadataPrefix' | 'from' | 'until' | 'set' | 'resumptionToken';

/** What each verb takes. `exclusive`: a list that goes on is asked for by its token alone (section 3.5). */
type Takes = { required?: Name[]; optional?: Name[]; exclusive?: true };
const LIST: Takes = { required: ['metadataPrefix'], optional: ['from', 'until', 'set'], exclusive: true };
const TAKES: Record<Verb, Takes> = {
  Identify: {},
  ListMetadataFormats: { optional: ['identifier'] },
  ListSets: { exclusive: true },
  GetRecord: { required: ['identifier', 'metadataPrefix'] },
  ListIdentifiers: LIST,
  ListRecords: LIST,
};

/** As they were sent; a date may still be none. */
export type Arguments = { verb: Verb } & Partial<Record<Name, string>>;

/** Patterns of OAI-PMH.xsd, metadataPrefixType and setSpecType. */
const WORD = "[A-Za-z0-9\\-_.!~*'()]+";
const FORMS: Partial<Record<Name, RegExp>> = {
  metadataPrefix: new RegExp(`^${WORD}$`),
  set: new RegExp(`^${WORD}(:${WORD})*$`),
};

/** Throws badVerb and badArgument. */
export function readArguments(sent: Iterable<[string, string]>): Arguments {
  const all = [...sent];
  const verbs = all.filter(([name]) => name === 'verb').map(([, value]) => value);
  if (verbs.length === 0) throw new OaiError('badVerb', 'there is no argument verb');
  if (verbs.length > 1) throw new OaiError('badVerb', 'verb is repeated');
  const verb = VERB_NAMES.find((one) => one === verbs[0]);
  if (!verb) throw new OaiError('badVerb', `there is no verb of that name; verbs: ${VERB_NAMES.join(', ')}`);
  const args = all.filter(([name]) => name !== 'verb');
  check(verb, args);
  return { verb, ...Object.fromEntries(args) };
}

function check(verb: Verb, args: [string, string][]): void {
  const { required = [], optional = [], exclusive } = TAKES[verb];
  const names = args.map(([name]) => name);
  const takes: string[] = [...required, ...optional, ...(exclusive ? ['resumptionToken'] : [])];
  for (const [i, [name, value]] of args.entries()) {
    if (!takes.includes(name)) bad(`${verb} takes no argument of that name`, name);
    if (names.indexOf(name) < i) bad('it is repeated', name);
    if (value === '') bad('it is empty', name);
    if (FORMS[name as Name]?.test(value) === false) bad('it holds what may not stand in one', name);
  }
  if (names.includes('resumptionToken')) {
    if (names.length > 1) bad('it stands alone', 'resumptionToken');
    return;
  }
  for (const name of required) if (!names.includes(name)) bad('it is missing', name);
}

function bad(why: string, name: string): never {
  throw new OaiError('badArgument', `${name.slice(0, 100)}: ${why}`);
}
