//! Makes: the maker's accepted name for what clerks write, by `mappings/vocabulary/make.csv`.
//!
//! A make is part of identity, so names compare by the key of identity and not by that of words, a
//! name that two makers have is resolved to neither, and a designer is no maker: Kalashnikov's rifle was
//! made in thirty countries.

use std::collections::{HashMap, HashSet};

use matricule_mapping::{Error, Files, Vocabulary};
use matricule_text::{fold, identity_key};

/// What a make column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Make<'a> {
    /// A maker, by its accepted name.
    Known(&'a str),
    /// A design or its designer.
    Designer,
    /// A name that several makers have.
    Shared,
    /// Not in the list.
    Unlisted,
}

/// The makers that are known, by key.
pub(crate) struct Makes {
    list: Vocabulary,
    designers: Vocabulary,
    legal_forms: Vocabulary,
    /// `None` where several makers have the name.
    by_key: HashMap<String, Option<Box<str>>>,
    designs: HashSet<String>,
}

impl Makes {
    /// Reads the lists.
    pub(crate) fn load(files: &Files) -> Result<Self, Error> {
        let (list, designers) = (files.vocabulary("make")?, files.vocabulary("designer")?);
        let mut by_key: HashMap<String, Option<Box<str>>> = HashMap::new();
        for row in list.rows() {
            let known =
                by_key.entry(identity_key(&row.word)).or_insert_with(|| Some(row.value.as_str().into()));
            if known.as_deref() != Some(row.value.as_str()) {
                *known = None;
            }
        }
        let designs = designers.rows().iter().map(|row| identity_key(&row.word)).collect();
        Ok(Self { list, designers, legal_forms: files.vocabulary("legal_form")?, by_key, designs })
    }

    /// The vocabularies, for the registry to keep.
    pub(crate) fn vocabularies(&self) -> [&Vocabulary; 3] {
        [&self.list, &self.designers, &self.legal_forms]
    }

    /// Reads a cleaned cell: the name as it stands, without the words of its legal form, or given twice
    /// (`FN (Fabrique Nationale)`).
    pub(crate) fn read(&self, text: &str) -> Make<'_> {
        let found = self.name(text);
        let twice = text.strip_suffix(')').and_then(|text| text.split_once('('));
        match twice
            .filter(|_| found == Make::Unlisted)
            .map(|(name, other)| [name, other].map(|name| self.name(name.trim())))
        {
            Some([Make::Known(name), Make::Known(other)]) if name == other => Make::Known(name),
            _ => found,
        }
    }

    fn name(&self, text: &str) -> Make<'_> {
        let key = identity_key(text);
        if self.designs.contains(&key) {
            return Make::Designer;
        }
        let found = self.by_key.get(&key).or_else(|| self.by_key.get(&identity_key(self.bare(text))));
        match found {
            Some(Some(maker)) => Make::Known(maker),
            Some(None) => Make::Shared,
            None => Make::Unlisted,
        }
    }

    /// A name without the legal form and the signs at its end: `Glock Ges.m.b.H.`, `Colt Mfg. Co., Inc.`
    fn bare<'a>(&self, text: &'a str) -> &'a str {
        let mut name = text;
        loop {
            let end = name.trim_end_matches([' ', '.', ',', '&']);
            let Some((before, last)) = end.rsplit_once([' ', ',']) else { return end };
            if fold(last).is_empty() || self.legal_forms.value_of(last).is_none() {
                return end;
            }
            name = before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[(&str, &str)]) {
        let list = Makes::load(&Files::shipped()).unwrap();
        for (text, expect) in lines {
            let found = match list.read(text) {
                Make::Known(maker) => maker,
                Make::Designer => "designer",
                Make::Shared => "shared",
                Make::Unlisted => "unlisted",
            };
            assert_eq!(found, *expect, "{text}");
        }
    }

    #[test]
    fn names_of_a_maker_are_one_in_every_script() {
        check(&[
            ("ИЖМАШ", "Izhmash"),
            ("Ижмаш", "Izhmash"),
            ("Izhmash", "Izhmash"),
            ("伊孜玛什", "Izhmash"),
            ("Тульский оружейный завод", "Tula"),
            ("S&W", "Smith & Wesson"),
            ("SMITH AND WESSON", "Smith & Wesson"),
            ("Smith & Wesson Inc.", "Smith & Wesson"),
            ("Colt's Mfg. Co., Inc.", "Colt"),
            ("GLOCK Ges.m.b.H.", "Glock"),
            ("Glock, Inc", "Glock"),
            ("Fabbrica d'Armi Pietro Beretta S.p.A.", "Beretta"),
            ("بيريتا", "Beretta"),
            ("Česká zbrojovka a.s.", "CZ"),
            ("Црвена застава", "Zastava"),
            ("H&K", "Heckler & Koch"),
            ("北方工业公司", "unlisted"),
            ("FN (Fabrique Nationale)", "FN"),
            ("FN (Colt)", "unlisted"),
            ("中国北方工业公司", "Norinco"),
        ]);
    }

    #[test]
    fn what_is_not_sure_is_no_maker() {
        check(&[
            ("Kalashnikov", "designer"),
            ("Калашников", "designer"),
            ("AK-47", "designer"),
            ("Концерн Калашников", "Kalashnikov Concern"),
            ("Springfield Armory", "shared"),
            ("Springfield Armory Inc", "Springfield Armory, Inc."),
            ("Izhevsk", "shared"),
            ("MAC", "shared"),
            ("Manufacture de Saint-Etienne", "shared"),
            ("Colt△", "unlisted"),
            ("Zzyzx Arms", "unlisted"),
            ("Inc.", "unlisted"),
            ("C++", "unlisted"),
        ]);
    }

    /// Of all names only those that the list itself marks as shared are of several makers, no maker's
    /// accepted name is another's, and none is a design.
    #[test]
    fn every_alias_resolves_to_one_maker() {
        let list = Makes::load(&Files::shipped()).unwrap();
        let shared = [
            "armscor",
            "mac",
            "springfieldarmory",
            "springfield",
            "izhevsk",
            "ижевск",
            "smallarmsfactory",
            "saf",
            "jenningsbryco",
            "arminius",
            "manufacturedestetienne",
            "manufacturedesaintetienne",
        ];
        let of_several: Vec<&String> = list
            .by_key
            .iter()
            .filter(|(key, maker)| maker.is_none() && !shared.contains(&key.as_str()))
            .map(|(key, _)| key)
            .collect();
        assert!(of_several.is_empty(), "{of_several:?}");
        for row in list.list.rows() {
            assert_eq!(list.read(&row.value), Make::Known(&row.value), "{}", row.value);
        }
        let makers: HashSet<_> = list.list.rows().iter().map(|row| &row.value).collect();
        assert!(makers.len() >= 400, "{}", makers.len());
    }
}
