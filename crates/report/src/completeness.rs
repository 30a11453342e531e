//! How complete the records are, and what they name that no list has.

use std::collections::BTreeMap;

use matricule_record::{Code, Field, Flag, Text};
use serde::{Deserialize, Serialize};

/// The mean completeness of records (`docs/profiles.md` defines that of one).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Completeness {
    /// Records loaded.
    pub entries: u64,
    /// 0 to 1, four decimals.
    pub completeness: f64,
}

/// That of a register.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RegisterCompleteness {
    /// The register; empty where the records name none.
    pub register: Text,
    /// Its records.
    #[serde(flatten)]
    pub records: Completeness,
}

/// How many records state a field.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FieldCompleteness {
    /// The field, by its name in the registry.
    pub field: &'static str,
    /// Records that state it; a serial that is a phrase states that there is none.
    pub entries: u64,
    /// Their share of all records: 0 to 1, four decimals.
    pub completeness: f64,
}

/// That of the records of a run, and of each register and each field among them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CompletenessSummary {
    /// All records of the run.
    #[serde(flatten)]
    pub all: Completeness,
    /// By register.
    pub registers: Vec<RegisterCompleteness>,
    /// By field, in registry order: the fields that some record states.
    pub fields: Vec<FieldCompleteness>,
}

/// Sums while rows pass: whole millionths, so that the order of rows changes nothing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CompletenessTally {
    by_register: BTreeMap<Text, (u64, u64)>,
    /// Records that state each of [`Field::ALL`]; empty before the first.
    by_field: Vec<u64>,
}

const MILLION: f64 = 1_000_000.0;

impl CompletenessTally {
    /// Counts a record with the fields that it states.
    #[expect(clippy::cast_sign_loss, reason = "a completeness is between 0 and 1")]
    pub fn add(&mut self, register: &str, completeness: f64, fields: impl IntoIterator<Item = Field>) {
        self.by_field.resize(Field::ALL.len(), 0);
        for field in fields {
            self.by_field[field as usize] += 1;
        }
        let millionths = (completeness * MILLION).round() as u64;
        if let Some((entries, sum)) = self.by_register.get_mut(register) {
            (*entries, *sum) = (*entries + 1, *sum + millionths);
        } else {
            self.by_register.insert(register.into(), (1, millionths));
        }
    }

    /// Adds the counts of another file.
    pub fn merge(&mut self, other: Self) {
        for (register, (entries, sum)) in other.by_register {
            let own = self.by_register.entry(register).or_default();
            *own = (own.0 + entries, own.1 + sum);
        }
        self.by_field.resize(Field::ALL.len(), 0);
        for (own, entries) in self.by_field.iter_mut().zip(other.by_field) {
            *own += entries;
        }
    }

    /// The mean of all.
    pub fn all(&self) -> Completeness {
        mean(self.by_register.values().fold((0, 0), |all, own| (all.0 + own.0, all.1 + own.1)))
    }

    /// The mean of all and of each register, and the share of each field.
    pub fn summary(&self) -> CompletenessSummary {
        let register = |(register, counted): (&Text, &(u64, u64))| RegisterCompleteness {
            register: register.clone(),
            records: mean(*counted),
        };
        let all = self.all();
        let field = |(field, &entries): (&Field, &u64)| FieldCompleteness {
            field: field.name(),
            entries,
            completeness: share(entries as f64, all.entries),
        };
        CompletenessSummary {
            registers: self.by_register.iter().map(register).collect(),
            fields: Field::ALL
                .iter()
                .zip(&self.by_field)
                .filter(|(_, entries)| **entries > 0)
                .map(field)
                .collect(),
            all,
        }
    }
}

fn mean((entries, sum): (u64, u64)) -> Completeness {
    Completeness { entries, completeness: share(sum as f64 / MILLION, entries) }
}

/// A share of so many records, to four decimals.
fn share(sum: f64, entries: u64) -> f64 {
    (sum / entries.max(1) as f64 * 10_000.0).round() / 10_000.0
}

