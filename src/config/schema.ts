// The one schema of the config: type, unit, default and why that default. YAML, help texts and the pages all come from here.

import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { PAPER_THRESHOLDS } from '../domain/decision.ts';
import { ENGINE_NAMES } from '../domain/job.ts';
import { MODES } from '../domain/label.ts';
import { FacilitySchema } from './facility-schema.ts';
import { object, oneOf, seconds } from './parts.ts';
import { PublishSchema } from './publish-schema.ts';

export const InstrumentSchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      pattern: '^[^/\\\\]+$',
      examples: ['SEM 1'],
      description: 'Name of the instrument, as people and the repository will read it.',
    }),
    root: Type.String({
      minLength: 1,
      examples: ['/srv/acquisition/sem1'],
      description: 'Its acquisition directory. It is only ever read.',
    }),
    mode: oneOf(MODES, {
      default: 'observe',
      description:
        'observe: classify and show what auto would have done; ask nobody, label nothing, forward the file unchanged with its record beside it (category `unlabelled`). ask: every label by a person. auto: label by itself above the threshold, ask below it.',
    }),
    zone: Type.Optional(
      Type.String({
        examples: ['Europe/Berlin'],
        description:
          'IANA time zone of the instrument PC, such as Europe/Berlin; its headers carry local time without zone.',
      }),
    ),
    patterns: Type.Array(Type.String(), {
      default: ['**/*.{tif,tiff,png,jpg,jpeg,bmp}'],
      description: 'Which files are taken, below the root; letter case does not matter.',
    }),
    ignore: Type.Array(Type.String(), {
      default: ['**/.*', '**/.*/**', '**/~*', '**/*.tmp'],
      description: 'Which of these are left alone.',
    }),
    quiet: seconds(
      3,
      'Size and time of a file must have stood still this long before it is looked at; longer than the pauses of the writer, since a pause is the one thing that structure cannot always see.',
    ),
    scan: seconds(
      10,
      'Time between two full scans of the root. Events only make it faster; the scan is what misses nothing.',
    ),
    atFirstStart: oneOf(['leave', 'take'] as const, {
      default: 'leave',
      description:
        'Files that are there when this root is seen for the first time: leave them alone, or take them all.',
    }),
    teach: Type.Boolean({
      default: true,
      description:
        'Answers about images of this instrument teach at once: others of the same series label themselves, people are asked less. Off: every image is routed by the head alone.',
    }),
    path: Type.Optional(
      Type.String({
        examples: ['{operator}/{project}/{sample}/*'],
        description:
          'Pattern such as {operator}/{project}/{sample}/*: parts of the path that become facts of the image.',
      }),
    ),
    pid: Type.Optional(
      Type.String({
        pattern: '^https?://',
        examples: ['https://doi.org/10.5072/instrument-1'],
        description: 'Persistent identifier of the instrument (PIDINST), as an address; stands in records.',
      }),
    ),
  },
  { additionalProperties: false, description: 'One watched acquisition directory.' },
);

export const FolderTargetSchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      examples: ['repository'],
      description: 'Name of the target in receipts and logs.',
    }),
    type: Type.Literal('folder', { description: 'A directory on this machine or a mounted share.' }),
    path: Type.String({
      minLength: 1,
      examples: ['/srv/repository'],
      description: 'The directory that receives the images; it must be there already.',
    }),
    layout: Type.String({
      default: '{instrument}/{date}/{category}/{stem}-{sha8}{ext}',
      description:
        'Where an image goes below it: instrument, date, year, month, day, category, project, operator, sample, stem, ext, sha8, sha256. With {sha8} two images never want the same place.',
    }),
    owner: Type.Optional(
      Type.Integer({
        minimum: 0,
        examples: [1000],
        description:
          'Numeric user id of what is written; needs the right to give files away (CAP_CHOWN), which the unit in systemd/ takes.',
      }),
    ),
    group: Type.Optional(
      Type.Integer({
        minimum: 0,
        examples: [1000],
        description: 'Numeric group id of what is written; the account must be in that group.',
      }),
    ),
    mode: Type.String({
      default: '0640',
      pattern: '^0?[0-7]{3}$',
      description: 'Permissions of written files, octal; directories get the matching execute bits.',
    }),
  },
  { additionalProperties: false, description: 'A repository that images are forwarded to.' },
);

