//! The words that the stage reads cells by.

use std::collections::HashSet;

use matricule_mapping::{Error, Files, HeaderWords, Symbols, Vocabulary};
use matricule_record::{StoredMapping, Symbol};

use crate::calibre::Cartridges;
use crate::component::Components;
use crate::country::CountryYears;
use crate::event::Events;
use crate::make::Makes;
use crate::model::Models;
use crate::serial::SerialWords;
use crate::serial_system::SerialSystems;
use crate::symbol::may_be_typed;

/// The vocabularies of the stage.
pub struct Vocabularies {
    pub(super) weapon_type: Vocabulary,
    pub(super) country: Vocabulary,
    pub(super) country_year: CountryYears,
    pub(super) status: Vocabulary,
    pub(super) condition: Vocabulary,
    pub(super) no_serial: Vocabulary,
    pub(super) ditto: Vocabulary,
    pub(super) letter_names: HashSet<String>,
    pub(super) symbols: Symbols,
    /// Those that may stand in a text of ASCII.
    pub(super) typed_symbols: Vec<Symbol>,
    pub(super) calibre: Cartridges,
    pub(super) month: Vocabulary,
    pub(super) date_word: Vocabulary,
    pub(super) events: Events,
    pub(super) make: Makes,
    pub(super) model: Models,
    pub(super) components: Components,
    pub(super) serial_systems: SerialSystems,
    pub(super) headers: HeaderWords,
}

impl Vocabularies {
    /// Reads them.
    pub fn load(files: &Files) -> Result<Self, Error> {
        let symbols = files.symbols()?;
        Ok(Self {
            weapon_type: files.vocabulary("weapon_type")?,
            country: files.vocabulary("country")?,
            country_year: CountryYears::load(files)?,
            status: files.vocabulary("status")?,
            condition: files.vocabulary("condition")?,
            no_serial: files.vocabulary("no_serial")?,
            ditto: files.vocabulary("ditto")?,
            letter_names: files.letter_names()?,
            typed_symbols: symbols.rows().iter().filter(|symbol| may_be_typed(symbol)).cloned().collect(),
            symbols,
            calibre: Cartridges::load(files)?,
            month: files.vocabulary("month")?,
            date_word: files.vocabulary("date_word")?,
            events: Events::load(files)?,
            make: Makes::load(files)?,
            model: Models::load(files)?,
            components: Components::load(files)?,
            serial_systems: SerialSystems::load(files)?,
            headers: files.header_words()?,
        })
    }

    /// The words that say what stands in a serial column.
    pub(super) fn of_serials(&self) -> SerialWords<'_> {
        SerialWords {
            no_serial: &self.no_serial,
            ditto: &self.ditto,
            month: &self.month,
            letter_names: &self.letter_names,
        }
    }

    /// The signs that have a name.
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// All of them, for the registry to keep.
    pub fn stored(&self) -> Vec<&StoredMapping> {
        let words = [
            &self.weapon_type,
            &self.country,
            &self.status,
            &self.condition,
            &self.no_serial,
            &self.ditto,
            &self.month,
            &self.date_word,
            self.components.vocabulary(),
        ];
        let all = words.into_iter().chain(self.calibre.vocabularies()).chain(self.make.vocabularies());
        let all = all.chain(self.events.vocabularies());
        let tables = [self.country_year.stored(), self.serial_systems.stored()];
        let tables = self.model.stored().into_iter().chain(tables);
        all.map(Vocabulary::stored).chain(tables).collect()
    }
}
