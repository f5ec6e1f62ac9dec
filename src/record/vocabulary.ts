// The ten categories as a SKOS vocabulary: what each means, and where it ends. Pure. The version stands in every IRI: a category that comes to mean something else gets another.

import { CATEGORIES, categoryTitle, type Category } from '../domain/categories.ts';
import { BORDERLINE, DEFINITIONS, WHICH_WINS } from '../domain/definitions.ts';

/** A URN, because a host that we do not own would promise a page that we cannot keep. */
export const SCHEME = 'urn:semtag:categories:1';

export const categoryIri = (category: Category): string => `${SCHEME}#${category}`;

const SKOS = 'http://www.w3.org/2004/02/skos/core#';
const DCTERMS = 'http://purl.org/dc/terms/';
const TITLE = 'Categories of scanning electron micrographs';
const ABOUT = `What an image of a scanning electron microscope shows: the ten categories of Modarres et al., Scientific Reports 7, 13282 (2017). ${WHICH_WINS}. An image of none of them has no category.`;
const SOURCE = 'https://doi.org/10.1038/s41598-017-13565-z';

const concepts = CATEGORIES.map((category) => ({
  iri: categoryIri(category),
  notation: category,
  label: categoryTitle(category),
  definition: DEFINITIONS[category],
  scopeNote: BORDERLINE[category],
}));

/** RDF 1.1 Turtle. */
export function vocabularyTurtle(): string {
  const text = (value: string) => `"${value.replace(/[\\"]/g, '\\$&')}"@en`;
  const scheme = `<${SCHEME}> a skos:ConceptScheme ;
  dcterms:title ${text(TITLE)} ;
  dcterms:description ${text(ABOUT)} ;
  dcterms:source <${SOURCE}> ;
  skos:hasTopConcept
${concepts.map(({ iri }) => `    <${iri}>`).join(' ,\n')} .
`;
  const each = concepts.map(
    ({ iri, notation, label, definition, scopeNote }) => `
<${iri}> a skos:Concept ;
  skos:inScheme <${SCHEME}> ;
  skos:topConceptOf <${SCHEME}> ;
  skos:notation "${notation}" ;
  skos:prefLabel ${text(label)} ;
  skos:definition ${text(definition)} ;
  skos:scopeNote ${text(scopeNote)} .
`,
  );
  return `@prefix skos: <${SKOS}> .\n@prefix dcterms: <${DCTERMS}> .\n\n${scheme}${each.join('')}`;
}

/** The same as JSON-LD, its context inside. */
export function vocabularyJsonLd(): object {
  const english = (value: string) => ({ '@language': 'en', '@value': value });
  return {
    '@context': { skos: SKOS, dcterms: DCTERMS },
    '@graph': [
      {
        '@id': SCHEME,
        '@type': 'skos:ConceptScheme',
        'dcterms:title': english(TITLE),
        'dcterms:description': english(ABOUT),
        'dcterms:source': { '@id': SOURCE },
        'skos:hasTopConcept': concepts.map(({ iri }) => ({ '@id': iri })),
      },
      ...concepts.map(({ iri, notation, label, definition, scopeNote }) => ({
        '@id': iri,
        '@type': 'skos:Concept',
        'skos:inScheme': { '@id': SCHEME },
        'skos:topConceptOf': { '@id': SCHEME },
        'skos:notation': notation,
        'skos:prefLabel': english(label),
        'skos:definition': english(definition),
        'skos:scopeNote': english(scopeNote),
      })),
    ],
  };
}
