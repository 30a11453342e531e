-- Version 4: events, and what the fields of an entry lacked.
ALTER TABLE entry ADD COLUMN "chamber_length" TEXT;    -- millimetres
ALTER TABLE entry ADD COLUMN "received_on" TEXT;
ALTER TABLE entry ADD COLUMN "issued_on" TEXT;
ALTER TABLE entry ADD COLUMN "history" TEXT;           -- the chain of events as the ledger tells it

-- Names of people and places in Latin letters, for search: JSON field→text.
ALTER TABLE entry ADD COLUMN romanized TEXT;

-- What happened to the weapon, as an entry tells it in words; what its fields say is derived in `v_event`.
CREATE TABLE event (
    entry_id INTEGER NOT NULL REFERENCES entry,
    ordinal INTEGER NOT NULL,               -- from 1
    kind TEXT NOT NULL,
    date TEXT,                              -- ISO 8601, a day or an interval
    from_party TEXT,
    to_party TEXT,
    document TEXT,
    field TEXT NOT NULL,                    -- where it is told
    original TEXT NOT NULL,                 -- the words
    PRIMARY KEY (entry_id, ordinal)
) STRICT, WITHOUT ROWID;
