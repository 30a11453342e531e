//! Why two entries may be one weapon, in words that can be read aloud.

use matricule_loader::{InForce, REVIEW_FIELDS, ReviewPair};
use matricule_record::message;
use matricule_report::masked;

use crate::output::{shown, table};

/// A pair, side by side, with its reasons and what was decided.
pub(super) fn page(pair: &ReviewPair, decision: Option<&InForce>, unmask: bool) -> String {
    let mut text = side_by_side(pair, unmask);
    text.push('\n');
    let state = if pair.state.is_empty() { message!("review-unlinked") } else { &pair.state };
    text.push_str(format!("{} {state}\n", pair.kind).trim_start());
    // The parts of the sum stand last, under a heading in the language of the run that found them.
    let are_parts = |reasons: &[String]| bits_of(&reasons[0]).is_none() && bits_of(&reasons[1]).is_some();
    let start = pair.reasons.windows(2).position(are_parts).unwrap_or(pair.reasons.len());
    for reason in &pair.reasons[..start] {
        text.push_str(&format!("  {}\n", shown(reason, 400)));
    }
    if let Some((heading, parts)) = pair.reasons[start..].split_first() {
        text.push_str(&weights(heading, parts));
    }
    if let Some(held) = decision {
        let decided = message!(
            "review-decision",
            number = held.decision_id,
            run = held.run_id,
            verdict = held.verdict,
            operator = shown(&held.operator, 80),
            reason = shown(&held.reason, 400)
        );
        text.push_str(&format!("\n{decided}\n"));
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
    let [one, other] = [a, b].map(|entry| format!("entry {}", entry.entry_id));
    table(&["", &one, &other], &rows)
}

/// What the heading of the sum says the other explanation of the pair is.
fn rival(heading: &str) -> Option<&'static str> {
    let rivals = [
        (message!("odds-sibling"), message!("odds-sibling-meant")),
        (message!("odds-repeat"), message!("odds-repeat-meant")),
        (message!("odds-coincidence"), message!("odds-coincidence-meant")),
    ];
    rivals
        .into_iter()
        .find(|(name, _)| message!("odds-in-bits", rival = name) == heading)
        .map(|found| found.1)
}

/// The sum, each part also as odds.
fn weights(heading: &str, parts: &[String]) -> String {
    let question =
        rival(heading).map_or_else(|| shown(heading, 200), |rival| message!("odds-question", rival = rival));
    let mut text = format!("\n{question}\n");
    for (at, part) in parts.iter().enumerate() {
        let is_sum = at + 1 == parts.len();
        let odds = bits_of(part).and_then(|bits| if is_sum { Some(sum(bits)) } else { factor(bits) });
        let odds = odds.map_or_else(String::new, |odds| format!("  ({odds})"));
        text.push_str(&format!("  {}{odds}\n", shown(part, 200)));
    }
    text
}

fn bits_of(part: &str) -> Option<f64> {
    part.split_whitespace().next().filter(|word| word.starts_with(['+', '-']))?.parse().ok()
}

/// What a part says, in words; nothing where it says next to nothing.
fn factor(bits: f64) -> Option<String> {
    let size = bits.abs();
    (size >= 0.5).then(|| {
        if bits > 0.0 {
            message!("odds-for-one", odds = odds(size))
        } else {
            message!("odds-for-two", odds = odds(size))
        }
    })
}

/// What the sum says, in words.
fn sum(bits: f64) -> String {
    match bits.abs() {
        size if size < 0.5 => message!("odds-even").to_owned(),
        size if bits > 0.0 => message!("odds-one-weapon", odds = odds(size)),
        size => message!("odds-two-weapons", odds = odds(size)),
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
        ] {
            assert_eq!(factor(bits).as_deref(), Some(expect));
        }
        assert_eq!(factor(0.3), None);
        assert_eq!(sum(-25.1), "about 36,000,000 to 1 for two");
        assert_eq!(sum(0.2), "as likely one weapon as two");
    }
}
