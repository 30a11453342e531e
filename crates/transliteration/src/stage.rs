//! The stage of the pipeline: a standardized row becomes a converted one, or a reject with all that
//! was found wrong with it.

use std::sync::Arc;

use matricule_record::{
    Code, ConvertedRow, Field, Finding, Flag, Marking, Mixed, Reading, Reject, SerialState, Settings,
    StandardRow, Text, WrittenMarking, WrittenSerial,
};
use matricule_text::{canonical_serial, script_of_serial};

use crate::convert::{Conversion, Transliterator};
use crate::faults;
use crate::select::{Choice, Transliteration};

impl Transliteration {
    /// Converts the markings of a row. A row with findings of any stage becomes a reject; its serial
    /// is tried all the same, so that the reject names everything at once.
    pub fn transliterate(&self, mut row: StandardRow) -> Result<ConvertedRow, Reject> {
        let ledger = Arc::clone(&row.source.ledger);
        let mut work =
            Work { stage: self, settings: &ledger.settings, findings: Vec::new(), flags: Vec::new() };
        let serial = work.serial(&row.serial);
        let markings: Vec<Marking> =
            row.markings.iter().filter_map(|marking| work.marking(marking)).collect();
        row.findings.append(&mut work.findings);
        row.flags.append(&mut work.flags);
        match serial {
            Some(serial) if row.findings.is_empty() => Ok(converted(row, serial, markings)),
            _ => Err(row.into_reject()),
        }
    }
}

fn converted(row: StandardRow, serial: SerialState, markings: Vec<Marking>) -> ConvertedRow {
    let StandardRow { source, cells, fields, completeness, flags, .. } = row;
    ConvertedRow { source, cells, fields, serial, markings, completeness, flags }
}

/// The conversion of one row's markings.
struct Work<'a> {
    stage: &'a Transliteration,
    settings: &'a Settings,
    findings: Vec<Finding>,
    flags: Vec<Flag>,
}

impl Work<'_> {
    fn serial(&mut self, serial: &WrittenSerial) -> Option<SerialState> {
        match serial {
            WrittenSerial::Number(marking) => self.marking(marking).map(SerialState::Converted),
            WrittenSerial::Absent { code, pattern } => {
                Some(SerialState::Absent { code: *code, pattern: canonical_serial(pattern).into() })
            }
            WrittenSerial::Refused => None,
        }
    }

    fn marking(&mut self, marking: &WrittenMarking) -> Option<Marking> {
        let seen = self.see(marking);
        let table = match self.choose(&seen, self.settings.reading) {
            Choice::Table(table) => table,
            Choice::Undetermined(tables) => {
                self.findings.push(faults::undetermined(&tables, marking));
                return None;
            }
        };
        let mut conversion = Conversion::default();
        table.convert(&seen.text, marking.field, &mut conversion);
        if conversion.faults.is_empty() {
            self.flag(marking, &table, &conversion);
            return Some(self.describe(marking, seen, &table, conversion));
        }
        let finding = |fault| faults::finding(fault, &table, marking, &self.stage.look_alikes);
        self.findings.extend(conversion.faults.iter().map(finding));
        None
    }

    /// The marking as it is to be converted: its look-alikes folded, where the profile says so and it
    /// mixes scripts.
    fn see(&mut self, marking: &WrittenMarking) -> Seen {
        let seen = Seen::new(marking.text.clone());
        if self.settings.mixed == Mixed::Reject || !seen.script.contains('+') {
            return seen;
        }
        let Some(folded) = self.stage.look_alikes.fold(&marking.text, self.settings.mixed) else {
            return seen;
        };
        self.flags.push(Flag::new(Code::W408, Some(marking.field), folded.as_str()));
        Seen::new(folded.into())
    }

    fn choose(&self, seen: &Seen, reading: Reading) -> Choice {
        self.stage.choose_for(&seen.script, &seen.text, self.settings, reading)
    }

    fn flag(&mut self, marking: &WrittenMarking, table: &Transliterator, conversion: &Conversion) {
        if conversion.mixed_digits {
            self.flags.push(Flag::new(Code::W402, Some(marking.field), ""));
        }
        if let Some(row) = table.unverified_row(conversion) {
            let detail = format!("{} in {}", row.from, table.id());
            self.flags.push(Flag::new(Code::W409, Some(marking.field), detail));
        }
    }

    fn describe(
        &self,
        marking: &WrittenMarking,
        seen: Seen,
        table: &Transliterator,
        conversion: Conversion,
    ) -> Marking {
        let other_reading = self.other_reading(&seen, marking.field);
        Marking {
            field: marking.field,
            original: marking.original.clone(),
            canonical: seen.canonical,
            script: seen.script,
            other_reading: other_reading.filter(|other| *other != conversion.converted),
            converted: conversion.converted.into(),
            table: Arc::clone(table.id()),
            reading: self.settings.reading,
        }
    }

    /// The serial under the other reading, for scripts that have both; a search key only.
    fn other_reading(&self, seen: &Seen, field: Field) -> Option<Text> {
        if !matches!(seen.script.as_str(), "Cyrl" | "Grek") {
            return None;
        }
        let Choice::Table(table) = self.choose(seen, self.settings.reading.other()) else { return None };
        let mut conversion = Conversion::default();
        table.convert(&seen.text, field, &mut conversion);
        conversion.result().ok().map(Text::from)
    }
}

/// A marking with what identity rests on.
struct Seen {
    text: Text,
    canonical: Text,
    script: Text,
}

impl Seen {
    fn new(text: Text) -> Self {
        let canonical = canonical_serial(&text);
        let script = script_of_serial(&canonical).into();
        Self { text, canonical: canonical.into(), script }
    }
}
