//! Why two entries may be one weapon, in words that can be read aloud.

use matricule_loader::{InForce, REVIEW_FIELDS, ReviewPair};

use matricule_report::masked;

use crate::output::{shown, table};

/// What the rival explanations of a pair are, by the names that its reasons give them.
const RIVALS: [(&str, &str); 3] = [
    ("consignment sibling", "two weapons of one consignment, whose serials follow each other"),
    ("repeated serial", "two weapons whose series use the same serials"),
    ("coincidence", "two weapons that have nothing to do with each other"),
];

/// Where the parts of the sum begin.
const WEIGHTS: &str = "in bits, against ";

/// A pair, side by side, with its reasons and what was decided.
pub(super) fn page(pair: &ReviewPair, decision: Option<&InForce>, unmask: bool) -> String {
    let mut text = side_by_side(pair, unmask);
    text.push('\n');
    let state = if pair.state.is_empty() { "nothing links them" } else { &pair.state };
    text.push_str(format!("{} {state}\n", pair.kind).trim_start());
    let start =
        pair.reasons.iter().position(|reason| reason.starts_with(WEIGHTS)).unwrap_or(pair.reasons.len());
    for reason in &pair.reasons[..start] {
        text.push_str(&format!("  {}\n", shown(reason, 400)));
    }
    if let Some((rival, parts)) = pair.reasons[start..].split_first() {
        let rival = rival.trim_start_matches(WEIGHTS).trim_end_matches(':');
        text.push_str(&weights(rival, parts));
    }
    if let Some(held) = decision {
        text.push_str(&format!(
            "\nDecision {} of run {}: {} by {}: {}\n",
            held.decision_id,
            held.run_id,
            held.verdict,
            shown(&held.operator, 80),
            shown(&held.reason, 400)
        ));
    }
    text
}

fn side_by_side(pair: &ReviewPair, unmask: bool) -> String {
    let (a, b) = (&pair.a, &pair.b);
    let mut rows = vec![
        vec!["address".to_owned(), shown(&a.address, 60), shown(&b.address, 60)],
        vec!["serial".to_owned(), shown(&a.serial, 40), shown(&b.serial, 40)],
    ];
    for (at, name) in REVIEW_FIELDS.iter().enumerate() {
        let [x, y] = [a, b].map(|entry| masked(name, &entry.fields[at], unmask));
        if !x.is_empty() || !y.is_empty() {
            rows.push(vec![(*name).to_owned(), shown(x, 40), shown(y, 40)]);
        }
    }
    let header = [String::new(), format!("entry {}", a.entry_id), format!("entry {}", b.entry_id)];
    table(&[&header[0], &header[1], &header[2]], &rows)
}

/// The sum, each part also as odds.
fn weights(rival: &str, parts: &[String]) -> String {
    let meant = RIVALS.iter().find(|(name, _)| *name == rival).map_or(rival, |(_, words)| *words);
    let mut text = format!("\nOne weapon, or {meant}?\n");
    for (at, part) in parts.iter().enumerate() {
        let is_sum = at + 1 == parts.len();
        let odds = bits_of(part).map(|bits| if is_sum { sum(bits) } else { factor(bits) });
        let odds =
            odds.filter(|odds| !odds.is_empty()).map_or_else(String::new, |odds| format!("  ({odds})"));
        text.push_str(&format!("  {}{odds}\n", shown(part, 200)));
    }
    text
}

fn bits_of(part: &str) -> Option<f64> {
    part.split_whitespace().next()?.parse().ok()
}

/// What a part says, in words.
fn factor(bits: f64) -> String {
    match bits.abs() {
        size if size < 0.5 => String::new(),
        size => {
            format!("{} times likelier if they are {}", odds(size), if bits > 0.0 { "one" } else { "two" })
        }
    }
}

/// What the sum says, in words.
fn sum(bits: f64) -> String {
    match bits.abs() {
        size if size < 0.5 => "as likely one weapon as two".to_owned(),
        size => format!("about {} to 1 for {}", odds(size), if bits > 0.0 { "one weapon" } else { "two" }),
    }
}

/// Two significant digits, grouped.
fn odds(bits: f64) -> String {
    let odds = bits.min(100.0).exp2();
    if odds < 10.0 {
        return format!("{odds:.1}");
    }
    let scale = 10_f64.powi(odds.log10().floor() as i32 - 1);
    let digits = format!("{:.0}", (odds / scale).round() * scale);
    let first = digits.len() % 3;
    let groups =
        digits.as_bytes()[first..].chunks(3).map(|chunk| String::from_utf8_lossy(chunk).into_owned());
    let head = (first > 0).then(|| digits[..first].to_owned());
    head.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_told_as_odds() {
        for (bits, expect) in [
            (1.0, "2.0 times likelier if they are one"),
            (-16.3, "81,000 times likelier if they are two"),
            (10.0, "1,000 times likelier if they are one"),
            (0.3, ""),
        ] {
            assert_eq!(factor(bits), expect);
        }
        assert_eq!(sum(-25.1), "about 36,000,000 to 1 for two");
        assert_eq!(sum(0.2), "as likely one weapon as two");
    }
}
