-- Version 5: decisions on duplicates. Append-only: a decision is reversed by another one on the same pair.
CREATE TABLE decision (
    decision_id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run,
    entry_a INTEGER NOT NULL REFERENCES entry,  -- entry_a < entry_b
    entry_b INTEGER NOT NULL REFERENCES entry,
    verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'refused', 'reopened')),
    reason TEXT NOT NULL,
    operator TEXT NOT NULL,
    supersedes INTEGER REFERENCES decision      -- the one on the same pair that holds no longer
) STRICT;
CREATE INDEX decision_pair ON decision (entry_a, entry_b);
CREATE INDEX decision_supersedes ON decision (supersedes);

-- What a contradiction may mean, and what was said of its pair.
ALTER TABLE conflict ADD COLUMN kind TEXT NOT NULL DEFAULT 'contradiction';
ALTER TABLE conflict ADD COLUMN state TEXT NOT NULL DEFAULT 'open';

-- Derived like `merged`: for a weapon of several entries, which of them states each field.
CREATE TABLE stated (
    weapon_id INTEGER PRIMARY KEY REFERENCES entry,
    "serial" INTEGER REFERENCES entry,
    "make" INTEGER REFERENCES entry,
    "model" INTEGER REFERENCES entry,
    "type" INTEGER REFERENCES entry,
    "calibre" INTEGER REFERENCES entry,
    "country_of_manufacture" INTEGER REFERENCES entry,
    "year_of_manufacture" INTEGER REFERENCES entry,
    "series_mark" INTEGER REFERENCES entry,
    "register" INTEGER REFERENCES entry,
    "holder" INTEGER REFERENCES entry,
    "status" INTEGER REFERENCES entry
) STRICT;

-- Which links the run looked for, `exact` or `full`; NULL for runs of older versions and those that resolve nothing.
ALTER TABLE run ADD COLUMN link TEXT;
