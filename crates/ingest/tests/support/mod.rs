//! Reading small files and saying in a line each what was told about them.

#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "plain in a test, where speed does not matter"
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use matricule_ingest::{
    Discovery, Event, Ingest, Inspection, LedgerFile, Limits, Overrides, ReaderCommand, discover,
};
use matricule_mapping::{Files, HeaderWords, Profile, Vocabulary};
use matricule_record::{Field, Finding, Ledger, SheetFacts, SkipClass};
use zip::write::SimpleFileOptions;

/// The words that the tests rely on.
pub struct Words {
    headers: HeaderWords,
    furniture: Vocabulary,
    ditto: Vocabulary,
    cells: [Vocabulary; 6],
}

impl Words {
    pub fn load() -> Self {
        let files =
            Files::with_directory(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mappings")).unwrap();
        Self {
            headers: files.header_words().unwrap(),
            furniture: files.vocabulary("furniture").unwrap(),
            ditto: files.vocabulary("ditto").unwrap(),
            cells: ["weapon_type", "make", "country", "personal", "quantity", "event_word"]
                .map(|name| files.vocabulary(name).unwrap()),
        }
    }

    pub fn ingest<'a>(&'a self, profile: Option<&'a Profile>) -> Ingest<'a> {
        Ingest {
            headers: &self.headers,
            furniture: &self.furniture,
            ditto: &self.ditto,
            words: &self.cells,
            profile,
            overrides: Overrides::default(),
            reader: ReaderCommand {
                program: env!("CARGO_BIN_EXE_matricule-ingest-reader").into(),
                arguments: Vec::new(),
            },
            limits: Limits::default(),
        }
    }
}

/// A file in a folder of its own.
pub struct Sample {
    _folder: tempfile::TempDir,
    pub path: PathBuf,
}

impl Sample {
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        Self { _folder: folder, path }
    }

    pub fn discover(&self) -> Discovery {
        discover(std::slice::from_ref(&self.path), None)
    }
}

/// What is told about a file, a line each. Also checks that every row is accounted for.
pub fn told(name: &str, bytes: &[u8], profile: &str) -> Vec<String> {
    told_by(name, bytes, profile, events_of)
}

/// The same with another way to read.
pub fn told_by(
    name: &str,
    bytes: &[u8],
    profile: &str,
    read: impl Fn(&Ingest, &LedgerFile) -> Vec<Event>,
) -> Vec<String> {
    let sample = Sample::new(name, bytes);
    let discovery = sample.discover();
    if let Some((_, finding)) = discovery.refused.first() {
        return vec![format!("failed {}", describe(finding))];
    }
    let words = Words::load();
    let profile = (!profile.is_empty()).then(|| Profile::parse(profile, "ledger.toml").unwrap());
    let events = read(&words.ingest(profile.as_ref()), &discovery.files[0]);
    check_conservation(&events);
    let mut lines = Vec::new();
    let mut columns = String::new();
    for event in &events {
        let own = match event {
            Event::Row(row) => columns_of(&row.source.ledger),
            Event::Sheet(ledger) => columns_of(ledger),
            _ => columns.clone(),
        };
        if own != columns && matches!(event, Event::Row(_)) {
            lines.push(format!("columns {own}"));
        }
        columns = own;
        lines.push(line(event));
    }
    lines
}

/// What becomes of the ledgers of a folder, by their names: the columns of each, or why it is refused.
pub fn columns_in(files: &[(&str, &[u8])]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let words = Words::load();
    let found = discover(&[folder.path().to_owned()], None);
    assert!(found.left_aside.is_empty(), "{:?}", found.left_aside);
    let read = found.files.iter().map(|file| {
        let told = events_of(&words.ingest(None), file).into_iter().find_map(|event| match event {
            Event::Sheet(ledger) => Some(columns_of(&ledger)),
            Event::Failed(_, finding) => Some(describe(&finding)),
            _ => None,
        });
        format!("{}: {}", file.relative, told.unwrap_or_default())
    });
    let refused =
        found.refused.iter().map(|(facts, finding)| format!("{}: {}", facts.path, describe(finding)));
    read.chain(refused).collect()
}

