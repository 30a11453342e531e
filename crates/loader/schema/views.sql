-- The public views (design contract, section 5), made anew whenever the tables change. A placeholder
-- stands for every field's column, so a new field shows without an edit here. They show the present
-- state: entries of a file that was superseded or withdrawn are not listed.

DROP VIEW IF EXISTS v_run;
CREATE VIEW v_run AS
SELECT r.run_id, r.started_at, r.finished_at, r.state, r.command, r.operator, r.version,
    (SELECT json_group_object(m.id, m.digest) FROM run_mapping m
        WHERE m.run_id = r.run_id AND m.kind = 'script') AS tables,
    (SELECT json_group_object(f.path, f.profile) FROM file f
        WHERE f.run_id = r.run_id AND f.profile IS NOT NULL) AS profiles,
    r.rows_read, r.rows_loaded, r.rows_rejected, r.rows_skipped, r.chain
FROM run r;

DROP VIEW IF EXISTS v_file;
CREATE VIEW v_file AS
SELECT file_id, run_id, path, sha256, bytes, format, encoding, dialect, language, reading, register, state,
    rows_read, rows_loaded + moved AS rows_loaded, rows_rejected - moved AS rows_rejected, rows_skipped, skipped,
    profile,
    (SELECT c.cause FROM state_change c WHERE c.subject = 'file' AND c.subject_id = file_id
        AND c.run_id = file.run_id AND c.after = 'current') AS merged_from
FROM file;

DROP VIEW IF EXISTS v_sheet;
CREATE VIEW v_sheet AS
SELECT file_id, sheet, rows_read, rows_loaded + moved AS rows_loaded, rows_rejected - moved AS rows_rejected,
    rows_skipped, skipped, columns, settings
FROM sheet;

DROP VIEW IF EXISTS v_entry;
CREATE VIEW v_entry AS
SELECT e.entry_id, coalesce(e.run_id, f.run_id) AS run_id, f.file_id, f.path AS file, s.sheet, e.row,
    {fields},
    e.serial_original, e.serial_canonical, e.serial_script, e.serial_table, e.serial_reading, e.no_serial,
    e.originals, e.completeness,
    CASE WHEN EXISTS (SELECT 1 FROM duplicate d WHERE d.entry_a = e.entry_id AND d.state = 'review'
                AND d.kind NOT IN ('exact', 'conflict'))
            OR EXISTS (SELECT 1 FROM duplicate d WHERE d.entry_b = e.entry_id AND d.state = 'review'
                AND d.kind NOT IN ('exact', 'conflict'))
        THEN json_insert(coalesce(e.flags, '[]'), '$[#]', json('{"code":"W405","field":"serial"}'))
        ELSE e.flags END AS flags,
    e.extra, coalesce(m.weapon_id, e.entry_id) AS weapon_id,
    e.other_reading, e.plain_key, e.cells, e.stated_by, e.reject_id, e.romanized
FROM entry e
JOIN sheet s ON s.sheet_id = e.sheet_id
JOIN file f ON f.file_id = s.file_id
LEFT JOIN merged m ON m.entry_id = e.entry_id
WHERE e.withdrawn IS NULL AND f.state = 'current';

-- Each field of a weapon is stated by one of its entries (table `stated`), which `sources` names.
DROP VIEW IF EXISTS v_weapon;
CREATE VIEW v_weapon AS
SELECT e.entry_id AS weapon_id, {stated serial}, {stated serial_original}, {stated serial_script},
    {stated no_serial}, {stated make}, {stated model}, {stated type}, {stated calibre},
    {stated country_of_manufacture}, {stated year_of_manufacture}, {stated series_mark}, {stated register},
    1 + (SELECT count(*) FROM merged m WHERE m.weapon_id = e.entry_id) AS entries,
    (SELECT count(*) FROM conflict c WHERE c.weapon_a = e.entry_id AND c.state <> 'refused'
            AND c.kind <> 'repeated_serial')
        + (SELECT count(*) FROM conflict c WHERE c.weapon_b = e.entry_id AND c.weapon_a <> e.entry_id
            AND c.state <> 'refused' AND c.kind <> 'repeated_serial')
        AS conflicts,
    {stated holder}, {stated status},
    json_patch('{}', json_object({sources})) AS sources
FROM v_entry e
LEFT JOIN stated w ON w.weapon_id = e.entry_id
WHERE e.weapon_id = e.entry_id;

DROP VIEW IF EXISTS v_marking;
CREATE VIEW v_marking AS
SELECT e.entry_id, 'control' AS component, 'serial' AS kind, e.serial_original AS original,
    e.serial_script AS script, e.serial AS converted, e.serial_table AS "table",
    e.serial_canonical AS canonical, e.serial_reading AS reading, e.other_reading,
    e.plain_key
