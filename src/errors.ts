// The one table of errors: code, may it pass by itself, HTTP status, a sentence for the operator, what to do. Nothing else invents codes.

type Row = { retryable: boolean; status: number; sentence: string; advice: string };

const row = (retryable: boolean, status: number, sentence: string, advice: string): Row => ({
  retryable,
  status,
  sentence,
  advice,
});

export const ERRORS = {
  // files and images
  incomplete: row(
    true,
    422,
    'The file was not complete when it stopped changing.',
    'Save it again from the microscope software; it is taken as soon as it changes.',
  ),
  unreadable: row(
    true,
    422,
    'The file cannot be read.',
    'Check the permissions of the file for the service account.',
  ),
  not_an_image: row(
    false,
    422,
    'The file is not a TIFF, PNG, JPEG or BMP image.',
    'Check what was saved; the file stays where it is.',
  ),
  malformed: row(
    false,
    422,
    'The structure of the file is damaged.',
    'Save the image again from the microscope software; the acquired file stays where it is.',
  ),
  not_a_sample: row(
    false,
    422,
    'The image shows no sample: a navigation camera, a chamber view, a screenshot or nothing.',
    'Nothing has to be done; it is not classified.',
  ),
  undecodable: row(
    false,
    422,
    'The pixels of this file cannot be decoded.',
    'Export the image as an uncompressed TIFF from the microscope software.',
  ),
  too_large: row(
    false,
    422,
    'The image has more pixels than the set limit.',
    'Raise limits.pixels in the config and retry.',
  ),
  child_timeout: row(
    false,
    422,
    'Reading the image took longer than the time limit.',
    'Look at the file; raise limits.jobTime if it is sound, then retry.',
  ),
  child_memory: row(
    false,
    422,
    'Reading the image needed more memory than the limit.',
    'Raise limits.childMemory if the file is sound, then retry.',
  ),
  child_crashed: row(
    true,
    422,
    'The process that read the image ended without an answer.',
    'Retry; if it happens again send the file to the developers.',
  ),
  too_many_attempts: row(
    false,
    422,
    'Three attempts at this image did not finish.',
    'It was put aside so that it cannot stop the others; look at the file, then retry.',
  ),
  spool_lost: row(
    false,
    500,
    'The private copy of the image is gone and no target holds it.',
    'Drop the acquired file into the acquisition directory again.',
  ),
  bottlenecks_missing: row(
    false,
    500,
    'The bottlenecks of this image are gone.',
    'Retry: the image is read again.',
  ),
  tag_unverified: row(
    false,
    500,
    'The tagged copy did not pass its check against the acquired bytes.',
    'The acquired file and its copy are untouched; send the file to the developers.',
  ),
  not_tagged: row(
    false,
    422,
    'The file carries no semtag tag.',
    'Only files that semtag tagged can be untagged.',
  ),
  // this machine
  disk_failed: row(
    true,
    507,
    'The disk does not give or take the bytes.',
    'Check free space, disk and permissions of the path named in the message; it goes on by itself.',
  ),
  out_of_resources: row(
    true,
    503,
    'This machine has no process, memory or file handle left.',
    'See what else runs on it; it goes on by itself.',
  ),
  stopping: row(true, 503, 'semtag is stopping.', 'It is done again at the next start.'),
  spool_full: row(
    true,
    507,
    'The spool has reached its quota or the reserve of free space.',
    'Intake waits and catches up by itself; check why targets do not take images, or free disk space.',
  ),
  // targets
  target_unreachable: row(
    true,
    502,
    'The target does not answer.',
    'It is tried again by itself; check the network or the mount.',
  ),
  target_refused: row(
    true,
    502,
    'The target did not take the image.',
    'Check permissions and free space at the target.',
  ),
  target_mismatch: row(
    true,
    502,
    'What lies at the target is not what was sent.',
    'It is sent again by itself; check the target disk if it repeats.',
  ),
  // requests
  bad_request: row(false, 400, 'The request is not valid.', 'See the field named in the message.'),
  not_found: row(false, 404, 'There is nothing of that name.', 'Check the identifier.'),
  method_not_allowed: row(false, 405, 'This address does not take that method.', 'See the Allow header.'),
  forbidden_origin: row(
    false,
    403,
    'The request comes from another page or host.',
    'Open the page by the address that semtag printed.',
  ),
  sign_in: row(false, 401, 'Nobody is signed in.', 'Sign in, or send a token.'),
  forbidden: row(
    false,
    403,
    'Who is signed in may not do this.',
    'Ask a facility manager, or sign in as somebody who may.',
  ),
  wrong_password: row(false, 401, 'The password does not fit.', 'Try again; a manager can make a link for a new password.'), // prettier-ignore
  too_many_tries: row(true, 429, 'Too many tries.', 'Wait some minutes, then try again.'),
  not_this_page: row(
    true,
    403,
    'The page that sent this is not known to the service any more.',
    'Nothing was changed; reload the page and do it again.',
  ),
  other_name: row(
    false,
    403,
    'Somebody else is signed in.',
    'Leave the name out, or sign in under that name.',
  ),
  name_taken: row(false, 409, 'This name is taken.', 'Choose another one.'),
  link_void: row(
    false,
    410,
    'This link has been used, has run out or never was.',
    'Ask a facility manager for a new one.',
  ),
  last_manager: row(
    false,
    409,
    'This is the last manager who can sign in.',
    'Make somebody else a manager first.',
  ),
  stale_prompt: row(
    false,
    409,
    'The question has changed since it was shown.',
    'Look at the new state and answer again.',
  ),
  stale_thresholds: row(
    false,
    409,
    'The thresholds were changed since they were shown.',
    'Look at the version in force and save again; nothing was changed.',
  ),
  wrong_state: row(false, 409, 'The image is not in a state that allows this.', 'See its history.'),
  publishing_paused: row(
    true,
    409,
    'The image is not published at the moment.',
    'Ask again later: it is there once a facility manager ends the pause.',
  ),
  harvest_paused: row(
    true,
    503,
    'Nothing of this is given to harvesters at the moment.',
    'Ask again later: it is there once a facility manager ends the pause.',
  ),
  withdrawn: row(
    false,
    410,
    'This record was public once and is not any more.',
    'Its identifier is given to nothing else; take it out of your list.',
  ),
  files_not_public: row(
    false,
    403,
    'Harvesters are given records, and not the files themselves.',
    'Ask the facility; publish.files in the config allows it.',
  ),
  not_acceptable: row(false, 406, 'There is no such representation.', 'Ask for one of those in the message.'),
  nothing_to_undo: row(
    false,
    409,
    'There is nothing left to undo.',
    'An answer can be corrected with a new label.',
  ),
  // start
  config_invalid: row(
    false,
    500,
    'The config is not valid.',
    'Correct the line named in the message; `semtag config explain KEY` tells what it means.',
  ),
  already_running: row(
    false,
    500,
    'Another semtag uses this data directory.',
    'Stop it first, or use another data directory.',
  ),
  database_newer: row(
    false,
    500,
    'The database was written by a newer semtag.',
    'Install that version or newer; nothing was changed.',
  ),
  database_foreign: row(
    false,
    500,
    'The database file is not one of semtag.',
    'Point dataDir to another directory; nothing was changed.',
  ),
  database_lost: row(
    false,
    500,
    'The data directory holds images whose database is not there.',
    'Restore semtag.db from a backup, or move spool and tagged elsewhere to start anew; nothing was changed.',
  ),
  facility_changed: row(
    false,
    500,
    'The config names another facility than the one that images are identified with.',
    'Name the one of the first start again; another facility keeps a data directory of its own. Other identifiers would be other images for everybody who has their records.',
  ),
  data_dir_unusable: row(
    false,
    500,
    'This account may not work in the data directory.',
    "Use the service's account (`sudo -u semtag semtag ...`), give it the directory and all in it, or mount it writable.",
  ),
  bind_refused: row(
    false,
    500,
    'Listening beyond this machine is refused.',
    'docs/access.md says what it needs; serve.host 127.0.0.1 needs nothing.',
  ),
  port_taken: row(
    false,
    500,
    'The port is taken by another program.',
    'Set serve.port to another one, or 0 for a free one; `semtag status` says whether it is semtag itself.',
  ),
  model_missing: row(
    true,
    500,
    'The model is not there or does not match its hash.',
    'Install semtag again, or point model.backbone and model.head to one that exists.',
  ),
  training_data: row(
    false,
    422,
    'There is nothing to train a head with.',
    'Name a folder with one folder a category, named as semtag names the ten.',
  ),
  engine_missing: row(
    true,
    500,
    'The engine cannot run on this machine.',
    'Leave model.engine at onnx; the message says what is missing.',
  ),
  internal: row(true, 500, 'An unexpected error.', 'See the log; if it repeats send it to the developers.'),
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof ERRORS;

/** They say nothing about the image or file that met them: whatever comes next would fail alike. */
const OF_MACHINE: ReadonlySet<ErrorCode> = new Set([
  'disk_failed',
  'out_of_resources',
  'model_missing',
  'engine_missing',
]);

/** Ends that nobody foresaw: the image or file in hand may be what caused them. */
const UNEXPLAINED: ReadonlySet<ErrorCode> = new Set(['child_crashed', 'internal']);

/** What the operating system (errno) and SQLite say of a machine in trouble. */
const DISK = /^(ENOSPC|EDQUOT|EIO|EROFS|EACCES|EPERM|SQLITE_(FULL|IOERR|READONLY|CANTOPEN).*)$/;
const RESOURCES = /^(EMFILE|ENFILE|EAGAIN|ENOMEM)$/;

/** `message` names the thing and the reason: "a.tif: strip 3 ends at 812, the file at 800". */
export class SemtagError extends Error {
  readonly code: ErrorCode;
  readonly #advice: string | undefined;
  /** `advice`: where the table's does not fit this one. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { advice?: string }) {
    super(message, options);
    this.#advice = options?.advice;
    this.name = 'SemtagError';
    this.code = code;
  }
  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
  /** The machine is in trouble, not this image: no attempt counts, and the stage waits. */
  get ofMachine(): boolean {
    return OF_MACHINE.has(this.code);
  }
  /** Its attempt stays unfinished: three of those put the image or file aside. */
  get unexplained(): boolean {
    return UNEXPLAINED.has(this.code);
  }
  get status(): number {
    return ERRORS[this.code].status;
  }
  get sentence(): string {
    return ERRORS[this.code].sentence;
  }
  get advice(): string {
    return this.#advice ?? ERRORS[this.code].advice;
  }
}

/** A sentence that others follow: with a full stop, where it ends with nothing of the kind. */
export const ended = (sentence: string): string => (/[.!?…:]$/.test(sentence) ? sentence : `${sentence}.`);

/** Anything thrown -> SemtagError that keeps its cause; what the table does not foresee becomes `internal`. */
export function asSemtagError(error: unknown): SemtagError {
  if (error instanceof SemtagError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const { code } = (error ?? {}) as { code?: unknown };
  return new SemtagError(codeOf(typeof code === 'string' ? code : ''), message, { cause: error });
}

function codeOf(system: string): ErrorCode {
  if (DISK.test(system)) return 'disk_failed';
  return RESOURCES.test(system) ? 'out_of_resources' : 'internal';
}
