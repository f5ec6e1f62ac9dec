// The figures of the service as Prometheus reads them: base units, one name a meaning. Made anew for each look, with the sight of whoever asks; keeps no state and names no project or person.

import { Counter, Gauge, Registry } from 'prom-client';
import type { Config } from '../config/schema.ts';
import type { Sight } from '../domain/access.ts';
import { liveError } from '../learn/live-error.ts';
import type { Store } from '../store/store.ts';
import { CONCERN_CODES } from './concerns.ts';
import { fileSight } from './file-sight.ts';
import type { Status } from './status.ts';

/** `name` without `semtag_`. */
type Add = (name: string, help: string, value: number | undefined, labels?: Record<string, string>) => void;

export function metricsOf(
  store: Pick<Store, 'queues' | 'seen'>,
  config: Pick<Config, 'instruments'>,
  status: Status,
  sight: Sight,
  now: Date,
): Registry {
  const registry = new Registry();
  const gauges = new Map<string, Gauge>();
  const gauge: Add = (name, help, value, labels = {}) => {
    if (value === undefined) return;
    const found = gauges.get(name) ?? new Gauge({ name: `semtag_${name}`, help, labelNames: Object.keys(labels), registers: [registry] }); // prettier-ignore
    gauges.set(name, found);
    found.set(labels, value);
  };
  const ageOf = (iso: string | undefined) => (iso === undefined ? 0 : Math.max(0, (now.getTime() - Date.parse(iso)) / 1000)); // prettier-ignore

  for (const [state, n] of Object.entries(status.images))
    gauge('images', 'Images in each state.', n, { state });
  for (const [state, n] of Object.entries(status.files)) gauge('files', 'Files in each state.', n, { state });
  gauge('prompts_oldest_age_seconds', 'Age of the oldest question that waits; 0 where none does.', ageOf(status.oldestPrompt)); // prettier-ignore
  gauge('labels_doubted', 'Automatic labels that answers speak against.', status.doubted);
  gauge('checks_open', 'Automatic labels that wait for a blind check.', status.teaching.checks);
  const given = new Counter({ name: 'semtag_labels_total', help: 'Labels ever given, by their basis.', labelNames: ['basis'], registers: [registry] }); // prettier-ignore
  for (const [basis, n] of Object.entries(store.queues.labelsGiven(sight))) given.inc({ basis }, n);
  const { checked, wrong, interval } = liveError(store.seen.checked('share', sight));
  gauge('labels_checked', 'Automatic labels drawn and checked by a person, the newest thousand.', checked);
  gauge('labels_checked_wrong', 'Those of them that were wrong.', wrong);
  if (interval)
    for (const bound of ['low', 'high'] as const)
      gauge('label_error_ratio', 'Error of automatic labels, bounds of the 95 % interval; absent under 20 checks.', interval[bound], { bound }); // prettier-ignore

  for (const one of status.owed) {
    const { target } = one;
    gauge('deliveries_owed', 'Deliveries that each target is owed.', one.owed, { target });
    gauge(
      'deliveries_withheld',
      'Deliveries that are not forwarded because of publish.withhold.',
      one.withheld,
      { target },
    );
    gauge('deliveries_paused', 'Those of them that are paused.', store.queues.held(target, sight), {
      target,
    });
    gauge('delivery_oldest_age_seconds', 'Age of the oldest owed delivery that is not paused; 0 where none is owed.', ageOf(one.sendableSince), { target }); // prettier-ignore
    gauge('target_away', '1 while the target does not answer or takes nothing.', one.error ? 1 : 0, {
      target,
    });
    if (one.lastReceipt)
      gauge('target_last_receipt_timestamp_seconds', 'When the target gave its newest receipt.', Date.parse(one.lastReceipt) / 1000, { target }); // prettier-ignore
  }
  for (const { code, images, files } of store.queues.aside(sight, fileSight(config, sight).seen))
    gauge('aside', 'Images and files that are aside, by reason.', images + files, { code });
  gauge('aside_all', 'Images and files that are aside.', (status.images['quarantined'] ?? 0) + (status.files['incomplete'] ?? 0)); // prettier-ignore

  gauge('spool_bytes', 'Bytes of private copies.', status.spool.inFlight, { use: 'in_flight' });
  gauge('spool_bytes', '', status.spool.aside, { use: 'aside' });
  const { disk } = status;
  if (disk) {
    gauge('spool_quota_bytes', 'What the private copies may take.', disk.quotaBytes);
    gauge('disk_free_bytes', 'Free on the disk of the data directory.', disk.freeBytes);
    gauge('disk_size_bytes', 'Size of that disk.', disk.sizeBytes);
    gauge('disk_reserve_bytes', 'Below this intake waits.', disk.reserveBytes);
    gauge('database_bytes', 'Size of the database.', disk.databaseBytes, { database: 'semtag' });
    gauge('database_bytes', '', disk.bottlenecksBytes, { database: 'bottlenecks' });
  }
  gauge('intake_paused', '1 while intake waits for room.', status.intake.paused ? 1 : 0);
  gauge('forwarding_pauses', 'Pauses of forwarding and publishing that people began.', status.pauses.length);
  gauge('stages_waiting', 'Stages that wait because this machine is in trouble.', status.waits?.length ?? 0);
  gauge('teaching_in_use', '1 while what people answer teaches.', status.teaching.use ? 1 : 0);
  for (const { instrument, away, scanned } of status.roots) {
    gauge('root_away', '1 while the acquisition directory is away.', away ? 1 : 0, { instrument });
    if (scanned)
      gauge('scan_age_seconds', 'Since the acquisition directory was last scanned and there.', ageOf(scanned), { instrument }); // prettier-ignore
  }
  const codes = new Map<string, number>(CONCERN_CODES.map((code) => [code, 0]));
  for (const { code } of status.concerns) codes.set(code, codes.get(code)! + 1);
  for (const [code, n] of codes)
    gauge('concerns', 'What does not go as it should, as the Health page lists it.', n, { code });
  gauge('thresholds_version', 'Version of the thresholds in force.', status.thresholds.version);
  gauge('build_info', 'Always 1.', 1, { version: status.version, node: process.versions.node });
  if (status.model)
    gauge('model_info', 'Always 1.', 1, { model: status.model.name, engine: status.model.engine });
  return registry;
}
