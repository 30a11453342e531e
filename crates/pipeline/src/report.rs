//! The files of a report: the refused rows in four forms, the pages, the summary. They are written beside their
//! place and put there when the run is published.

mod kept;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use matricule_loader::{Load, Registry, RejectQuery};
use matricule_record::StoredReject;
use matricule_report::pages::{TableDescription, TablePlaces};
use matricule_report::{
    CodeTally, Layouts, RejectedCsv, RejectedJson, RejectedXlsx, Repairs, RowPages, SafeCsv, Summary,
    write_json,
};

use crate::convert::{Personal, readings};
use crate::pages::{self, Lists};
use crate::scans::Scans;
use crate::{Error, Stages, standing};

pub use self::kept::Kept;

/// Where refused rows come from.
pub(crate) trait Refused {
    /// Visits them in address order.
    fn refused(&self, visitor: &mut dyn FnMut(StoredReject)) -> Result<(), Error>;
}

impl Refused for Load {
    fn refused(&self, visitor: &mut dyn FnMut(StoredReject)) -> Result<(), Error> {
        Ok(Self::refused(self, visitor)?)
    }
}

/// Those of a registry that a query asks for.
pub(crate) struct Chosen<'a>(pub &'a Registry, pub RejectQuery);

impl Refused for Chosen<'_> {
    fn refused(&self, visitor: &mut dyn FnMut(StoredReject)) -> Result<(), Error> {
        Ok(self.0.refused(self.1, visitor)?)
    }
}

/// What a report is made of.
pub(crate) struct Contents<'a> {
    /// The refused rows.
    pub source: &'a dyn Refused,
    /// The stages, whose tables have pages.
    pub stages: &'a Stages,
    /// Ids of the tables that converted serials.
    pub in_force: BTreeSet<String>,
    /// Where the scans of pages stand.
    pub scans: &'a Scans,
    /// The registry, as its report names it.
    pub registry: &'a str,
    /// Whether personal data are shown.
    pub unmask: bool,
}

/// A report while its files are not yet in place.
pub(crate) struct Report {
    folder: PathBuf,
    /// Rejects by code.
    pub rejects: CodeTally,
    repairs: Repairs,
    tables: Vec<TableDescription>,
}

/// Writes the refused rows of a registry again, in all forms, with the pages of what it holds at present; says how
/// many there are, and which files that persons filled in stand under another name now. Scans of pages are linked where it is known in which folder the ledgers stand.
pub fn export_rejects(
    stages: &Stages,
    registry: &Registry,
    query: RejectQuery,
    folder: &Path,
    shown: Shown<'_>,
) -> Result<(u64, Vec<Kept>), Error> {
    let unmask = shown.personal == Personal::Shown;
    let stored = registry.stored()?;
    let mut summary = standing::summary(stored, registry.path())?;
    summary.readings = readings(summary.readings, stages);
    let in_force = summary.readings.iter().map(|reading| reading.table.to_string()).collect();
    let scans = shown.ledgers.map_or_else(|| Scans::new(&[], folder), |root| Scans::below(root, folder));
    let name = registry.path().display().to_string();
    let source = Chosen(registry, query);
    let contents = Contents { source: &source, stages, in_force, scans: &scans, registry: &name, unmask };
    let report = Report::write(folder, &contents)?;
    summary.rejects_by_code = report.rejects.clone().into_summaries();
    report.overview(&summary, &Lists::of(stored, unmask)?).map_err(|error| error.at(folder))?;
    let kept = report.place()?;
    Ok((report.repairs.rows(), kept))
}

/// What a report of a registry shows beside its rows.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Whether personal data are.
    pub personal: Personal,
    /// The folder in which the ledgers stand, as it was converted: scans of their pages are linked from there.
    pub ledgers: Option<&'a Path>,
}

/// What is known of the refused rows before one of them is written.
#[derive(Default)]
struct Survey {
    layouts: Layouts,
    rejects: CodeTally,
    repairs: Repairs,
    widest: usize,
    /// Tables that findings name.
    named: BTreeSet<String>,
}

