-- Version 1. A migration is never edited once released: a change of the tables is a new file and a
-- line in `MIGRATIONS`. Views and indexes are not here: they are derived (schema/*.sql).

-- One run of the loader: what was asked, by whom, with which version.
CREATE TABLE run (
    run_id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,               -- RFC 3339, UTC
    finished_at TEXT,
    state TEXT NOT NULL CHECK (state IN ('loading', 'published', 'undone')),
    command TEXT NOT NULL,
    operator TEXT,
    version TEXT NOT NULL,                  -- of the program
    rows_read INTEGER NOT NULL DEFAULT 0,   -- as published by this run
    rows_loaded INTEGER NOT NULL DEFAULT 0,
    rows_rejected INTEGER NOT NULL DEFAULT 0,
    rows_skipped INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Every mapping file ever used, by digest, so that a conversion can be replayed years later.
CREATE TABLE mapping (
    digest TEXT PRIMARY KEY,
    content TEXT NOT NULL
) STRICT;

CREATE TABLE run_mapping (
    run_id INTEGER NOT NULL REFERENCES run,
    kind TEXT NOT NULL,                     -- script, vocabulary, headers …
    id TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES mapping,
    PRIMARY KEY (run_id, kind, id)
) STRICT, WITHOUT ROWID;

-- Every ledger profile ever used, by the SHA-256 of its text.
CREATE TABLE profile (
    digest TEXT PRIMARY KEY,
    content TEXT NOT NULL
) STRICT;

CREATE TABLE file (
    file_id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,                   -- empty where the file could not be read
    bytes INTEGER NOT NULL,
    format TEXT NOT NULL,
    encoding TEXT,
    dialect TEXT,
    language TEXT,
    reading TEXT NOT NULL,
    register TEXT,
    profile TEXT REFERENCES profile,
    state TEXT NOT NULL CHECK (state IN ('current', 'failed', 'superseded', 'withdrawn')),
    rows_read INTEGER NOT NULL DEFAULT 0,
    rows_loaded INTEGER NOT NULL DEFAULT 0,
    rows_rejected INTEGER NOT NULL DEFAULT 0,
    rows_skipped INTEGER NOT NULL DEFAULT 0,
    skipped TEXT NOT NULL DEFAULT '{}'      -- JSON class→count
) STRICT;

-- Asked of every file while a run is loaded, so these two do not wait for its end.
CREATE INDEX file_sha256 ON file (sha256);
CREATE INDEX file_path ON file (path);

CREATE TABLE sheet (
    sheet_id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES file,
    sheet TEXT NOT NULL,                    -- empty for a CSV
    columns TEXT NOT NULL,                  -- JSON array of {"header", "field"}, first column first
    settings TEXT NOT NULL,                 -- JSON: what decided how serials were converted
    rows_read INTEGER NOT NULL DEFAULT 0,
    rows_loaded INTEGER NOT NULL DEFAULT 0,
    rows_rejected INTEGER NOT NULL DEFAULT 0,
    rows_skipped INTEGER NOT NULL DEFAULT 0,
    skipped TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- One accepted ledger row, as that ledger states it.
CREATE TABLE entry (
    entry_id INTEGER PRIMARY KEY,
    sheet_id INTEGER NOT NULL REFERENCES sheet,
    row INTEGER NOT NULL,
    "serial" TEXT,
    "component" TEXT,
    "series_mark" TEXT,
    "make" TEXT,
    "model" TEXT,
    "type" TEXT,
    "calibre" TEXT,
    "country_of_manufacture" TEXT,
    "year_of_manufacture" TEXT,
    "import_country" TEXT,
    "import_year" TEXT,
    "import_mark" TEXT,
    "barrel_serial" TEXT,
    "slide_serial" TEXT,
    "bolt_serial" TEXT,
    "cylinder_serial" TEXT,
    "other_mark" TEXT,
    "owner_mark" TEXT,
    "marking_condition" TEXT,
    "register" TEXT,
    "holder" TEXT,
    "holder_id" TEXT,
    "holder_address" TEXT,
    "received_from" TEXT,
    "issued_to" TEXT,
    "document" TEXT,
    "licence_number" TEXT,
    "unit" TEXT,
    "status" TEXT,
    "status_date" TEXT,
    "registered_on" TEXT,
    "book" TEXT,
    "page" TEXT,
    "line" TEXT,
    "scan" TEXT,
    "remarks" TEXT,
    "confidence" TEXT,
    serial_original TEXT,
    serial_canonical TEXT,
    serial_script TEXT,
    serial_table TEXT,
    serial_reading TEXT,
    other_reading TEXT,                     -- a search key only
    no_serial TEXT,
    originals TEXT,                         -- JSON field→text as written, where it was changed
    completeness REAL NOT NULL,
    flags TEXT,                             -- JSON array
    extra TEXT,                             -- JSON header→text of columns without a field
    cells TEXT NOT NULL                     -- the row as the file holds it
) STRICT;

-- Serials of further components; the main one stands in its entry.
CREATE TABLE marking (
    entry_id INTEGER NOT NULL REFERENCES entry,
    ordinal INTEGER NOT NULL,               -- from 1
    component TEXT NOT NULL,
    kind TEXT NOT NULL,
    original TEXT NOT NULL,
    canonical TEXT NOT NULL,
    script TEXT NOT NULL,
    converted TEXT NOT NULL,
    other_reading TEXT,
    "table" TEXT NOT NULL,
    reading TEXT NOT NULL,
    PRIMARY KEY (entry_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Rows that are no record but say something: titles, totals, notes. Blank rows are only counted.
CREATE TABLE skipped_row (
    skipped_id INTEGER PRIMARY KEY,
    sheet_id INTEGER NOT NULL REFERENCES sheet,
    row INTEGER NOT NULL,
    class TEXT NOT NULL,
    cells TEXT NOT NULL
) STRICT;

-- A refused row, or a refused file (sheet_id, row and cells are NULL).
CREATE TABLE reject (
    reject_id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES file,
    sheet_id INTEGER REFERENCES sheet,
    row INTEGER,
    cells TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'corrected', 'waived', 'superseded'))
) STRICT;

CREATE TABLE finding (
    reject_id INTEGER NOT NULL REFERENCES reject,
    finding INTEGER NOT NULL,               -- ordinal within the row, from 1
    code TEXT NOT NULL,
    field TEXT,
    "column" INTEGER,                       -- from 0
    cell TEXT,                              -- as a spreadsheet program shows it: C42
    original TEXT NOT NULL,
    message TEXT NOT NULL,
    suggestion TEXT NOT NULL,
    PRIMARY KEY (reject_id, finding)
) STRICT, WITHOUT ROWID;

-- What happened to an entry after it was loaded. Append-only.
CREATE TABLE change (
    change_id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entry,
    run_id INTEGER NOT NULL REFERENCES run,
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    cause TEXT NOT NULL
) STRICT;

-- Derived by resolution and replaced as a whole: which entries describe one weapon …
CREATE TABLE merged (
    entry_id INTEGER PRIMARY KEY REFERENCES entry,
    weapon_id INTEGER NOT NULL REFERENCES entry     -- the first entry of the weapon
) STRICT;

-- … which may …
CREATE TABLE duplicate (
    duplicate_id INTEGER PRIMARY KEY,
    entry_a INTEGER NOT NULL REFERENCES entry,
    entry_b INTEGER NOT NULL REFERENCES entry,
    kind TEXT NOT NULL,
    bits REAL,                              -- log2 odds; NULL for an exact link
    state TEXT NOT NULL CHECK (state IN ('merged', 'review', 'confirmed', 'refused')),
    reasons TEXT NOT NULL                   -- JSON array
) STRICT;

-- … and which contradict each other.
CREATE TABLE conflict (
    conflict_id INTEGER PRIMARY KEY,
    entry_a INTEGER NOT NULL REFERENCES entry,
    entry_b INTEGER NOT NULL REFERENCES entry,
    weapon_a INTEGER NOT NULL REFERENCES entry,
    weapon_b INTEGER NOT NULL REFERENCES entry,
    field TEXT NOT NULL,
    value_a TEXT NOT NULL,
    value_b TEXT NOT NULL
) STRICT;