/// The fields of a ledger's columns.
fn columns_of(ledger: &Ledger) -> String {
    let fields = ledger.columns.iter().map(|column| column.field.map_or("-", Field::name));
    format!("({})", fields.collect::<Vec<_>>().join(" "))
}

pub fn events_of(ingest: &Ingest, file: &LedgerFile) -> Vec<Event> {
    let mut events = Vec::new();
    ingest.read(file, &mut |event| {
        events.push(event);
        ControlFlow::Continue(())
    });
    events
}

pub fn inspection_of(name: &str, bytes: &[u8]) -> Inspection {
    let sample = Sample::new(name, bytes);
    Words::load().ingest(None).inspect(&sample.discover().files[0], false)
}

fn describe(finding: &Finding) -> String {
    format!("{} {}", finding.code, finding.message)
}

fn line(event: &Event) -> String {
    match event {
        Event::File(facts) => {
            let encoding = facts.encoding.as_deref().unwrap_or("-");
            format!("file {} {encoding} {}", facts.format, facts.language.as_deref().unwrap_or("-"))
        }
        Event::Sheet(ledger) => format!("sheet {}{}", ledger.sheet, columns_of(ledger)),
        Event::Row(row) => {
            let carried: String =
                row.carried.iter().map(|(column, text)| format!(" {column}={text}")).collect();
            let findings: String = row.findings.iter().map(|finding| format!(" {}", finding.code)).collect();
            format!("{} {}{carried}{findings}", row.source.row, row.cells.to_json())
        }
        Event::Refused(reject) => {
            let codes: Vec<&str> = reject.findings.iter().map(|finding| finding.code.name()).collect();
            format!("{} refused {}", reject.source.row, codes.join(" "))
        }
        Event::Skipped { source, class, .. } => format!("{} {}", source.row, class.name()),
        Event::EndSheet(facts) => format!("read {}, blank {}", facts.rows_read, blank(facts)),
        Event::SheetFinding(sheet, finding) => format!("{sheet}: {}", describe(finding)),
        Event::EndFile => "end".to_owned(),
        Event::Failed(_, finding) => format!("failed {}", describe(finding)),
    }
}

fn blank(facts: &SheetFacts) -> u64 {
    facts.skipped.get(&SkipClass::Blank).copied().unwrap_or(0)
}

/// Read = records + refused + skipped, by class, for each sheet that ended.
pub fn check_conservation(events: &[Event]) {
    let (mut taken, mut skipped) = (0, BTreeMap::<SkipClass, u64>::new());
    for event in events {
        match event {
            Event::Sheet(_) => (taken, skipped) = (0, BTreeMap::new()),
            Event::Row(_) | Event::Refused(_) => taken += 1,
            Event::Skipped { class, .. } => *skipped.entry(*class).or_default() += 1,
            Event::EndSheet(facts) => {
                let mut counted = facts.skipped.clone();
                counted.remove(&SkipClass::Blank);
                assert_eq!(counted, skipped, "skipped rows are told and counted");
                assert_eq!(facts.rows_read, taken + facts.rows_skipped(), "{facts:?}");
            }
            _ => {}
        }
    }
}

/// A zip of the given entries.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip_by(entries, SimpleFileOptions::default())
}

/// A zip whose entries lie in it as they are.
pub fn stored(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip_by(entries, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored))
}