const PARTIAL: &str = "report.partial";
const PAGES: &str = "pages";
const REJECTED_CSV: &str = "rejected.csv";
const REJECTED_SAFE: &str = "rejected-safe.csv";

impl Report {
    /// Writes the refused rows beside their final place. Personal data that nothing is wrong with are masked in
    /// every form but `rejected.csv`, unless they are to be shown.
    pub fn write(folder: &Path, contents: &Contents<'_>) -> Result<Self, Error> {
        let mut report = Self::begin(folder)?;
        let survey = Survey::of(contents.source, &known_tables(contents.stages))?;
        let shown = contents.in_force.union(&survey.named).cloned().collect();
        report.tables = pages::tables(contents.stages, &shown);
        report.write_forms(contents, &survey).map_err(|error| error.at(folder))?;
        (report.rejects, report.repairs) = (survey.rejects, survey.repairs);
        Ok(report)
    }

    fn begin(folder: &Path) -> Result<Self, Error> {
        let (rejects, repairs, tables) = (CodeTally::default(), Repairs::default(), Vec::new());
        let report = Self { folder: folder.to_owned(), rejects, repairs, tables };
        let partial = report.partial();
        let fault = |error| Error::Write { path: partial.clone(), error };
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(fault)?;
        }
        fs::create_dir_all(partial.join(PAGES)).map_err(fault)?;
        Ok(report)
    }

    /// Where `rejected.csv` is going to stand.
    pub fn rejected_csv(&self) -> PathBuf {
        self.folder.join(REJECTED_CSV)
    }

    fn write_forms(&self, contents: &Contents<'_>, survey: &Survey) -> Result<(), Error> {
        let tables = TablePlaces::of(&self.tables);
        let scan = |ledger: &str, text: &str| contents.scans.link(ledger, text);
        let open = Box::new(|name: &str| self.open(name));
        let mut pages =
            RowPages::new(survey.repairs.rows(), &tables, contents.registry, contents.unmask, &scan, open);
        self.forms(contents.source, survey, contents.unmask, |row| pages.write(row))?;
        Ok(pages.finish()?)
    }

    /// Writes `rejected.csv`, `rejected-safe.csv`, `rejected.json`, `rejected.xlsx`; `also` is told of each row.
    fn forms(
        &self,
        source: &dyn Refused,
        survey: &Survey,
        unmask: bool,
        mut also: impl FnMut(&StoredReject) -> matricule_report::Result<()>,
    ) -> Result<(), Error> {
        let mut csv = RejectedCsv::create(self.create(REJECTED_CSV)?, survey.widest)?;
        let targets = survey.layouts.targets();
        let mut safe = SafeCsv::create(self.create(REJECTED_SAFE)?, survey.widest, targets, unmask)?;
        let mut json = RejectedJson::create(self.create("rejected.json")?, unmask)?;
        let workbook = |number| Ok(private(&self.partial().join(workbook_name(number)))?);
        let mut xlsx = RejectedXlsx::create(&survey.layouts, unmask, workbook)?;
        let mut result = Ok(());
        source.refused(&mut |row| {
            if result.is_ok() {
                result = csv
                    .write(&row.row)
                    .and_then(|()| safe.write(&row))
                    .and_then(|()| json.write(&row))
                    .and_then(|()| xlsx.write(&row))
                    .and_then(|()| also(&row));
            }
        })?;
        result?;
        xlsx.finish()?;
        for mut file in [csv.finish()?, safe.finish()?, json.finish()?] {
            file.flush().map_err(|error| Error::Write { path: self.partial(), error })?;
        }
        Ok(())
    }

    /// Writes `report.html` and the pages that are not of rows.
    fn overview(&self, summary: &Summary, lists: &Lists) -> Result<(), Error> {
        Ok(lists.overview(summary, &self.repairs, &self.tables).write(&mut |name| self.open(name))?)
    }

    /// Puts the report in place, once the registry is.
    pub fn finish(&mut self, summary: &Summary, lists: &Lists) -> Result<Vec<Kept>, Error> {
        self.overview(summary, lists).map_err(|error| error.at(&self.folder))?;
        let mut file = self.create("report.json")?;
        let path = self.folder.join("report.json");
        write_json(summary, &mut file).map_err(|error| Error::from(error).at(&path))?;
        file.flush().map_err(|error| Error::Write { path, error })?;
        self.place()
    }

    /// Moves every file to its place; what an earlier report left under these names is replaced, but what persons wrote
    /// into it is kept.
    pub fn place(&self) -> Result<Vec<Kept>, Error> {
        let partial = self.partial();
        let written = kept::sums(&partial).map_err(|error| Error::Write { path: partial.clone(), error })?;
        let mut file = self.create(kept::SUMS)?;
        file.write_all(written.as_bytes())
            .and_then(|()| file.flush())
            .map_err(|error| Error::Write { path: partial.join(kept::SUMS), error })?;
        let kept = kept::keep(&self.folder)?;
        self.remove_further_workbooks();
        let fault = |error| Error::Write { path: self.folder.clone(), error };
        for found in fs::read_dir(&partial).map_err(fault)? {
            let name = found.map_err(fault)?.file_name();
            let target = self.folder.join(&name);
            if name == PAGES && target.is_dir() {
                fs::remove_dir_all(&target).map_err(fault)?;
            }
            fs::rename(partial.join(&name), &target).map_err(fault)?;
        }
        Ok(kept)
    }

    /// Workbooks beyond the first that an earlier report needed and this one may not.
    fn remove_further_workbooks(&self) {
        for number in 2.. {
            if fs::remove_file(self.folder.join(workbook_name(number))).is_err() {
                return;
            }
        }
    }

    fn partial(&self) -> PathBuf {
        self.folder.join(PARTIAL)
    }

    fn create(&self, name: &str) -> Result<BufWriter<File>, Error> {
        self.open(name).map_err(|error| Error::Write { path: self.partial().join(name), error })
    }

    fn open(&self, name: &str) -> std::io::Result<BufWriter<File>> {
        private(&self.partial().join(name)).map(BufWriter::new)
    }
}

