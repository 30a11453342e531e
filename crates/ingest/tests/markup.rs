//! What a workbook says of its cells beside their values: lines through a text, comments, and references that lead
//! nowhere.

#[cfg(test)]
mod support;

use support::{cell_of_ods, ods, row, rows_of, told, xlsx, xlsx_with};

const COMMENTS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments";
const THREADS: &str = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment";

/// Checks what becomes of the rows of a workbook of one sheet, its table of texts and further parts given.
fn check(rows: &str, texts: &str, parts: &[(&str, &str, &str)], expect: &[&str]) {
    let header = row(1, &["Serial No.", "Make", "Remarks"]);
    let found = told("ledger.xlsx", &xlsx_with(&[("S", false, &(header + rows))], texts, parts), "");
    assert_eq!(rows_of(&found)[1..], *expect, "{rows} {found:#?}");
}

fn text(cell: &str, style: u8, text: &str) -> String {
    format!("<c r=\"{cell}\" s=\"{style}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn in_row(cells: &[String]) -> String {
    format!("<row r=\"2\">{}</row>", cells.concat())
}

#[test]
fn what_is_struck_out_was_loaded() {
    let plain = |cell| text(cell, 0, "FN");
    // A style with a line through it: the serial, all of the row, another value, a cell without a value, no line.
    check(&in_row(&[text("A2", 4, "A1"), plain("B2")]), "", &[], &[r#"2 ["A1","FN"] I114"#]);
    check(&in_row(&[text("A2", 4, "A1"), text("B2", 4, "FN")]), "", &[], &[r#"2 ["A1","FN"] I114"#]);
    let others = in_row(&[text("A2", 0, "A1"), text("B2", 4, "FN"), text("C2", 4, "x")]);
    check(&others, "", &[], &[r#"2 ["A1","FN","x"] I114 I114"#]);
    check(&in_row(&[text("A2", 0, "A1"), "<c r=\"B2\" s=\"4\"/>".into()]), "", &[], &[r#"2 ["A1"]"#]);
    check(&in_row(&[text("A2", 5, "A1"), plain("B2")]), "", &[], &[r#"2 ["A1","FN"]"#]);
    // Runs of a text, in the cell and in the table of texts.
    let run = |properties: &str, text: &str| format!("<r><rPr>{properties}</rPr><t>{text}</t></r>");
    for (runs, expect) in [
        (run("<strike/>", "A1"), r#"2 ["A1","FN"] I114"#),
        (run("<strike/>", "A") + &run("<b/>", "1"), r#"2 ["A1","FN"] I114"#),
        (run("<strike val=\"0\"/>", "A1"), r#"2 ["A1","FN"]"#),
        (run("<b/>", "A1") + "<rPh><r><rPr><strike/></rPr><t>x</t></r></rPh>", r#"2 ["A1","FN"]"#),
    ] {
        let cell = format!("<c r=\"A2\" t=\"inlineStr\"><is>{runs}</is></c>");
        check(&in_row(&[cell, plain("B2")]), "", &[], &[expect]);
        let cell = "<c r=\"A2\" t=\"s\"><v>1</v></c>".to_owned();
        check(&in_row(&[cell, plain("B2")]), &format!("<si><t>x</t></si><si>{runs}</si>"), &[], &[expect]);
    }
}

#[test]
fn comments_were_lost() {
    let note = "<comments><commentList><comment ref=\"A2\" authorId=\"0\"><text><r><t>Clerk:</t></r>\
                <r><t>&#10;wrong &amp; crossed</t></r></text></comment></commentList></comments>";
    let thread = "<ThreadedComments><threadedComment ref=\"A2\" id=\"1\"><text>see page 4</text></threadedComment>\
                  <threadedComment ref=\"A2\" parentId=\"1\"><text>done</text></threadedComment></ThreadedComments>";
    let rows = row(2, &["A1", "FN"]) + &row(3, &["A2", "FN"]);
    let last = r#"3 ["A2","FN"]"#;
    let columns = "columns (serial make remarks -)";
    let notes = (COMMENTS, "xl/comments1.xml", note);
    check(&rows, "", &[notes], &[columns, r#"2 ["A1","FN","","A2: Clerk:\nwrong & crossed"]"#, last]);
    // A thread leaves a note for older programs.
    let threads = [notes, (THREADS, "xl/threadedComments/t.xml", thread)];
    check(&rows, "", &threads, &[columns, r#"2 ["A1","FN","","A2: see page 4\nA2: done"]"#, last]);
    // Of a cell without a value, and of a row longer than the header.
    let empty = note.replace("A2", "C3");
    let said = r#"3 ["A2","FN","","C3: Clerk:\nwrong & crossed"]"#;
    check(&rows, "", &[(COMMENTS, "xl/c.xml", &empty)], &[r#"2 ["A1","FN"]"#, columns, said]);
    let longer = row(2, &["A1", "FN", "", "x"]);
    let both = r#"2 ["A1","FN","","x","A2: Clerk:\nwrong & crossed"] I108"#;
    check(&longer, "", &[notes], &[columns, both]);
    // Of the header, and none that says anything.
    let header = note.replace("A2", "A1");
    check(&rows, "", &[(COMMENTS, "xl/c.xml", &header)], &[columns, r#"2 ["A1","FN"]"#, last]);
    check(&rows, "", &[(COMMENTS, "xl/c.xml", "<comments/>")], &[r#"2 ["A1","FN"]"#, last]);
    let found =
        told("l.xlsx", &xlsx_with(&[("S", false, &rows)], "", &[(COMMENTS, "xl/c.xml", "<comments")]), "");
    assert!(found.iter().any(|line| line.contains("I101")), "{found:?}");
}

#[test]
fn a_cell_that_names_no_text_was_read_as_the_first() {
    let cell = |index: &str| format!("<c r=\"A2\" t=\"s\"><v>{index}</v></c>");
    let rows = in_row(&[cell("1"), text("B2", 0, "FN")]);
    check(&rows, "<si><t>A</t></si><si><t>B</t></si>", &[], &[r#"2 ["B","FN"]"#]);
    for index in ["-1", "99999999999999999999", "x"] {
        let rows = row(1, &["Serial No.", "Make"]) + &in_row(&[cell(index), text("B2", 0, "FN")]);
        let found = told("ledger.xlsx", &xlsx_with(&[("S", false, &rows)], "<si><t>A</t></si>", &[]), "");
        assert!(found.last().is_some_and(|line| line.contains("I101")), "{index}: {found:?}");
    }
}

#[test]
fn rows_of_a_second_table_were_lost() {
    let rows = row(1, &["Serial No.", "Make"]) + &row(2, &["A1", "FN"]);
    let second = format!("{rows}</sheetData><sheetData>{}", row(3, &["A2", "FN"]));
    let found = told("ledger.xlsx", &xlsx(&[("S", false, &second)]), "");
    assert!(
        found.last().is_some_and(|line| line.contains("I101") && line.contains("two places")),
        "{found:?}"
    );
}

#[test]
fn rows_without_height_are_hidden() {
    // `zeroHeight` hides the rows that have no data, as spreadsheet programs write and read it.
    let zero = "<sheetFormatPr defaultRowHeight=\"15\" zeroHeight=\"1\"/>";
    let rows = row(1, &["Serial No.", "Make"]) + &row(2, &["A1", "FN"]);
    let hidden = row(3, &["A2", "FN"]).replace("<row ", "<row ht=\"0\" customHeight=\"1\" ");
    let sheet = format!("</sheetData>{zero}<sheetData>");
    let bytes = xlsx(&[("S", false, &(rows + &hidden))]);
    assert_eq!(rows_of(&told("ledger.xlsx", &bytes, "")), ["1 header", r#"2 ["A1","FN"]"#, "3 hidden"]);
    let bytes = xlsx(&[("S", false, &(row(1, &["Serial No.", "Make"]) + &row(2, &["A1", "FN"]) + &sheet))]);
    assert_eq!(rows_of(&told("ledger.xlsx", &bytes, "")), ["1 header", r#"2 ["A1","FN"]"#]);
}

#[test]
fn an_ods_says_the_same() {
    let styles = "<style:style style:name=\"x\" style:family=\"table-cell\"><style:text-properties \
                  style:text-line-through-style=\"solid\"/></style:style><style:style style:name=\"t\" \
                  style:family=\"text\"><style:text-properties style:text-line-through-type=\"single\"/></style:style>\
                  <style:style style:name=\"y\" style:family=\"table-cell\" style:parent-style-name=\"x\"/>\
                  <style:style style:name=\"n\" style:family=\"table-cell\" style:parent-style-name=\"x\">\
                  <style:text-properties style:text-line-through-style=\"none\"/></style:style>";
    let header = cell_of_ods("", "Serial No.") + &cell_of_ods("", "Make");
    let style = |name: &str| format!(" table:style-name=\"{name}\"");
    let span = |text: &str| format!("<text:span text:style-name=\"t\">{text}</text:span>");
    let comment =
        "<office:annotation><dc:creator>Clerk</dc:creator><text:p>see page 4</text:p></office:annotation>";
    for (columns, cell, expect) in [
        ("", cell_of_ods(&style("x"), "A1"), vec![r#"2 ["A1","FN"] I114"#]),
        ("", cell_of_ods(&style("y"), "A1"), vec![r#"2 ["A1","FN"] I114"#]),
        ("", cell_of_ods(&style("n"), "A1"), vec![r#"2 ["A1","FN"]"#]),
        ("", cell_of_ods("", &span("A1")), vec![r#"2 ["A1","FN"] I114"#]),
        ("", cell_of_ods("", &(span("A") + "1")), vec![r#"2 ["A1","FN"] I114"#]),
        (
            "<table:table-column table:default-cell-style-name=\"x\"/>",
            cell_of_ods("", "A1"),
            vec![r#"2 ["A1","FN"] I114"#],
        ),
        (
            "",
            cell_of_ods("", "A1").replace("<text:p>", &(comment.to_owned() + "<text:p>")),
            vec!["columns (serial make -)", r#"2 ["A1","FN","A2: see page 4"]"#],
        ),
    ] {
        let rows = format!(
            "{columns}<table:table-row>{header}</table:table-row><table:table-row>{cell}{}</table:table-row>",
            cell_of_ods(&style("unknown"), "FN")
        );
        let found = told("ledger.ods", &ods(styles, &rows), "");
        assert_eq!(rows_of(&found)[1..], expect, "{cell}");
    }
}

#[test]
fn what_is_no_text_of_a_cell_was_added_to_it() {
    let cell = "<c r=\"A2\" t=\"s\"><v>0</v></c>".to_owned();
    for (text, name) in [
        ("<t>A1</t><extLst><ext><t>EX9</t></ext></extLst>", "extLst"),
        (
            "<AlternateContent><Choice><t>C1</t></Choice><Fallback><t>F1</t></Fallback></AlternateContent>",
            "AlternateContent",
        ),
    ] {
        let rows = in_row(&[cell.clone(), text_of_make()]);
        let texts = format!("<si>{text}</si>");
        let found = told(
            "ledger.xlsx",
            &xlsx_with(&[("S", false, &(row(1, &["Serial No.", "Make"]) + &rows))], &texts, &[]),
            "",
        );
        assert!(found.iter().any(|event| event.contains("I101") && event.contains(name)), "{found:#?}");
    }
    let header = format!(
        "<table:table-row>{}{}</table:table-row>",
        cell_of_ods("", "Serial No."),
        cell_of_ods("", "Make")
    );
    let ruby =
        "<text:ruby><text:ruby-base>A12</text:ruby-base><text:ruby-text>zz</text:ruby-text></text:ruby>";
    let rows = format!(
        "{header}<table:table-row>{}{}</table:table-row>",
        cell_of_ods("", ruby),
        cell_of_ods("", "FN")
    );
    let found = told("ledger.ods", &ods("", &rows), "");
    assert!(found.iter().any(|event| event.contains("I101") && event.contains("ruby-text")), "{found:#?}");
}

fn text_of_make() -> String {
    text("B2", 0, "FN")
}
