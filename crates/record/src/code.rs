//! Codes: every way in which a file or a row can be refused or flagged.
//!
//! To add one: a line in the table below and its manual page `codes/<CODE>.md` beside this file.
//! A number is never used again, even after its code is gone.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! codes {
    ($($code:ident $title:literal;)*) => {
        /// A code of a reject, a warning, or a fault of a mapping file or a registry.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each code has a manual page of its own")]
        pub enum Code { $($code),* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$code),*];

            /// The code as printed: letter and number.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$code => stringify!($code)),* }
            }

            /// What it means, in a few words.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$code => $title),* }
            }

            /// Its manual page, in Markdown: meaning, reason, example, repair.
            pub const fn manual(self) -> &'static str {
                match self { $(Code::$code => include_str!(concat!("codes/", stringify!($code), ".md"))),* }
            }
        }
    };
}

codes! {
    I101 "unreadable or damaged file";
    I102 "password-protected file";
    I103 "unknown or too old format";
    I104 "no header found";
    I105 "undecodable bytes";
    I106 "broken quoting";
    I107 "over a limit";
    I108 "row longer than the header";
    I109 "error value in a cell";
    I110 "formula without a value";
    I111 "ambiguous column";
    I112 "row under another header or none";
    S201 "required field missing";
    S202 "date not understood";
    S203 "impossible date";
    S204 "unknown weapon type";
    S205 "unknown country";
    S206 "ditto mark with nothing above it";
    S207 "ditto mark in a serial";
    S208 "calibre not understood";
    S209 "status not understood";
    S210 "value damaged by a spreadsheet";
    S211 "confidence not understood";
    S212 "confidence below the threshold";
    T301 "no mapping for a character";
    T302 "mixed scripts in a serial";
    T303 "symbol without a name";
    T304 "ambiguous numeral";
    T305 "private-use or replacement character";
    T306 "nothing left after conversion";
    T307 "serial damaged as a number";
    T308 "serial damaged as a date";
    T309 "implausible serial";
    T310 "character marked for review in its table";
    T311 "language undetermined";
    T312 "ambiguous letter name";
    W401 "leading zeros may be lost";
    W402 "mixed digit systems in a serial";
    W403 "two-digit year kept as written";
    W404 "recommended field missing";
    W405 "a similar serial exists";
    W406 "required field not recorded in this ledger";
    W407 "calibre not in the list";
    W408 "look-alike letters folded";
    W409 "converted by an unverified row";
    W410 "letters read by their names";
    W411 "model taken out of the serial";
    W414 "converted from another calendar";
    W415 "calibre recovered from a spreadsheet's date";
    W416 "make not in the list";
    W417 "designer in the place of the maker";
    W418 "facts that do not go together";
    W419 "rim of the calibre supplied";
    W420 "event not understood";
    W421 "serial of a known system";
    W422 "serials of one cell divided";
    M501 "mapping file not readable";
    M502 "mapping row not valid";
    M503 "duplicate mapping row";
    M504 "letter of the alphabet without a row";
    M505 "embedded test fails";
    M506 "ledger profile not valid";
    M507 "strict table cannot be read back";
    R601 "not a file of corrections";
    R602 "no such refused row";
    R603 "the row is not the one that was refused";
    R604 "action not understood";
    R605 "no one value to accept";
    R606 "value not understood";
    R607 "row decided otherwise before";
    R608 "row stands twice in the file";
    L701 "registry in use by another run";
    L702 "another version of this ledger is already loaded";
    L703 "ledger already loaded";
    L704 "registry made by a newer version";
    L705 "registry could not be written";
    L706 "plan has changed";
    L707 "run cannot be undone";
    L708 "ledger of another registry reads otherwise here";
    L709 "evidence cannot outlive what is to be erased";
}

impl Code {
    /// The code of that name, in either case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name().eq_ignore_ascii_case(name))
    }

    /// Whether the reader of ledgers finds it, from bytes and cells that the registry does not keep.
    pub fn is_of_ingest(self) -> bool {
        self.name().starts_with('I') || self == Self::S206
    }

    /// Whether it travels with a loaded entry as a flag and refuses nothing.
    pub fn is_warning(self) -> bool {
        self.name().starts_with('W')
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown = || serde::de::Error::custom(format!("there is no code {name:?}"));
        Self::from_name(&name).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        let numbers: Vec<u32> = Code::ALL.iter().map(|code| code.name()[1..].parse().unwrap()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "not in order: {numbers:?}");
        for code in Code::ALL {
            let letter = match code.name().as_bytes()[1] {
                b'1' => "I",
                b'2' => "S",
                b'3' => "T",
                b'4' => "W",
                b'5' => "M",
                b'6' => "R",
                _ => "L",
            };
            assert!(code.name().starts_with(letter), "{code} has the letter of another hundred");
        }
    }

    #[test]
    fn every_code_has_its_manual_page() {
        for code in Code::ALL {
            let first = code.manual().lines().next().unwrap_or_default();
            assert_eq!(first, format!("# {code}: {}", code.title()));
            for heading in ["## What it means", "## Why", "## Example", "## What to do"] {
                assert!(code.manual().contains(heading), "{code} lacks {heading:?}");
            }
        }
    }
}
