-- Made after the rows of a first build (1.5 times faster than before them), and at the start of
-- every later run, for a registry that an older version made.
CREATE INDEX IF NOT EXISTS entry_serial ON entry (serial) WHERE serial IS NOT NULL;
CREATE INDEX IF NOT EXISTS entry_canonical ON entry (serial_canonical) WHERE serial_canonical IS NOT NULL;
CREATE INDEX IF NOT EXISTS entry_other_reading ON entry (other_reading) WHERE other_reading IS NOT NULL;
CREATE INDEX IF NOT EXISTS entry_plain_key ON entry (plain_key) WHERE plain_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS marking_converted ON marking (converted);
CREATE INDEX IF NOT EXISTS marking_canonical ON marking (canonical);
CREATE INDEX IF NOT EXISTS file_run ON file (run_id);
CREATE INDEX IF NOT EXISTS sheet_file ON sheet (file_id);
CREATE INDEX IF NOT EXISTS reject_file ON reject (file_id);
CREATE INDEX IF NOT EXISTS entry_run ON entry (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS reject_run ON reject (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS former_entry ON former (entry_id);
CREATE INDEX IF NOT EXISTS former_run ON former (run_id);
CREATE INDEX IF NOT EXISTS amendment_entry ON amendment (entry_id);
CREATE INDEX IF NOT EXISTS amendment_reject ON amendment (reject_id);
CREATE INDEX IF NOT EXISTS state_change_run ON state_change (run_id);
CREATE INDEX IF NOT EXISTS state_change_subject ON state_change (subject, subject_id);
CREATE INDEX IF NOT EXISTS change_entry ON change (entry_id);
CREATE INDEX IF NOT EXISTS merged_weapon ON merged (weapon_id);
CREATE INDEX IF NOT EXISTS conflict_weapon_a ON conflict (weapon_a);
CREATE INDEX IF NOT EXISTS conflict_weapon_b ON conflict (weapon_b);
