//! Every word that people read in a report, in one place, so that it can be translated: here those of the
//! closing summary, in the modules below those of the workbook and the pages.

pub mod pages;
pub mod workbook;

use matricule_record::{ProposalKind, Reading, SkipClass, is_personal_column};

use crate::print::{escape, grouped};
use crate::{FileState, RunState, Summary};

/// What stands in place of personal data.
pub const MASKED: &str = "(masked)";

/// What a column of an entry says, or the word for that, where it is personal and nobody is to see it.
pub fn masked<'a>(column: &str, said: &'a str, unmask: bool) -> &'a str {
    if unmask || said.is_empty() || !is_personal_column(column) { said } else { MASKED }
}
pub const ROWS_READ: &str = "Rows read";
pub const LOADED: &str = "loaded";
pub const REJECTED: &str = "rejected";
pub const SKIPPED: &str = "skipped";
pub const SUM: &str = "sum";
pub const NOT_CONSERVED: &str = "These numbers do not add up. Please report this as a fault of the program.";
pub const COMPLETENESS: &str = "Completeness of the loaded records";
pub const NO_REGISTER: &str = "no register named";
pub const FILES_NOT_LOADED: &str = "Files and sheets that could not be loaded";
pub const REJECTED_BY_REASON: &str = "Rejected rows by reason (a row can have more than one)";
pub const SKIPPED_BY_CLASS: &str = "Skipped rows, because they are not weapons";
pub const DUPLICATES: &str = "Possible duplicates";
pub const MERGED: &str = "pairs merged: the same weapon, and nothing contradicts";
pub const TO_DECIDE: &str = "pairs to be decided by a person";
pub const CONTRADICTIONS: &str = "contradictions: the same weapon with different facts; not merged";
pub const READINGS: &str = "How serial numbers were converted";
pub const DROPPED: &str = "Characters removed from serial numbers";
pub const WARNINGS: &str = "Warnings on loaded rows";
pub const LEFT_ASIDE: &str = "Files left aside";
pub const TIMINGS: &str = "Time";
pub const NEXT: &str = "What to do next";
pub const NEXT_FILES: &str = "Repair the files named above: each line says how.";
pub const NEXT_CORRECT: &str = "Correct the ledger, ledger.toml or a mapping table, as each line says.";
pub const NEXT_CONVERT: &str = "After a corrected ledger: run matricule convert again.";
pub const NEXT_RERUN: &str = "After a corrected table: run matricule rerun, which shows what it changes.";
pub const NEXT_EARLIER: &str = "The earlier run rejected rows or files: its report says which and why.";
pub const NEXT_REVIEW: &str = "Decide the pairs: matricule review list shows those first that matter most.";
pub const NEXT_CONFLICTS: &str =
    "Look into the contradictions: matricule review list --kind conflict, and view v_conflict.";
pub const NEXT_PUBLISH: &str = "Run again without --dry-run to write the registry.";
pub const NEXT_NOTHING: &str = "Nothing: every row is loaded.";

/// `1 file`, `2 files`.
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number as u64), if number == 1 { one } else { many })
}

/// What became of the run, in a sentence.
pub fn headline(summary: &Summary) -> String {
    let registry = escape(&summary.registry);
    let read = summary.files.iter().filter(|file| file.is_read()).count();
    let files = count(if read == 0 { summary.files.len() } else { read }, "file", "files");
    match (summary.state, summary.run_id) {
        (RunState::Published, Some(run)) => format!("Run {run} is published in {registry} ({files})."),
        (RunState::Published, None) => format!("The run is published in {registry} ({files})."),
        (RunState::NothingNew, _) => format!("Nothing new for {registry} ({files}): nothing was written."),
        (RunState::Standing, _) => format!("What {registry} holds at present ({files})."),
        (RunState::DryRun, _) => format!("Dry run for {registry} ({files}): nothing was written."),
    }
}

/// A ledger that was sent again; empty for any other file.
pub(crate) fn renewed(path: &str, state: FileState) -> String {
    let FileState::Renewed { of_run, unchanged, changed, new, withdrawn } = state else {
        return String::new();
    };
    format!(
        "{path} was sent again after run {of_run}: {unchanged} rows are as they were, {changed} changed, {new} are new, {withdrawn} are gone."
    )
}

pub fn already_loaded(files: usize, run_id: i64) -> String {
    format!("{} already loaded as run {run_id}.", count(files, "file was", "files were"))
}

/// The rest of a list that is not shown.
pub fn and_more(number: usize) -> String {
    format!("… and {} more; report.json has them all", grouped(number as u64))
}

pub fn open_rejected(path: &str) -> String {
    let workbook = path.strip_suffix("csv").map_or_else(|| path.to_owned(), |stem| format!("{stem}xlsx"));
    format!("Open {}: every rejected row, the reason, and where to repair it.", escape(&workbook))
}

pub fn explain(code: &str) -> String {
    format!("Type: matricule explain {code}   (what it means and how to repair it)")
}

pub fn crowded(entries: u64) -> String {
    format!(
        "{} entries of one make have serials too much alike to be compared pair by pair",
        grouped(entries)
    )
}

/// `Cyrillic, Russian: by sound, table cyrl-rus-icao9303, 412 serials`.
pub fn reading(script: &str, language: Option<&str>, reading: Reading, table: &str, serials: u64) -> String {
    let language = language.map(|code| format!(", {}", language_name(code))).unwrap_or_default();
    let by = reading_name(reading);
    let serials = count(serials as usize, "serial", "serials");
    format!("{}{language}: {by}, table {}, {serials}", script_name(script), escape(table))
}

/// By sound or by look.
pub const fn reading_name(reading: Reading) -> &'static str {
    match reading {
        Reading::Sound => "by sound",
        Reading::Look => "by look",
    }
}

