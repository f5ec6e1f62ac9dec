// Requests of OAI-PMH 2.0 and what each is to be answered with: the protocol's own table of errors (section 3.6), case by case.

export type OaiCase = {
  /** as in the address */
  asked: string;
  /** a code of an error, or the element that is answered */
  answer: string;
  method?: 'POST';
};

/** `id`: of an item that is there. `stamp`: of the first. `token`: of ListRecords. */
export function oaiCases({ id, stamp, token }: { id: string; stamp: string; token: string }): OaiCase[] {
  const list = 'verb=ListIdentifiers&metadataPrefix=oai_dc';
  const day = stamp.slice(0, 10);
  const e = encodeURIComponent;
  const mangled = `${token.slice(0, 4)}${token[4] === 'A' ? 'B' : 'A'}${token.slice(5)}`;
  const cases: [asked: string, answer: string, method?: 'POST'][] = [
    ['verb=Identify', 'Identify'],
    ['verb=Identify', 'Identify', 'POST'],
    ['verb=ListMetadataFormats', 'ListMetadataFormats'],
    [`verb=ListMetadataFormats&identifier=${id}`, 'ListMetadataFormats'],
    ['verb=ListMetadataFormats&identifier=urn:uuid:none', 'idDoesNotExist'],
    ['verb=ListSets', 'ListSets'],
    ['verb=ListSets&resumptionToken=x', 'badResumptionToken'],
    ['verb=ListSets&set=category', 'badArgument'],
    ...['oai_dc', 'datacite', 'oai_datacite'].flatMap((prefix): [string, string][] => [
      [`verb=GetRecord&identifier=${id}&metadataPrefix=${prefix}`, 'GetRecord'],
      [`verb=ListRecords&metadataPrefix=${prefix}`, 'ListRecords'],
      [`verb=ListIdentifiers&metadataPrefix=${prefix}`, 'ListIdentifiers'],
    ]),
    ['', 'badVerb'],
    ['verb=', 'badVerb'],
    ['verb=identify', 'badVerb'],
    ['verb=Harvest', 'badVerb'],
    ['verb=Identify&verb=ListSets', 'badVerb'],
    ['verb=Harvest', 'badVerb', 'POST'],
    ['verb=Identify&metadataPrefix=oai_dc', 'badArgument'],
    ['verb=GetRecord', 'badArgument'],
    [`verb=GetRecord&identifier=${id}`, 'badArgument'],
    ['verb=GetRecord&metadataPrefix=oai_dc', 'badArgument'],
    [`verb=GetRecord&identifier=${id}&metadataPrefix=oai_dc&set=category`, 'badArgument'],
    ['verb=GetRecord&identifier=urn:uuid:none&metadataPrefix=oai_dc', 'idDoesNotExist'],
    ['verb=GetRecord&identifier=%3Ca%20%26%20b%00%3E&metadataPrefix=oai_dc', 'idDoesNotExist'],
    [`verb=GetRecord&identifier=${id}&metadataPrefix=marc21`, 'cannotDisseminateFormat'],
    ['verb=ListRecords', 'badArgument'],
    ['verb=ListIdentifiers', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=marc21', 'cannotDisseminateFormat'],
    ['verb=ListRecords&metadataPrefix=a%20b', 'badArgument'],
    [`${list}&metadataPrefix=oai_dc`, 'badArgument'],
    [`${list}&more=1`, 'badArgument'],
    [`${list}&from=${stamp}`, 'ListIdentifiers'],
    [`${list}&from=${day}`, 'ListIdentifiers'],
    [`${list}&from=${day}&until=${day}`, 'ListIdentifiers'],
    [`${list}&from=${stamp}&until=${stamp}`, 'ListIdentifiers'],
    [`${list}&from=${day}&until=${stamp}`, 'badArgument'],
    [`${list}&from=${stamp}&until=${day}`, 'badArgument'],
    [`${list}&from=2026-01-02&until=2026-01-01`, 'badArgument'],
    [`${list}&from=2026-02-30`, 'badArgument'],
    [`${list}&from=2026-01`, 'badArgument'],
    [`${list}&from=now`, 'badArgument'],
    [`${list}&from=`, 'badArgument'],
    [`${list}&from=2026-01-01T00:00:00`, 'badArgument'],
    [`${list}&from=2026-01-01T00:00:00.5Z`, 'badArgument'],
    [`${list}&from=${e('2026-01-01T00:00:00+01:00')}`, 'badArgument'],
    [`${list}&from=2026-01-01T24:00:00Z`, 'badArgument'],
    [`${list}&until=1999-12-31`, 'noRecordsMatch'],
    [`${list}&until=1999-12-31T23:59:59Z`, 'noRecordsMatch'],
    [`${list}&from=2999-01-01`, 'noRecordsMatch'],
    [`${list}&set=category`, 'ListIdentifiers'],
    [`${list}&set=instrument`, 'ListIdentifiers'],
    [`${list}&set=instrument:SEM_1`, 'ListIdentifiers'],
    [`${list}&set=status:auto`, 'ListIdentifiers'],
    [`${list}&set=status:unlabelled`, 'noRecordsMatch'],
    [`${list}&set=category:Dust`, 'noRecordsMatch'],
    [`${list}&set=project:2000`, 'noRecordsMatch'],
    [`${list}&set=category:`, 'badArgument'],
    [`${list}&set=${e('SEM 1')}`, 'badArgument'],
    [`verb=ListRecords&resumptionToken=${e(token)}`, 'ListRecords'],
    [`verb=ListRecords&resumptionToken=${e(token)}`, 'ListRecords', 'POST'],
    [`verb=ListIdentifiers&resumptionToken=${e(token)}`, 'badResumptionToken'],
    [`verb=ListRecords&resumptionToken=${e(mangled)}`, 'badResumptionToken'],
    [`verb=ListRecords&resumptionToken=${e(token.slice(0, -1))}`, 'badResumptionToken'],
    ['verb=ListRecords&resumptionToken=0', 'badResumptionToken'],
    [`verb=ListRecords&resumptionToken=${e(token)}&metadataPrefix=oai_dc`, 'badArgument'],
    [`verb=ListRecords&resumptionToken=${e(token)}&resumptionToken=${e(token)}`, 'badArgument'],
    ['verb=ListRecords&resumptionToken=', 'badArgument'],
  ];
  return cases.map(([asked, answer, method]) => ({ asked, answer, ...(method ? { method } : {}) }));
}
