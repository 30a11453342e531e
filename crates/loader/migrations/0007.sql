-- Version 7. What can name a person is hashed with a salt of its row, and can be erased with it: of what was erased
-- the digest is kept (hexadecimal), so that the chain of evidence stands. Rows without a salt are of older versions.
ALTER TABLE entry ADD COLUMN salt TEXT;
ALTER TABLE entry ADD COLUMN erased TEXT;
ALTER TABLE reject ADD COLUMN salt TEXT;
ALTER TABLE reject ADD COLUMN erased TEXT;
ALTER TABLE skipped_row ADD COLUMN salt TEXT;
ALTER TABLE skipped_row ADD COLUMN erased TEXT;
ALTER TABLE change ADD COLUMN salt TEXT;
ALTER TABLE change ADD COLUMN erased TEXT;
ALTER TABLE amendment ADD COLUMN salt TEXT;
ALTER TABLE amendment ADD COLUMN erased TEXT;

-- Every erasure: what was erased, by its digest, and the digest of what is left in its place. Append-only: of several
-- of one digest the last holds.
CREATE TABLE erasure (
    erasure_id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run,
    entry_id INTEGER REFERENCES entry,          -- whose weapon may be another since
    erased TEXT NOT NULL,
    remaining TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- Pairs and contradictions are derived anew whenever something they rest on changes: numbers of their own
-- meant nothing, and nothing could prove them.
CREATE TEMP TABLE kept_duplicate AS SELECT entry_a, entry_b, kind, bits, state, reasons FROM duplicate ORDER BY duplicate_id;
DROP TABLE duplicate;
CREATE TABLE duplicate (
    entry_a INTEGER NOT NULL REFERENCES entry,
    entry_b INTEGER NOT NULL REFERENCES entry,
    kind TEXT NOT NULL,
    bits REAL,                              -- log2 odds; NULL for an exact link
    state TEXT NOT NULL CHECK (state IN ('merged', 'review', 'confirmed', 'refused')),
    reasons TEXT NOT NULL                   -- JSON array
) STRICT;
INSERT INTO duplicate SELECT * FROM kept_duplicate;
DROP TABLE kept_duplicate;

CREATE TEMP TABLE kept_conflict AS
    SELECT entry_a, entry_b, weapon_a, weapon_b, field, value_a, value_b, kind, state FROM conflict ORDER BY conflict_id;
DROP TABLE conflict;
CREATE TABLE conflict (
    entry_a INTEGER NOT NULL REFERENCES entry,
    entry_b INTEGER NOT NULL REFERENCES entry,
    weapon_a INTEGER NOT NULL REFERENCES entry,
    weapon_b INTEGER NOT NULL REFERENCES entry,
    field TEXT NOT NULL,
    value_a TEXT NOT NULL,
    value_b TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT;
INSERT INTO conflict SELECT * FROM kept_conflict;
DROP TABLE kept_conflict;
