// /api/settings and /api/reports: what this service runs with, and the reports that were kept. Changes nothing; never shows a secret.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { SemtagError } from '../../errors.ts';
import { dataPaths } from '../../paths.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { settingsFile, settingsFileText } from '../settings-file.ts';
import { Time } from '../schema.ts';
import { storedThreshold } from '../threshold-words.ts';

const SettingsSchema = Type.Object({
  path: Type.Optional(Type.String({ description: 'The config; absent where it was not read from a file.' })),
  changed: Type.Boolean({ description: 'The file is another one than was read; a restart takes it.' }),
  values: Type.Array(
    Type.Object({
      key: Type.String(),
      value: Type.Optional(Type.Unknown({ description: 'Absent for a secret.' })),
      unit: Type.Optional(Type.String()),
      why: Type.String(),
      origin: Type.String({
        description: '`default`, the line of the file, or the version in the database.',
      }),
    }),
  ),
  model: Type.Optional(
    Type.Object({
      name: Type.String(),
      head: Type.String({ description: 'SHA-256 of the head.' }),
      headPath: Type.String(),
      backbone: Type.Object({ name: Type.String(), sha256: Type.String() }),
      preprocessing: Type.String(),
      provenance: Type.Optional(
        Type.Unknown({ description: 'What the head was trained on, as its file says.' }),
      ),
    }),
  ),
  engine: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
  thresholdsVersion: Type.Integer(),
  teaching: Type.Boolean(),
});
export type SettingsView = Static<typeof SettingsSchema>;

const ReportsSchema = Type.Object({
  dir: Type.String({ description: 'Reports that lie here are listed.' }),
  reports: Type.Array(Type.Object({ name: Type.String(), at: Time, bytes: Type.Integer() })),
});
export type Reports = Static<typeof ReportsSchema>;

/** No separator, no leading dot: it names a file of the folder itself. */
const REPORT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.html$/;
/** As the reports' own policy, and no origin: whatever lies in the folder can run nothing and read nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"; // prettier-ignore

export function settingRoutes(app: App, { store, config, settings, model, status }: AppDeps): void {
  const dir = dataPaths(config.dataDir).reports;

  app.get(
    '/api/settings',
    {
      config: { access: 'manage' },
      schema: {
        tags: ['service'],
        summary: 'Every setting with its explanation and origin, and the model in use',
        response: { 200: SettingsSchema, ...ErrorResponses },
      },
    },
    ({ sight }) => {
      const inUse = status(sight).model;
      const current = store.thresholds.current();
      return {
        ...(settings ? { path: settings.path } : {}),
        changed: settings?.changed() ?? false,
        values: settings?.values.map((one) => ({ ...one, ...storedThreshold(one.key, current) })) ?? [],
        ...(model ? { model } : {}),
        ...(inUse ? { engine: inUse.engine, ...(inUse.note ? { note: inUse.note } : {}) } : {}),
        thresholdsVersion: current?.version ?? 0,
        teaching: store.teaching.current().use,
      };
    },
  );

  app.get(
    '/api/export',
    {
      config: { access: 'manage' },
      schema: {
        tags: ['service'],
        summary: 'Config, thresholds and the head in use as one file for another SEM PC; no secrets',
        response: {
          200: Type.Unknown({ description: 'What `semtag config import` takes.' }),
          ...ErrorResponses,
        },
      },
    },
    async (_, reply) => {
      if (!settings || !model) throw new SemtagError('not_found', 'a config file and a model to export');
      const { dataDir } = config;
      const thresholds = store.thresholds.versions();
      const file = await settingsFile({ configPath: settings.path, dataDir, model, thresholds });
      void reply.header('content-disposition', 'attachment; filename="semtag-settings.json"');
      return reply.type('application/json; charset=utf-8').send(settingsFileText(file));
    },
  );

  app.get(
    '/api/reports',
    {
      config: { access: 'manage' },
      schema: {
        tags: ['service'],
        summary: 'Reports of evaluation and calibration that were kept, newest first',
        response: { 200: ReportsSchema, ...ErrorResponses },
      },
    },
    () => {
      const reports = namesIn(dir).map((name) => {
        const { mtime, size } = statSync(join(dir, name));
        return { name, at: mtime.toISOString(), bytes: size };
      });
      return { dir, reports: reports.sort((a, b) => b.at.localeCompare(a.at)) };
    },
  );

  app.get(
    '/api/reports/:name',
    {
      config: { access: 'manage' },
      schema: {
        tags: ['service'],
        summary: 'A report, as a page that can run nothing',
        params: Type.Object({ name: Type.String() }),
        response: {
          200: { description: 'The report.', content: { 'text/html': { schema: Type.String() } } },
          ...ErrorResponses,
        },
      },
    },
    async ({ params: { name } }, reply) => {
      if (!namesIn(dir).includes(name)) throw new SemtagError('not_found', `report ${name.slice(0, 120)}`);
      void reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8');
      return readFileSync(join(dir, name), 'utf8');
    },
  );
}

/** Files only: a link could lead anywhere. */
function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
      entry.isFile() && REPORT.test(entry.name) ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}
