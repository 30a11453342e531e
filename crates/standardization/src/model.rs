//! Models: one name for the spellings of a maker's model, and what is publicly known of it, by
//! `mappings/vocabulary/model.csv`, and the countries of a maker by `make_country.csv`. What does not go together is told; nothing is changed for it.

use std::collections::HashMap;

use matricule_mapping::{Error, Files, Table};
use matricule_record::{StoredMapping, message, messages};
use matricule_text::identity_key;

use crate::UNKNOWN;

const COLUMNS: [&str; 6] = ["make", "value", "word", "type", "calibre", "first_year"];

const COUNTRY_COLUMNS: [&str; 2] = ["make", "country"];
/// Types that one weapon may be called by one clerk and another.
const ALIKE: [&[&str]; 2] =
    [&["rifle", "carbine", "assault rifle"], &["light machine gun", "heavy machine gun"]];
/// The type that says nothing of the weapon.
const OTHER: &str = "other";

/// What a row says of its weapon, in the registry's words.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Said<'a> {
    pub make: &'a str,
    pub model: &'a str,
    pub weapon_type: &'a str,
    pub calibre: &'a str,
    pub country: &'a str,
    pub year: &'a str,
}

impl Said<'_> {
    /// All of it in one text.
    pub(crate) fn key(&self) -> String {
        [self.make, self.model, self.weapon_type, self.calibre, self.country, self.year].join("\u{1f}")
    }
}

/// A maker's model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    pub name: Box<str>,
    /// The types it is called; empty where they are not known.
    types: Vec<Box<str>>,
    /// The calibres it was made in; empty where they are not known or too many.
    calibres: Vec<Box<str>>,
    first_year: Option<u16>,
}

/// The models that are known.
pub(crate) struct Models {
    table: Table,
    countries: Table,
    /// The countries in which a maker makes.
    by_maker: HashMap<String, Vec<String>>,
    all: Vec<Model>,
    by_make: HashMap<(String, String), usize>,
    /// Those of any maker, for a model whose maker is not known.
    by_word: HashMap<String, Vec<usize>>,
}

impl Models {
    /// Reads the list.
    pub(crate) fn load(files: &Files) -> Result<Self, Error> {
        let table = Table::load(files, "model", &COLUMNS)?;
        let (mut models, mut by_make, mut by_word) =
            (Vec::new(), HashMap::new(), HashMap::<_, Vec<usize>>::new());
        for row in table.rows() {
            let [make, name, word, types, calibre, first_year] = row.as_slice() else { continue };
            let first_year = first_year.parse().ok();
            let (types, calibres) = (parts(types), parts(calibre));
            models.push(Model { name: name.as_str().into(), types, calibres, first_year });
            for word in [name, word] {
                by_make.entry((make.clone(), identity_key(word))).or_insert(models.len() - 1);
            }
            by_word.entry(identity_key(word)).or_default().push(models.len() - 1);
        }
        let countries = Table::load(files, "make_country", &COUNTRY_COLUMNS)?;
        let by_maker = countries.rows().iter().filter_map(|row| {
            let [make, country] = row.as_slice() else { return None };
            Some((make.clone(), country.split(';').map(str::to_owned).collect()))
        });
        Ok(Self { by_maker: by_maker.collect(), table, countries, all: models, by_make, by_word })
    }

    /// The rows as a registry keeps them.
    pub(crate) fn stored(&self) -> [&StoredMapping; 2] {
        [self.table.stored(), self.countries.stored()]
    }

    /// A maker's model of that name.
    pub(crate) fn of_make(&self, make: &str, model: &str) -> Option<&Model> {
        self.by_make.get(&(make.to_owned(), identity_key(model))).map(|&at| &self.all[at])
    }

    /// Why what is said does not go together. Of an unknown maker only where no maker's model of that
    /// name would do, and where the name is more than a number.
    pub(crate) fn contradiction(&self, said: &Said<'_>) -> Option<String> {
        if let Some(known) = self.of_make(said.make, said.model) {
            return known.contradiction(said).or_else(|| self.of_country(said));
        }
        self.of_country(said).or_else(|| self.of_any_maker(said))
    }

    fn of_any_maker(&self, said: &Said<'_>) -> Option<String> {
        let key = identity_key(said.model);
        let is_name = key.chars().any(char::is_alphabetic) && key.chars().count() > 3;
        let of_any = self.by_word.get(&key).filter(|_| is_name)?;
        let mut reasons = of_any.iter().map(|&at| self.all[at].contradiction(said));
        let first = reasons.next()??;
        reasons.all(|reason| reason.is_some()).then_some(first)
    }

    /// Why a maker and a country do not.
    fn of_country(&self, said: &Said<'_>) -> Option<String> {
        let known = self.by_maker.get(said.make)?;
        let is_told = !said.country.is_empty() && said.country != UNKNOWN;
        let differs = is_told && !known.iter().any(|country| country == said.country);
        differs.then(|| {
            message!(
                "w418-country",
                make = said.make,
                known = messages::either(known),
                country = said.country
            )
        })
    }
}

