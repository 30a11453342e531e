//! Ditto marks: signs that repeat what stands above. Words for the same are in a vocabulary.

use crate::character::is_dash;

/// Whether a text is a ditto mark by its signs: quotation marks, alone or between dashes, in any of
/// the ways in which people type them (`"`, `〃`, `-"-`).
pub fn is_ditto_mark(text: &str) -> bool {
    let is_frame = |c: char| c.is_whitespace() || matches!(c, '-' | '/' | '.') || is_dash(c);
    let is_quote = |c: char| c == '〃' || plain_quote(c).is_some();
    text.chars().all(|c| is_quote(c) || is_frame(c)) && text.chars().any(is_quote)
}

/// Lower case, trimmed, every kind of double quotation mark as `"` and of single one as `'`: the form
/// in which short words such as `כנ״ל` compare.
pub fn plain_quotes(text: &str) -> String {
    text.trim().chars().flat_map(char::to_lowercase).map(|c| plain_quote(c).unwrap_or(c)).collect()
}

/// A word without the signs that frame it and without its repetition: `(idem)`, `..do..` and `id. id.` are `idem`, `do`
/// and `id`. `None` where nothing frames it.
pub fn unframed(text: &str) -> Option<String> {
    let is_frame = |c: char| {
        matches!(c, '.' | ',' | '(' | ')' | '…' | '-' | '_') || is_dash(c) || plain_quote(c).is_some()
    };
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| word.trim_matches(is_frame))
        .filter(|word| !word.is_empty())
        .collect();
    let is_repeated =
        words.len() > 1 && words.iter().all(|word| word.to_lowercase() == words[0].to_lowercase());
    let bare = if is_repeated { plain_quotes(words[0]) } else { plain_quotes(&words.join(" ")) };
    (!bare.is_empty() && bare != plain_quotes(text)).then_some(bare)
}

/// The typewriter's sign for a quotation mark of any kind.
fn plain_quote(c: char) -> Option<char> {
    match c {
        '"' | '“' | '”' | '„' | '‟' | '″' | 'ˮ' | '״' | '＂' => Some('"'),
        '\'' | '‘' | '’' | '′' | '׳' | '＇' | '`' | '´' => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_repeat() {
        for mark in ["\"", "''", "〃", "-\"-", "-'-", "– ” –", "-//\"-", "״"] {
            assert!(is_ditto_mark(mark), "{mark}");
        }
        for other in ["", "-", "--", "A\"", "12'", ".", "то же"] {
            assert!(!is_ditto_mark(other), "{other}");
        }
        assert_eq!(plain_quotes(" כנ״ל "), plain_quotes("כנ\"ל"));
    }

    #[test]
    fn a_word_is_rid_of_its_frame() {
        for (text, expect) in [
            ("Idem.", Some("idem")),
            ("(idem)", Some("idem")),
            ("..do..", Some("do")),
            ("…do…", Some("do")),
            ("- same -", Some("same")),
            ("id. id.", Some("id")),
            ("Id. id.", Some("id")),
            ("do do", Some("do")),
            ("idem", None),
            ("as above", None),
            ("-", None),
        ] {
            assert_eq!(unframed(text).as_deref(), expect, "{text}");
        }
    }
}
