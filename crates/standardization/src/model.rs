//! Models: one name for the spellings of a maker's model, and what is publicly known of it, by
//! `mappings/vocabulary/model.csv`. What does not go together is told; nothing is changed for it.

use std::collections::HashMap;

use matricule_mapping::{Error, Files, Table};
use matricule_record::StoredMapping;
use matricule_text::identity_key;

const COLUMNS: [&str; 6] = ["make", "value", "word", "type", "calibre", "first_year"];

/// A maker's model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    pub name: Box<str>,
    /// The calibres it was made in; empty where they are not known or too many.
    calibres: Vec<Box<str>>,
    first_year: Option<u16>,
}

/// The models that are known.
pub(crate) struct Models {
    table: Table,
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
            let [make, name, word, _, calibre, first_year] = row.as_slice() else { continue };
            let calibres = calibre.split(';').filter(|calibre| !calibre.is_empty()).map(Into::into).collect();
            models.push(Model { name: name.as_str().into(), calibres, first_year: first_year.parse().ok() });
            for word in [name, word] {
                by_make.entry((make.clone(), identity_key(word))).or_insert(models.len() - 1);
            }
            by_word.entry(identity_key(word)).or_default().push(models.len() - 1);
        }
        Ok(Self { table, all: models, by_make, by_word })
    }

    /// The rows as a registry keeps them.
    pub(crate) fn stored(&self) -> &StoredMapping {
        self.table.stored()
    }

    /// A maker's model of that name.
    pub(crate) fn of_make(&self, make: &str, model: &str) -> Option<&Model> {
        self.by_make.get(&(make.to_owned(), identity_key(model))).map(|&at| &self.all[at])
    }

    /// Why a model, a calibre and a year do not go together. Of an unknown maker only where no maker's
    /// model of that name would do, and where the name is more than a number.
    pub(crate) fn contradiction(&self, make: &str, model: &str, calibre: &str, year: &str) -> Option<String> {
        if let Some(known) = self.of_make(make, model) {
            return known.contradiction(calibre, year);
        }
        let key = identity_key(model);
        let is_name = key.chars().any(char::is_alphabetic) && key.chars().count() > 3;
        let of_any = self.by_word.get(&key).filter(|_| is_name)?;
        let mut reasons = of_any.iter().map(|&at| self.all[at].contradiction(calibre, year));
        let first = reasons.next()??;
        reasons.all(|reason| reason.is_some()).then_some(first)
    }
}

impl Model {
    fn contradiction(&self, calibre: &str, year: &str) -> Option<String> {
        let name = &self.name;
        if !calibre.is_empty()
            && !self.calibres.is_empty()
            && !self.calibres.iter().any(|known| **known == *calibre)
        {
            return Some(format!("{name} is of {}, not {calibre}", self.calibres.join(" or ")));
        }
        let year: u16 = year.rsplit('/').next()?.get(..4)?.parse().ok()?;
        let first = self.first_year.filter(|first| year < *first)?;
        Some(format!("{name} was made from {first}, not in {year}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibre::{Calibre, Cartridges};

    fn check(lines: &[(&str, &str, &str, &str, &str)]) {
        let models = Models::load(&Files::shipped()).unwrap();
        for (make, model, calibre, year, expect) in lines {
            let name = models.of_make(make, model).map_or(*model, |known| &known.name);
            let why = models.contradiction(make, model, calibre, year).map(|why| format!(": {why}"));
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
