// The OpenAPI document is complete, whatever routes there are; and what the API page makes of it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCESS } from '../../src/domain/access.ts';
import { bodyOf, curlOf, matches, operationsOf, typeWords, whoMay, type Document } from '../../src/serve/web/openapi.ts'; // prettier-ignore
import { makeWorld, type World } from './world.ts';

let world: World;
let doc: Document;

beforeAll(async () => {
  world = await makeWorld({ n: 0, webDir: '/nonexistent' });
  doc = (await (await world.app()).inject('/api/openapi.json')).json();
});
afterAll(() => world.close());

test('every operation says what it does, for whom, who may call it and how it fails', () => {
  const tags = doc.tags!.map(({ name }) => name);
  for (const one of operationsOf(doc)) {
    const name = `${one.method} ${one.path}`;
    expect(one.summary, name).toBeTruthy();
    expect(tags, name).toContain(one.tag);
    expect(ACCESS, name).toContain(one['x-access']);
    expect(one, name).toHaveProperty('security');
    const letIn = (one as unknown as { security: object[] }).security.map((way) => Object.keys(way)[0]);
    if (one['x-access'] === 'manage') expect(letIn, name).toEqual(['session', 'bearer']);
    else if (one['x-access'] !== 'open')
      expect(letIn, name).toEqual(['session', 'bearer', 'station', undefined]);
    if (one.path.startsWith('/api/') && one.path !== '/api/events') {
      const failed = one.responses!['4XX']?.content?.['application/json']?.schema;
      expect(failed?.required, name).toEqual(['code', 'message', 'hint', 'requestId']);
    }
    for (const parameter of one.parameters ?? []) expect(typeWords(parameter.schema), name).not.toContain('anything'); // prettier-ignore
    // a body that takes what nobody asked for would hide a slip
    if (one.method !== 'GET') expect(bodyOf(one), name).toMatchObject({ additionalProperties: false });
  }
});

test('the page finds operations by words and gives an example of each', () => {
  const all = operationsOf(doc);
  const label = all.find(({ path }) => path.endsWith('/label'))!;
  expect(matches(label, 'blind LABEL')).toBe(true);
  expect(matches(label, 'quarantine')).toBe(false);
  expect(whoMay(label)).toBe('operators and managers');
  for (const access of ACCESS) expect(whoMay({ ...label, 'x-access': access })).not.toContain('description');
  expect(curlOf(label, 'http://127.0.0.1:8931')).toBe(
    `curl -X POST -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"answer":{"kind":"category","category":"Particles"}}' 'http://127.0.0.1:8931/api/images/{sha256}/label'`,
  );
  expect(
    curlOf(
      all.find(({ path }) => path === '/health/live')!,
      '',
    ),
  ).toBe("curl '/health/live'");
});
