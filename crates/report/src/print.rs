//! Text that came from a ledger, made safe and short enough for a terminal.

/// The text with every character that could steer or deceive a terminal written as `<U+XXXX>`, the
/// way mapping files write it.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_risky(c) {
            out.extend(format!("<U+{:04X}>", u32::from(c)).chars());
        } else {
            out.push(c);
        }
    }
    out
}

/// Control characters, bidi controls, invisible and private-use characters.
fn is_risky(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0xA0 | 0xAD
                | 0x61C
                | 0x180E
                | 0x200B..=0x200F
                | 0x2028..=0x202F
                | 0x2060..=0x206F
                | 0xE000..=0xF8FF
                | 0xFE00..=0xFE0F
                | 0xFEFF
                | 0xFFF0..=0xFFFB
                | 0xE0000..=0x10_FFFF
        )
}

/// The text escaped, and cut with `…` to at most `width` columns.
pub fn quote(text: &str, width: usize) -> String {
    cut(&escape(text), width)
}

/// The text cut with `…` to at most `width` columns.
fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += char_columns(c);
        if used > width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// The text, escaped, in at most `lines` lines of `width` columns; what does not fit ends in `…`.
pub fn wrap(text: &str, width: usize, lines: usize) -> Vec<String> {
    let text = escape(text);
    let mut wrapped = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let last = wrapped.len() - 1;
        if wrapped[last].is_empty() {
            wrapped[last].push_str(&cut(word, width));
        } else if columns(&wrapped[last]) + 1 + columns(word) <= width {
            wrapped[last].push(' ');
            wrapped[last].push_str(word);
        } else if wrapped.len() < lines {
            wrapped.push(cut(word, width));
        } else {
            wrapped[last] = cut(&format!("{} {word}", wrapped[last]), width);
            break;
        }
    }
    wrapped
}

/// Columns that a text takes; never fewer than it does on a usual terminal.
fn columns(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

fn char_columns(c: char) -> usize {
    let wide = matches!(
        u32::from(c),
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F
            | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD
    );
    1 + usize::from(wide)
}

/// A number with a comma after each group of three: `1,048,576`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share in whole percent; what is neither nothing nor all is never shown as such.
pub fn percent(share: f64) -> String {
    match (share * 100.0).round() {
        0.0 if share > 0.0 => "<1 %".to_owned(),
        100.0 if share < 1.0 => ">99 %".to_owned(),
        percent => format!("{percent:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_deceive_a_terminal_is_spelled_out() {
        for (text, expect) in [
            ("АВ 1234", "АВ 1234"),
            ("أ ب ١٢٣٤", "أ ب ١٢٣٤"),
            ("\u{1b}[31mred", "<U+001B>[31mred"),
            ("a\r\n\tb\u{7f}\u{9b}", "a<U+000D><U+000A><U+0009>b<U+007F><U+009B>"),
            ("1\u{202e}23\u{2066}4\u{200f}", "1<U+202E>23<U+2066>4<U+200F>"),
            ("A\u{200b}K\u{a0}7\u{ad}\u{feff}", "A<U+200B>K<U+00A0>7<U+00AD><U+FEFF>"),
            ("\u{e001}\u{e0041}", "<U+E001><U+E0041>"),
        ] {
            assert_eq!(escape(text), expect);
        }
    }

    #[test]
    fn long_text_is_cut_to_its_columns() {
        for (text, width, expect) in [
            ("ABCDEF", 6, "ABCDEF"),
            ("ABCDEFG", 6, "ABCDE…"),
            ("五六式 101", 9, "五六式 1…"),
            ("五六式 1000", 8, "五六式 …"),
            ("五六式", 4, "五…"),
            ("", 3, ""),
            ("\u{1b}\u{1b}", 9, "<U+001B>…"),
        ] {
            assert_eq!(quote(text, width), expect);
        }
    }

    #[test]
    fn sentences_are_wrapped_and_cut() {
        assert_eq!(wrap("one two three four", 9, 3), ["one two", "three", "four"]);
        assert_eq!(wrap("one two three four", 9, 2), ["one two", "three fo…"]);
        assert_eq!(wrap("a-very-long-word x", 8, 2), ["a-very-…", "x"]);
        assert_eq!(wrap("", 8, 2), [""]);
    }

    #[test]
    fn thousands_are_separated() {
        for (number, expect) in [(0, "0"), (999, "999"), (1000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(number), expect);
        }
    }
}
