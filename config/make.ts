// Writes what is made out of the schemas: config/semtag.yaml, docs/record.schema.json, docs/categories.ttl. `npx tsx config/make.ts` after one has changed. Nothing at run time needs it.

import { writeFileSync } from 'node:fs';
import { configYaml, exampleValues } from '../src/config/yaml.ts';
import { recordSchemaText } from '../src/record/schema.ts';
import { vocabularyTurtle } from '../src/record/vocabulary.ts';

const write = (path: string, text: string) => writeFileSync(new URL(path, import.meta.url), text);

write('semtag.yaml', configYaml(exampleValues()));
write('../docs/record.schema.json', recordSchemaText());
write('../docs/categories.ttl', vocabularyTurtle());
