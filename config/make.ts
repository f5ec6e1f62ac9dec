// Writes config/semtag.yaml out of the schema: `npx tsx config/make.ts` after the schema has changed. Nothing at run time needs it.

import { writeFileSync } from 'node:fs';
import { configYaml, exampleValues } from '../src/config/yaml.ts';

writeFileSync(new URL('semtag.yaml', import.meta.url), configYaml(exampleValues()));