export const ConfigSchema = Type.Object(
  {
    dataDir: Type.String({
      minLength: 1,
      examples: ['/var/lib/semtag'],
      description:
        'Where semtag keeps its database, spool and thumbnails. On a local disk, never on a share.',
    }),
    instruments: Type.Array(InstrumentSchema, {
      default: [],
      description: 'The watched acquisition directories.',
    }),
    targets: Type.Array(FolderTargetSchema, {
      default: [],
      description: 'Where finished images go. Without any, they stay in dataDir/tagged.',
    }),
    settle: object(
      {
        giveUp: seconds(
          600,
          'A file that has not changed for this long and still is not whole goes aside as incomplete; it is taken when it changes.',
        ),
      },
      'When a file counts as finished.',
    ),
    spool: object(
      {
        quota: Type.Number({
          default: 50,
          minimum: 0,
          unit: 'GB',
          description: 'Private copies may take this much; then intake waits.',
        }),
        reserve: Type.Number({
          default: 5,
          minimum: 0,
          unit: 'GB',
          description: 'Free space that is always left on the disk of dataDir; below it intake waits.',
        }),
        keep: seconds(
          3600,
          'Private copies stay this long after every target has the image, so that a correction needs no way back.',
        ),
      },
      'Private copies of acquired files.',
    ),
    model: object(
      {
        backbone: Type.String({
          default: 'efficientnet-lite0',
          description:
            'Name of a backbone as `semtag model list` shows it, or the folder of one that was added or imported.',
        }),
        head: Type.Optional(
          Type.String({
            examples: ['heads/ours.json'],
            description: 'Path of a head trained by `semtag train`; without it the shipped head is used.',
          }),
        ),
        alignmentHead: Type.Optional(
          Type.String({
            examples: ['heads/ours-aligned.json'],
            description:
              'Path of an alignment head trained by `semtag alignment train` on this backbone; without it the shipped one is used. One that cannot be read stops nothing: records then have no probability of alignment.',
          }),
        ),
        engine: oneOf(ENGINE_NAMES, {
          default: 'onnx',
          description:
            'What runs the backbone. Where it does not load, the next one that does is used, and check says so.',
        }),
        threads: Type.Integer({
          default: 1,
          minimum: 1,
          description:
            'Threads of the engine a child. One leaves the instrument PC its cores: two were slower beside another busy process.',
        }),
        children: Type.Integer({
          default: 1,
          minimum: 1,
          description: 'Child processes that read images at the same time.',
        }),
      },
      'The classifier.',
    ),
    thresholds: object(
      {
        auto: Type.Number({
          default: PAPER_THRESHOLDS.auto,
          minimum: 0,
          maximum: 1,
          description:
            'Above this top score the label is given by itself (Modarres et al. 2017). Seeds version 1; afterwards the database is the truth.',
        }),
        prompt: Type.Number({
          default: PAPER_THRESHOLDS.prompt,
          minimum: 0,
          maximum: 1,
          description: 'From here up to auto two categories are suggested; below, all ten are offered.',
        }),
      },
      'The first version of the two thresholds.',
    ),
    ask: object(
      {
        release: seconds(
          7 * 86_400,
          'An image that nobody answered goes on without a label after this time; it can still be answered.',
        ),
        floor: seconds(
          86_400,
          'An image that has waited this long is asked about first, whatever other images would tell more.',
        ),
        hold: seconds(
          5,
          'An answered image waits this long before it is tagged, so that a slip can be taken back before it leaves.',
        ),
      },
      'Asking people.',
    ),
    teach: object(
      {
        hold: seconds(
          600,
          'An image that was labelled because of answers to others waits this long before it is tagged, so that a slip can be taken back before anything that rests on it leaves.',
        ),
        authors: Type.Array(Type.String({ minLength: 1 }), {
          default: [],
          examples: [['Anna Example', 'Ben Example']],
          description: "Whose answers teach; nobody named: everybody's.",
        }),
        check: Type.Number({
          default: 0.02,
          minimum: 0,
          maximum: 1,
          description:
            'Share of the automatic labels that a person is asked to check without seeing them, and with it the first one of each series; 0: none. It keeps no image back.',
        }),
      },
      'Answers that teach.',
    ),
    projects: object(
      {
        private: Type.Array(Type.String({ minLength: 1 }), {
          default: [],
          examples: [['Thesis of Carla']],
          description:
            'Names of private projects: what an answer about one of their images teaches stays in that project. Images of other projects are never scored by it. Written exactly as the images have it.',
        }),
      },
      'Projects of which something special holds.',
    ),
    facility: FacilitySchema,
    publish: PublishSchema,
    limits: object(
      {
        pixels: Type.Number({
          default: 400e6,
          minimum: 1,
          unit: 'pixels',
          description: 'Larger images go aside.',
        }),
        jobTime: seconds(120, 'A child that needs longer for one image is ended.'),
        childMemory: Type.Number({
          default: 2000,
          minimum: 100,
          unit: 'MB',
          description: 'A child that grows beyond this is ended.',
        }),
        jobsPerChild: Type.Integer({
          default: 1000,
          minimum: 1,
          description: 'A child is replaced after this many images: native libraries keep memory.',
        }),
      },
      'Limits of the child processes that touch image bytes.',
    ),
    serve: object(
      {
        host: Type.String({
          default: '127.0.0.1',
          description:
            'Address to listen on. Anything beyond this machine needs a manager with a password, and tls or proxy: see docs/access.md.',
        }),
        port: Type.Integer({
          default: 8321,
          minimum: 0,
          maximum: 65535,
          description: 'Port of the page and the API; 0 takes a free one.',
        }),
        names: Type.Array(Type.String({ minLength: 1 }), {
          default: [],
          examples: [['semtag.example.org']],
          description:
            'Host names and addresses that browsers may call it by, besides localhost; the first one stands in the links that it makes.',
        }),
        tls: Type.Optional(
          Type.Object(
            {
              cert: Type.String({
                minLength: 1,
                examples: ['/etc/semtag/cert.pem'],
                description: 'Path of the certificate with its chain, PEM.',
              }),
              key: Type.String({
                minLength: 1,
                examples: ['/etc/semtag/key.pem'],
                description: 'Path of its private key, PEM; readable by the service alone.',
              }),
            },
            {
              additionalProperties: false,
              description: 'Encryption by the service itself. Read at the start.',
            },
          ),
        ),
        proxy: Type.Array(Type.String({ minLength: 1 }), {
          default: [],
          examples: [['127.0.0.1']],
          description:
            'Addresses or networks of the reverse proxy that encrypts before it: only its word about the caller is believed, and nobody is let in without a password then.',
        }),
        open: Type.Boolean({
          default: true,
          description:
            'Browsers and programs of this machine are let in as operators without a password. Whoever can log in to this machine can then answer.',
        }),
        idle: seconds(12 * 3600, 'Who has not used the page for this long is signed out.'),
      },
      'The page and the API.',
    ),
    log: object(
      {
        level: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const, {
          default: 'info',
          description: 'What is logged; info has one line a transition.',
        }),
      },
      'What the service says of its work, on stderr.',
    ),
  },
  { additionalProperties: false, description: 'The config of semtag.' },
);

export type Config = Static<typeof ConfigSchema>;

/** For verbs that read images without a config. */
export const DEFAULT_LIMITS = Value.Default(ConfigSchema.properties.limits, {}) as Config['limits'];
export type InstrumentConfig = Static<typeof InstrumentSchema>;
export type FolderTargetConfig = Static<typeof FolderTargetSchema>;