/// A file that its owner alone may read: rows of a register are nobody else's.
pub(crate) fn private(path: &Path) -> std::io::Result<File> {
    open_private(path, fs::OpenOptions::new().write(true).create(true).truncate(true))
}

/// The same, where no file is there yet.
pub(crate) fn private_new(path: &Path) -> std::io::Result<File> {
    open_private(path, fs::OpenOptions::new().write(true).create_new(true))
}

fn open_private(path: &Path, options: &mut fs::OpenOptions) -> std::io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

impl Drop for Report {
    /// What was not put in place is not left behind.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.partial());
    }
}

impl Survey {
    fn of(source: &dyn Refused, tables: &BTreeSet<String>) -> Result<Self, Error> {
        let mut survey = Self::default();
        source.refused(&mut |row| survey.add(&row, tables))?;
        Ok(survey)
    }

    fn add(&mut self, row: &StoredReject, tables: &BTreeSet<String>) {
        self.layouts.add(row);
        self.rejects.add_rejected(&row.row);
        self.repairs.add(row);
        self.widest = self.widest.max(row.row.cells.len());
        for finding in &row.row.findings {
            if let Some(table) =
                matricule_report::pages::named_table(&finding.message, |id| tables.contains(id))
            {
                self.named.insert(table.to_owned());
            }
        }
    }
}

fn known_tables(stages: &Stages) -> BTreeSet<String> {
    stages.transliteration.tables().iter().map(|table| table.id().to_string()).collect()
}

/// `rejected.xlsx`, `rejected-2.xlsx` …
fn workbook_name(number: usize) -> String {
    if number == 1 { "rejected.xlsx".to_owned() } else { format!("rejected-{number}.xlsx") }
}
