// `semtag model`: add, list, use, export, import as people do; what is damaged, differs or is not there is refused by name.

import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBackbone } from '../../src/classify/backbones.ts';
import { createEngine } from '../../src/classify/engine.ts';
import { scoresFrom } from '../../src/classify/head.ts';
import { keepHead } from '../../src/classify/kept-heads.ts';
import { loadModel, SHIPPED_HEAD } from '../../src/classify/model.ts';
import { pictureOf, viewsOf } from '../../src/classify/preprocess.ts';
import { loadConfig } from '../../src/config/load.ts';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { speckled } from '../classify/pictures.ts';
import { sha256 } from '../service/lab.ts';
import { home, semtag, temporary } from './semtag.ts';

const before = process.env['SEMTAG_MODELS'];
let models: string;
beforeAll(() => {
  // what the verbs are handed; a test adds nothing to the machine
  models = join(process.env['TMPDIR'] ?? '/tmp', `semtag-models-${process.pid}`);
  process.env['SEMTAG_MODELS'] = models;
});
afterAll(async () => {
  (await import('node:fs')).rmSync(models, { recursive: true, force: true });
  if (before === undefined) delete process.env['SEMTAG_MODELS'];
  else process.env['SEMTAG_MODELS'] = before;
});

describe('semtag model export and import', { timeout: 120_000 }, () => {
  it('moves a model: every file with its hash, the same bytes, the same scores', async () => {
    const dir = temporary();
    const exported = await semtag(dir, 'model', 'export', 'moved', '--name', 'moved');
    expect(exported).toMatchObject({ code: 0, err: '' });
    const json = JSON.parse(readFileSync(join(dir, 'moved/model.json'), 'utf8')) as { files: Record<string, string> }; // prettier-ignore
    expect(json).toMatchObject({ format: 'semtag-model/1', name: 'moved', preprocessing: 'stretched-views-1', licences: { backbone: 'Apache-2.0' } }); // prettier-ignore
    for (const [name, hash] of Object.entries(json.files)) expect(sha256(readFileSync(join(dir, 'moved', name)))).toBe(hash); // prettier-ignore
    expect(Object.keys(json.files).sort()).toEqual(['backbone.LICENSE', 'backbone.json', 'backbone.onnx', 'head.json', 'head.provenance.json', 'labels.txt']); // prettier-ignore
    expect(readFileSync(join(dir, 'moved/head.json')).equals(readFileSync(SHIPPED_HEAD))).toBe(true);
    expect(readFileSync(join(dir, 'moved/labels.txt'), 'utf8').trim().split('\n')).toEqual([...CATEGORIES]);
    expect(readFileSync(join(dir, 'moved/model.json'), 'utf8')).not.toContain(dir); // no machine's paths

    const imported = await semtag(dir, 'model', 'import', 'moved', '--json');
    expect(imported).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(imported.out)).toMatchObject({ name: 'moved', out: join(models, 'moved'), apart: 0 });
    const listed = await semtag(dir, 'model', 'list', '--json');
    expect((JSON.parse(listed.out) as { models: { name: string }[] }).models.map((m) => m.name)).toContain('moved'); // prettier-ignore
    expect(await semtag(dir, 'model', 'import', 'moved')).toMatchObject({ code: 2, out: '' });
    expect(await semtag(dir, 'model', 'import', 'moved', '--force')).toMatchObject({ code: 0 });
  });

  it('refuses a folder of which a byte has changed, naming the file, and imports nothing', async () => {
    const dir = temporary();
    await semtag(dir, 'model', 'export', 'good', '--name', 'changed');
    for (const name of ['backbone.onnx', 'head.json', 'backbone.LICENSE']) {
      cpSync(join(dir, 'good'), join(dir, 'bad'), { recursive: true });
      const bytes = readFileSync(join(dir, 'bad', name));
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(join(dir, 'bad', name), bytes);
      const ended = await semtag(dir, 'model', 'import', 'bad');
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toContain(`${join(dir, 'bad', name)}: its SHA-256 is`);
      expect(existsSync(join(models, 'changed'))).toBe(false);
    }
    const json = JSON.parse(readFileSync(join(dir, 'good/model.json'), 'utf8')) as { files: object; knownPicture: Record<string, number> }; // prettier-ignore
    const with_ = (more: object) => writeFileSync(join(dir, 'good/model.json'), JSON.stringify({ ...json, ...more })); // prettier-ignore
    with_({ files: { ...json.files, '../evil': 'x' } });
    expect((await semtag(dir, 'model', 'import', 'good')).err).toContain('it names a file ../evil');
    for (const name of ['backbone.json', 'backbone.LICENSE', 'head.json']) {
      with_({ files: Object.fromEntries(Object.entries(json.files).filter(([file]) => file !== name)) });
      expect((await semtag(dir, 'model', 'import', 'good')).err).toContain(`it has no hash of ${name}`);
    }
    with_({ head: { file: 'other.json', sha256: 'x' } });
    expect((await semtag(dir, 'model', 'import', 'good')).err).toContain('its head is other.json');
    with_({ name: '../evil' });
    expect((await semtag(dir, 'model', 'import', 'good')).err).toContain('its name is not one word');
    with_({ knownPicture: { ...json.knownPicture, Tips: json.knownPicture['Tips']! + 0.01 } });
    expect((await semtag(dir, 'model', 'import', 'good')).err).toMatch(
      /scores of the known picture are 1\.0e-2/,
    );
  });

  it('without its backbone it is small, and needs a machine that has it', async () => {
    const dir = temporary();
    await semtag(dir, 'model', 'export', 'small', '--without-backbone', '--name', 'small');
    expect(existsSync(join(dir, 'small/backbone.onnx'))).toBe(false);
    expect(await semtag(dir, 'model', 'import', 'small', '--dry-run')).toMatchObject({ code: 0 });
    expect(existsSync(join(models, 'small'))).toBe(false);
    const path = join(dir, 'small/model.json');
    const unknown = readFileSync(path, 'utf8').replaceAll(findBackbone().sha256, 'f'.repeat(64));
    writeFileSync(path, unknown);
    const ended = await semtag(dir, 'model', 'import', 'small');
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain('do not belong together');
  });

  it('as plain ONNX it gives the scores of semtag, for one view and for two', async () => {
    const dir = temporary();
    expect(await semtag(dir, 'model', 'export', 'plain', '--form', 'onnx')).toMatchObject({ code: 0 });
    const { head, backbone } = await loadModel({});
    const views = viewsOf(pictureOf(speckled(320, 240, 8), { width: 320, height: 240 }), backbone.side);
    const engine = await createEngine('onnx', backbone);
    const bottlenecks = await engine.features(views);
    await engine.close();
    const session = await ort.InferenceSession.create(join(dir, 'plain/model.onnx'));
    for (const count of [1, 2]) {
      const plane = backbone.side ** 2;
      const x = new Float32Array(count * 3 * plane);
      for (let v = 0; v < count; v++) for (let c = 0; c < 3; c++) x.set(views[v]!, (3 * v + c) * plane);
      const out = await session.run({ views: new ort.Tensor('float32', x, [count, 3, backbone.side, backbone.side]) }); // prettier-ignore
      expect(out['scores']!.dims).toEqual([1, 10]);
      expect(out['view_logits']!.dims).toEqual([count, 10]);
      const of = {
        backbone: backbone.sha256,
        preprocessing: backbone.preprocessing,
        engine: 'onnx',
      } as const;
      const ours = scoresFrom(head, { ...of, views: bottlenecks.slice(0, count) });
      CATEGORIES.forEach((c, i) => expect(Math.abs(ours[c] - Number(out['scores']!.data[i]))).toBeLessThan(1e-5)); // prettier-ignore
    }
    await session.release();
  });
});

