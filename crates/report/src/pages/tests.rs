//! The pages as they are written: what stands in them, and that what a ledger holds stays text.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use matricule_record::{Cells, Code, Column, Field, Finding, RefusedTable, RejectedRow, StoredReject};

use super::*;
use crate::{CodeTally, Summary};

/// Files of a report in memory.
#[derive(Clone, Default)]
struct Files(Rc<RefCell<BTreeMap<String, Vec<u8>>>>);

struct Open(Files, String);

impl Write for Open {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.0.borrow_mut().entry(self.1.clone()).or_default().extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Files {
    fn opener(&self) -> impl FnMut(&str) -> std::io::Result<Open> + use<> {
        let files = self.clone();
        move |name: &str| Ok(Open(files.clone(), name.to_owned()))
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.0.borrow().get(name).unwrap_or_else(|| panic!("no {name}")).clone()).unwrap()
    }
}

fn table(headers: &[(&str, Option<Field>)]) -> Arc<RefusedTable> {
    let column = |(header, field): &(&str, Option<Field>)| Column {
        header: (*header).into(),
        field: *field,
        ..Column::default()
    };
    Arc::new(RefusedTable { columns: headers.iter().map(column).collect(), ..RefusedTable::default() })
}

fn unmapped(table: &Arc<RefusedTable>, file: &str, row: u32, cells: &[&str]) -> StoredReject {
    let finding = Finding::new(Code::T301, "no mapping for 'Ѣ' (U+0462) in cyrl-rus-icao9303")
        .at(Some(Field::Serial), Some(0), cells[0])
        .suggest("Add a row `map,Ѣ,…`.");
    let row = RejectedRow {
        file: file.into(),
        sheet: "".into(),
        row: Some(row),
        cells: Cells::from_texts(cells.iter().copied()),
        findings: vec![finding],
    };
    StoredReject { reject_id: 1, state: "open".into(), table: Arc::clone(table), digest: String::new(), row }
}

/// All pages of a report on these rows.
fn pages(rows: &[StoredReject], unmask: bool) -> Files {
    let files = Files::default();
    let (mut repairs, mut tally) = (Repairs::default(), CodeTally::default());
    for row in rows {
        repairs.add(row);
        tally.add_rejected(&row.row);
    }
    let row = |from: &str, to: &str, source: &str| TableLine {
        kind: "map".into(),
        from: from.into(),
        to: to.into(),
        source: source.into(),
        ..TableLine::default()
    };
    let described = TableDescription {
        id: "cyrl-rus-icao9303".into(),
        description: "Cyrillic".into(),
        rows: vec![row("Ж", "ZH", "ICAO 9303-3 6.B"), row("ЖЖ", "ZZH", "")],
    };
    let tables = [described];
    let places = TablePlaces::of(&tables);
    let scan = |file: &str, text: &str| (text == "p1.png").then(|| format!("../scans/{file}/{text}"));
    let mut row_pages =
        RowPages::new(repairs.rows(), &places, "registry.db", unmask, &scan, Box::new(files.opener()));
    for row in rows {
        row_pages.write(row).unwrap();
    }
    row_pages.finish().unwrap();
    let summary = Summary {
        registry: "registry.db".into(),
        rejects_by_code: tally.into_summaries(),
        ..Summary::default()
    };
    let overview =
        Overview { summary: &summary, repairs: &repairs, tables: &tables, pairs: &[], conflicts: &[] };
    overview.write(&mut files.opener()).unwrap();
    files
}

/// Checks what a page has to contain and what it must not.
fn check(page: &str, present: &[&str], absent: &[&str]) {
    for text in present {
        assert!(page.contains(text), "{text:?} is not in\n{page}");
    }
    for text in absent {
        assert!(!page.contains(text), "{text:?} is in\n{page}");
    }
}

