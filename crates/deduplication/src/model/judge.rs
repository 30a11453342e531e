//! What may be done with a pair: merged, called a contradiction, or left to a person.

use super::config::{Config, Kind, Role};
use super::level::Level;
use super::score::{Pattern, Scorer};
use super::{Class, Edge, vocabulary};

/// The rules about what may be done with a pair.
pub(super) struct Judge<'a> {
    config: &'a Config,
    scorer: &'a Scorer<'a>,
    /// Ledger, page and line, where all are named.
    place: Option<[usize; 3]>,
    date: Option<usize>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(config: &'a Config, scorer: &'a Scorer<'a>) -> Self {
        let at = |name: &str| config.field(name).ok();
        let place = config.place.as_ref().and_then(|place| {
            Some([at(&place.ledger)?, at(place.page.as_ref()?)?, at(place.line.as_ref()?)?])
        });
        let date = config.place.as_ref().and_then(|place| at(&place.date));
        Self { config, scorer, place, date }
    }

    /// What is to be done with a pair.
    pub(super) fn class(&self, edge: &Edge) -> Class {
        let pattern = self.scorer.pattern(edge.a, edge.b);
        let (decide, contradicting) = (&self.config.decide, self.contradictions(edge, &pattern));
        let agree = || self.identity(&pattern, |level| level.agrees() || level == Level::Missing);
        if contradicting.is_empty() {
            let merged =
                edge.bits >= decide.merge_at_bits && self.identity(&pattern, |level| level == Level::Exact);
            return if merged && !self.counted_twice(edge.a, edge.b) { Class::Match } else { Class::Review };
        }
        match edge.bits >= decide.conflict_at_bits && agree() {
            true if self.is_transfer(&pattern, &contradicting) => Class::Transfer,
            true => Class::Conflict,
            false => Class::Review,
        }
    }

    fn identity(&self, pattern: &Pattern, fits: impl Fn(Level) -> bool) -> bool {
        let fields = self.config.fields.iter().zip(pattern).filter(|(field, _)| field.is(Role::Identity));
        fields.into_iter().all(|(_, &level)| fits(level))
    }

    /// The fields in which two records exclude each other.
    fn contradictions(&self, edge: &Edge, pattern: &Pattern) -> Vec<usize> {
        let excludes = |at: usize| {
            let (field, level) = (&self.config.fields[at], pattern[at]);
            let differs = matches!(level, Level::Different | Level::Partial | Level::Similar);
            let ended = || {
                let is_end = |row| {
                    field
                        .terminal
                        .iter()
                        .any(|end| vocabulary::folded(end) == self.scorer.values[at].text(row))
                };
                is_end(edge.a) != is_end(edge.b)
            };
            (field.is(Role::Contradicts) && (differs || self.is_implausible(edge.a, edge.b, at)))
                || (!field.terminal.is_empty() && level >= Level::Near && ended())
        };
        (0..self.config.fields.len()).filter(|&at| excludes(at)).collect()
    }

    /// Whether the one value that is written hardly ever stands with the value above it: a shotgun's
    /// calibre in a pistol's line.
    pub(super) fn is_implausible(&self, a: u32, b: u32, at: usize) -> bool {
        let (below, values) = (self.config.fields[at].implausible_below, &self.scorer.values[at]);
        let rare =
            |row: u32| !values.is_missing(row) && self.scorer.frequencies()[at].share_within(row) < below;
        below > 0.0 && values.is_missing(a) != values.is_missing(b) && (rare(a) || rare(b))
    }

    /// Another holder, at another date, and nothing else.
    fn is_transfer(&self, pattern: &Pattern, contradicting: &[usize]) -> bool {
        let names = |at: &usize| self.config.fields[*at].kind == Kind::Name;
        let dated = self.date.is_some_and(|date| pattern[date] >= Level::Near);
        dated && contradicting.iter().all(names)
    }

    /// Two lines of one page: a clerk counted two.
    pub(super) fn counted_twice(&self, a: u32, b: u32) -> bool {
        let Some([ledger, page, line]) = self.place else { return false };
        let at = |field: usize, row: u32| self.scorer.values[field].rows.get(row);
        let same = |field: usize| at(field, a) != 0 && at(field, a) == at(field, b);
        same(ledger) && same(page) && at(line, a) != at(line, b)
    }
}
