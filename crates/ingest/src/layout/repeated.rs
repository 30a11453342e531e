//! The lines that stand above the first record: titles and header. On a later page they stand again,
//! word for word, and are no records there, whatever they say.

use matricule_record::{Cells, SkipClass};

use crate::sheet_row::SheetRow;

/// The lines of the first page.
#[derive(Default)]
pub(crate) struct Repeated {
    lines: Vec<Line>,
}

struct Line {
    /// Its values with their columns.
    values: Vec<(usize, String)>,
    class: SkipClass,
}

impl Repeated {
    /// Remembers a line; one without letters says too little to be known again.
    pub fn remember(&mut self, row: &SheetRow, class: SkipClass) {
        let values = values(&row.cells).map(|(at, text)| (at, text.to_owned())).collect::<Vec<_>>();
        if values.iter().any(|(_, text)| text.chars().any(char::is_alphabetic)) {
            self.lines.push(Line { values, class });
        }
    }

    /// Forgets the lines of the header, as another one holds from here on.
    pub fn forget_header(&mut self) {
        self.lines.retain(|line| line.class == SkipClass::Title);
    }

    /// What a row is that is one of the lines.
    pub fn class(&self, cells: &Cells) -> Option<SkipClass> {
        let first = values(cells).next()?;
        let alike = |line: &&Line| {
            line.values.first().is_some_and(|(at, text)| (*at, text.as_str()) == first)
                && values(cells).eq(line.values.iter().map(|(at, text)| (*at, text.as_str())))
        };
        self.lines.iter().find(alike).map(|line| line.class)
    }
}

fn values(cells: &Cells) -> impl Iterator<Item = (usize, &str)> {
    cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank()).map(|(at, cell)| (at, cell.text.trim()))
}
