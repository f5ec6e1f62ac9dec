-- The database of semtag, version 1. It names only what is durably finished (R2); states change through transition() alone (R5).

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- which state may follow which: filled from domain/states.ts at every start, read by the triggers below
CREATE TABLE allowed (
  subject TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL,
  PRIMARY KEY (subject, from_state, to_state)
) STRICT, WITHOUT ROWID;

CREATE TABLE root (
  instrument TEXT NOT NULL,
  number INTEGER NOT NULL,       -- 0 for the first path that the config named for it, 1 for the next: another path is another directory
  path BLOB NOT NULL,
  in_use INTEGER NOT NULL,       -- 1 for the path that the config names now
  identity TEXT,                 -- device:inode of the directory at the last healthy scan
  first_seen_at TEXT NOT NULL,   -- files older than this were there before semtag
  first_scan_at TEXT,            -- NULL until the first scan has finished
  closed TEXT NOT NULL DEFAULT '[]', -- JSON, names as latin1: directories that the first scan could not list; what they hold is to it still
  away_since TEXT,               -- gone, or empty at once
  PRIMARY KEY (instrument, number),
  UNIQUE (instrument, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE file (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: what is remembered of a forgotten file must not fall to another
  instrument TEXT NOT NULL,
  root INTEGER NOT NULL DEFAULT 0, -- number of the root that it lies in
  dir BLOB NOT NULL,             -- below the root, raw bytes, '' for the root itself
  name BLOB NOT NULL,            -- raw bytes
  version INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('image', 'sidecar')),
  size INTEGER NOT NULL,
  mtime_ns TEXT NOT NULL,        -- decimal: 64 bits do not fit a JavaScript number
  state TEXT NOT NULL CHECK (state IN ('left', 'seen', 'settled', 'incomplete')),
  sha256 TEXT REFERENCES image (sha256),
  error TEXT,                    -- JSON {code, message}
  error_code TEXT GENERATED ALWAYS AS (error ->> '$.code') VIRTUAL,
  missed INTEGER NOT NULL DEFAULT 0, -- healthy scans in a row that did not find it
  seen_at TEXT NOT NULL,
  settled_at TEXT,
  UNIQUE (instrument, root, dir, name, version)
) STRICT;
CREATE INDEX file_state ON file (state, instrument, dir);
CREATE INDEX file_aside ON file (error_code, instrument) WHERE state = 'incomplete';
CREATE INDEX file_sha256 ON file (sha256);

-- images of one instrument, operator, sample or folder, near in time: what an answer teaches first
CREATE TABLE series (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL,             -- JSON: instrument, operator, sample or folder, and the project where it is private
  name TEXT NOT NULL,            -- for people
  started_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  joined INTEGER REFERENCES series (id), -- a person put all of it into that one
  moved_from INTEGER REFERENCES series (id) -- it began with images of that one whose facts were corrected
) STRICT;
CREATE INDEX series_key ON series (key, id);

-- projects whose answers teach only themselves: the config's list, so that what is committed goes by one
CREATE TABLE private_project (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE image (
  sha256 TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('settled', 'read', 'asked', 'labelled', 'tagged', 'forwarded', 'quarantined')),
  instrument TEXT NOT NULL,
  name TEXT NOT NULL,            -- for people and places; the raw bytes are in file
  bytes INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  spooled INTEGER NOT NULL DEFAULT 1,
  at_target INTEGER NOT NULL DEFAULT 0, -- 1 once a target has given its receipt: the private copy can be had back from there
  copy TEXT NOT NULL GENERATED ALWAYS AS ( -- what the private copy is there for
    CASE WHEN spooled = 0 THEN 'pruned' WHEN state = 'quarantined' THEN 'aside' WHEN state = 'forwarded' AND at_target = 0 THEN 'kept'
      ELSE 'in flight' END) VIRTUAL,
  facts TEXT NOT NULL DEFAULT '{}',
  project TEXT GENERATED ALWAYS AS (facts ->> '$.project.value') VIRTUAL,
  operator TEXT GENERATED ALWAYS AS (facts ->> '$.operator.value') VIRTUAL,
  sample TEXT GENERATED ALWAYS AS (facts ->> '$.sample.value') VIRTUAL,
  number INTEGER,                -- its place in time, by a trigger: second of settling x 2^20 + which of that second; what is found by words comes in this order
  detector TEXT GENERATED ALWAYS AS (coalesce(header ->> '$.fields.detector.value', header ->> '$.fields.signal.value')) STORED,
  voltage REAL GENERATED ALWAYS AS (header ->> '$.fields.accelerating_voltage_V.value') STORED, -- V
  magnification REAL GENERATED ALWAYS AS (header ->> '$.fields.magnification.value') STORED,
  picture TEXT,                  -- JSON: width, height, bits, scan area, frame
  header TEXT,                   -- JSON: InstrumentHeader
  alignment TEXT,                -- JSON: AlignmentMeasures, once the label is wires or fibres
  alignment_head TEXT,           -- JSON: what the alignment head says, and which head
  aligned REAL GENERATED ALWAYS AS ( -- what images labelled as wires or fibres are found by
    CASE WHEN label_category IN ('Nanowires', 'Fibres') THEN alignment_head ->> '$.probability' END) VIRTUAL,
  scores TEXT,                   -- JSON: full precision
  category TEXT,                 -- top category
  score REAL,                    -- top score
  decision TEXT CHECK (decision IN ('auto', 'prompt', 'choose')),
  model TEXT,                    -- JSON: head, backbone, preprocessing, engine
  thresholds_version INTEGER,
  series INTEGER REFERENCES series (id),
  part_of TEXT,                  -- JSON PartOf: once another file of the same acquisition is known
  acquisition TEXT GENERATED ALWAYS AS (part_of ->> '$.id') VIRTUAL,
  lesson INTEGER NOT NULL DEFAULT 0, -- its scores know the log of lessons up to here; -1: they rest, for want of bottlenecks to be made again with
  taught TEXT,                   -- JSON: the answers that moved its scores
  doubt TEXT,                    -- JSON {category, score, at}: answers given since speak against its automatic label; {category, part, at}: the answer to another part of its acquisition does
  blind_check TEXT,              -- JSON {share, rate, first, category, head}: its automatic label is to be checked by a person who does not see it, or was; NULL again once a label came of which that is not so
  label_id INTEGER REFERENCES label (id),
  label_basis TEXT,              -- of that label, by a trigger: lists by label start from an index
  label_category TEXT,
  label_position INTEGER,        -- place in the log of lessons that it rests on
  label_checked INTEGER,         -- the automatic label that it answered in a blind check
  prompt_version INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  edition INTEGER NOT NULL DEFAULT 0, -- counts every change of what the record says
  cause TEXT NOT NULL DEFAULT 'acquired',
  supersedes TEXT,
  superseded_by TEXT,
  error TEXT,                    -- JSON {code, message} while quarantined
  error_code TEXT GENERATED ALWAYS AS (error ->> '$.code') VIRTUAL,
  resume TEXT,                   -- state that a retry goes back to
  settled_at TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  spooled_at TEXT NOT NULL       -- since when the private copy is there
) STRICT, WITHOUT ROWID;
CREATE INDEX image_state ON image (state, changed_at);
-- what waits for people by age, what is aside by reason: with what sight asks for
CREATE INDEX image_waits ON image (changed_at, project, instrument) WHERE state = 'asked';
CREATE INDEX image_aside ON image (error_code, changed_at, project, instrument) WHERE state = 'quarantined';
CREATE INDEX image_prunable ON image (changed_at) WHERE state = 'forwarded' AND spooled = 1 AND at_target = 1;
-- what lists filter by, newest first
CREATE INDEX image_time ON image (settled_at, sha256);
CREATE UNIQUE INDEX image_number ON image (number);
CREATE INDEX image_state_time ON image (state, settled_at, sha256);
CREATE INDEX image_instrument ON image (instrument, settled_at, sha256);
CREATE INDEX image_basis ON image (label_basis, settled_at, sha256);
CREATE INDEX image_category ON image (label_category, settled_at, sha256);
CREATE INDEX image_project ON image (project, settled_at, sha256);
CREATE INDEX image_operator ON image (operator, settled_at, sha256);
CREATE INDEX image_aligned ON image (settled_at, sha256, aligned) WHERE aligned IS NOT NULL;
CREATE INDEX image_sample ON image (sample, settled_at, sha256);
CREATE INDEX image_series ON image (series, settled_at, sha256);
CREATE INDEX image_lesson ON image (instrument, lesson) WHERE state = 'asked';
CREATE INDEX image_asked_taught ON image (instrument, lesson) WHERE state = 'asked' AND taught IS NOT NULL;
CREATE INDEX image_asked_series ON image (series, lesson) WHERE state = 'asked';
CREATE INDEX image_because ON image (series, label_position) WHERE label_position IS NOT NULL;
CREATE INDEX image_part ON image (acquisition, state, changed_at) WHERE acquisition IS NOT NULL;
CREATE INDEX image_automatic ON image (series, sha256) WHERE label_basis = 'auto';
-- its series was corrected since its scores were made
CREATE INDEX image_moved ON image (sha256) WHERE taught IS NOT NULL AND lesson >= 0 AND series IS NOT taught ->> '$.series';
CREATE INDEX image_taught ON image (lesson)
  WHERE taught IS NOT NULL AND label_basis IS NOT 'answer' AND state IN ('labelled', 'tagged', 'forwarded');
CREATE INDEX image_resting ON image (sha256) WHERE lesson = -1;
CREATE INDEX image_without ON image (sha256) WHERE taught ->> '$.without' IS NOT NULL;
CREATE INDEX image_taught_in ON image (series, lesson) WHERE label_basis = 'auto' AND taught IS NOT NULL;
CREATE INDEX image_doubt ON image (settled_at, sha256) WHERE doubt IS NOT NULL;
CREATE INDEX image_check_open ON image (label_id)
  WHERE blind_check IS NOT NULL AND label_basis = 'auto' AND state IN ('labelled', 'tagged', 'forwarded');
CREATE INDEX image_checked_drawn ON image (label_checked) WHERE blind_check ->> '$.share' = 1 AND label_checked IS NOT NULL;
CREATE INDEX image_checked_first ON image (label_checked) WHERE blind_check ->> '$.first' = 1 AND label_checked IS NOT NULL;
-- checked where answers had made something else of it than the head
CREATE INDEX image_contested ON image (label_checked)
  WHERE blind_check ->> '$.category' <> blind_check ->> '$.head' AND label_checked IS NOT NULL;
-- what other thresholds would do with what waits
CREATE INDEX image_asked_score ON image (instrument, category, score, project) WHERE state = 'asked';
CREATE INDEX image_first_check ON image (series) WHERE blind_check ->> '$.first' = 1;

-- what images of one acquisition have in common: names without format, detector or number, or the moment
CREATE TABLE acquisition_key (
  instrument TEXT NOT NULL, key TEXT NOT NULL, settled_at TEXT NOT NULL, sha256 TEXT NOT NULL REFERENCES image (sha256),
  PRIMARY KEY (instrument, key, settled_at, sha256) -- names come again with the next run: those near in time are looked at
) STRICT, WITHOUT ROWID;

CREATE TABLE sidecar (
  sha256 TEXT PRIMARY KEY REFERENCES image (sha256),
  name TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE label (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL REFERENCES image (sha256),
  kind TEXT NOT NULL, category TEXT, second TEXT, basis TEXT NOT NULL,
  by TEXT NOT NULL, at TEXT NOT NULL, note TEXT,
  teaches INTEGER NOT NULL DEFAULT 1 CHECK (teaches IN (0, 1)), -- 0: an answer that nothing is to be learned from, now or by a later training
  because TEXT,                  -- JSON: the answers that an automatic label rests on
  position INTEGER GENERATED ALWAYS AS (because ->> '$.position') VIRTUAL,
  lead INTEGER REFERENCES label (id), -- the answer to another image that it was given together with
  routed TEXT,                   -- JSON {scores, head, version}: by what an automatic label was given, once the scores of its image were made again
  checked INTEGER REFERENCES label (id), -- of the answer to a blind check: the automatic label, which the person was not shown
  withdrawn_at TEXT, withdrawn_by TEXT
) STRICT;
CREATE INDEX label_lead ON label (lead) WHERE lead IS NOT NULL;
CREATE INDEX label_image ON label (sha256);
CREATE INDEX label_basis ON label (basis, at);

-- the log of teaching, only ever added to: scores name the place in it that they know
CREATE TABLE lesson (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  of INTEGER REFERENCES lesson (position), -- NULL: learned here; else the lesson that is unlearned here
  label_id INTEGER NOT NULL REFERENCES label (id),
  sha256 TEXT NOT NULL REFERENCES image (sha256),
  series INTEGER NOT NULL REFERENCES series (id),
  category TEXT NOT NULL,
  weight REAL NOT NULL,
  realm TEXT,                    -- the private project that it teaches; NULL: everybody
  at TEXT NOT NULL
) STRICT;
CREATE INDEX lesson_image ON lesson (sha256);
CREATE INDEX lesson_series ON lesson (series);
CREATE UNIQUE INDEX lesson_unlearned ON lesson (of) WHERE of IS NOT NULL;

-- records are long, and lists for harvesters read them in the order in which they were written: so they lie
CREATE TABLE revision (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL REFERENCES image (sha256),
  revision INTEGER NOT NULL,
  record TEXT NOT NULL,
  method TEXT NOT NULL,          -- tiff, png, jpeg or sidecar: how the record is carried
  tagged_sha256 TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX revision_of ON revision (sha256, revision);
CREATE INDEX revision_tagged ON revision (tagged_sha256);

CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL REFERENCES image (sha256),
  revision INTEGER NOT NULL,
  target TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('owed', 'withheld', 'received', 'superseded', 'emptied')),
  objects TEXT NOT NULL,         -- JSON [{place, kind, sha256, bytes}]
  place TEXT NOT NULL,           -- of the image itself
  receipt TEXT,                  -- JSON, after reading back
  tries INTEGER NOT NULL DEFAULT 0,
  next_try_at TEXT NOT NULL DEFAULT '', -- '' = at once
  error TEXT,
  project TEXT NOT NULL, instrument TEXT NOT NULL, -- of the image, '' without a project; as long as it is owed or withheld a trigger follows: what is paused or not seen is left out by index
  at TEXT NOT NULL,
  UNIQUE (sha256, revision, target)
) STRICT;
CREATE INDEX delivery_due ON delivery (target, next_try_at, id) WHERE state = 'owed';
CREATE INDEX delivery_owed ON delivery (target, id) WHERE state = 'owed';
-- looked at again when the rules of what may leave change
CREATE INDEX delivery_open ON delivery (id) WHERE state IN ('owed', 'withheld');
CREATE INDEX delivery_error ON delivery (target, id) WHERE state = 'owed' AND error IS NOT NULL;
-- the same of one project and instrument
CREATE INDEX delivery_due_of ON delivery (target, project, instrument, next_try_at, id) WHERE state = 'owed';
CREATE INDEX delivery_owed_of ON delivery (target, project, instrument, id) WHERE state = 'owed';
CREATE INDEX delivery_error_of ON delivery (target, project, instrument, id) WHERE state = 'owed' AND error IS NOT NULL;

-- what people paused: owed deliveries of it wait, intake goes on
CREATE TABLE pause (
  scope TEXT NOT NULL CHECK (scope IN ('all', 'instrument', 'project')),
  name TEXT NOT NULL,            -- of the instrument or project; '' with all
  since TEXT NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;

-- the newest receipt of each target, by project and instrument, since not everybody sees all
CREATE TABLE last_receipt (
  target TEXT NOT NULL, project TEXT NOT NULL, instrument TEXT NOT NULL, -- '' without a project
  at TEXT NOT NULL,
  PRIMARY KEY (target, project, instrument)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER delivery_received AFTER UPDATE OF state ON delivery WHEN NEW.state = 'received' AND NEW.receipt IS NOT NULL
BEGIN
  INSERT INTO last_receipt SELECT NEW.target, coalesce(project, ''), instrument, NEW.receipt ->> '$.at' FROM image WHERE sha256 = NEW.sha256
    ON CONFLICT DO UPDATE SET at = max(at, excluded.at);
END;

-- every place that a delivery uses, folded as shares compare names
CREATE TABLE place (
  target TEXT NOT NULL, folded TEXT NOT NULL, delivery INTEGER NOT NULL REFERENCES delivery (id),
  PRIMARY KEY (target, folded, delivery)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_delivery ON place (delivery);

-- whatever the record is made of: a tagged copy made from an older edition is not committed
CREATE TRIGGER image_edition AFTER UPDATE OF label_id, scores, taught, facts, header, part_of, alignment, alignment_head, revision, superseded_by ON image
BEGIN UPDATE image SET edition = edition + 1 WHERE sha256 = NEW.sha256; END;

CREATE TRIGGER image_label AFTER UPDATE OF label_id ON image
BEGIN
  UPDATE image SET (label_basis, label_category, label_position, label_checked) =
      (SELECT basis, category, position, checked FROM label WHERE id = NEW.label_id)
    WHERE sha256 = NEW.sha256;
END;

-- what the history of answers says of an image that somebody has answered, in the order of its changes: whoever holds it in memory asks for
-- what came after the last number. A copy, so that 100,000 are read one after the other and not from all over the table of images
CREATE TABLE confirmed (
  number INTEGER PRIMARY KEY,    -- counts up, over all images
  sha256 TEXT NOT NULL UNIQUE REFERENCES image (sha256),
  instrument TEXT NOT NULL, project TEXT, series INTEGER, scores TEXT, head TEXT, thresholds_version INTEGER, blind_check TEXT, label_id INTEGER
) STRICT;
CREATE TRIGGER image_confirmed AFTER UPDATE OF label_basis, scores, series, facts, blind_check ON image
WHEN NEW.label_basis = 'answer' OR EXISTS (SELECT 1 FROM confirmed WHERE sha256 = NEW.sha256)
BEGIN
  INSERT OR REPLACE INTO confirmed
    SELECT 1 + coalesce((SELECT max(number) FROM confirmed), 0), NEW.sha256, NEW.instrument, NEW.project, NEW.series,
      coalesce(routed -> '$.scores', NEW.scores), coalesce(routed ->> '$.head', NEW.model ->> '$.head'),
      coalesce(routed ->> '$.version', NEW.thresholds_version), NEW.blind_check, NEW.label_id
    FROM (SELECT (SELECT routed FROM label WHERE id = NEW.label_checked) AS routed);
END;

-- the one exception to R2: committed before a child touches the image, so that one that kills the service is known after the restart
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL, stage TEXT NOT NULL, started_at TEXT NOT NULL
) STRICT;
CREATE INDEX attempt_image ON attempt (stage, sha256, started_at);

CREATE TABLE history (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  subject TEXT NOT NULL, key TEXT NOT NULL,
  from_state TEXT, to_state TEXT,
  who TEXT NOT NULL,
  what TEXT NOT NULL,            -- one sentence for people
  detail TEXT,                   -- JSON
  names TEXT                     -- JSON {projects, images}: what the line names beside its subject, and the private project that the image was of then; who does not see all of it does not see the line
) STRICT;
CREATE INDEX history_key ON history (subject, key, id);

CREATE TABLE thresholds (
  version INTEGER PRIMARY KEY,
  value TEXT NOT NULL,           -- JSON {auto, prompt, perCategory?}
  reason TEXT NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL
) STRICT;

-- who is let in. No secret stands here: passwords as scrypt, all else as SHA-256 of what only the other side has
CREATE TABLE user (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: a session must not fall to another person
  name TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,   -- letter case and form of accents make no second person
  role TEXT NOT NULL CHECK (role IN ('operator', 'manager', 'harvester')),
  password TEXT,                 -- scrypt with its parameters; NULL until the person has set one
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX user_role ON user (role, disabled);

-- private projects that a person sees
CREATE TABLE membership (
  user INTEGER NOT NULL REFERENCES user (id), project TEXT NOT NULL,
  PRIMARY KEY (user, project)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  hash TEXT PRIMARY KEY,         -- SHA-256 of its id
  user INTEGER NOT NULL REFERENCES user (id),
  since TEXT NOT NULL,
  used_at TEXT NOT NULL          -- to some minutes
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user);
CREATE INDEX session_used ON session (used_at);

-- programs
CREATE TABLE token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('operator', 'manager', 'harvester')),
  projects TEXT NOT NULL,        -- JSON: private projects that it sees
  made_at TEXT NOT NULL, made_by TEXT NOT NULL,
  expires_at TEXT,
  used_at TEXT,                  -- to some minutes
  revoked_at TEXT
) STRICT;
CREATE UNIQUE INDEX token_name ON token (folded) WHERE revoked_at IS NULL;

-- browsers of instruments, paired once
CREATE TABLE station (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  instruments TEXT NOT NULL,     -- JSON: it sees and answers for these only
  paired_at TEXT NOT NULL, paired_by TEXT NOT NULL,
  used_at TEXT NOT NULL,         -- to some minutes
  revoked_at TEXT
) STRICT;
CREATE INDEX station_current ON station (name) WHERE revoked_at IS NULL;

-- codes that work once: gone when they are used
CREATE TABLE link (
  hash TEXT PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('first_manager', 'password', 'station')),
  user INTEGER REFERENCES user (id), -- whose password it sets
  station TEXT,                  -- JSON {name, instruments}: what it pairs
  made_at TEXT NOT NULL, made_by TEXT NOT NULL,
  expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER file_transition BEFORE UPDATE OF state ON file
WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM allowed WHERE subject = 'file' AND from_state = OLD.state AND to_state = NEW.state)
BEGIN SELECT RAISE(ABORT, 'a file may not go from this state to that'); END;

CREATE TRIGGER image_transition BEFORE UPDATE OF state ON image
WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM allowed WHERE subject = 'image' AND from_state = OLD.state AND to_state = NEW.state)
BEGIN SELECT RAISE(ABORT, 'an image may not go from this state to that'); END;

