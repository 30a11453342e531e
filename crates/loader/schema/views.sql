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
    profile
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
    CASE WHEN EXISTS (SELECT 1 FROM duplicate d WHERE d.state = 'review' AND d.kind NOT IN ('exact', 'conflict')
            AND e.entry_id IN (d.entry_a, d.entry_b))
        THEN json_insert(coalesce(e.flags, '[]'), '$[#]', json('{"code":"W405","field":"serial"}'))
        ELSE e.flags END AS flags,
    e.extra, coalesce(m.weapon_id, e.entry_id) AS weapon_id,
    e.other_reading, e.plain_key, e.cells, e.stated_by, e.reject_id
FROM entry e
JOIN sheet s ON s.sheet_id = e.sheet_id
JOIN file f ON f.file_id = s.file_id
LEFT JOIN merged m ON m.entry_id = e.entry_id
WHERE e.withdrawn IS NULL AND f.state = 'current';

-- A weapon is stated by its first entry; what that one leaves open, the next one that says it states.
DROP VIEW IF EXISTS v_weapon;
CREATE VIEW v_weapon AS
SELECT e.entry_id AS weapon_id, e.serial, e.serial_original, e.serial_script, e.no_serial, e.make,
    coalesce(e.model, (SELECT o.model FROM merged m JOIN entry o ON o.entry_id = m.entry_id
        WHERE m.weapon_id = e.entry_id AND o.model IS NOT NULL ORDER BY m.entry_id LIMIT 1)) AS model,
    coalesce(e.type, (SELECT o.type FROM merged m JOIN entry o ON o.entry_id = m.entry_id
        WHERE m.weapon_id = e.entry_id AND o.type IS NOT NULL ORDER BY m.entry_id LIMIT 1)) AS type,
    coalesce(e.calibre, (SELECT o.calibre FROM merged m JOIN entry o ON o.entry_id = m.entry_id
        WHERE m.weapon_id = e.entry_id AND o.calibre IS NOT NULL ORDER BY m.entry_id LIMIT 1)) AS calibre,
    e.country_of_manufacture,
    coalesce(e.year_of_manufacture, (SELECT o.year_of_manufacture FROM merged m
        JOIN entry o ON o.entry_id = m.entry_id
        WHERE m.weapon_id = e.entry_id AND o.year_of_manufacture IS NOT NULL
        ORDER BY m.entry_id LIMIT 1)) AS year_of_manufacture,
    e.series_mark, e.register,
    1 + (SELECT count(*) FROM merged m WHERE m.weapon_id = e.entry_id) AS entries,
    (SELECT count(*) FROM conflict c WHERE c.weapon_a = e.entry_id)
        + (SELECT count(*) FROM conflict c WHERE c.weapon_b = e.entry_id AND c.weapon_a <> e.entry_id)
        AS conflicts
FROM v_entry e
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

-- What the columns of an entry say happened to the weapon; dates that no column gives are NULL.
DROP VIEW IF EXISTS v_event;
CREATE VIEW v_event AS
SELECT entry_id, 'registered' AS kind, registered_on AS date, NULL AS from_party, holder AS to_party, document
FROM v_entry WHERE registered_on IS NOT NULL
UNION ALL
SELECT entry_id, 'received', NULL, received_from, NULL, document FROM v_entry WHERE received_from IS NOT NULL
UNION ALL
SELECT entry_id, 'issued', NULL, NULL, issued_to, document FROM v_entry WHERE issued_to IS NOT NULL
UNION ALL
SELECT entry_id, 'imported', import_year, import_country, NULL, NULL
FROM v_entry WHERE import_year IS NOT NULL OR import_country IS NOT NULL
UNION ALL
SELECT entry_id, coalesce(status, 'status'), status_date, NULL, NULL, document
FROM v_entry WHERE status_date IS NOT NULL;

DROP VIEW IF EXISTS v_conflict;
CREATE VIEW v_conflict AS
SELECT conflict_id, entry_a, entry_b, weapon_a, weapon_b, field, value_a, value_b, 'contradiction' AS kind,
    'open' AS state
FROM conflict;

DROP VIEW IF EXISTS v_change;
CREATE VIEW v_change AS
SELECT entry_id, run_id, field, before, after, cause FROM change
UNION ALL
SELECT subject_id, run_id, 'state', before, after, cause FROM state_change WHERE subject = 'entry';
