//! The files of a report: the refused rows in four forms, the pages, the summary. They are written beside their
//! place and put there when the run is published.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use matricule_loader::{Load, Registry, RejectQuery};
use matricule_record::StoredReject;
use matricule_report::{
    CodeTally, Layouts, RejectedCsv, RejectedJson, RejectedXlsx, SafeCsv, Summary, write_json,
};

use crate::Error;

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

/// A report while its files are not yet in place.
pub(crate) struct Report {
    folder: PathBuf,
    /// Rejects by code.
    pub rejects: CodeTally,
}

/// What is known of the refused rows before one of them is written.
#[derive(Default)]
struct Survey {
    layouts: Layouts,
    rejects: CodeTally,
    widest: usize,
    rows: u64,
}

const PARTIAL: &str = "report.partial";
const REJECTED_CSV: &str = "rejected.csv";

impl Report {
    /// Writes the refused rows beside their final place. Without `unmask`, personal data that nothing is wrong with
    /// are masked in every form but `rejected.csv`.
    pub fn write(folder: &Path, source: &dyn Refused, unmask: bool) -> Result<Self, Error> {
        let mut report = Self { folder: folder.to_owned(), rejects: CodeTally::default() };
        let partial = report.partial();
        let fault = |error| Error::Write { path: partial.clone(), error };
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(fault)?;
        }
        fs::create_dir_all(&partial).map_err(fault)?;
        let survey = Survey::of(source)?;
        report.write_forms(source, &survey, unmask)?;
        report.rejects = survey.rejects;
        Ok(report)
    }

    /// Where `rejected.csv` is going to stand.
    pub fn rejected_csv(&self) -> PathBuf {
        self.folder.join(REJECTED_CSV)
    }

    fn write_forms(&self, source: &dyn Refused, survey: &Survey, unmask: bool) -> Result<(), Error> {
        let mut csv = RejectedCsv::create(self.create(REJECTED_CSV)?, survey.widest)?;
        let targets = survey.layouts.targets();
        let mut safe = SafeCsv::create(self.create("rejected-safe.csv")?, survey.widest, targets, unmask)?;
        let mut json = RejectedJson::create(self.create("rejected.json")?, unmask)?;
        let workbook = |number| Ok(File::create(self.partial().join(workbook_name(number)))?);
        let mut xlsx = RejectedXlsx::create(&survey.layouts, unmask, workbook)?;
        let mut result = Ok(());
        source.refused(&mut |row| {
            if result.is_ok() {
                result = csv
                    .write(&row.row)
                    .and_then(|()| safe.write(&row))
                    .and_then(|()| json.write(&row))
                    .and_then(|()| xlsx.write(&row));
            }
        })?;
        result?;
        xlsx.finish()?;
        for mut file in [csv.finish()?, safe.finish()?, json.finish()?] {
            file.flush().map_err(|error| Error::Write { path: self.partial(), error })?;
        }
        Ok(())
    }

    /// Puts the report in place, once the registry is.
    pub fn finish(&self, summary: &Summary) -> Result<(), Error> {
        let mut file = self.create("report.json")?;
        write_json(summary, &mut file)?;
        file.flush().map_err(|error| Error::Write { path: self.folder.join("report.json"), error })?;
        self.place()
    }

    /// Moves every file to its place; what an earlier report left under these names is replaced.
    pub fn place(&self) -> Result<(), Error> {
        self.remove_further_workbooks();
        let partial = self.partial();
        let fault = |error| Error::Write { path: self.folder.clone(), error };
        for found in fs::read_dir(&partial).map_err(fault)? {
            let name = found.map_err(fault)?.file_name();
            let target = self.folder.join(&name);
            if target.is_dir() {
                fs::remove_dir_all(&target).map_err(fault)?;
            }
            fs::rename(partial.join(&name), &target).map_err(fault)?;
        }
        Ok(())
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
        let path = self.partial().join(name);
        let file = File::create(&path).map_err(|error| Error::Write { path, error })?;
        Ok(BufWriter::new(file))
    }
}

impl Drop for Report {
    /// What was not put in place is not left behind.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.partial());
    }
}

impl Survey {
    fn of(source: &dyn Refused) -> Result<Self, Error> {
        let mut survey = Self::default();
        source.refused(&mut |row| survey.add(&row))?;
        Ok(survey)
    }

    fn add(&mut self, row: &StoredReject) {
        self.layouts.add(row);
        self.rejects.add_rejected(&row.row);
        self.widest = self.widest.max(row.row.cells.len());
        self.rows += 1;
    }
}

/// `rejected.xlsx`, `rejected-2.xlsx` …
fn workbook_name(number: usize) -> String {
    if number == 1 { "rejected.xlsx".to_owned() } else { format!("rejected-{number}.xlsx") }
}
