//! What is wrong with a cell, in words, each with its repair.

use matricule_record::{Code, Field, Finding, Ledger, message};

use crate::written::Doubt;

pub(super) fn error_value(text: &str) -> Finding {
    Finding::new(Code::I109, message!("i109-error-value", text = text)).suggest(message!("i109-repair"))
}

pub(super) fn formula(text: &str) -> Finding {
    Finding::new(Code::I110, message!("i110-formula", text = text)).suggest(message!("i110-repair"))
}

pub(super) fn missing(field: Field, column: Option<usize>) -> Finding {
    let where_to = if column.is_some() { message!("s201-cell-empty") } else { message!("s201-no-column") };
    let repair = match (field, column) {
        (Field::Serial, Some(_)) => message!("s201-repair-serial").to_owned(),
        (Field::Serial, None) => message!("s201-repair-no-column").to_owned(),
        _ => message!("s201-repair", field = field),
    };
    Finding::new(Code::S201, message!("s201-missing", field = field, where_to = where_to))
        .at(Some(field), column, "")
        .suggest(repair)
}

/// None of several fields of which a row needs one.
pub(super) fn missing_all(fields: &[Field], ledger: &Ledger) -> Finding {
    let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
    let column = fields.iter().find_map(|field| ledger.column_of(*field));
    Finding::new(Code::S201, message!("s201-missing-all", fields = names.join(", ")))
        .at(fields.first().copied(), column, "")
        .suggest(message!("s201-repair-all"))
}

pub(super) fn impossible(text: &str) -> Finding {
    Finding::new(Code::S203, message!("s203-impossible", text = text)).suggest(message!("s203-repair"))
}

/// A date or year that can be one of several, and what would decide it.
pub(super) fn unclear(text: &str, doubt: Doubt) -> Finding {
    let (what, repair) = match doubt {
        Doubt::Order => (message!("s202-order"), message!("s202-order-repair")),
        Doubt::Word => (message!("s202-word"), message!("repair-language")),
        Doubt::Month => (message!("s202-month"), message!("s202-month-repair")),
        Doubt::Era => (message!("s202-era"), message!("s202-era-repair")),
        Doubt::Cell => (message!("s202-cell"), message!("s202-cell-repair")),
        Doubt::Interval => (message!("s202-interval"), message!("s202-interval-repair")),
    };
    Finding::new(Code::S202, message!("s202-unclear", text = text, what = what)).suggest(repair)
}

pub(super) fn not_a_date(text: &str, what: &str, example: &str) -> Finding {
    Finding::new(Code::S202, message!("s202-not-understood", text = text, what = what))
        .suggest(message!("s202-repair", example = example))
}
