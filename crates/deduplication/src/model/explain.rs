//! Why a pair has its score: each field's bits against the best rival class.

use super::config::Config;
use super::level::Level;
use super::score::{CONTEXT, Classes, Pattern, Scorer, Shares};

/// The classes that explain a pair of entries.
const CLASSES: [&str; 4] = ["match", "consignment sibling", "repeated serial", "coincidence"];

const OTHER_RECORDS: &str = "other records that it may be a copy of";
const MISKEYED_SIBLINGS: &str = "copies of others of the consignment, miskeyed to this serial";

/// Why a pair has its score.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The class that explains the pair best beside *match*.
    pub rival: &'static str,
    /// The odds of a match against that class before the pair is looked at, as log2.
    pub expected: f32,
    /// Each field: its name, the relation of the values, the two values, the bits for a match.
    pub evidence: Vec<Evidence>,
    /// What the other rival classes take.
    pub other_classes: f32,
    /// What other records take that may as well be the origin.
    pub other_records: f32,
    /// Which records these are, in words.
    pub origin: &'static str,
    /// The posterior odds of a match, as log2.
    pub bits: f32,
}

/// One field's part.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The field.
    pub field: String,
    /// The relation of the two values.
    pub level: Level,
    /// The values as compared.
    pub values: [String; 2],
    /// The bits for a match against the rival class.
    pub bits: f32,
}

/// Explains a pair of records; `after` are its bits once rivals took their part.
pub(crate) fn explain(
    config: &Config,
    scorer: &Scorer,
    shares: &Shares,
    (a, b): (u32, u32),
    after: Option<f32>,
) -> Explanation {
    let pattern = scorer.pattern(a, b);
    let classes = scorer.classes(a, b, &pattern);
    let rival = best_rival(shares, &classes);
    let before = shares.bits(&classes);
    let after = after.unwrap_or(before);
    let odds = |class: usize| shares.0[class] + classes[class];
    let equal = scorer.serial.is_some_and(|serial| pattern[serial].agrees());
    Explanation {
        rival: CLASSES[rival],
        expected: shares.0[0] - shares.0[rival],
        evidence: evidence(config, scorer, (a, b), &pattern, rival),
        other_classes: before - (odds(0) - odds(rival)),
        other_records: after - before,
        origin: if equal { MISKEYED_SIBLINGS } else { OTHER_RECORDS },
        bits: after,
    }
}

fn best_rival(shares: &Shares, classes: &Classes) -> usize {
    let odds = |class: &usize| shares.0[*class] + classes[*class];
    (1..4).max_by(|x, y| odds(x).total_cmp(&odds(y))).unwrap_or(3)
}

fn evidence(
    config: &Config,
    scorer: &Scorer,
    (a, b): (u32, u32),
    pattern: &Pattern,
    rival: usize,
) -> Vec<Evidence> {
    let bits = |at: usize| {
        let classes = scorer.evidence(at, a, b, pattern);
        classes[0] - classes[rival]
    };
    let text = |at: usize, row: u32| scorer.values[at].text(row).to_owned();
    let fields = config.fields.iter().enumerate().map(|(at, field)| (at, field.name.as_str()));
    let known = |at: &usize| pattern[*at] != Level::Missing;
    let fields = fields.filter(|(at, _)| known(at)).map(|(at, name)| Evidence {
        field: name.to_owned(),
        level: pattern[at],
        values: [text(at, a), text(at, b)],
        bits: bits(at),
    });
    let context = CONTEXT.into_iter().filter(|(at, _)| known(at)).map(|(at, name)| Evidence {
        field: name.to_owned(),
        level: pattern[at],
        values: [String::new(), String::new()],
        bits: bits(at),
    });
    let restart = if rival == 2 { -scorer.restarting_bits(a, pattern) } else { 0.0 };
    let series = (restart != 0.0).then(|| Evidence {
        field: "how often series of this model start anew".to_owned(),
        level: Level::Missing,
        values: [String::new(), String::new()],
        bits: restart,
    });
    fields.chain(context).chain(series).collect()
}

impl Explanation {
    /// The parts of the sum, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{:+6.1}  expected before the two are looked at", self.expected)];
        for part in &self.evidence {
            lines.push(format!("{:+6.1}  {}", part.bits, part.words()));
        }
        lines.push(format!("{:+6.1}  the other explanations", self.other_classes));
        lines.push(format!("{:+6.1}  {}", self.other_records, self.origin));
        lines.push(format!("{:+6.1}  bits that they are one", self.bits));
        lines
    }
}

impl Evidence {
    /// What is seen, as it is read aloud.
    fn words(&self) -> String {
        let level = self.level.words();
        match (self.field.as_str(), self.level) {
            _ if self.values[0].is_empty() => self.context(),
            (field, Level::Exact) => format!("{field}: {level}, {}", self.values[0]),
            (field, _) => format!("{field}: {level}, {}", self.values.join(" and ")),
        }
    }

    /// The same where no values are to be told.
    fn context(&self) -> String {
        match (self.field.as_str(), self.level) {
            ("place", Level::SameLine) => "place: the same line of one page".to_owned(),
            ("place", Level::SamePage) => "place: two lines of one page".to_owned(),
            ("place", Level::SameLedger) => "place: one ledger, not one page".to_owned(),
            ("place", Level::Elsewhere) => "place: two ledgers".to_owned(),
            ("attested", Level::None) => "neither serial stands elsewhere or amid its neighbours".to_owned(),
            ("attested", Level::One) => {
                "one of the serials stands elsewhere or amid its neighbours".to_owned()
            }
            ("attested", Level::Both) => {
                "both serials stand elsewhere or amid their neighbours: both are right".to_owned()
            }
            ("attested", Level::Parallel) => {
                "the neighbours of both stand by both: one run of serials, written otherwise all along"
                    .to_owned()
            }
            ("neighbour", Level::Exact) => "the serials are neighbours in one series".to_owned(),
            ("neighbour", _) => "the serials are no neighbours in one series".to_owned(),
            (field, level) => format!("{field}: {}", level.words()).trim_end_matches([':', ' ']).to_owned(),
        }
    }
}

impl std::fmt::Display for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "against {}:", self.rival)?;
        self.lines().iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}