impl Model {
    fn contradiction(&self, said: &Said<'_>) -> Option<String> {
        let (name, calibre) = (&self.name, said.calibre);
        if !self.can_be(said.weapon_type) {
            return Some(
                message!("w418-type", name = name, known = messages::either(&self.types), type = said.weapon_type),
            );
        }
        if !calibre.is_empty()
            && !self.calibres.is_empty()
            && !self.calibres.iter().any(|known| **known == *calibre)
        {
            return Some(message!(
                "w418-calibre",
                name = name,
                known = messages::either(&self.calibres),
                calibre = calibre
            ));
        }
        let year: u16 = said.year.rsplit('/').next()?.get(..4)?.parse().ok()?;
        let first = self.first_year.filter(|first| year < *first)?;
        Some(message!("w418-year", name = name, first = first, year = year))
    }

    /// Whether it may be called a weapon of that type.
    fn can_be(&self, weapon_type: &str) -> bool {
        let is_open = self.types.is_empty() || ["", OTHER, UNKNOWN].contains(&weapon_type);
        let is_alike = |known: &str| {
            known == weapon_type || ALIKE.iter().any(|all| all.contains(&known) && all.contains(&weapon_type))
        };
        is_open || self.types.iter().any(|known| is_alike(known))
    }
}

/// The parts of a cell that lists several.
fn parts(cell: &str) -> Vec<Box<str>> {
    cell.split(';').filter(|part| !part.is_empty()).map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibre::{Calibre, Cartridges};

    fn check(lines: &[(&str, &str, &str, &str, &str)]) {
        let models = Models::load(&Files::shipped()).unwrap();
        for (make, model, calibre, year, expect) in lines {
            let name = models.of_make(make, model).map_or(*model, |known| &known.name);
            let said = Said { make, model, calibre, year, ..Said::default() };
            let why = models.contradiction(&said).map(|why| format!(": {why}"));
            assert_eq!(
                format!("{name}{}", why.unwrap_or_default()),
                *expect,
                "{make} {model} {calibre} {year}"
            );
        }
    }

    #[test]
    fn spellings_of_a_makers_model_are_one() {
        check(&[
            ("Tula", "TT", "7.62x25", "1940", "TT-33"),
            ("Smith & Wesson", "M10", "", "", "Model 10"),
            ("Glock", "G17", "9x19", "1990", "17"),
            ("FN", "HP", "", "", "Hi-Power"),
            ("Beretta", "M10", "", "", "M10"),
            ("", "G17", "9x19", "1990", "G17"),
        ]);
    }

    #[test]
    fn what_does_not_go_together_is_told() {
        check(&[
            ("Tula", "TT-33", "9x18", "1940", "TT-33: TT-33 is of 7.62x25, not 9x18"),
            ("Tula", "SKS", "7.62x39", "1930", "SKS: SKS was made from 1945, not in 1930"),
            ("Zastava", "M70", "", "1902/1903", "M70: M70 was made from 1970, not in 1903"),
            ("Colt", "Cobra", "9x18", "1940", "Cobra"),
            ("", "TT-33", "9x18", "1940", "TT-33: TT-33 is of 7.62x25, not 9x18"),
            ("Zzyzx", "17", ".45 ACP", "1940", "17"),
        ]);
    }

    #[test]
    fn a_type_and_a_country_that_do_not_go_together_are_told() {
        let models = Models::load(&Files::shipped()).unwrap();
        for (make, model, weapon_type, country, expect) in [
            ("Tula", "TT-33", "rifle", "SUHH", Some("TT-33 is a pistol, not a rifle")),
            ("Tula", "TT-33", "pistol", "SUHH", None),
            ("Tula", "TT-33", "other", "unknown", None),
            ("Colt", "M4", "assault rifle", "US", None),
            ("Colt", "M4", "carbine", "US", None),
            ("Glock", "17", "pistol", "BR", Some("Glock makes in AT or US, not in BR")),
            ("Beretta", "", "", "SUHH", Some("Beretta makes in IT, not in SUHH")),
            ("Zzyzx", "", "rifle", "SUHH", None),
        ] {
            let said = Said { make, model, weapon_type, country, ..Said::default() };
            assert_eq!(
                models.contradiction(&said).as_deref(),
                expect,
                "{make} {model} {weapon_type} {country}"
            );
        }
    }

    #[test]
    fn every_type_and_country_is_one_of_its_vocabulary() {
        let (models, files) = (Models::load(&Files::shipped()).unwrap(), Files::shipped());
        let (types, countries) =
            (files.vocabulary("weapon_type").unwrap(), files.vocabulary("country").unwrap());
        for name in models.all.iter().flat_map(|model| &model.types) {
            assert!(types.has_value(name), "{name}");
        }
        let makes = crate::make::Makes::load(&files).unwrap();
        for (make, known) in &models.by_maker {
            assert_eq!(makes.read(make), crate::make::Make::Known(make), "{make}");
            for country in known {
                assert!(countries.has_value(country), "{make}: {country}");
            }
        }
    }

    #[test]
    fn every_calibre_of_a_model_is_one_of_the_list() {
        let (models, cartridges) =
            (Models::load(&Files::shipped()).unwrap(), Cartridges::load(&Files::shipped()).unwrap());
        for model in &models.all {
            for calibre in &model.calibres {
                assert_eq!(cartridges.read(calibre), Calibre::Listed(calibre.to_string()), "{}", model.name);
            }
        }
    }

    #[test]
    fn every_model_is_of_a_known_maker() {
        let (models, makes) =
            (Models::load(&Files::shipped()).unwrap(), crate::make::Makes::load(&Files::shipped()).unwrap());
        for (make, _) in models.by_make.keys() {
            assert_eq!(makes.read(make), crate::make::Make::Known(make), "{make}");
        }
    }
}
