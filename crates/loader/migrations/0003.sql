-- Version 3: entries may be stated anew, by a re-run, an amendment, a newer version of their ledger, a
-- correction of a refused row or an undo. The tables show the present state; what was before stands in
-- `former`, and the log (former, change) is only ever added to.

-- Cells whose value stands elsewhere (a ditto mark, a merged cell, a group row): JSON column→text meant.
ALTER TABLE entry ADD COLUMN carried TEXT;
ALTER TABLE reject ADD COLUMN carried TEXT;

-- The run that loaded or refused the row, where it is not the one that loaded its file.
ALTER TABLE entry ADD COLUMN run_id INTEGER REFERENCES run;
ALTER TABLE reject ADD COLUMN run_id INTEGER REFERENCES run;
-- The run that last stated it (its tables replay the serial), where it is not the one that loaded it.
ALTER TABLE entry ADD COLUMN stated_by INTEGER REFERENCES run;
-- The run that took it out of the present state: its row vanished, is refused now, or was undone.
ALTER TABLE entry ADD COLUMN withdrawn INTEGER REFERENCES run;
-- The refused row that an entry was before it was repaired.
ALTER TABLE entry ADD COLUMN reject_id INTEGER REFERENCES reject;

-- Re-runs under whose tables every row of a file is known to read as it does; the last one that is not undone
-- stands, or else the run that loaded the file.
CREATE TABLE standing (
    run_id INTEGER NOT NULL REFERENCES run,
    file_id INTEGER NOT NULL REFERENCES file,
    PRIMARY KEY (file_id, run_id)
) STRICT, WITHOUT ROWID;

-- How many more of its rows are loaded now than when it was published (fewer where negative); rejected
-- rows are as many fewer. A state, like the ones above: it follows from entries and rejects.
ALTER TABLE file ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sheet ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;

-- Columns of the second and later tables of a sheet: those of the rows from `row` on.
CREATE TABLE sheet_table (
    sheet_id INTEGER NOT NULL REFERENCES sheet,
    row INTEGER NOT NULL,
    columns TEXT NOT NULL,
    PRIMARY KEY (sheet_id, row)
) STRICT, WITHOUT ROWID;

-- How a sheet's rows are read since a run gave its ledger another profile; the last run that is not undone holds.
CREATE TABLE sheet_reading (
    sheet_id INTEGER NOT NULL REFERENCES sheet,
    run_id INTEGER NOT NULL REFERENCES run,
    row INTEGER NOT NULL,                       -- the table's first row, as in sheet_table; 0 for the first table
    columns TEXT NOT NULL,
    settings TEXT NOT NULL,
    PRIMARY KEY (sheet_id, run_id, row)
) STRICT, WITHOUT ROWID;

-- What an entry was before a run stated it anew. Append-only.
CREATE TABLE former (
    former_id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entry,
    run_id INTEGER NOT NULL REFERENCES run,     -- the run that replaced it
    content TEXT NOT NULL                       -- JSON: columns of `entry` that were set, and `markings`
) STRICT;

-- Serials that an entry had before, so that it is still found by them.
CREATE TABLE former_serial (
    serial TEXT NOT NULL,
    entry_id INTEGER NOT NULL REFERENCES entry,
    PRIMARY KEY (serial, entry_id)
) STRICT, WITHOUT ROWID;

-- What a person says is to be read in place of a cell of the ledger; it binds every later run. Append-only:
-- of several on one cell, the last holds. Of an entry, or of a refused row that was corrected.
CREATE TABLE amendment (
    amendment_id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run,
    entry_id INTEGER REFERENCES entry,
    reject_id INTEGER REFERENCES reject,
    field TEXT,                                 -- NULL for a column without a field
    "column" INTEGER NOT NULL,                  -- from 0; behind the ledger's last one where it has none for the field
    before TEXT NOT NULL,                       -- the cell as read so far
    cell TEXT NOT NULL,                         -- what is read in its place
    reason TEXT NOT NULL
) STRICT;

-- Every change of a state that the tables show. Append-only; the last one of a thing is its state.
CREATE TABLE state_change (
    state_change_id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run,
    subject TEXT NOT NULL CHECK (subject IN ('entry', 'reject', 'file', 'run', 'amendment')),
    subject_id INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    cause TEXT NOT NULL
) STRICT;
