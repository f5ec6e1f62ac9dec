// The composition root: builds the stages from the config, starts and stops them. Nothing else knows how things are wired.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { loadAlignmentHead } from './classify/alignment-head.ts';
import { keepHead, keepText } from './classify/kept-heads.ts';
import { loadModel } from './classify/model.ts';
import { provenanceOf, trainingOf } from './classify/provenance.ts';
import { classifyStage } from './classify/stage.ts';
import { settingsOf } from './config/settings.ts';
import type { Config, InstrumentConfig } from './config/schema.ts';
import { answers } from './decide/answers.ts';
import { RELEASED_AT_ONCE, releaseUnanswered } from './decide/release.ts';
import type { ImageJob } from './domain/job.ts';
import { publishRules, utcDay } from './domain/publish.ts';
import { SemtagError } from './errors.ts';
import { fetchBack } from './forward/fetch-back.ts';
import { pruneStage } from './forward/prune.ts';
import { forwardStage } from './forward/stage.ts';
import { folderTarget } from './forward/targets/folder.ts';
import { startWithholder } from './forward/withholder.ts';
import { startPublisher } from './harvest/publisher.ts';
import { startAlike } from './learn/alike/host.ts';
import { settingsHash, settingsText } from './learn/teach/settings.ts';
import { dataPaths } from './paths.ts';
import { logHistory, withoutEnd } from './pipeline/history-log.ts';
import { createRunner } from './pipeline/runner.ts';
import { runnerLog } from './pipeline/runner-log.ts';
import { refuseLoops } from './preflight/loops.ts';
import { refuseOwedElsewhere } from './preflight/owed.ts';
import { bottlenecksAgain } from './read/again.ts';
import { recomputeStage } from './read/recompute.ts';
import { readStage } from './read/stage.ts';
import { buildApp } from './serve/app.ts';
import { listen, pageUrl, refuseBind } from './serve/bind.ts';
import { certificateFiles } from './serve/tls.ts';
import { similarSeen } from './serve/similar.ts';
import { diskOf } from './serve/disk.ts';
import { imageFiles } from './serve/files.ts';
import { measuring } from './serve/measured.ts';
import { statusOf, type Away, type Live } from './serve/status.ts';
import { packageVersion } from './serve/version.ts';
import { settleStage } from './settle/stage.ts';
import { inDataDir } from './store/data-dir.ts';
import { takeRunLock } from './store/lock.ts';
import { newSecret } from './store/secret.ts';
import { openStore, type Store } from './store/store.ts';
import { tagStage } from './tag/stage.ts';
import { untag } from './tag/untag.ts';
import { wireTeaching } from './teaching.ts';
import { scanLog } from './watch/scan-log.ts';
import { watchRoot, type WatchEvents } from './watch/watch.ts';
import { roleOf } from './watch/wanted.ts';
import { createPool } from './worker/pool.ts';

export type Service = {
  /** address of the page */
  url: string;
  /** of this run alone: lets a program in as the data directory would */
  secret: string;
  store: Store;
  /** nothing is on its way any more: what is left waits for people, or is withheld */
  idle(): boolean;
  /** process ids of the children */
  pids(): number[];
  /** Stops intake, lets what is in flight end within 10 s, closes everything. */
  stop(): Promise<void>;
};

const GRACE_MS = 10_000;
/** Status names so many files that are not whole; it counts all. */
const LOOKING_SHOWN = 20;
/** Throughput and free space are kept as long as the Health page shows them, and a day. */
const HISTORY_MS = 15 * 86_400_000;
const FREE_MS = 600_000;
const now = () => new Date();