CREATE TRIGGER delivery_transition BEFORE UPDATE OF state ON delivery
WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM allowed WHERE subject = 'delivery' AND from_state = OLD.state AND to_state = NEW.state)
BEGIN SELECT RAISE(ABORT, 'a delivery may not go from this state to that'); END;

-- how many there are, kept by triggers: the status is asked for every second, and counting 300,000 rows takes longer than all else
CREATE TABLE tally (
  subject TEXT NOT NULL,         -- image, file: by state; doubt: automatic labels that answers speak against; owed, withheld: deliveries by target; spool: bytes of private copies by what they wait for
  key TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (subject, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER file_added AFTER INSERT ON file
BEGIN INSERT INTO tally VALUES ('file', NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;
CREATE TRIGGER file_moved AFTER UPDATE OF state ON file WHEN OLD.state <> NEW.state
BEGIN
  UPDATE tally SET n = n - 1 WHERE subject = 'file' AND key = OLD.state;
  INSERT INTO tally VALUES ('file', NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER file_forgotten AFTER DELETE ON file
BEGIN UPDATE tally SET n = n - 1 WHERE subject = 'file' AND key = OLD.state; END;

CREATE TRIGGER image_added AFTER INSERT ON image
BEGIN
  INSERT INTO tally VALUES ('image', NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO tally VALUES ('spool', NEW.copy, NEW.bytes) ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
CREATE TRIGGER image_moved AFTER UPDATE OF state ON image WHEN OLD.state <> NEW.state
BEGIN
  UPDATE tally SET n = n - 1 WHERE subject = 'image' AND key = OLD.state;
  INSERT INTO tally VALUES ('image', NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER image_doubted AFTER UPDATE OF doubt ON image WHEN (OLD.doubt IS NULL) <> (NEW.doubt IS NULL)
BEGIN
  INSERT INTO tally VALUES ('doubt', 'doubted', iif(NEW.doubt IS NULL, -1, 1)) ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
CREATE TRIGGER image_copy AFTER UPDATE OF state, spooled, at_target ON image WHEN OLD.copy <> NEW.copy
BEGIN
  UPDATE tally SET n = n - OLD.bytes WHERE subject = 'spool' AND key = OLD.copy;
  INSERT INTO tally VALUES ('spool', NEW.copy, NEW.bytes) ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;

CREATE TRIGGER delivery_added AFTER INSERT ON delivery WHEN NEW.state IN ('owed', 'withheld')
BEGIN INSERT INTO tally VALUES (NEW.state, NEW.target, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;
CREATE TRIGGER delivery_moved AFTER UPDATE OF state ON delivery WHEN OLD.state IN ('owed', 'withheld') AND NEW.state <> OLD.state
BEGIN
  UPDATE tally SET n = n - 1 WHERE subject = OLD.state AND key = OLD.target;
  INSERT INTO tally SELECT NEW.state, NEW.target, 1 WHERE NEW.state IN ('owed', 'withheld') ON CONFLICT DO UPDATE SET n = n + 1;
END;

-- the same of each project and instrument, for those who do not see all images: image by state, spool, owed, withheld
CREATE TABLE tally_of (
  project TEXT NOT NULL,         -- '' for images that are of none
  instrument TEXT NOT NULL,
  subject TEXT NOT NULL, key TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (project, instrument, subject, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_of_instrument ON tally_of (instrument, project, subject, key, n);
CREATE INDEX tally_of_owed ON tally_of (key) WHERE subject = 'owed' AND n > 0;
CREATE INDEX tally_of_withheld ON tally_of (key) WHERE subject = 'withheld' AND n > 0;

CREATE TRIGGER image_added_of AFTER INSERT ON image
BEGIN
  INSERT INTO tally_of VALUES (coalesce(NEW.project, ''), NEW.instrument, 'image', NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO tally_of VALUES (coalesce(NEW.project, ''), NEW.instrument, 'spool', NEW.copy, NEW.bytes) ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
-- its state, its copy or its project is another one: taken off the one count, put on the other
CREATE TRIGGER image_moved_of AFTER UPDATE OF state, spooled, at_target, facts ON image
WHEN OLD.state <> NEW.state OR OLD.copy <> NEW.copy OR OLD.project IS NOT NEW.project
BEGIN
  UPDATE tally_of SET n = n - 1 WHERE project = coalesce(OLD.project, '') AND instrument = OLD.instrument AND subject = 'image' AND key = OLD.state;
  INSERT INTO tally_of VALUES (coalesce(NEW.project, ''), NEW.instrument, 'image', NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  UPDATE tally_of SET n = n - OLD.bytes WHERE project = coalesce(OLD.project, '') AND instrument = OLD.instrument AND subject = 'spool' AND key = OLD.copy;
  INSERT INTO tally_of VALUES (coalesce(NEW.project, ''), NEW.instrument, 'spool', NEW.copy, NEW.bytes) ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
CREATE TRIGGER image_owed_of AFTER UPDATE OF facts ON image WHEN OLD.project IS NOT NEW.project
BEGIN UPDATE delivery SET project = coalesce(NEW.project, '') WHERE sha256 = NEW.sha256 AND state IN ('owed', 'withheld'); END;
CREATE TRIGGER delivery_added_of AFTER INSERT ON delivery WHEN NEW.state IN ('owed', 'withheld')
BEGIN
  INSERT INTO tally_of VALUES (NEW.project, NEW.instrument, NEW.state, NEW.target, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER delivery_moved_of AFTER UPDATE OF state, project ON delivery
WHEN OLD.state IN ('owed', 'withheld') AND (NEW.state <> OLD.state OR OLD.project <> NEW.project)
BEGIN
  UPDATE tally_of SET n = n - 1 WHERE project = OLD.project AND instrument = OLD.instrument AND subject = OLD.state AND key = OLD.target;
  INSERT INTO tally_of SELECT NEW.project, NEW.instrument, NEW.state, NEW.target, 1 WHERE NEW.state IN ('owed', 'withheld') ON CONFLICT DO UPDATE SET n = n + 1;
END;
-- free text and filters together: one token each, so that any combination is an intersection of sorted lists, newest first. store/search-terms.ts makes
-- them; the index holds no text. ascii: the tokens come without case and accents already, and are cut at spaces alone.
CREATE VIRTUAL TABLE image_text USING fts5 (
  terms, content = '', contentless_delete = 1, detail = none, prefix = '2 3', tokenize = 'ascii'
);
-- every longer word that was ever found, for what begins like it
CREATE TABLE word (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE VIEW image_terms (sha256, number, terms) AS
  SELECT sha256, number, search_terms(
    name, (SELECT group_concat(CAST(dir AS TEXT), ' ') FROM file WHERE file.sha256 = image.sha256 AND role = 'image'),
    (SELECT note FROM label WHERE label.id = image.label_id),
    instrument, project, operator, sample, detector, voltage, magnification, state, label_category, label_basis)
  FROM image;
CREATE TRIGGER image_terms_put INSTEAD OF INSERT ON image_terms
BEGIN
  INSERT OR REPLACE INTO image_text (rowid, terms) VALUES (NEW.number, NEW.terms);
  INSERT OR IGNORE INTO word SELECT value FROM json_each('["' || replace(NEW.terms, ' ', '","') || '"]') WHERE length(value) > 3;
END;
CREATE TRIGGER image_numbered AFTER INSERT ON image
BEGIN
  UPDATE image SET number = (
    SELECT coalesce(max(number) + 1, unixepoch(NEW.settled_at) << 20) FROM image
      WHERE number >= unixepoch(NEW.settled_at) << 20 AND number < (unixepoch(NEW.settled_at) + 1) << 20) WHERE sha256 = NEW.sha256;
  INSERT INTO image_terms SELECT * FROM image_terms WHERE sha256 = NEW.sha256;
END;
CREATE TRIGGER image_found AFTER UPDATE OF facts, header ON image WHEN OLD.facts IS NOT NEW.facts OR OLD.header IS NOT NEW.header
BEGIN INSERT INTO image_terms SELECT * FROM image_terms WHERE sha256 = NEW.sha256; END;
-- set by the trigger image_label with every new label
CREATE TRIGGER image_found_label AFTER UPDATE OF label_basis ON image
BEGIN INSERT INTO image_terms SELECT * FROM image_terms WHERE sha256 = NEW.sha256; END;
-- the states that few images are in have a token of their own
CREATE TRIGGER image_found_state AFTER UPDATE OF state ON image
WHEN OLD.state <> NEW.state AND (OLD.state IN ('asked', 'quarantined') OR NEW.state IN ('asked', 'quarantined'))
BEGIN INSERT INTO image_terms SELECT * FROM image_terms WHERE sha256 = NEW.sha256; END;
CREATE TRIGGER image_found_path AFTER UPDATE OF sha256 ON file WHEN NEW.sha256 IS NOT NULL AND NEW.role = 'image'
BEGIN INSERT INTO image_terms SELECT * FROM image_terms WHERE sha256 = NEW.sha256; END;

-- what was done in each hour, kept for as long as it is shown; by project and instrument, since not everybody sees all. Never by person
CREATE TABLE throughput (
  hour TEXT NOT NULL,            -- UTC, 2026-01-01T07
  what TEXT NOT NULL,            -- settled, automatic, answered, forwarded
  project TEXT NOT NULL, instrument TEXT NOT NULL, -- '' without a project
  n INTEGER NOT NULL,
  PRIMARY KEY (hour, what, project, instrument)
) STRICT, WITHOUT ROWID;
-- labels ever given, by their basis
CREATE TABLE labels_given (
  basis TEXT NOT NULL, project TEXT NOT NULL, instrument TEXT NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (basis, project, instrument)
) STRICT, WITHOUT ROWID;

-- counted in the hour when it settled, once it is read for the first time: only then is its project known
CREATE TRIGGER image_counted_settled AFTER UPDATE OF state ON image WHEN OLD.state = 'settled' AND NEW.state = 'read' AND OLD.header IS NULL
BEGIN
  INSERT INTO throughput VALUES (substr(NEW.settled_at, 1, 13), 'settled', coalesce(NEW.project, ''), NEW.instrument, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER image_counted_forwarded AFTER UPDATE OF state ON image WHEN OLD.state <> 'forwarded' AND NEW.state = 'forwarded'
BEGIN
  INSERT INTO throughput VALUES (substr(NEW.changed_at, 1, 13), 'forwarded', coalesce(NEW.project, ''), NEW.instrument, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER label_counted AFTER INSERT ON label
BEGIN
  INSERT INTO labels_given SELECT NEW.basis, coalesce(project, ''), instrument, 1 FROM image WHERE sha256 = NEW.sha256 ON CONFLICT DO UPDATE SET n = n + 1;
END;
-- an answer that holds for several images is one answer
CREATE TRIGGER label_counted_hour AFTER INSERT ON label WHEN NEW.basis IN ('auto', 'answer') AND NEW.lead IS NULL
BEGIN
  INSERT INTO throughput SELECT substr(NEW.at, 1, 13), iif(NEW.basis = 'auto', 'automatic', 'answered'), coalesce(project, ''), instrument, 1
    FROM image WHERE sha256 = NEW.sha256 ON CONFLICT DO UPDATE SET n = n + 1;
END;

-- what harvesters are given, and what they were given once (gone): in the order of its changes. store/publication-settle.ts writes it, and a trigger whose it is
CREATE TABLE publication (
  seq INTEGER PRIMARY KEY,       -- grows with every change of what is given: a list never passes over one
  stamp INTEGER NOT NULL,        -- s since 1970; never less than that of a smaller seq, whatever the clock does
  id TEXT NOT NULL UNIQUE,       -- urn:uuid: of the record
  sha256 TEXT NOT NULL UNIQUE REFERENCES image (sha256),
  revision INTEGER NOT NULL,
  first INTEGER NOT NULL,        -- its stamp when it was given for the first time
  gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
  instrument TEXT NOT NULL, category TEXT, status TEXT NOT NULL, -- of that revision: the sets that it is in
  detector TEXT, voltage REAL, magnification REAL, acquired TEXT, -- of its public record: V; local time as the instrument wrote it
  project TEXT, operator TEXT    -- of the image as it is now, not of the revision: rules and pauses go by them
) STRICT;
CREATE INDEX publication_stamp ON publication (stamp, seq);
CREATE INDEX publication_instrument ON publication (instrument, seq);
CREATE INDEX publication_category ON publication (category, seq);
CREATE INDEX publication_status ON publication (status, seq);
CREATE INDEX publication_labelled ON publication (seq) WHERE category IS NOT NULL;

-- images whose publication is to be looked at; emptied within a second or so
CREATE TABLE publication_due (
  sha256 TEXT PRIMARY KEY REFERENCES image (sha256),
  anew INTEGER NOT NULL          -- 1: a new stamp, also where nothing changed
) STRICT, WITHOUT ROWID;
CREATE TRIGGER publication_tagged AFTER INSERT ON revision
BEGIN INSERT OR IGNORE INTO publication_due VALUES (NEW.sha256, 0); END;
CREATE TRIGGER publication_owned AFTER UPDATE OF facts ON image
WHEN OLD.project IS NOT NEW.project OR OLD.operator IS NOT NEW.operator
BEGIN
  UPDATE publication SET project = NEW.project, operator = NEW.operator WHERE sha256 = NEW.sha256;
  INSERT OR IGNORE INTO publication_due SELECT NEW.sha256, 0 WHERE EXISTS (SELECT 1 FROM revision WHERE sha256 = NEW.sha256);
END;
-- all that is published by other rules than before, little by little
CREATE TABLE publication_walk (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  after TEXT NOT NULL DEFAULT '', -- SHA-256 up to which it has come
  anew INTEGER NOT NULL,
  instrument TEXT, project TEXT  -- only these
) STRICT;

-- free space of the disk of the data directory, one line an hour: how soon it is full
CREATE TABLE free_space (hour TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
