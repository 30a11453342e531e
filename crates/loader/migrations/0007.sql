-- Version 7. Pairs and contradictions are derived anew whenever something they rest on changes: numbers of their own
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