fn zip_by(entries: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of the given sheets: name, whether it is hidden, its rows as XML. Its fifth style has a line through it.
pub fn xlsx(sheets: &[(&str, bool, &str)]) -> Vec<u8> {
    xlsx_with(sheets, "", &[])
}

/// The same with a table of texts, and with parts that each sheet is linked to: kind, name, content.
pub fn xlsx_with(sheets: &[(&str, bool, &str)], texts: &str, linked: &[(&str, &str, &str)]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const LINK: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let (mut list, mut links, mut parts) = (String::new(), String::new(), Vec::new());
    let relationship = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>")
    };
    let relationships = |links: &str| format!("<Relationships xmlns=\"{PACKAGE}\">{links}</Relationships>");
    let of_sheet: String =
        linked.iter().map(|(kind, name, _)| relationship(name, kind, &name.replace("xl/", "../"))).collect();
    for (number, (name, hidden, rows)) in (1..).zip(sheets) {
        let state = if *hidden { " state=\"hidden\"" } else { "" };
        list += &format!("<sheet name=\"{name}\" sheetId=\"{number}\"{state} r:id=\"r{number}\"/>");
        let part = format!("worksheets/sheet{number}.xml");
        links += &relationship(&format!("r{number}"), &format!("{LINK}/worksheet"), &part);
        let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
        parts.push((format!("xl/{part}"), sheet));
        if !linked.is_empty() {
            let links = relationships(&of_sheet);
            parts.push((format!("xl/worksheets/_rels/sheet{number}.xml.rels"), links));
        }
    }
    links += &relationship("s", &format!("{LINK}/styles"), "styles.xml");
    links += &relationship("t", &format!("{LINK}/sharedStrings"), "sharedStrings.xml");
    let styles = format!(
        "<styleSheet xmlns=\"{MAIN}\"><numFmts><numFmt numFmtId=\"164\" formatCode=\"00000000\"/>\
         <numFmt numFmtId=\"165\" formatCode=\"&quot;AB&quot;0000\"/></numFmts>\
         <fonts><font/><font><strike/></font><font><strike val=\"0\"/></font></fonts>\
         <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/>\
         <xf fontId=\"1\"/><xf fontId=\"2\"/></cellXfs></styleSheet>"
    );
    let workbook =
        format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINK}\"><sheets>{list}</sheets></workbook>");
    let root = relationship("w", &format!("{LINK}/officeDocument"), "xl/workbook.xml");
    parts.extend([
        ("xl/styles.xml".into(), styles),
        ("xl/sharedStrings.xml".into(), format!("<sst xmlns=\"{MAIN}\">{texts}</sst>")),
        ("xl/workbook.xml".into(), workbook),
        ("_rels/.rels".into(), relationships(&root)),
        ("xl/_rels/workbook.xml.rels".into(), relationships(&links)),
    ]);
    parts.extend(linked.iter().map(|(_, name, content)| ((*name).to_owned(), (*content).to_owned())));
    let entries: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zip(&entries)
}

/// An ods of one table with the given rows, and styles before them.
pub fn ods(styles: &str, rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" xmlns:style=\"s\" xmlns:dc=\"d\">\
         <office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>\
         <table:table table:name=\"S\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

/// A text cell of an ods.
pub fn cell_of_ods(attributes: &str, text: &str) -> String {
    format!(
        "<table:table-cell office:value-type=\"string\"{attributes}><text:p>{text}</text:p></table:table-cell>"
    )
}

/// Merged cells, to be put behind the rows of a sheet.
pub fn merged(references: &[&str]) -> String {
    let cells: String = references.iter().map(|cells| format!("<mergeCell ref=\"{cells}\"/>")).collect();
    format!("</sheetData><mergeCells>{cells}</mergeCells><sheetData>")
}

/// A row of text cells as XML.
pub fn row(number: u32, cells: &[&str]) -> String {
    let cell = |(at, text): (usize, &&str)| {
        let letter = char::from(b'A' + at as u8);
        format!("<c r=\"{letter}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let cells: String = cells.iter().enumerate().filter(|(_, text)| !text.is_empty()).map(cell).collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

/// What becomes of the rows, and which columns they have where another table begins.
pub fn rows_of(found: &[String]) -> Vec<&str> {
    let rows = found.iter().map(String::as_str);
    rows.filter(|line| {
        line.starts_with(|c: char| c.is_ascii_digit())
            || line.starts_with("columns")
            || line.contains("failed")
    })
    .collect()
}

/// Checks what becomes of the rows of a CSV.
pub fn check(text: &str, expect: &[&str]) {
    let found = told("ledger.csv", text.as_bytes(), "");
    assert_eq!(rows_of(&found), expect, "{found:#?}");
}

/// What is told of a CSV before its rows: its columns, or why it is refused.
pub fn check_columns(text: &str, expect: &str) {
    let found = told("ledger.csv", text.as_bytes(), "");
    let line = found.iter().find(|line| line.starts_with("sheet") || line.starts_with("failed"));
    assert!(line.is_some_and(|line| line.contains(expect)), "{text}: {found:#?}");
}
