//! The words of `report.html` and its pages.

pub const LANGUAGE: &str = "en";
pub const SKIP_LINK: &str = "Skip to the content";
pub const TITLE: &str = "Report of a run";
pub const CONTENTS: &str = "Contents";
pub const OVERVIEW: &str = "Overview";
pub const REFUSED_ROWS: &str = "Refused rows";
pub const REPAIRS: &str = "What repairs them";
pub const CODES: &str = "Codes";
pub const TABLES: &str = "Conversion tables";
pub const CONSERVATION: &str = "What was read, and what became of it";
pub const CONSERVATION_HELP: &str = "Every row is loaded, rejected, or skipped because it is no weapon. For each line: read = loaded + rejected + skipped.";
pub const FILE: &str = "File";
pub const SHEET: &str = "Sheet";
pub const ROW: &str = "Row";
pub const STATE: &str = "State";
pub const FORMAT: &str = "Format, encoding";
pub const LANGUAGE_READING: &str = "Language, reading";
pub const READ: &str = "Read";
pub const LOADED: &str = "Loaded";
pub const REJECTED: &str = "Rejected";
pub const SKIPPED: &str = "Skipped";
pub const ALL_FILES: &str = "All files";
pub const SKIPPED_HEADING: &str = "Rows that are no weapon";
pub const CLASS: &str = "Class";
pub const ROWS: &str = "Rows";
pub const CODE: &str = "Code";
pub const MEANING: &str = "Meaning";
pub const EXAMPLE: &str = "Example";
pub const WHAT_IS_WRONG: &str = "What is wrong";
pub const WHAT_TO_DO: &str = "What to do";
pub const REPAIRS_HELP: &str = "Rows that one and the same repair brings into the registry, the largest group first. A row with several faults stands in several groups.";
pub const NO_REJECTS: &str = "No row was rejected.";
pub const ALL_GROUPS: &str = "All groups, with every row";
pub const ALL_ROWS: &str = "All refused rows, in the order of the ledgers";
pub const EVERY_ROW: &str = "Every row of this group";
pub const FILES_REFUSED: &str = "Files and sheets that could not be loaded";
pub const WARNINGS: &str = "Warnings on loaded rows";
pub const READINGS: &str = "How serials were converted: tables and readings in force";
pub const TABLE: &str = "Table";
pub const SCRIPT: &str = "Script";
pub const LANGUAGE_WORD: &str = "Language";
pub const READING: &str = "Reading";
pub const SERIALS: &str = "Serials";
pub const DUPLICATES: &str = "Duplicates";
pub const DUPLICATES_HELP: &str = "Merged pairs have one complete identity and nothing contradicts; every other likeness is for a person to decide.";
pub const MERGED: &str = "merged";
pub const REVIEW: &str = "to be decided";
pub const KIND: &str = "Kind";
pub const PAIRS: &str = "Pairs";
pub const FIRST_PAIRS: &str = "The first pairs";
pub const ENTRY: &str = "Entry";
pub const OTHER_ENTRY: &str = "Other entry";
pub const WHY: &str = "Why";
pub const CONFLICTS: &str = "Contradictions";
pub const CONFLICTS_HELP: &str =
    "The same weapon with different facts: nothing is merged until a person says which is right.";
pub const FIELD: &str = "Field";
pub const ONE_SAYS: &str = "One says";
pub const OTHER_SAYS: &str = "The other says";
pub const DROPPED: &str = "Characters removed from serials, by the rule that names them";
pub const LEFT_ASIDE: &str = "Files left aside";
pub const WHY_ASIDE: &str = "Why";
pub const EVIDENCE: &str = "Evidence";
pub const CHAIN_HELP: &str = "Head of the chain of evidence. Keep it outside the registry: matricule audit --expect HEAD proves later that nothing was changed.";
pub const NO_CHAIN: &str = "Nothing was published, so there is no chain head.";
pub const CHARTS: &str = "At a glance";
pub const CHART_CAUSES: &str = "Rejected rows by cause";
pub const CHART_SCRIPTS: &str = "Serials by script";
pub const CHART_YEARS: &str = "Weapons by decade of manufacture";
pub const CHART_FIELDS: &str = "Records that state a field";
pub const COMPLETENESS_HELP: &str = "The mean completeness of the loaded records of each ledger, the least complete first: the share of the required and recommended fields that a record states.";
pub const RECORDS: &str = "Records";
pub const COMPLETENESS_WORD: &str = "Completeness";
pub const UNSTATED: &str = "No record states:";
pub const CHART_DATA: &str = "The numbers of this chart";
pub const OTHERS: &str = "others";
pub const FILTER: &str = "Show only rows that contain";
pub const FILTER_SHOWN: &str = "rows shown";
pub const PREVIOUS: &str = "Previous page";
pub const NEXT: &str = "Next page";
pub const PAGES: &str = "Pages";
pub const SCAN: &str = "Page scan";
pub const FAULTS: &str = "What is wrong, and what to do";
pub const FROM: &str = "From";
pub const TO: &str = "To";
pub const WHEN: &str = "Where";
pub const SOURCE: &str = "Source";
pub const NOTE: &str = "Note";
pub const CODE_POINTS: &str = "Code points";
pub const TABLE_HELP: &str = "Rows of all layers, the lowest first: a later row overrides an earlier one with the same characters and place.";
pub const CODES_HELP: &str = "The manual page of every code, as matricule explain prints it.";
pub const WHOLE_FILE: &str = "whole file";

/// `4,211 rows in 37 files`.
pub fn extent(rows: u64, files: usize) -> String {
    let rows = if rows == 1 { "1 row".to_owned() } else { format!("{} rows", crate::print::grouped(rows)) };
    let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    format!("{rows} in {files}")
}

/// `Refused rows, page 3 of 100`.
pub fn page_of(number: usize, pages: usize) -> String {
    format!("page {number} of {pages}")
}
