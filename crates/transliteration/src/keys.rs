//! Other forms under which a serial may be asked for. They find and propose; they never decide.

use std::sync::Arc;

use matricule_record::{Field, Settings, Text};

use crate::conversion::Conversion;
use crate::convert::{Context, Transliterator};
use crate::select::{Choice, Transliteration};
use crate::stage::Seen;

/// The search keys of a serial that need a table. The OCR-confusion key is made of the converted
/// form alone (`matricule_text::confusion_key`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchKeys {
    /// Under the other reading; letter by letter, where the serial was read by letter names.
    pub other_reading: Option<Text>,
    /// As a foreign request spells it: Arabic and Hebrew without escapes (`AB1234` for `XAEB1234`).
    pub plain: Option<Text>,
}

impl Transliteration {
    /// The search keys of a serial under a ledger's settings.
    pub fn keys(&self, serial: &str, settings: &Settings) -> SearchKeys {
        let seen = Seen::new(serial.into());
        let mut conversion = Conversion::default();
        let Choice::Table(table) = self.choose(serial, settings, settings.reading) else {
            return SearchKeys::default();
        };
        table.convert(serial, Context::of(Field::Serial, settings), &mut conversion);
        let converted = conversion.result().unwrap_or_default().to_owned();
        let by_letter = conversion.letter_names.then_some(table);
        let keys = self.search_keys(&seen, by_letter, settings, Field::Serial, &mut conversion);
        let different = |key: Option<Text>| key.filter(|key| *key != converted);
        SearchKeys { other_reading: different(keys.other_reading), plain: different(keys.plain) }
    }

    pub(crate) fn search_keys(
        &self,
        seen: &Seen,
        by_letter: Option<Arc<Transliterator>>,
        settings: &Settings,
        field: Field,
        conversion: &mut Conversion,
    ) -> SearchKeys {
        let mut convert = |table: &Transliterator, serial: &str| {
            table.convert_by_letter(serial, field, conversion);
            conversion.result().ok().map(Text::from)
        };
        let other_table = || {
            let has_looks = matches!(seen.script.as_str(), "Cyrl" | "Grek");
            let reading = settings.reading.other();
            has_looks.then(|| self.choose_for(&seen.script, &seen.text, settings, reading))
        };
        let other = match (by_letter, other_table()) {
            (Some(table), _) | (None, Some(Choice::Table(table))) => convert(&table, &seen.text),
            _ => None,
        };
        let plain = self.plain_table(&seen.script, settings);
        SearchKeys { other_reading: other, plain: plain.and_then(|table| convert(&table, &seen.canonical)) }
    }
}
