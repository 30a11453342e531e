//! Codes: every way in which a file or a row can be refused or flagged.
//!
//! To add one: a line in the table below, its title `code-<CODE>` in `messages/en.ftl` and its manual page
//! `codes/<CODE>.md` beside this file.
//! A number is never used again, even after its code is gone.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::messages;

macro_rules! codes {
    ($($code:ident;)*) => {
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
            pub fn title(self) -> &'static str {
                match self { $(Code::$code => messages::plain(concat!("code-", stringify!($code)))),* }
            }

            /// Its manual page, in Markdown: meaning, reason, example, repair.
            pub const fn manual(self) -> &'static str {
                match self { $(Code::$code => include_str!(concat!("codes/", stringify!($code), ".md"))),* }
            }
        }
    };
}

codes! {
    I101;
    I102;
    I103;
    I104;
    I105;
    I106;
    I107;
    I108;
    I109;
    I110;
    I111;
    I112;
    I113;
    I114;
    S201;
    S202;
    S203;
    S204;
    S205;
    S206;
    S207;
    S208;
    S209;
    S210;
    S211;
    S212;
    T301;
    T302;
    T303;
    T304;
    T305;
    T306;
    T307;
    T308;
    T309;
    T310;
    T311;
    T312;
    W401;
    W402;
    W403;
    W404;
    W405;
    W406;
    W407;
    W408;
    W409;
    W410;
    W411;
    W414;
    W415;
    W416;
    W417;
    W418;
    W419;
    W420;
    W421;
    W422;
    W423;
    W424;
    W425;
    M501;
    M502;
    M503;
    M504;
    M505;
    M506;
    M507;
    R601;
    R602;
    R603;
    R604;
    R605;
    R606;
    R607;
    R608;
    L701;
    L702;
    L703;
    L704;
    L705;
    L706;
    L707;
    L708;
    L709;
    L710;
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
