//! The words of the closing summary that are put together, and names for what the code counts; in the modules
//! below those of the workbook and the pages. The texts themselves stand in `crates/record/src/messages/en.ftl`.

pub mod pages;
pub mod workbook;

use std::borrow::Cow;

use matricule_record::{Flag, ProposalKind, Reading, SkipClass, is_personal_column, message, messages};

use crate::print::{escape, grouped};
use crate::{FileState, RunState, Summary};

/// What a column of an entry says, or the word for that, where it is personal and nobody is to see it.
pub fn masked<'a>(column: &str, said: &'a str, unmask: bool) -> &'a str {
    if unmask || said.is_empty() || !is_personal_column(column) { said } else { message!("masked") }
}

/// What a column of an entry says as [`masked`] does, and its flags without what they quote of personal fields.
pub fn masked_entry<'a>(column: &str, said: &'a str, unmask: bool) -> Cow<'a, str> {
    if column == FLAGS && !unmask && !said.is_empty() {
        return Cow::Owned(Flag::without_personal(said));
    }
    Cow::Borrowed(masked(column, said, unmask))
}

/// The column of an entry's warnings.
const FLAGS: &str = "flags";

fn files_of(number: usize) -> String {
    message!("count-files", count = number, number = grouped(number as u64))
}

/// What became of the run, in a sentence.
pub fn headline(summary: &Summary) -> String {
    let registry = escape(&summary.registry);
    let read = summary.files.iter().filter(|file| file.is_read()).count();
    let files = files_of(if read == 0 { summary.files.len() } else { read });
    match (summary.state, summary.run_id) {
        (RunState::Published, Some(run)) => {
            message!("headline-published", run = run, registry = registry, files = files)
        }
        (RunState::Published, None) => {
            message!("headline-published-unnumbered", registry = registry, files = files)
        }
        (RunState::NothingNew, _) => message!("headline-nothing-new", registry = registry, files = files),
        (RunState::Standing, _) => message!("headline-standing", registry = registry, files = files),
        (RunState::DryRun, _) => message!("headline-dry-run", registry = registry, files = files),
    }
}

/// A ledger that was sent again; empty for any other file.
pub(crate) fn renewed(path: &str, state: FileState) -> String {
    let FileState::Renewed { of_run, unchanged, changed, new, withdrawn } = state else {
        return String::new();
    };
    message!(
        "summary-renewed",
        path = path,
        run = of_run,
        unchanged = unchanged,
        changed = changed,
        new = new,
        withdrawn = withdrawn
    )
}

pub fn already_loaded(files: usize, run_id: i64) -> String {
    message!("summary-already-loaded", count = files, number = grouped(files as u64), run = run_id)
}

/// The rest of a list that is not shown.
pub fn and_more(number: usize) -> String {
    message!("summary-and-more", number = grouped(number as u64))
}

pub fn open_rejected(path: &str) -> String {
    let workbook = path.strip_suffix("csv").map_or_else(|| path.to_owned(), |stem| format!("{stem}xlsx"));
    message!("next-open", workbook = escape(&workbook))
}

pub fn explain(code: &str) -> String {
    message!("next-explain", code = code)
}

pub fn crowded(entries: u64) -> String {
    message!("summary-crowded", number = grouped(entries))
}

/// `Cyrillic, Russian: by sound, table cyrl-rus-icao9303, 412 serials`.
pub fn reading(script: &str, language: Option<&str>, reading: Reading, table: &str, serials: u64) -> String {
    let script = script_name(script);
    let letters = language.map_or_else(
        || script.clone(),
        |code| message!("summary-letters", script = script, language = language_name(code)),
    );
    message!(
        "summary-reading",
        letters = letters,
        by = reading_name(reading),
        table = escape(table),
        serials = message!("count-serials", count = serials, number = grouped(serials))
    )
}

/// By sound or by look.
pub fn reading_name(reading: Reading) -> &'static str {
    match reading {
        Reading::Sound => message!("reading-sound"),
        Reading::Look => message!("reading-look"),
    }
}

/// What became of a file, in plain words.
pub fn file_state(state: FileState) -> String {
    match state {
        FileState::Renewed { of_run, .. } => message!("file-renewed", run = of_run),
        FileState::Loaded => message!("file-loaded").to_owned(),
        FileState::Failed => message!("file-failed").to_owned(),
        FileState::AlreadyLoaded { run_id, .. } => message!("file-already-loaded", run = run_id),
        FileState::Refused => message!("file-refused").to_owned(),
    }
}

/// A class of rows that are not weapons, in plain words.
pub fn skip_class(class: SkipClass) -> &'static str {
    match class {
        SkipClass::Title => message!("skip-title"),
        SkipClass::Header => message!("skip-header"),
        SkipClass::RepeatHeader => message!("skip-repeat-header"),
        SkipClass::Blank => message!("skip-blank"),
        SkipClass::Subtotal => message!("skip-subtotal"),
        SkipClass::CarriedForward => message!("skip-carried-forward"),
        SkipClass::Group => message!("skip-group"),
        SkipClass::Footer => message!("skip-footer"),
        SkipClass::Note => message!("skip-note"),
        SkipClass::Hidden => message!("skip-hidden"),
        SkipClass::Cancelled => message!("skip-cancelled"),
        SkipClass::NotAWeapon => message!("skip-not-a-weapon"),
    }
}

/// A kind of `v_duplicate`, in plain words.
pub fn proposal(kind: &str) -> String {
    match kind {
        "exact" => message!("pair-exact-review").to_owned(),
        "conflict" => message!("pair-conflict").to_owned(),
        _ => {
            let known = ProposalKind::ALL.into_iter().find(|known| known.name() == kind);
            known.map_or_else(|| escape(kind), |known| known.words().to_owned())
        }
    }
}

/// The English name of an ISO 15924 code; the code itself where it is not listed.
pub fn script_name(code: &str) -> String {
    name_of(code, "script")
}

/// The English name of an ISO 639-1 code; the code itself where it is not listed.
pub fn language_name(code: &str) -> String {
    name_of(code, "language")
}

/// The name of a field in words.
pub fn field_name(name: &str) -> String {
    name_of(&name.replace('_', "-"), "field")
}

fn name_of(code: &str, kind: &str) -> String {
    messages::find(&format!("{kind}-{code}")).map_or_else(|| escape(code), str::to_owned)
}

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