/** `configPath`: the file that the config was read from. */
export async function startService(config: Config, logger: Logger, configPath?: string): Promise<Service> {
  refuseBind(config.serve, true); // whether there is a manager the store knows
  if (config.serve.tls) certificateFiles(config.serve.tls);
  await refuseLoops(config);
  const lock = takeRunLock(config.dataDir);
  if (!lock) throw new SemtagError('already_running', `${config.dataDir}: another semtag is using it`);
  try {
    return await wire(config, logger, () => lock.release(), configPath);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function wire(
  config: Config,
  logger: Logger,
  release: () => void,
  configPath: string | undefined,
): Promise<Service> {
  const paths = dataPaths(config.dataDir);
  inDataDir(config.dataDir, () => paths.prepare());
  const model = await loadModel(config.model);
  await keepHead(paths.heads, model);
  await keepText(join(paths.heads, `teaching-${settingsHash()}.json`), settingsText());
  const alignmentHead = await loadAlignmentHead(config.model.alignmentHead).catch((error: Error) => {
    // it adds a number to some records: no reason to keep images waiting
    logger.warn({ reason: error.message }, 'alignment is measured without its head');
    return undefined;
  });
  if (alignmentHead && alignmentHead.backbone.sha256 !== model.reference.backbone.sha256)
    logger.warn({ head: alignmentHead.name, backbone: alignmentHead.backbone.name }, 'the alignment head is for another backbone'); // prettier-ignore
  logger.info({ head: model.reference.name, backbone: model.reference.backbone.name }, 'the model in use');
  const store = openStore(config.dataDir);
  refuseOwedElsewhere(config, store.deliveries.backlog());
  const { provenance } = provenanceOf(model.headPath);
  const training = trainingOf(provenance, model.reference.head);
  const house = {
    key: store.facility.keep(config.facility.ror),
    facility: config.facility,
    instruments: config.instruments,
    ...(training ? { trained: { head: model.reference.head, training } } : {}),
  };
  refuseBind(config.serve, store.users.hasManager());
  const { auto, prompt } = config.thresholds;
  if (!store.thresholds.current())
    store.thresholds.save({ auto, prompt }, 'From the config', 'semtag', now().toISOString());

  store.projects.setPrivate(config.projects.private, now().toISOString());
  for (const { name, borne } of store.projects.slips(config.projects.private))
    logger.warn({ private: name, images: borne }, 'no image bears the name of this private project, but images bear one that differs in case or spaces only: these are not private'); // prettier-ignore
  for (const name of store.projects.withholdNothing(config.publish.withhold))
    logger.warn({ withheld: name }, 'publish.withhold names what no image bears yet: it holds nothing back');
  const rules = publishRules(config.publish, config.projects.private);
  const names = config.targets.map(({ name }) => name);
  const { backbone, engine: wanted, threads, children } = config.model;
  const inUse = { backbone, engine: wanted, threads };
  const pool = createPool({ size: children, polite: true, model: inUse, ...config.limits });
  const limits = { pixels: config.limits.pixels };
  const targets = config.targets.map((one) => folderTarget(one, paths.target(one.name)));
  const acquired = fetchBack({ store, spoolDir: paths.spool, taggedDir: paths.tagged, targets, untag, now });

  const measured = measuring();
  let engine: string = config.model.engine;
  let notice: string | undefined;
  const runJob = async (job: ImageJob) => {
    const facts = await measured.read(() => pool.run(job));
    engine = facts.bottlenecks?.engine ?? engine;
    if (facts.notices && notice === undefined)
      logger.warn({ notices: facts.notices }, 'another engine is used');
    notice = facts.notices?.join('; ') ?? notice;
    return facts;
  };

  /** stages that wait because the machine is in trouble, and why */
  const troubles = new Map<string, string>();
  const modelNote = () => [...troubles.values(), ...(notice ? [notice] : [])].join('; ');

  let noRoom: SemtagError | undefined;
  const settle = settleStage({
    store,
    instruments: config.instruments,
    spoolDir: paths.spool,
    giveUpSeconds: config.settle.giveUp,
    limits,
    acquired,
    now,
    room: { quotaBytes: config.spool.quota * 1e9, reserveBytes: config.spool.reserve * 1e9 },
    check: (copy, name) => pool.check(copy, name),
    ready: () => pool.ready(),
    read: runJob,
    onRoom(problem) {
      if (problem && !noRoom) logger.error({ reason: problem.message }, 'intake waits for room');
      if (!problem && noRoom) logger.info('intake goes on');
      noRoom = problem;
    },
  });
  /** targets that do not answer, and why */
  const targetsAway = new Map<string, Away>();
  /** when each acquisition directory was last scanned and there */
  const scanned = new Map<string, string>();
  const forwards = targets.map((target) =>
    forwardStage({
      store,
      target,
      taggedDir: paths.tagged,
      withhold: config.publish.withhold,
      onAway(problem) {
        if (problem) {
          targetsAway.set(target.name, { reason: problem.message, since: now().toISOString() });
          logger.warn({ target: target.name }, `the target is away: ${problem.message}`);
        } else {
          targetsAway.delete(target.name);
          logger.info({ target: target.name }, 'the target is back');
        }
      },
      now,
    }),
  );
  const reading = { store, run: runJob, ready: () => pool.ready(), acquired, limits, now };
  const again = bottlenecksAgain({ ...reading, model: inUse });
  const prune = pruneStage({
    store,
    spoolDir: paths.spool,
    taggedDir: paths.tagged,
    keepSeconds: config.spool.keep,
    targets: names,
    now,
  });
  const thresholds = () => store.thresholds.current()!;
  const teaching = wireTeaching({ config, store, model, thresholds, logger, now });
  const { space } = model.head;
  const alike = space && startAlike({
    dataDir: config.dataDir,
    space: `${model.reference.head} ${model.reference.preprocessing}`,
    backbone: model.reference.backbone.sha256,
    preprocessing: model.reference.preprocessing,
    head: { ...model.head, space },
  }); // prettier-ignore
  const runner = createRunner(
    [
      settle,
      readStage({ ...reading, thumb: paths.thumb, model: inUse, concurrency: children + 1 }),
      classifyStage({
        store,
        model,
        ...(alignmentHead ? { alignmentHead } : {}),
        instruments: config.instruments,
        thresholds,
        again,
        ...teaching.classify,
        now,
      }),
      ...teaching.stages,
      tagStage({
        store,
        taggedDir: paths.tagged,
        house,
        targets: config.targets,
        withhold: config.publish.withhold,
        acquired,
        holdSeconds: { answer: config.ask.hold, because: config.teach.hold },
        ready: () => pool.ready(),
        async measure({ sha256, name }) {
          const path = await acquired(sha256);
          return (await pool.run({ path, name, alignment: {}, limits })).alignment;
        },
        unmeasured: ({ sha256, name }, reason) =>
          logger.warn({ image: sha256.slice(0, 12), name, reason }, 'tagged without measures of alignment'),
        now,
      }),
      ...forwards,
      prune,
      recomputeStage({
        store,
        backbone: model.reference.backbone.sha256,
        preprocessing: model.reference.preprocessing,
        again,
        release: (sha256) => prune.run(sha256),
        onDone(made, failed) {
          if (made > 0) teaching.again();
          if (made || failed)
            logger.info({ made, failed }, 'bottlenecks of the backbone in use are complete');
        },
      }),
    ],
    runnerLog(logger, troubles),
  );

  const wake = (key?: string) => {
    settle.pickUp();
    if (key !== undefined) for (const forward of forwards) forward.tryNow();
    runner.wake(key);
  };
  const started = performance.now();
  const secret = newSecret();
  const live = (): Live => ({
    version: packageVersion(),
    uptime: (performance.now() - started) / 1000,
    targetsAway,
    scanned,
    disk: diskOf(config, store, now()),
    intake: noRoom ? { paused: true, reason: noRoom.message } : { paused: false },
    looking: settle.notWhole().slice(0, LOOKING_SHOWN),
    ...(troubles.size ? { waits: [...troubles.values()] } : {}),
    model: { name: model.reference.name, engine, ...(modelNote() ? { note: modelNote() } : {}) },
  });
  const app = await buildApp({
    store,
    config,
    secret,
    answers: answers(store, wake, now, teaching.answers),
    screens: teaching.screens,
    ...teaching.app,
    ...(alike ? { similar: similarSeen(store, (sha256, most) => alike.similar(sha256, most)) } : {}),
    ...(configPath === undefined ? {} : { settings: settingsOf(configPath, config) }),
    rules,
    model: { ...model.reference, headPath: model.headPath, ...(provenance ? { provenance } : {}) },
    webDir: fileURLToPath(new URL('./serve/web', import.meta.url)),
    logger,
    measured: measured.registry,
    status: (sight) => statusOf(store, config, live(), sight),
    files: imageFiles({
      store,
      targets,
      taggedDir: paths.tagged,
      picturesDir: paths.pictures,
      thumb: paths.thumb,
      acquired,
      run: (job) => pool.runFirst(job),
      limits,
    }),
  });
  store.publication.goBy(rules, utcDay(now()), false); // nobody is answered by the rules of the run before
  const url = await listen(app, config.serve);
  const page = pageUrl(config.serve, url);
  const { tls } = config.serve;
  const cert = tls ? { cert: certificateFiles(tls).certificate.fingerprint256 } : {};
  rmSync(paths.service, { force: true }); // one that a crash left may be readable by others
  writeFileSync(paths.service, JSON.stringify({ url, page, pid: process.pid, secret, ...cert }), {
    mode: 0o600,
  });
  if (!store.users.hasManager()) {
    const { code } = store.links.make({ purpose: 'first_manager' }, 'semtag', now());
    logger.info(
      { link: `${page}/#/sign-in?link=${code}` },
      'there is no manager yet: this link makes one, once, within a day',
    );
  }

  const publisher = startPublisher({
    store,
    rules,
    mark: paths.published,
    now,
    onTrouble: (error) => logger.error({ err: error }, 'what harvesters are given is not up to date'),
    onUnreadable: (sha256) =>
      logger.error(
        { image: sha256.slice(0, 12) },
        'the record of this image is damaged in the database: harvesters are given what they had',
      ),
  });
  const withholder = startWithholder({
    store,
    withhold: config.publish.withhold,
    now,
    onChange: () => runner.wake(),
    onTrouble: (error) => logger.error({ err: error }, 'what is withheld does not go by the config yet'),
  });
  const stopLog = logHistory(store, logger);
  const releaseMs = Math.min(60_000, Math.max(200, config.ask.release * 100));
  let releaseTimer = setTimeout(letGo, releaseMs);
  function letGo(): void {
    let released = 0;
    withoutEnd(logger, () => (released = releaseUnanswered(store, config.ask.release, now())));
    if (released > 0) runner.wake();
    releaseTimer = setTimeout(letGo, released >= RELEASED_AT_ONCE ? Math.min(1000, releaseMs) : releaseMs);
  }
  const noteFree = () =>
    withoutEnd(logger, () => {
      const at = now();
      const kept = new Date(at.getTime() - HISTORY_MS).toISOString();
      store.queues.noteFree(diskOf(config, store, at).freeBytes, at.toISOString(), kept);
    });
  noteFree();
  const freeTimer = setInterval(noteFree, FREE_MS);
  runner.start();
  const watching = ({ name, root }: InstrumentConfig): WatchEvents => {
    const log = scanLog(logger, name, root);
    return {
      ...log,
      onNews: () => wake(),
      onScan(result) {
        log.onScan(result);
        if (result.outcome !== 'away') scanned.set(name, now().toISOString());
      },
    };
  };
  const watches = config.instruments.map((instrument) =>
    watchRoot(
      store,
      {
        instrument: instrument.name,
        path: Buffer.from(instrument.root),
        atFirstStart: instrument.atFirstStart,
        role: roleOf(instrument),
      },
      instrument.scan,
      watching(instrument),
    ),
  );

  return {
    url,
    secret,
    store,
    pids: () => pool.pids(),
    idle() {
      const { settled, read, labelled } = store.images.counts();
      const owed = store.deliveries.backlog().reduce((sum, one) => sum + one.owed, 0);
      return settled + read + labelled + owed + store.files.counts().seen === 0;
    },
    async stop() {
      const closing = Promise.all(watches.map((watch) => watch.close()));
      clearTimeout(releaseTimer);
      clearInterval(freeTimer);
      measured.close();
      await publisher.close();
      withholder.close();
      // a scan of a share that hangs never ends
      const scansEnded = Promise.race([closing, sleep(GRACE_MS, undefined, { ref: false })]);
      await Promise.all([scansEnded, runner.stop(GRACE_MS)]);
      pool.close();
      teaching.close();
      alike?.close();
      await app.close();
      stopLog();
      store.close();
      rmSync(paths.service, { force: true });
      release();
    },
  };
}
