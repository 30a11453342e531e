//! The workbook read back, cell for cell.

use std::io::Cursor;
use std::sync::{Arc, Mutex};

use calamine::{Data, Reader, Xlsx};
use matricule_record::{
    Cells, Code, Column, Field, Finding, RefusedTable, RejectedRow, StoredReject, proposed,
};

use super::*;

fn table(columns: &[(&str, Option<Field>)]) -> Arc<RefusedTable> {
    let columns = columns.iter().map(|(header, field)| Column {
        header: (*header).into(),
        field: *field,
        ..Column::default()
    });
    Arc::new(RefusedTable { sha256: "f00d".into(), columns: columns.collect(), ..RefusedTable::default() })
}

fn reject(
    table: &Arc<RefusedTable>,
    file: &str,
    row: u32,
    cells: &[&str],
    findings: Vec<Finding>,
) -> StoredReject {
    let cells = Cells::from_texts(cells.iter().copied());
    let row = RejectedRow { file: file.into(), sheet: "S".into(), row: Some(row), cells, findings };
    StoredReject {
        reject_id: 1,
        state: "open".into(),
        table: Arc::clone(table),
        digest: "d1".to_owned(),
        row,
    }
}

/// The workbooks that a set of rows becomes.
fn books(rows: &[StoredReject], unmask: bool) -> Vec<Xlsx<Cursor<Vec<u8>>>> {
    divided(rows, unmask, ROWS)
}

/// The same where a workbook holds so many rows at most.
fn divided(rows: &[StoredReject], unmask: bool, most: usize) -> Vec<Xlsx<Cursor<Vec<u8>>>> {
    let mut layouts = Layouts::default();
    for row in rows {
        layouts.add(row);
    }
    let files = Mutex::new(Vec::new());
    let open = |_| {
        let file = tempfile::tempfile()?;
        files.lock().unwrap().push(file.try_clone()?);
        Ok(file)
    };
    let mut xlsx = RejectedXlsx::create(&layouts, unmask, open).unwrap().at_most(most);
    for row in rows {
        xlsx.write(row).unwrap();
    }
    assert_eq!(xlsx.finish().unwrap(), files.lock().unwrap().len());
    let read = |file: &mut std::fs::File| {
        use std::io::{Read as _, SeekFrom};
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.read_to_end(&mut bytes).unwrap();
        Xlsx::new(Cursor::new(bytes)).unwrap()
    };
    files.lock().unwrap().iter_mut().map(read).collect()
}

