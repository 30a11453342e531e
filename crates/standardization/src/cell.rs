//! A cell's text, rid of what a spreadsheet or a keyboard left in it.

use std::borrow::Cow;

use matricule_text::{NumeralSystem, decimal_digit, invisible_name, is_dash};

/// Trimmed; invisible characters and `_x000D_` removed; runs of blanks and line breaks as one blank.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let text = unquoted(text);
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let visible: String =
        text.replace("_x000D_", " ").chars().filter(|&c| invisible_name(c).is_none()).collect();
    Cow::Owned(visible.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The text in `="00123"`, the formula by which a text of digits is kept a text when a CSV is opened in a spreadsheet.
pub(crate) fn unquoted(text: &str) -> &str {
    let quoted = text.trim().strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    quoted.filter(|inner| !inner.contains('"')).unwrap_or(text)
}

/// Whether the text is as it would be after cleaning: most are.
fn is_clean(text: &str) -> bool {
    let mut after_blank = true;
    for character in text.chars() {
        let is_blank = character == ' ';
        let is_odd = character.is_control() || (character.is_whitespace() && !is_blank);
        if is_odd
            || (is_blank && after_blank)
            || (!character.is_ascii() && invisible_name(character).is_some())
        {
            return false;
        }
        after_blank = is_blank;
    }
    !text.ends_with(' ') && !has_escape(text)
}

/// Whether a spreadsheet's escape for a line end is in the text. One character is looked for first, as that is
/// faster and nearly no cell has it.
fn has_escape(text: &str) -> bool {
    text.contains('_') && text.contains("_x000D_")
}

/// Whether a cell of a descriptive field says nothing: blank, a dash alone, or the dots or the line of a form.
pub(crate) fn says_nothing(text: &str) -> bool {
    is_null(text)
        || text.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '_' | '.' | '…') || is_dash(c))
}

/// Whether a text is how a database or a program of statistics writes that there is no value.
pub(crate) fn is_null(text: &str) -> bool {
    const NULLS: [&str; 14] = [
        "NULL", "null", "Null", "(null)", "(NULL)", "<null>", "<NULL>", "[NULL]", "\\N", "None", "nan",
        "NaN", "NaT", "<NA>",
    ];
    let text = text.trim();
    // Asked of every cell: most are told by their length or their first letter.
    text.len() <= 6 && text.starts_with(['N', 'n', '(', '<', '[', '\\']) && NULLS.contains(&text)
}

/// The text with the decimal digits of every script as ASCII digits.
pub(crate) fn ascii_digits(text: &str) -> String {
    text.chars().map(|c| decimal_digit(c).map_or(c, |digit| char::from(b'0' + digit))).collect()
}

/// Decimal digits as ASCII, numerals of other systems as digits, and the first year of an era
/// (元年) as year 1.
pub(crate) fn plain_numerals(text: &str) -> String {
    let text = ascii_digits(text);
    if text.is_ascii() {
        return text;
    }
    let characters: Vec<char> = text.replace("元年", "1年").chars().collect();
    let (mut plain, mut at) = (String::with_capacity(text.len()), 0);
    while at < characters.len() {
        let system = NumeralSystem::of(characters[at]).filter(|system| *system != NumeralSystem::Roman);
        let read = system.and_then(|system| system.read(&characters[at..], false));
        let known = read.and_then(|(length, number)| Some((length, number?)));
        let (length, number) = known.unwrap_or_else(|| (1, characters[at].to_string()));
        plain.push_str(&number);
        at += length;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_rid_of_what_nobody_wrote() {
        for (text, expect) in [
            ("  Izhmash ", "Izhmash"),
            ("Smith  &\u{a0}Wesson", "Smith & Wesson"),
            ("A\u{200b}K\u{ad}M", "AKM"),
            ("Tula_x000D_\nArms", "Tula Arms"),
            ("9x18", "9x18"),
            ("=\"00123\"", "00123"),
            ("=\"A\"&\"B\"", "=\"A\"&\"B\""),
        ] {
            assert_eq!(clean(text), expect);
        }
        for (text, expect) in [(" — ", true), ("......", true), ("____", true), ("?", false), ("-1", false)]
        {
            assert_eq!(says_nothing(text), expect, "{text}");
        }
        for (text, expect) in
            [("NULL", true), (" (null) ", true), ("\\N", true), ("NaT", true), ("Nan Li", false)]
        {
            assert_eq!(says_nothing(text), expect, "{text}");
        }
    }
}