/// What became of a file, in plain words.
pub fn file_state(state: FileState) -> String {
    match state {
        FileState::Renewed { of_run, .. } => {
            format!("sent again after run {of_run}, loaded as its new version")
        }
        FileState::Loaded => "loaded".to_owned(),
        FileState::Failed => "could not be read".to_owned(),
        FileState::AlreadyLoaded { run_id, .. } => format!("already loaded by run {run_id}"),
        FileState::Refused => "refused".to_owned(),
    }
}

/// A class of rows that are not weapons, in plain words.
pub const fn skip_class(class: SkipClass) -> &'static str {
    match class {
        SkipClass::Title => "titles above the header",
        SkipClass::Header => "header rows",
        SkipClass::RepeatHeader => "header rows repeated on a later page",
        SkipClass::Blank => "blank rows",
        SkipClass::Subtotal => "totals",
        SkipClass::CarriedForward => "sums carried forward",
        SkipClass::Group => "group headings",
        SkipClass::Footer => "page footers",
        SkipClass::Note => "notes",
        SkipClass::Hidden => "hidden rows and rows of hidden sheets",
        SkipClass::Cancelled => "cancelled entries",
        SkipClass::NotAWeapon => "not a weapon, as ledger.toml says",
    }
}

/// A kind of `v_duplicate`, in plain words.
pub fn proposal(kind: &str) -> String {
    match kind {
        "exact" => "same identity, but for a person to say".to_owned(),
        "conflict" => "same weapon with different facts".to_owned(),
        _ => {
            let known = ProposalKind::ALL.into_iter().find(|known| known.name() == kind);
            known.map_or_else(|| escape(kind), |known| known.words().to_owned())
        }
    }
}

/// The English name of an ISO 15924 code; the code itself where it is not listed.
pub fn script_name(code: &str) -> String {
    name_of(code, SCRIPTS)
}

/// The English name of an ISO 639-1 code; the code itself where it is not listed.
pub fn language_name(code: &str) -> String {
    name_of(code, LANGUAGES)
}

fn name_of(code: &str, names: &[(&str, &str)]) -> String {
    names.iter().find(|(c, _)| *c == code).map_or_else(|| escape(code), |(_, name)| (*name).to_owned())
}

const SCRIPTS: &[(&str, &str)] = &[
    ("Arab", "Arabic"),
    ("Armn", "Armenian"),
    ("Beng", "Bengali"),
    ("Cyrl", "Cyrillic"),
    ("Deva", "Devanagari"),
    ("Ethi", "Ethiopic"),
    ("Geor", "Georgian"),
    ("Grek", "Greek"),
    ("Gujr", "Gujarati"),
    ("Guru", "Gurmukhi"),
    ("Hang", "Korean letters"),
    ("Hani", "Han signs"),
    ("Hebr", "Hebrew"),
    ("Hira", "Hiragana"),
    ("Jpan", "Japanese"),
    ("Kana", "Katakana"),
    ("Khmr", "Khmer"),
    ("Knda", "Kannada"),
    ("Kore", "Korean"),
    ("Laoo", "Lao"),
    ("Latn", "Latin"),
    ("Mlym", "Malayalam"),
    ("Mymr", "Burmese"),
    ("Orya", "Oriya"),
    ("Sinh", "Sinhala"),
    ("Taml", "Tamil"),
    ("Telu", "Telugu"),
    ("Thai", "Thai"),
    ("Tibt", "Tibetan"),
    ("Zyyy", "Digits only"),
];

const LANGUAGES: &[(&str, &str)] = &[
    ("am", "Amharic"),
    ("ar", "Arabic"),
    ("be", "Belarusian"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("bo", "Tibetan"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("fa", "Persian"),
    ("fr", "French"),
    ("gu", "Gujarati"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hy", "Armenian"),
    ("ja", "Japanese"),
    ("ka", "Georgian"),
    ("kk", "Kazakh"),
    ("km", "Khmer"),
    ("kn", "Kannada"),
    ("ko", "Korean"),
    ("lo", "Lao"),
    ("mk", "Macedonian"),
    ("ml", "Malayalam"),
    ("my", "Burmese"),
    ("or", "Oriya"),
    ("pa", "Punjabi"),
    ("ps", "Pashto"),
    ("pt", "Portuguese"),
    ("ru", "Russian"),
    ("si", "Sinhala"),
    ("sr", "Serbian"),
    ("ta", "Tamil"),
    ("te", "Telugu"),
    ("th", "Thai"),
    ("ti", "Tigrinya"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("zh", "Chinese"),
];

#[cfg(test)]
mod tests {
    use matricule_record::ProposalKind;

    use super::*;

    #[test]
    fn readings_are_named_in_words() {
        let line = |script, language, by| reading(script, language, by, "t-id", 1412);
        assert_eq!(
            line("Cyrl", Some("ru"), Reading::Sound),
            "Cyrillic, Russian: by sound, table t-id, 1,412 serials"
        );
        assert_eq!(line("Grek", None, Reading::Look), "Greek: by look, table t-id, 1,412 serials");
        assert_eq!(
            line("Xxxx", Some("\u{1b}"), Reading::Look),
            "Xxxx, <U+001B>: by look, table t-id, 1,412 serials"
        );
    }

    #[test]
    fn every_kind_of_proposal_has_words() {
        use ProposalKind as Kind;
        let all = [
            Kind::Separators,
            Kind::OtherReading,
            Kind::LeadingZeros,
            Kind::Confusable,
            Kind::Incomplete,
            Kind::OtherRegister,
        ];
        for kind in all {
            assert_ne!(proposal(kind.name()), kind.name());
        }
    }
}
