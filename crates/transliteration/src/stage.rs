//! The stage of the pipeline: a standardized row becomes a converted one, or a reject with all that
//! was found wrong with it.

use std::sync::Arc;

use matricule_record::{
    Code, ConvertedRow, Field, Finding, Flag, Marking, Mixed, Reading, Reject, SerialState, Settings,
    StandardRow, Text, WrittenMarking, WrittenSerial, message,
};
use matricule_text::{canonical_serial, script_of_serial};

use crate::conversion::Conversion;
use crate::convert::{Context, Transliterator};
use crate::faults;
use crate::select::{Choice, Transliteration};

impl Transliteration {
    /// Converts the markings of a row, with a conversion to work in. A row with findings of any stage
    /// becomes a reject; its serial is tried all the same, so that the reject names everything at once.
    pub fn transliterate(
        &self,
        mut row: StandardRow,
        conversion: &mut Conversion,
    ) -> Result<ConvertedRow, Reject> {
        let ledger = Arc::clone(&row.source.ledger);
        let settings = &ledger.settings;
        let mut work = Work { stage: self, settings, conversion, findings: Vec::new(), flags: Vec::new() };
        let serial = work.serial(&row.serial);
        let markings: Vec<Marking> =
            row.markings.iter().filter_map(|marking| work.marking(marking)).collect();
        let romanized = work.romanized(&row.fields);
        row.findings.append(&mut work.findings);
        row.flags.append(&mut work.flags);
        match serial {
            Some(serial) if row.findings.is_empty() => Ok(converted(row, serial, markings, romanized)),
            _ => Err(row.into_reject()),
        }
    }
}

fn converted(
    row: StandardRow,
    serial: SerialState,
    markings: Vec<Marking>,
    romanized: Vec<(Field, Text)>,
) -> ConvertedRow {
    let StandardRow { source, cells, carried, fields, events, completeness, flags, .. } = row;
    ConvertedRow { source, cells, carried, fields, serial, markings, events, romanized, completeness, flags }
}

/// The conversion of one row's markings.
pub(crate) struct Work<'a> {
    pub(crate) stage: &'a Transliteration,
    pub(crate) settings: &'a Settings,
    pub(crate) conversion: &'a mut Conversion,
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
        table.convert(&seen.text, self.context(marking.field), self.conversion);
        if self.conversion.faults.is_empty() {
            self.flag(marking, &table);
            return Some(self.describe(marking, seen, &table));
        }
        let finding = |fault| faults::finding(fault, &table, marking, &self.stage.look_alikes);
        self.findings.extend(self.conversion.faults.iter().map(finding));
        None
    }

    fn context(&self, field: Field) -> Context {
        Context::of(field, self.settings)
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

    fn flag(&mut self, marking: &WrittenMarking, table: &Transliterator) {
        if self.conversion.mixed_digits {
            self.flags.push(Flag::new(Code::W402, Some(marking.field), ""));
        }
        if let Some(row) = table.unverified_row(self.conversion) {
            let detail = message!("w409-row", character = row.from, table = table.id());
            self.flags.push(Flag::new(Code::W409, Some(marking.field), detail));
        }
        if self.conversion.letter_names {
            self.flags.push(Flag::new(Code::W410, Some(marking.field), self.conversion.converted.as_str()));
        }
    }

    /// The marking; the work's conversion is spent on its search keys.
    fn describe(&mut self, marking: &WrittenMarking, seen: Seen, table: &Arc<Transliterator>) -> Marking {
        let converted = Text::from(self.conversion.converted.as_str());
        let dropped = Text::from(self.conversion.dropped.as_str());
        let by_letter = self.conversion.letter_names.then(|| Arc::clone(table));
        let keys = self.stage.search_keys(&seen, by_letter, self.settings, marking.field, self.conversion);
        let different = |key: Option<Text>| key.filter(|key| *key != converted);
        Marking {
            field: marking.field,
            original: marking.original.clone(),
            written: marking.text.clone(),
            canonical: seen.canonical,
            script: seen.script,
            other_reading: different(keys.other_reading),
            plain_key: different(keys.plain),
            converted,
            dropped,
            table: Arc::clone(table.id()),
            reading: self.settings.reading,
        }
    }
}

/// A marking with what identity rests on.
pub(crate) struct Seen {
    pub text: Text,
    pub canonical: Text,
    pub script: Text,
}

impl Seen {
    pub fn new(text: Text) -> Self {
        let canonical = canonical_serial(&text);
        let script = script_of_serial(&canonical).into();
        Self { text, canonical: canonical.into(), script }
    }
}
