//! How sure the reading of a scanned row is: a share of one, from the ways in which programs write it.

use matricule_record::{Cell, CellKind, Text};

use crate::cell::ascii_digits;

/// A threshold as declared (0.8, or 80 for a ledger of percents) as a share of one.
pub(crate) fn as_share(declared: f64) -> f64 {
    if declared > 1.0 { declared / 100.0 } else { declared }
}

/// A share of one, as text; `None` for what is none. A number above one is percent; one of at most one
/// is percent where a percent sign stands with it or the threshold is declared in percent.
pub(crate) fn read(cell: Cell<'_>, declared: Option<f64>) -> Option<Text> {
    if matches!(cell.kind, CellKind::Date | CellKind::Boolean) {
        return None;
    }
    let text = ascii_digits(cell.text).replace(['٫', ','], ".");
    let number = text.trim_matches(|c: char| c.is_whitespace() || PERCENT.contains(&c));
    let has_sign = text.contains(PERCENT);
    let is_decimal = number.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !number.starts_with('.');
    let value: f64 = number.parse().ok().filter(|_| is_decimal)?;
    let is_percent = has_sign || value > 1.0 || declared.is_some_and(|declared| declared > 1.0);
    let share = if is_percent { value / 100.0 } else { value };
    (share <= 1.0).then(|| written(share))
}

const PERCENT: [char; 4] = ['%', '٪', '％', '﹪'];

/// With up to six decimals, without zeros that say nothing.
fn written(share: f64) -> Text {
    let text = format!("{share:.6}");
    text.trim_end_matches('0').trim_end_matches('.').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(declared: Option<f64>, lines: &[(&str, &str)]) {
        for (text, expect) in lines {
            let found = read(Cell { kind: CellKind::Text, text }, declared).unwrap_or_else(|| "none".into());
            assert_eq!(found, *expect, "{text} under {declared:?}");
        }
    }

    #[test]
    fn shares_and_percents_are_one() {
        check(
            None,
            &[
                ("0.93", "0.93"),
                ("0,93", "0.93"),
                ("93", "0.93"),
                ("93 %", "0.93"),
                ("98,7%", "0.987"),
                ("٪٩٣", "0.93"),
                ("٠٫٩٣", "0.93"),
                ("100%", "1"),
                ("1", "1"),
                ("0.5 %", "0.005"),
                ("0", "0"),
            ],
        );
        check(Some(80.0), &[("1", "0.01"), ("0.9", "0.009"), ("93", "0.93"), ("100", "1")]);
        check(Some(0.8), &[("1", "1"), ("93", "0.93")]);
    }

    #[test]
    fn what_is_no_share_is_not_understood() {
        check(
            None,
            &[
                ("high", "none"),
                ("101", "none"),
                ("-0.5", "none"),
                ("1e-3", "none"),
                ("0.9.3", "none"),
                ("NaN", "none"),
                ("inf", "none"),
                (".9", "none"),
                ("%", "none"),
            ],
        );
    }
}
