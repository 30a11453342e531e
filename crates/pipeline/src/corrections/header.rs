//! The first row of a sheet of corrections: by its names columns are found wherever they stand.

use std::collections::HashMap;
use std::sync::Arc;

use matricule_record::{Cells, message};
use matricule_report::correction::{Target, names};

use super::original::Seen;

const NEEDED: [&str; 6] =
    [names::FILE, names::SHEET, names::ROW, names::SHA256, names::DIGEST, names::ACTION];

/// What the first row of a sheet is.
pub(super) enum First {
    /// The names of the columns.
    Names(Header),
    /// Names of columns by which no line can be read, and why.
    Unfit(String),
    /// Neither: the sheet has nothing to do with corrections.
    Other,
}

impl First {
    pub fn of(cells: &Cells) -> Self {
        let lacks = Header::lacks(cells);
        if lacks.is_empty() {
            let header = Header::of(cells);
            return match header.twice() {
                Some(name) => Self::Unfit(message!("r601-column-twice", name = name)),
                None => Self::Names(header),
            };
        }
        if names_in(cells).any(|(_, name)| is_of_corrections(name)) {
            return Self::Unfit(message!("r601-lacks", names = lacks.join(", ")));
        }
        Self::Other
    }
}

/// Whether only a sheet of corrections has a column of that name, or of that heading for people.
fn is_of_corrections(name: &str) -> bool {
    let headings = [message!("workbook-action"), message!("workbook-sha256"), message!("workbook-digest")];
    [names::ACTION, names::SHA256, names::DIGEST].contains(&name)
        || headings.contains(&name)
        || name.starts_with(names::CORRECT)
}

/// Where the columns stand.
pub(super) struct Header {
    columns: HashMap<String, usize>,
    names: Vec<String>,
    pub targets: Vec<(Target, usize)>,
    /// Columns for corrections that no cell and no field has the name of.
    pub unknown: Vec<(String, usize)>,
    /// Columns of the ledger, in the order of `originals`.
    ledger: Arc<[usize]>,
    originals: Vec<usize>,
}

impl Header {
    /// The names that a first row needs and does not have.
    pub fn lacks(cells: &Cells) -> Vec<&'static str> {
        let is_there = |name: &str| names_in(cells).any(|(_, found)| found == name);
        NEEDED.into_iter().filter(|name| !is_there(name)).collect()
    }

    fn of(cells: &Cells) -> Self {
        let known = NEEDED.into_iter().chain([names::NOTE, names::PROPOSAL]);
        let place = |name: &str| names_in(cells).find(|(_, found)| *found == name).map(|(at, _)| at);
        let is_unknown = |name: &str| name.starts_with(names::CORRECT) && Target::from_name(name).is_none();
        let unknown = names_in(cells).filter(|(_, name)| is_unknown(name));
        let targets = names_in(cells).filter_map(|(at, name)| Some((Target::from_name(name)?, at)));
        let (ledger, originals): (Vec<usize>, Vec<usize>) =
            names_in(cells).filter_map(|(at, name)| Some((Target::cell(name)?, at))).unzip();
        Self {
            columns: known.filter_map(|name| Some((name.to_owned(), place(name)?))).collect(),
            names: names_in(cells).map(|(_, name)| name.to_owned()).collect(),
            targets: targets.collect(),
            unknown: unknown.map(|(at, name)| (name.to_owned(), at)).collect(),
            ledger: ledger.into(),
            originals,
        }
    }

    /// A name by which two columns are read.
    fn twice(&self) -> Option<&str> {
        let counts = |name: &str| self.columns.contains_key(name) || Target::from_name(name).is_some();
        let is_twice = |at: usize| self.names[..at].contains(&self.names[at]);
        (0..self.names.len()).find(|at| is_twice(*at) && counts(&self.names[*at])).map(|at| &*self.names[at])
    }

    pub fn text<'a>(&self, cells: &'a Cells, name: &str) -> &'a str {
        self.columns.get(name).map_or("", |at| cells.get(*at).text)
    }

    /// The cells of the ledger that a line shows.
    pub fn seen(&self, cells: &Cells, is_csv: bool) -> Seen {
        let texts = Cells::from_texts(self.originals.iter().map(|at| cells.get(*at).text));
        Seen { is_csv, columns: Arc::clone(&self.ledger), texts }
    }
}

fn names_in(cells: &Cells) -> impl Iterator<Item = (usize, &str)> {
    cells.iter().map(|cell| cell.text.trim().trim_start_matches('\u{feff}')).enumerate()
}