/// A maker or a calibre that no list has: proposed to the operator's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unlisted {
    /// `make` or `calibre`.
    pub field: &'static str,
    /// As written.
    pub text: Text,
    /// In Latin letters, where it is written in others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub romanized: Option<Text>,
    /// Records that name it.
    pub rows: u64,
}

/// Counts what no list has.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct UnlistedTally {
    found: BTreeMap<Field, BTreeMap<Text, (u64, Option<Text>)>>,
}

/// Names of a field that are counted at most: a column of running text must not fill the memory.
const NAMES: usize = 20_000;
/// Names that a report lists at most.
const LISTED: usize = 1_000;

impl UnlistedTally {
    /// Counts the names of a record that its flags call unlisted.
    pub fn add(&mut self, flags: &[Flag], romanized: &[(Field, Text)]) {
        let unlisted = |flag: &&Flag| matches!(flag.code, Code::W407 | Code::W416);
        for flag in flags.iter().filter(unlisted) {
            let Some(field) = flag.field else { continue };
            let name = || romanized.iter().find(|(own, _)| *own == field).map(|(_, name)| name.clone());
            self.count(field, flag.detail.clone(), 1, name);
        }
    }

    /// Adds the counts of another file.
    pub fn merge(&mut self, other: Self) {
        for (field, names) in other.found {
            for (text, (rows, name)) in names {
                self.count(field, text, rows, || name);
            }
        }
    }

    fn count(&mut self, field: Field, text: Text, rows: u64, name: impl FnOnce() -> Option<Text>) {
        let names = self.found.entry(field).or_default();
        if names.len() < NAMES || names.contains_key(&text) {
            names.entry(text).or_insert_with(|| (0, name())).0 += rows;
        }
    }

    /// The most frequent first.
    pub fn into_list(self) -> Vec<Unlisted> {
        let of_field = |(field, names): (Field, BTreeMap<Text, _>)| {
            let name =
                move |(text, (rows, romanized))| Unlisted { field: field.name(), text, romanized, rows };
            names.into_iter().map(name)
        };
        let mut list: Vec<Unlisted> = self.found.into_iter().flat_map(of_field).collect();
        list.sort_by_key(|name| std::cmp::Reverse(name.rows));
        list.truncate(LISTED);
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_do_not_depend_on_the_order_of_files() {
        let tally = |rows: &[(&str, f64)]| {
            let mut tally = CompletenessTally::default();
            for (register, share) in rows {
                tally.add(register, *share, [Field::Make].into_iter().filter(|_| *register == "police"));
            }
            tally
        };
        let (one, other) = (tally(&[("police", 0.5), ("", 1.0)]), tally(&[("police", 1.0 / 3.0)]));
        let (mut first, mut second) = (one.clone(), other.clone());
        first.merge(other);
        second.merge(one);
        assert_eq!(first.summary(), second.summary());
        let summary = first.summary();
        assert_eq!(summary.all, Completeness { entries: 3, completeness: 0.6111 });
        let registers: Vec<_> =
            summary.registers.iter().map(|own| (own.register.as_str(), own.records.completeness)).collect();
        assert_eq!(registers, [("", 1.0), ("police", 0.4167)]);
        let make = FieldCompleteness { field: "make", entries: 2, completeness: 0.6667 };
        assert_eq!(summary.fields, [make]);
    }

    #[test]
    fn what_no_list_has_is_counted_most_frequent_first() {
        let flag = |code, text: &str| Flag::new(code, Some(Field::Make), text);
        let mut tally = UnlistedTally::default();
        tally.add(&[flag(Code::W416, "Завод 9")], &[(Field::Make, "ZAVOD 9".into())]);
        tally.add(&[flag(Code::W416, "Acme")], &[]);
        tally.add(&[flag(Code::W416, "Acme"), flag(Code::W417, "AK")], &[]);
        let found: Vec<_> = tally
            .into_list()
            .into_iter()
            .map(|own| (own.text.to_string(), own.romanized, own.rows))
            .collect();
        assert_eq!(found, [("Acme".into(), None, 2), ("Завод 9".into(), Some("ZAVOD 9".into()), 1)]);
    }
}
