//! `matricule audit --sample`: entries drawn by lot, to be compared with the paper.
//!
//! Nobody chooses which: the lot is SHA-256 of the head of the chain of evidence and the address of an entry. Whoever
//! has the registry draws the same entries again, and nobody knows them before the last run was published.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use matricule_loader::{ExportFilter, Exported, Registry};
use matricule_report::{Export, ExportFormat};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::report::private_new;

/// What is compared with the paper.
const SHOWN: [&str; 16] = [
    "file",
    "sheet",
    "row",
    "book",
    "page",
    "line",
    "serial_original",
    "serial",
    "make",
    "model",
    "type",
    "calibre",
    "country_of_manufacture",
    "year_of_manufacture",
    "status",
    "remarks",
];
/// How many of them are the address.
const ADDRESS: usize = 3;
/// What whoever compares fills in.
const FILLED_IN: [&str; 3] = ["the paper says otherwise", "compared by", "compared on"];

/// Writes so many entries, or all where there are fewer, into a new workbook; says how many. Personal data are left
/// out.
pub fn spot_check(registry: &Registry, entries: usize, path: &Path) -> Result<u64, Error> {
    let drawn = draw(registry, entries)?;
    let file = private_new(path).map_err(|error| Error::Write { path: path.to_owned(), error })?;
    let written = write(drawn, file).map_err(|error| Error::from(error).at(path));
    if written.is_err() {
        // Half a sheet is none.
        let _ = fs::remove_file(path);
    }
    written
}

fn write(drawn: Vec<Vec<Option<String>>>, file: File) -> Result<u64, matricule_report::Error> {
    let columns = SHOWN.into_iter().chain(FILLED_IN).collect();
    let mut sheet = Export::create(BufWriter::new(file), ExportFormat::Xlsx, columns, false)?;
    for mut row in drawn {
        row.resize(SHOWN.len() + FILLED_IN.len(), None);
        sheet.write(&row)?;
    }
    sheet.finish()
}

/// The entries with the lowest lots, in the order of the registry.
fn draw(registry: &Registry, entries: usize) -> Result<Vec<Vec<Option<String>>>, Error> {
    let head = registry.stored()?.head()?;
    let mut lowest: BTreeMap<[u8; 32], (u64, Vec<Option<String>>)> = BTreeMap::new();
    let mut place = 0;
    registry.export(Exported::Entries, &ExportFilter::default(), &SHOWN, |row| {
        place += 1;
        let lot = lot(&head, &row[..ADDRESS]);
        let is_lower = lowest.last_key_value().is_none_or(|(highest, _)| lot < *highest);
        if lowest.len() < entries || is_lower {
            lowest.insert(lot, (place, row.to_vec()));
        }
        if lowest.len() > entries {
            lowest.pop_last();
        }
    })?;
    let mut drawn: Vec<_> = lowest.into_values().collect();
    drawn.sort_unstable_by_key(|(place, _)| *place);
    Ok(drawn.into_iter().map(|(_, row)| row).collect())
}

fn lot(head: &str, address: &[Option<String>]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(head);
    for part in address {
        hasher.update([0xff]);
        hasher.update(part.as_deref().unwrap_or_default());
    }
    hasher.finalize().into()
}