describe('semtag model use', { timeout: 60_000 }, () => {
  it('writes head and backbone into the config, every comment kept, and says what changes', async () => {
    const dir = home();
    await semtag(dir, 'model', 'export', 'ours', '--name', 'ours');
    const path = join(dir, 'semtag.yaml');
    const text = readFileSync(path, 'utf8');
    const dry = await semtag(dir, 'model', 'use', './ours', '--dry-run');
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toContain(`model.head: (not set) -> ${join(dir, 'ours/head.json')}`);
    expect(readFileSync(path, 'utf8')).toBe(text);
    const mode = statSync(path).mode;
    expect((await semtag(dir, 'model', 'use', './ours')).out).toContain('at its next start');
    expect(statSync(path).mode).toBe(mode);
    const comments = (of: string) => of.split('\n').filter((l) => /^\s*# /.test(l));
    expect(comments(readFileSync(path, 'utf8'))).toEqual(comments(text));
    expect(loadConfig(path).model).toMatchObject({ head: join(dir, 'ours/head.json'), backbone: 'efficientnet-lite0' }); // prettier-ignore
    expect((await semtag(dir, 'model', 'use', './ours')).out).toContain('uses it already');
    expect((await semtag(dir, 'check')).out).toContain('bootstrap-1, engine onnx');
    const listed = await semtag(dir, 'model', 'list');
    expect(listed.out).toContain('in use by the config: bootstrap-1 on efficientnet-lite0');
    expect((await semtag(dir, 'model', 'use', 'shipped')).code).toBe(0);
    expect(loadConfig(path).model.head).toBeUndefined();
  });

  it.skipIf(process.getuid?.() !== 0)('leaves the config to whom it belongs, and a link a link', async () => {
    const dir = home();
    mkdirSync(join(dir, 'etc'));
    const real = join(dir, 'etc/semtag.yaml');
    const text = readFileSync(join(dir, 'semtag.yaml'), 'utf8').replaceAll(/(dataDir|root|path): (\w+)$/gm, `$1: ${dir}/$2`);
    rmSync(join(dir, 'semtag.yaml'));
    writeFileSync(real, text);
    chownSync(real, 1234, 2345);
    chmodSync(real, 0o640);
    symlinkSync('etc/semtag.yaml', join(dir, 'semtag.yaml'));
    copyFileSync(SHIPPED_HEAD, join(dir, 'ours.json'));
    expect(await semtag(dir, 'model', 'use', './ours.json')).toMatchObject({ code: 0, err: '' });
    const { uid, gid, mode } = statSync(real);
    expect([uid, gid, mode & 0o777]).toEqual([1234, 2345, 0o640]);
    expect(lstatSync(join(dir, 'semtag.yaml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('ours.json');
  }); // prettier-ignore

  it('brings a head back that the service used, by digits of its SHA-256 or by name, with the same scores to the bit', async () => {
    const dir = home();
    const path = join(dir, 'semtag.yaml');
    const text = readFileSync(SHIPPED_HEAD, 'utf8');
    const other = text.replace(/"temperature": [\d.]+/, '"temperature": 3');
    for (const [name, of] of [['a', text.replace('bootstrap-1', 'ours')], ['b', other.replace('bootstrap-1', 'ours')], ['c', other]] as const) writeFileSync(join(dir, `${name}.json`), of);
    const { length, backbone } = (await loadModel({})).head;
    const views = [0, 1].map((v) => Float32Array.from({ length }, (_, j) => ((j * 37 + v) % 11) / 10));
    const scores = async () => {
      const model = await loadModel(loadConfig(path).model);
      // as the service does at its start
      mkdirSync(join(dir, 'data/heads'), { recursive: true });
      await keepHead(join(dir, 'data/heads'), model);
      return model.scores({ backbone: backbone.sha256, preprocessing: model.reference.preprocessing, engine: 'onnx', views });
    };
    await semtag(dir, 'model', 'use', './a.json');
    const first = await scores();
    await semtag(dir, 'model', 'use', './b.json');
    expect(await scores()).not.toEqual(first);
    await semtag(dir, 'model', 'use', './c.json');
    await scores();
    for (const name of ['a', 'b', 'c']) rmSync(join(dir, `${name}.json`));
    const listed = JSON.parse((await semtag(dir, 'model', 'list', '--json')).out) as { kept: { name: string; head: string; inUse: boolean }[] };
    expect(listed.kept.map(({ name }) => name).sort()).toEqual(['bootstrap-1', 'ours', 'ours']);
    const a = sha256(Buffer.from(text.replace('bootstrap-1', 'ours')));
    expect((await semtag(dir, 'model', 'use', 'ours')).err).toContain(a.slice(0, 12));
    expect(await semtag(dir, 'model', 'use', a.slice(0, 8))).toMatchObject({ code: 0, err: '' });
    expect(loadConfig(path).model.head).toBe(join(dir, `data/heads/${a}.json`));
    expect(await scores()).toEqual(first);
    const table = (await semtag(dir, 'model', 'list')).out;
    expect(table).toMatch(new RegExp(`ours +efficientnet-lite0 +${a.slice(0, 12)} +\\S+Z +in use`));
    expect((await semtag(dir, 'model', 'use', 'bootstrap-1')).out).toContain('bootstrap-1 on');
  }); // prettier-ignore

  it('refuses what is not there or does not belong together, and writes nothing', async () => {
    const dir = home();
    const text = readFileSync(join(dir, 'semtag.yaml'), 'utf8');
    expect((await semtag(dir, 'model', 'use', 'no-such')).err).toContain('no model of that name');
    const head = readFileSync(SHIPPED_HEAD, 'utf8').replaceAll(findBackbone().sha256, 'f'.repeat(64));
    writeFileSync(join(dir, 'wrong.json'), head);
    expect((await semtag(dir, 'model', 'use', './wrong.json')).err).toMatch(/trained on efficientnet-lite0/);
    expect(readFileSync(join(dir, 'semtag.yaml'), 'utf8')).toBe(text);
  });
});

describe('semtag model add', { timeout: 60_000 }, () => {
  it('adds nothing before its hash is confirmed; then it is a backbone like any other', async () => {
    const dir = temporary();
    copyFileSync(await findBackbone().file(), join(dir, 'mine.onnx'));
    const args = ['model', 'add', 'mine.onnx', '--range', '0..1', '--taps', 's8,head'];
    const asked = await semtag(dir, ...args);
    expect(asked.code).toBe(1);
    expect(asked.out).toContain(`confirm with --sha256 ${findBackbone().sha256}`);
    // neither of the two opens what may be anything
    writeFileSync(join(dir, 'no-network.onnx'), 'no network');
    const junk = await semtag(dir, 'model', 'add', 'no-network.onnx', '--range', '0..1', '--dry-run');
    expect(junk).toMatchObject({ code: 0, err: '' });
    const other = await semtag(dir, ...args, '--dry-run', '--sha256', '0'.repeat(64));
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.err).toContain(`its SHA-256 is ${findBackbone().sha256}`);
    expect(existsSync(join(models, 'mine'))).toBe(false);
    const dry = await semtag(dir, ...args, '--sha256', findBackbone().sha256, '--dry-run');
    expect(dry.out).toMatch(/s8_pooled|s8 \(40\)/);
    expect(existsSync(join(models, 'mine'))).toBe(false);
    const added = await semtag(dir, ...args, '--sha256', findBackbone().sha256, '--json');
    expect(JSON.parse(added.out)).toMatchObject({
      added: true,
      backbone: { tapLengths: [40, 1280], side: 224 },
    });
    const backbone = findBackbone('mine');
    expect(findBackbone(join(models, 'mine')).sha256).toBe(backbone.sha256);
    expect((await semtag(dir, 'model', 'list')).out).toMatch(/mine +224 px +1320 +s8 \+ head/);
    // the same weights: the same numbers
    const view = viewsOf(pictureOf(speckled(320, 240, 8), { width: 320, height: 240 }), 224)[0]!;
    const [mine, lite] = [await createEngine('onnx', backbone), await createEngine('onnx', findBackbone())];
    const [[a], [b]] = [await mine.features([view]), await lite.features([view])];
    expect(Array.from(a!.slice(40))).toEqual(Array.from(b!.slice(432)));
    await Promise.all([mine.close(), lite.close()]);
  });

  it('asks for what a file does not say', async () => {
    const dir = temporary();
    copyFileSync(await findBackbone().file(), join(dir, 'mine.onnx'));
    expect((await semtag(dir, 'model', 'add', 'mine.onnx')).err).toContain('--range 0..1|-1..1|0..255|imagenet|caffe'); // prettier-ignore
    const taken = await semtag(dir, 'model', 'add', 'mine.onnx', '--range', '0..1', '--name', 'inception-v3');
    expect(taken.err).toContain('not in the catalogue');
  });
});
