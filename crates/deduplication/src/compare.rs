//! How two entries stand to each other.

use matricule_record::{EntryFacts, ProposalKind, Text};
use matricule_text::{canonical_serial, confusion_key, fold, identity_key, is_separator};

use crate::agreement::{calibres_differ, names_differ, spans_differ, values_differ};
use crate::keys::{known, without_label, without_zeros};

/// Rows of a sheet that stand this close are taken for one page where the ledger names no pages.
const PAGE_ROWS: u32 = 40;

/// Whether a clerk wrote both on one page, and so counted two weapons. Where a page is not named,
/// rows that stand close are taken for one. One line of one page that was keyed twice counts one, where both rows
/// say that it is one line and give it no two dates.
pub(crate) fn same_page(a: &EntryFacts, b: &EntryFacts) -> bool {
    if (&a.file, &a.sheet) != (&b.file, &b.sheet) {
        return false;
    }
    if a.page.is_empty() || b.page.is_empty() {
        return a.row.abs_diff(b.row) < PAGE_ROWS;
    }
    let one_line = !a.line.is_empty()
        && a.line == b.line
        && !spans_differ(&a.registered_on, &b.registered_on)
        && !spans_differ(&a.status_date, &b.status_date);
    (&a.book, &a.page) == (&b.book, &b.page) && !one_line
}

/// Whether marks or components tell two entries apart, whatever else they say: both name one, and not the same.
pub(crate) fn marked_apart(a: &EntryFacts, b: &EntryFacts) -> bool {
    let differ = |x: &str, y: &str| !x.is_empty() && !y.is_empty() && x != y;
    let (marks, components) = (marks(a, b), components(a, b));
    differ(&marks.0, &marks.1) || differ(&components.0, &components.1)
}

/// Whether two entries bear the same mark and stand for the same component, none included. Where one of them names
/// none, nothing but a person can say that they are one.
pub(crate) fn marked_alike(a: &EntryFacts, b: &EntryFacts) -> bool {
    let (marks, components) = (marks(a, b), components(a, b));
    marks.0 == marks.1 && components.0 == components.1
}

fn marks(a: &EntryFacts, b: &EntryFacts) -> (String, String) {
    (canonical_serial(&a.series_mark), canonical_serial(&b.series_mark))
}

fn components(a: &EntryFacts, b: &EntryFacts) -> (String, String) {
    (identity_key(&a.component), identity_key(&b.component))
}

/// Whether two entries name two makers.
pub(crate) fn makes_differ(a: &EntryFacts, b: &EntryFacts) -> bool {
    names_differ((&a.make, a.latin.make.as_ref()), (&b.make, b.latin.make.as_ref()))
}

/// So many digits or fewer are a number that every small workshop has given.
const COMMON_DIGITS: usize = 3;

fn is_common(serial: &str) -> bool {
    serial.len() <= COMMON_DIGITS && serial.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether two entries have nothing in common but a number that every workshop has given, and its maker: no model, year,
/// holder or day that both name; two days have nothing in common.
pub(crate) fn has_common_serial(a: &EntryFacts, b: &EntryFacts) -> bool {
    let stated = |field: fn(&EntryFacts) -> &Text| known(field(a)).is_some() && known(field(b)).is_some();
    is_common(&a.converted)
        && is_common(&b.converted)
        && !stated(|entry| &entry.model)
        && !stated(|entry| &entry.year)
        && !stated(|entry| &entry.holder)
        && (!stated(|entry| &entry.registered_on) || spans_differ(&a.registered_on, &b.registered_on))
}

/// Whether a maker may have given one serial twice: counting another model or type, or every year, anew, or with numbers
/// that every workshop gives.
pub(crate) fn may_be_counted_anew(a: &EntryFacts, b: &EntryFacts) -> bool {
    let of_year = |entry: &EntryFacts| known(&entry.year).is_some();
    names_differ((&a.model, a.latin.model.as_ref()), (&b.model, b.latin.model.as_ref()))
        || values_differ(&a.weapon_type, &b.weapon_type)
        || spans_differ(&a.year, &b.year)
        || !(of_year(a) && of_year(b))
        || is_common(&a.converted)
}

/// Whether two entries stand in two registers.
pub(crate) fn other_register(a: &EntryFacts, b: &EntryFacts) -> bool {
    fold(&a.register) != fold(&b.register)
}

/// Why two entries of different identity may describe one weapon; `None` where they do not.
pub(crate) fn likeness(a: &EntryFacts, b: &EntryFacts) -> Option<ProposalKind> {
    let apart = makes_differ(a, b)
        || values_differ(&a.country, &b.country)
        || marked_apart(a, b)
        || values_differ(&a.weapon_type, &b.weapon_type)
        || calibres_differ(&a.calibre, &b.calibre);
    if apart { None } else { serial_likeness(a, b) }
}

fn serial_likeness(a: &EntryFacts, b: &EntryFacts) -> Option<ProposalKind> {
    let one_script = a.script == b.script;
    if one_script && a.canonical == b.canonical {
        return Some(if other_register(a, b) {
            ProposalKind::OtherRegister
        } else {
            ProposalKind::Incomplete
        });
    }
    if one_script && bare(&a.canonical) == bare(&b.canonical) {
        return Some(ProposalKind::Separators);
    }
    if a.converted == b.converted {
        return Some(collision(a, b));
    }
    if one_script && without_zeros(&a.converted) == without_zeros(&b.converted) {
        return Some(ProposalKind::LeadingZeros);
    }
    if readings(a).any(|reading| readings(b).any(|other| other == reading)) {
        return Some(ProposalKind::OtherReading);
    }
    let labelled = |a: &EntryFacts, b: &EntryFacts| without_label(&a.converted) == Some(b.converted.as_str());
    if labelled(a, b) || labelled(b, a) {
        return Some(ProposalKind::Label);
    }
    let is_confusable = one_script && confusion_key(&a.converted) == confusion_key(&b.converted);
    is_confusable.then_some(ProposalKind::Confusable)
}

fn bare(serial: &str) -> String {
    serial.chars().filter(|&c| !is_separator(c)).collect()
}

/// The serial of an entry in every reading.
fn readings(entry: &EntryFacts) -> impl Iterator<Item = &Text> {
    [Some(&entry.converted), entry.other_reading.as_ref(), entry.plain_key.as_ref()].into_iter().flatten()
}

/// Whether two originals have one converted serial.
pub(crate) fn is_collision(a: &EntryFacts, b: &EntryFacts) -> bool {
    a.has_serial()
        && a.converted == b.converted
        && (a.script != b.script || bare(&a.canonical) != bare(&b.canonical))
}

/// Why two originals have one converted serial.
fn collision(a: &EntryFacts, b: &EntryFacts) -> ProposalKind {
    let length = |entry: &EntryFacts| bare(&entry.canonical).chars().count();
    if a.script != b.script {
        ProposalKind::CrossScript
    } else if length(a) == length(b) {
        ProposalKind::MergeGroup
    } else {
        ProposalKind::Digraph
    }
}
