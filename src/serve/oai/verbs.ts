// The six verbs: what is given, in pages. Only from what is public (harvest/given.ts); the XML around it is response.ts's.

import type { FastifyBaseLogger } from 'fastify';
import { datestamp } from '../../domain/datestamp.ts';
import type { Givens, Listed } from '../../harvest/given.ts';
import type { Arguments } from './arguments.ts';
import { GRANULARITY, span } from './datestamps.ts';
import { OaiError } from './errors.ts';
import { FORMATS, oaiDc, type Format } from './formats.ts';
import { element, header, recordElement } from './response.ts';
import { listSets, NOT_FOR_MIRRORS, setOf } from './sets.ts';
import { readToken, tokenOf, type Going } from './token.ts';

/** So many items are given at once. */
export const PAGE = 100;

export type OaiDeps = {
  givens: Givens;
  /** of the repository */
  name: string;
  email: string;
  logger: Pick<FastifyBaseLogger, 'error'>;
};

export function oaiVerbs({ givens, name, email, logger }: OaiDeps) {
  function record({ item, given, error: unread }: Listed, format: Format): string {
    if (item.gone) return recordElement(item);
    try {
      if (!given) throw unread;
      return recordElement(item, format.write(given));
    } catch (error) {
      const { id, sha256, revision } = item;
      logger.error({ err: error, id, sha256, revision }, `a record could not be written as ${format.prefix}`);
      return recordElement(item, format.bare(item));
    }
  }

  /** In XML, behind `<request>`. */
  function page(start: Going): string {
    const { verb, set: spec, from, until, after, given } = start;
    const format = formatOf(start.metadataPrefix);
    const dates = span(from, until);
    const set = spec === undefined ? {} : setOf(spec);
    const asked = { ...set, ...dates, after };
    // headers too: what a record tells, as of a time when its project was another, stands in both lists alike
    const written: string[] = [];
    let last = after;
    let more = false;
    for (const one of set ? givens.list(asked, PAGE + 1) : []) {
      more = written.length === PAGE;
      if (more) break;
      written.push(verb === 'ListRecords' ? record(one, format) : header(one.item));
      last = one.item.seq;
    }
    if (written.length === 0) throw new OaiError('noRecordsMatch', nothing(start));
    return `<${verb}>\n${[...written, ...tokenElement()].join('\n')}\n</${verb}>`;

    /** One that is empty ends a list of several pages (section 3.5). */
    function tokenElement(): string[] {
      const cursor = { cursor: String(given) };
      const next = { ...start, after: last, given: given + PAGE };
      if (more) return [element('resumptionToken', tokenOf(next), cursor)];
      return given > 0 ? [element('resumptionToken', '', cursor)] : [];
    }
  }

  const verbs = {
    Identify: (_: Arguments, url: string) =>
      `<Identify>${[
        element('repositoryName', name),
        element('baseURL', url),
        element('protocolVersion', '2.0'),
        element('adminEmail', email),
        element('earliestDatestamp', datestamp(givens.earliest() ?? givens.clock())),
        element('deletedRecord', 'persistent'),
        element('granularity', GRANULARITY),
        `<description>${oaiDc([['description', `Sets by category. ${NOT_FOR_MIRRORS}`]])}</description>`,
      ].join('\n')}</Identify>`,

    ListMetadataFormats({ identifier }: Arguments) {
      if (identifier !== undefined) need(identifier);
      const formats = FORMATS.map(
        ({ prefix, schema, namespace }) =>
          `<metadataFormat>${element('metadataPrefix', prefix)}${element('schema', schema)}${element('metadataNamespace', namespace)}</metadataFormat>`,
      );
      return `<ListMetadataFormats>\n${formats.join('\n')}\n</ListMetadataFormats>`;
    },

    ListSets({ resumptionToken }: Arguments) {
      if (resumptionToken !== undefined)
        throw new OaiError('badResumptionToken', 'the list of sets comes as a whole');
      const sets = listSets(givens).map(
        ({ spec, name: setName, description }) =>
          `<set>${element('setSpec', spec)}${element('setName', setName)}${description === undefined ? '' : `<setDescription>${oaiDc([['description', description]])}</setDescription>`}</set>`,
      );
      return `<ListSets>\n${sets.join('\n')}\n</ListSets>`;
    },

    GetRecord({ identifier, metadataPrefix }: Arguments) {
      const item = need(identifier!);
      const format = formatOf(metadataPrefix!);
      return `<GetRecord>${record(givens.listed(item), format)}</GetRecord>`;
    },

    ListIdentifiers: list,
    ListRecords: list,
  };

  function list({ verb, resumptionToken, ...args }: Arguments): string {
    const of = verb as Going['verb'];
    if (resumptionToken !== undefined) return page(readToken(resumptionToken, verb, givens.newest()));
    const { metadataPrefix, set, from, until } = args;
    return page({
      verb: of,
      metadataPrefix: metadataPrefix!,
      after: 0,
      given: 0,
      ...(set === undefined ? {} : { set }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    });
  }

  /** Throws idDoesNotExist. */
  function need(identifier: string) {
    const item = givens.item(identifier);
    if (!item) throw new OaiError('idDoesNotExist', 'nothing of that identifier was ever given here');
    return item;
  }

  return {
    /** In XML. `url`: the address of all this. Throws OaiError. */
    answer: (args: Arguments, url: string): string => verbs[args.verb](args, url),

    /** Whether what is asked for is there and not given at the moment: harvesters are to come again. */
    isPaused: ({ verb, identifier }: Arguments): boolean =>
      givens.pausedSince() !== undefined ||
      (verb === 'GetRecord' && identifier !== undefined && givens.item(identifier)?.paused === true),
  };
}

/** Throws cannotDisseminateFormat. */
function formatOf(prefix: string): Format {
  const format = FORMATS.find((one) => one.prefix === prefix);
  if (format) return format;
  const known = FORMATS.map((one) => one.prefix).join(', ');
  throw new OaiError('cannotDisseminateFormat', `there is no format of that name; formats: ${known}`);
}

/** Between two pages what is left of a list can be taken back, paused, or leave its set. */
const nothing = ({ given }: Going): string =>
  given === 0
    ? 'no image is in that list'
    : 'what was left of this list is not in it any more: all of it was given';