FROM v_entry e
WHERE e.serial IS NOT NULL OR e.serial_canonical IS NOT NULL
UNION ALL
SELECT k.entry_id, k.component, k.kind, k.original, k.script, k.converted, k."table",
    k.canonical, k.reading, k.other_reading, k.plain_key
FROM marking k
JOIN v_entry e ON e.entry_id = k.entry_id;

DROP VIEW IF EXISTS v_reject;
CREATE VIEW v_reject AS
SELECT r.reject_id, d.finding, coalesce(r.run_id, f.run_id) AS run_id, r.file_id, f.path AS file, s.sheet, r.row, d.cell, d.field, d.code,
    d.original, d.message, d.suggestion,
    CASE WHEN f.state IN ('superseded', 'withdrawn') THEN 'superseded' ELSE r.state END AS state
FROM reject r
JOIN finding d ON d.reject_id = r.reject_id
JOIN file f ON f.file_id = r.file_id
LEFT JOIN sheet s ON s.sheet_id = r.sheet_id;

DROP VIEW IF EXISTS v_duplicate;
CREATE VIEW v_duplicate AS
SELECT entry_a, entry_b, kind, bits, state, reasons FROM duplicate;

-- What happened to the weapon: what the columns of an entry say, and what it tells in words. Dates that
-- nothing gives are NULL.
DROP VIEW IF EXISTS v_event;
CREATE VIEW v_event AS
SELECT entry_id, 'registered' AS kind, registered_on AS date, NULL AS from_party, holder AS to_party, document,
    'registered_on' AS field, NULL AS original
FROM v_entry WHERE registered_on IS NOT NULL
UNION ALL
SELECT entry_id, 'received', received_on, received_from, NULL, document, 'received_from', NULL
FROM v_entry WHERE received_from IS NOT NULL OR received_on IS NOT NULL
UNION ALL
SELECT entry_id, 'issued', issued_on, NULL, issued_to, document, 'issued_to', NULL
FROM v_entry WHERE issued_to IS NOT NULL OR issued_on IS NOT NULL
UNION ALL
SELECT entry_id, 'imported', import_year, import_country, NULL, NULL, 'import_year', NULL
FROM v_entry WHERE import_year IS NOT NULL OR import_country IS NOT NULL
UNION ALL
SELECT entry_id, coalesce(status, 'status'), status_date, NULL, NULL, document, 'status_date', NULL
FROM v_entry WHERE status_date IS NOT NULL
UNION ALL
SELECT t.entry_id, t.kind, t.date, t.from_party, t.to_party, t.document, t.field, t.original
FROM event t JOIN v_entry e ON e.entry_id = t.entry_id;

-- How complete the records are: of a file, of a register, of all (docs/profiles.md defines it).
DROP VIEW IF EXISTS v_completeness;
CREATE VIEW v_completeness AS
SELECT 'file' AS scope, file AS name, count(*) AS entries, round(avg(completeness), 4) AS completeness
FROM v_entry GROUP BY file
UNION ALL
SELECT 'register', coalesce(register, ''), count(*), round(avg(completeness), 4) FROM v_entry GROUP BY register
UNION ALL
SELECT 'registry', '', count(*), round(avg(completeness), 4) FROM v_entry HAVING count(*) > 0;

DROP VIEW IF EXISTS v_conflict;
CREATE VIEW v_conflict AS
SELECT rowid AS conflict_id, entry_a, entry_b, weapon_a, weapon_b, field, value_a, value_b, kind, state
FROM conflict;

-- Every decision ever made; in force is the last one on its pair, of those whose runs are not undone.
DROP VIEW IF EXISTS v_decision;
CREATE VIEW v_decision AS
SELECT d.decision_id, d.run_id, d.entry_a, d.entry_b, d.verdict, d.reason, d.operator, d.supersedes,
    r.state <> 'undone' AND NOT EXISTS (SELECT 1 FROM decision l JOIN run u ON u.run_id = l.run_id
        WHERE l.entry_a = d.entry_a AND l.entry_b = d.entry_b AND l.decision_id > d.decision_id
            AND u.state <> 'undone') AS in_force,
    a.path AS file_a, s.sheet AS sheet_a, x.row AS row_a, b.path AS file_b, t.sheet AS sheet_b, y.row AS row_b
FROM decision d
JOIN run r ON r.run_id = d.run_id
JOIN entry x ON x.entry_id = d.entry_a JOIN sheet s ON s.sheet_id = x.sheet_id JOIN file a ON a.file_id = s.file_id
JOIN entry y ON y.entry_id = d.entry_b JOIN sheet t ON t.sheet_id = y.sheet_id JOIN file b ON b.file_id = t.file_id;

DROP VIEW IF EXISTS v_change;
CREATE VIEW v_change AS
SELECT entry_id, run_id, field, before, after, cause FROM change
UNION ALL
SELECT subject_id, run_id, 'state', before, after, cause FROM state_change WHERE subject = 'entry';