#[test]
fn a_number_leads_to_its_rows_and_they_to_the_table() {
    let table = table(&[("Заводской №", Some(Field::Serial)), ("Скан", Some(Field::Scan))]);
    let rows: Vec<_> = (0..1500)
        .map(|at| unmapped(&table, if at < 900 { "a.csv" } else { "b.csv" }, at + 2, &["Ѣ 1", "p1.png"]))
        .collect();
    let files = pages(&rows, false);
    check(
        &files.text("report.html"),
        &[
            "<a href=\"pages/repairs-1.html#g1\">1,500 rows in 2 files</a>",
            "href=\"pages/codes.html#T301\"",
            "Rejected rows by cause",
        ],
        &["<script src", "http:", "https:"],
    );
    check(
        &files.text("pages/repairs-1.html"),
        &[
            "id=\"g1\"",
            "href=\"table-cyrl-rus-icao9303.html\"",
            "<a href=\"rejects-1.html#r0\">Row 2</a>",
            "<a href=\"rejects-2.html#r1499\">Row 1501</a>",
        ],
        &[],
    );
    check(
        &files.text("pages/rejects-2.html"),
        &[
            "id=\"r1499\"",
            "<bdi dir=\"ltr\">Ѣ 1</bdi> <span class=\"cp\" dir=\"ltr\" title=\"Code points\">Cyrl U+0462</span>",
            "src=\"../scans/b.csv/p1.png\"",
            "<th scope=\"col\"><bdi>A Заводской №</bdi></th>",
        ],
        &["id=\"r999\""],
    );
    check(
        &files.text("pages/table-cyrl-rus-icao9303.html"),
        &["id=\"U+0416\"", "ICAO 9303-3 6.B", "Cyrl U+0416"],
        &[],
    );
    check(
        &files.text("pages/codes.html"),
        &["<section id=\"T301\"><h2>T301: no mapping for a character</h2>", "<h3>What to do</h3>"],
        &["<h1>T301"],
    );
}

#[test]
fn a_ledger_written_from_right_to_left_is_shown_so() {
    let table = table(&[("رقم السلاح", Some(Field::Serial)), ("الصانع", Some(Field::Make))]);
    let files = pages(&[unmapped(&table, "a.csv", 2, &["ب 1", "FN"])], false);
    check(
        &files.text("pages/rejects-1.html"),
        &[
            "<div class=\"scroll ledger\" dir=\"rtl\" tabindex=\"0\"",
            "<table dir=\"rtl\">",
            "<bdi dir=\"ltr\">no mapping for",
        ],
        &[],
    );
    assert_eq!(points("éЖД\u{651}x"), "Latn U+00E9, Cyrl U+0416 U+0414, Zinh U+0651");
}

#[test]
fn what_a_ledger_holds_stays_text() {
    let table = table(&[("<b>Serial</b>", Some(Field::Serial)), ("Holder", Some(Field::Holder))]);
    let rows =
        [unmapped(&table, "<img src=x>.csv", 2, &["<script>alert(1)</script>\u{202e}\"'", "Example Person"])];
    let files = pages(&rows, false);
    for name in ["report.html", "pages/repairs-1.html", "pages/rejects-1.html"] {
        check(
            &files.text(name),
            &[],
            &["<script>alert", "<img src=x>", "<b>Serial", "\u{202e}", "Example Person"],
        );
    }
    check(
        &files.text("pages/rejects-1.html"),
        &["&lt;U+202E&gt;".replace("&lt;", "&#60;").replace("&gt;", "&#62;").as_str(), "(masked)"],
        &[],
    );
    check(&pages(&rows, true).text("pages/rejects-1.html"), &["Example Person"], &["(masked)"]);
}

#[test]
fn a_table_is_linked_where_it_has_the_character() {
    let line = |from: &str| TableLine { from: from.into(), ..TableLine::default() };
    let rows = vec![line("Ж"), line("Ь")];
    let places =
        TablePlaces::of(&[TableDescription { id: "cyrl-look".into(), rows, ..TableDescription::default() }]);
    for (message, expect) in [
        ("'Ь' (U+042C) is marked for review in cyrl-look: no standard.", Some("table-cyrl-look.html#U+042C")),
        ("no mapping for 'Ѣ' (U+0462) in cyrl-look.", Some("table-cyrl-look.html")),
        ("no mapping for 'Ѣ' (U+0462) in cyrl-other.", None),
    ] {
        assert_eq!(places.link(message).as_deref(), expect, "{message}");
    }
}

#[test]
fn a_report_without_rejects_says_so() {
    let files = pages(&[], false);
    check(&files.text("report.html"), &["No row was rejected."], &["rejects-1.html", "repairs-1.html"]);
    assert_eq!(files.0.borrow().keys().filter(|name| name.contains("rejects")).count(), 0);
}