/// The lines of a sheet, each cell as text; every cell has to be text.
fn lines(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<String>> {
    let range = book.worksheet_range(sheet).unwrap();
    let text = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    };
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

fn missing(field: Field, column: Option<usize>) -> Finding {
    Finding::new(Code::S201, format!("{field} is required")).at(Some(field), column, "").suggest("Write it.")
}

#[test]
fn every_cell_comes_back_as_the_ledger_has_it() {
    let table = table(&[("Заводской №", Some(Field::Serial)), ("", None), ("Владелец", Some(Field::Holder))]);
    let country = Finding::new(Code::S205, "`زمبلا` is not in the vocabulary")
        .at(None, Some(1), "زمبلا")
        .suggest(format!("Nearest: {}.", proposed("زمبابوے")));
    let rows = [
        reject(
            &table,
            "b/книга.xlsx",
            7,
            &["=1+1", " 007 ", "И. И.", "_x0041_"],
            vec![missing(Field::Make, None)],
        ),
        reject(&table, "b/книга.xlsx", 9, &["1E5", "زمبلا", "", "a\tb\u{1}"], vec![country]),
    ];
    let mut book = books(&rows, true).remove(0);
    assert_eq!(book.sheet_names(), ["Read me", "1 книга"]);
    let found = lines(&mut book, "1 книга");
    let lines: Vec<String> = found.iter().map(|line| line.join("|")).collect();
    assert_eq!(
        lines,
        [
            "A|B|C|D|file|sheet|row|codes|messages|suggestion|proposal|action|correct_B|correct_make|correct_A|\
             correct_C|correct_D|note|sha256|digest",
            "Заводской №|B|Владелец|D|File|Sheet|Row|Codes|What is wrong|What to do|Suggested value|Action|\
             corrected: B|corrected: make|corrected: Заводской №|corrected: Владелец|corrected: D|\
             Note (who says so, why)|SHA-256 of the file|SHA-256 of the row",
            "=1+1| 007 |И. И.|_x0041_|b/книга.xlsx|S|7|S201|make is required.|Write it.|||||||||f00d|d1",
            "1E5|زمبلا||a\tb\u{1}|b/книга.xlsx|S|9|S205|B9: `زمبلا` is not in the vocabulary.|\
             Nearest: ‹زمبابوے›.|B = زمبابوے||||||||f00d|d1",
        ]
    );
}

#[test]
fn layouts_have_sheets_of_their_own_and_files_one_for_all() {
    let (wide, narrow) =
        (table(&[("Serial", Some(Field::Serial)), ("Make", None)]), table(&[("رقم", Some(Field::Serial))]));
    let row =
        |table, file, number| reject(table, file, number, &["x"], vec![missing(Field::Serial, Some(0))]);
    let mut file = row(&wide, "broken.xlsx", 1);
    file.row = RejectedRow::whole("broken.xlsx".into(), "".into(), Finding::new(Code::I101, "It is damaged"));
    let rows = [row(&wide, "a.csv", 2), file, row(&narrow, "x[1]/b:c.csv", 3), row(&wide, "c.csv", 4)];
    let mut book = books(&rows, false).remove(0);
    assert_eq!(book.sheet_names(), ["Read me", "1 a", "Files", "2 b c"]);
    assert_eq!(lines(&mut book, "1 a").len(), 4);
    assert_eq!(lines(&mut book, "2 b c").len(), 3);
    assert_eq!(lines(&mut book, "Files")[1], ["broken.xlsx", "", "I101", "It is damaged.", ""]);
}

#[test]
fn a_full_workbook_is_followed_by_another() {
    let table = table(&[("Serial", Some(Field::Serial))]);
    let row = |number| reject(&table, "a.csv", number, &["x"], vec![missing(Field::Make, None)]);
    let rows: Vec<_> = (2..7).map(row).collect();
    let mut books = divided(&rows, false, 2);
    let found: Vec<Vec<String>> = books
        .iter_mut()
        .map(|book| lines(book, "1 a").into_iter().skip(2).map(|line| line[3].clone()).collect())
        .collect();
    assert_eq!(found, [vec!["2", "3"], vec!["4", "5"], vec!["6"]]);
}

#[test]
fn personal_cells_are_masked_unless_they_are_what_is_wrong() {
    check_masked(&table(&[("Serial", Some(Field::Serial)), ("Holder", Some(Field::Holder))]));
    // The mark of a header that matches no field.
    let mut phone = (*table(&[("Serial", Some(Field::Serial)), ("Phone", None)])).clone();
    phone.columns[1].is_personal = true;
    check_masked(&Arc::new(phone));
}

fn check_masked(table: &Arc<RefusedTable>) {
    let wrong = Finding::new(Code::I109, "error value").at(Some(Field::Holder), Some(1), "#REF!");
    let rows = [
        reject(table, "a.csv", 2, &["1", "Example Person"], vec![missing(Field::Make, None)]),
        reject(table, "a.csv", 3, &["1", "#REF!"], vec![wrong]),
        reject(table, "a.csv", 4, &["1", ""], vec![missing(Field::Make, None)]),
    ];
    let shown = |unmask| -> Vec<String> {
        lines(&mut books(&rows, unmask).remove(0), "1 a")
            .into_iter()
            .skip(2)
            .map(|mut row| row.remove(1))
            .collect()
    };
    assert_eq!(shown(false), ["(masked)", "#REF!", ""]);
    assert_eq!(shown(true), ["Example Person", "#REF!", ""]);
}
