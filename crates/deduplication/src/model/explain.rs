//! Why a pair has its score: each field's bits against the best rival class.

use matricule_record::message;

use super::config::Config;
use super::level::Level;
use super::score::{CONTEXT, Classes, Pattern, Scorer, Shares};

/// The class beside *match* that explains a pair, by its number.
fn rival_words(class: usize) -> &'static str {
    match class {
        1 => message!("odds-sibling"),
        2 => message!("odds-repeat"),
        _ => message!("odds-coincidence"),
    }
}

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
        rival: rival_words(rival),
        expected: shares.0[0] - shares.0[rival],
        evidence: evidence(config, scorer, (a, b), &pattern, rival),
        other_classes: before - (odds(0) - odds(rival)),
        other_records: after - before,
        origin: if equal { message!("odds-miskeyed-siblings") } else { message!("odds-other-records") },
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
        field: message!("odds-restart").to_owned(),
        level: Level::Missing,
        values: [String::new(), String::new()],
        bits: restart,
    });
    fields.chain(context).chain(series).collect()
}

impl Explanation {
    /// The parts of the sum, a line each.
    pub fn lines(&self) -> Vec<String> {
        let line = |bits: f32, words: &str| format!("{bits:+6.1}  {words}");
        let mut lines = vec![line(self.expected, message!("odds-expected"))];
        lines.extend(self.evidence.iter().map(|part| line(part.bits, &part.words())));
        lines.push(line(self.other_classes, message!("odds-other-classes")));
        lines.push(line(self.other_records, self.origin));
        lines.push(line(self.bits, message!("odds-sum")));
        lines
    }
}

impl Evidence {
    /// What is seen, as it is read aloud.
    fn words(&self) -> String {
        let (field, level) = (&self.field, self.level.words());
        let [one, other] = &self.values;
        match self.level {
            _ if one.is_empty() => self.context().map_or_else(|| self.without_values(), str::to_owned),
            Level::Exact => message!("odds-value", field = field, level = level, value = one),
            _ => message!("odds-values", field = field, level = level, one = one, other = other),
        }
    }

    /// What is said of the two records, and of no value of theirs.
    fn context(&self) -> Option<&'static str> {
        Some(match (self.field.as_str(), self.level) {
            ("place", Level::SameLine) => message!("odds-same-line"),
            ("place", Level::SamePage) => message!("odds-same-page"),
            ("place", Level::SameLedger) => message!("odds-same-ledger"),
            ("place", Level::Elsewhere) => message!("odds-two-ledgers"),
            ("attested", Level::None) => message!("odds-none-attested"),
            ("attested", Level::One) => message!("odds-one-attested"),
            ("attested", Level::Both) => message!("odds-both-attested"),
            ("neighbour", Level::Exact) => message!("odds-neighbours"),
            ("neighbour", _) => message!("odds-no-neighbours"),
            _ => return None,
        })
    }

    fn without_values(&self) -> String {
        match self.level.words() {
            "" => self.field.clone(),
            level => message!("odds-field", field = self.field, level = level),
        }
    }
}

impl std::fmt::Display for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", message!("odds-against", rival = self.rival))?;
        self.lines().iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}
