//! Cells of a stored table, one line a row.

use std::borrow::Cow;

/// A cell of a stored table: tabs, line ends and backslashes written out.
pub(crate) fn escaped(cell: &str) -> Cow<'_, str> {
    if !cell.contains(['\\', '\t', '\n', '\r']) {
        return Cow::Borrowed(cell);
    }
    let escaped = cell.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r");
    Cow::Owned(escaped)
}

/// The text that was written so.
pub(crate) fn unescaped(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut characters = cell.chars();
    while let Some(character) = characters.next() {
        match (character, if character == '\\' { characters.next() } else { None }) {
            ('\\', Some('t')) => text.push('\t'),
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('r')) => text.push('\r'),
            (_, Some(other)) => text.push(other),
            (_, None) => text.push(character),
        }
    }
    text
}
