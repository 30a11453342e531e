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
-- The run under whose tables every row of the file is known to read as it does; NULL: the one that loaded it.
ALTER TABLE file ADD COLUMN standing INTEGER REFERENCES run;

-- Columns of the second and later tables of a sheet: those of the rows from `row` on.
CREATE TABLE sheet_table (
    sheet_id INTEGER NOT NULL REFERENCES sheet,
    row INTEGER NOT NULL,
    columns TEXT NOT NULL,
    PRIMARY KEY (sheet_id, row)
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

-- Values that a person set over what the ledger says; they bind every later run.
CREATE TABLE amendment (
    amendment_id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entry,
    run_id INTEGER NOT NULL REFERENCES run,
    field TEXT NOT NULL,
    cell TEXT NOT NULL,                         -- what is read in place of the ledger's cell
    reason TEXT NOT NULL,
    undone INTEGER REFERENCES run
) STRICT;
