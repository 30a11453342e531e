//! What is wrong with a cell, in words, each with its repair.

use matricule_record::{Code, Field, Finding, Ledger};

use crate::written::Doubt;

pub(super) fn error_value(text: &str) -> Finding {
    Finding::new(Code::I109, format!("the cell holds the error value {text}."))
        .suggest("Repair the formula in the workbook, or type the value.")
}

pub(super) fn formula(text: &str) -> Finding {
    Finding::new(Code::I110, format!("the file holds no value for the formula `{text}`."))
        .suggest("Open the workbook in a spreadsheet program, let it calculate, and save it.")
}

pub(super) fn missing(field: Field, column: Option<usize>) -> Finding {
    let where_to = if column.is_some() { "the cell is empty" } else { "the ledger has no such column" };
    let repair = if field == Field::Serial {
        "Write the serial, or why there is none (such as: no number, filed off, unreadable).".to_owned()
    } else {
        format!(
            "Write it, or give it for the whole ledger under [constants] in ledger.toml: {field} = \"…\"."
        )
    };
    Finding::new(Code::S201, format!("{field} is required and {where_to}."))
        .at(Some(field), column, "")
        .suggest(repair)
}

/// None of several fields of which a row needs one.
pub(super) fn missing_all(fields: &[Field], ledger: &Ledger) -> Finding {
    let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
    let column = fields.iter().find_map(|field| ledger.column_of(*field));
    Finding::new(Code::S201, format!("one of {} is required and none is there.", names.join(", ")))
        .at(fields.first().copied(), column, "")
        .suggest("Write one of them, or give one for the whole ledger under [constants] in ledger.toml.")
}

pub(super) fn impossible(text: &str) -> Finding {
    Finding::new(Code::S203, format!("`{text}` is no day or year in which this can have happened."))
        .suggest("Correct the cell; if it is of another calendar, write `calendar = \"…\"` under [ledger] in ledger.toml.")
}

/// A date or year that can be one of several, and what would decide it.
pub(super) fn unclear(text: &str, doubt: Doubt) -> Finding {
    let (what, repair) = match doubt {
        Doubt::Order => (
            "can be either of two days",
            "Write `date_order = \"dmy\"` (or \"mdy\") under [ledger] in ledger.toml beside the file.",
        ),
        Doubt::Word => (
            "holds a word that means different months or eras in different languages",
            "Write `language = \"…\"` under [ledger] in ledger.toml beside the file.",
        ),
        Doubt::Month => (
            "has a month that can be counted from January or from March",
            "Write the month in words, as in 12 Mayıs 1325.",
        ),
        Doubt::Era => (
            "is a year of an era that is not named",
            "Write the era, as in 昭和13, or `calendar = \"japanese-showa\"` (or another era) under [ledger] in ledger.toml.",
        ),
        Doubt::Cell => (
            "is a spreadsheet's date in a ledger of another calendar and can be of either",
            "Type the date again in a cell formatted as text.",
        ),
        Doubt::Interval => (
            "can be a month of one year or several years",
            "Write several years with four digits each, as in 1908/1912.",
        ),
    };
    Finding::new(Code::S202, format!("`{text}` {what}.")).suggest(repair)
}

pub(super) fn not_a_date(text: &str, what: &str, example: &str) -> Finding {
    Finding::new(Code::S202, format!("`{text}` is not understood as a {what}."))
        .suggest(format!("Write {example}."))
}
