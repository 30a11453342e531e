//! The fields of an entry, in the order in which the registry lists them.
//!
//! To add a field: one line in the table below, and a migration in the loader (the registry's
//! column is derived from the name). Header words for it go to `mappings/headers.csv`.

use serde::{Deserialize, Serialize};

/// How a field's cell becomes a value: which parser of the standardization crate reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A serial number: converted to A–Z 0–9 by the mapping tables.
    Serial,
    /// Any text, trimmed.
    Text,
    /// A weapon type of `mappings/vocabulary/weapon_type.csv`.
    WeaponType,
    /// A status of `mappings/vocabulary/status.csv`.
    Status,
    /// A country of `mappings/vocabulary/country.csv`.
    Country,
    /// A calibre in its normal form.
    Calibre,
    /// A year.
    Year,
    /// A day.
    Date,
    /// The length of a chamber, in millimetres.
    Chamber,
    /// A share of one, such as a confidence.
    Share,
}

macro_rules! fields {
    ($($variant:ident $name:literal $kind:ident $description:literal;)*) => {
        /// One of the fields an entry can have (design contract, section 4).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Field { $(#[doc = $description] $variant),* }

        impl Field {
            /// Every field, in registry order.
            pub const ALL: &'static [Field] = &[$(Field::$variant),*];

            /// The name in views, profiles and `mappings/headers.csv`.
            pub const fn name(self) -> &'static str {
                match self { $(Field::$variant => $name),* }
            }

            /// How its cells are read.
            pub const fn kind(self) -> FieldKind {
                match self { $(Field::$variant => FieldKind::$kind),* }
            }

            /// What stands in it, in one line.
            pub const fn description(self) -> &'static str {
                match self { $(Field::$variant => $description),* }
            }
        }
    };
}

fields! {
    Serial "serial" Serial "serial number of the control component (frame or receiver)";
    Component "component" Text "which component the serial number stands on";
    SeriesMark "series_mark" Text "series or arsenal mark, part of the identity";
    Make "make" Text "manufacturer";
    Model "model" Text "model";
    WeaponType "type" WeaponType "weapon type";
    Calibre "calibre" Calibre "calibre, bore by case";
    ChamberLength "chamber_length" Chamber "length of the chamber in millimetres, of a shotgun";
    CountryOfManufacture "country_of_manufacture" Country "country of manufacture, ISO 3166";
    YearOfManufacture "year_of_manufacture" Year "year of manufacture";
    ImportCountry "import_country" Country "country of the last legal import";
    ImportYear "import_year" Year "year of the last legal import";
    ImportMark "import_mark" Text "import mark as stamped";
    BarrelSerial "barrel_serial" Serial "serial number on the barrel";
    SlideSerial "slide_serial" Serial "serial number on the slide";
    BoltSerial "bolt_serial" Serial "serial number on the bolt";
    CylinderSerial "cylinder_serial" Serial "serial number on the cylinder";
    OtherMark "other_mark" Text "any other mark";
    OwnerMark "owner_mark" Text "mark of the owner, unrelated to the maker's serial";
    MarkingCondition "marking_condition" Text "legible, obliterated, illegible or none";
    Register "register" Text "register the ledger belongs to: military, police, civil …";
    Holder "holder" Text "who holds the weapon";
    HolderId "holder_id" Text "identity document of the holder";
    HolderAddress "holder_address" Text "address of the holder";
    ReceivedFrom "received_from" Text "from whom it was received";
    ReceivedOn "received_on" Date "day of receipt";
    IssuedTo "issued_to" Text "to whom it was issued";
    IssuedOn "issued_on" Date "day of issue";
    Document "document" Text "order, invoice or act that the entry rests on";
    LicenceNumber "licence_number" Text "licence of the holder";
    Unit "unit" Text "military or police unit";
    Status "status" Status "status of the weapon";
    StatusDate "status_date" Date "day of the status";
    RegisteredOn "registered_on" Date "day of registration";
    History "history" Text "what happened to the weapon, one event after the other: issued 12.03.1994 to 4th depot, act 17; returned 1996";
    Book "book" Text "book of the ledger";
    Page "page" Text "page of the book";
    Line "line" Text "running number of the row on paper";
    Scan "scan" Text "path of the page scan";
    Remarks "remarks" Text "remarks";
    Confidence "confidence" Share "confidence of the reading, 0 to 1, where the row was scanned";
}

impl Field {
    /// The field of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }

    /// Whether it holds personal data, which exports redact unless asked.
    pub const fn is_personal(self) -> bool {
        matches!(
            self,
            Self::Holder
                | Self::HolderId
                | Self::HolderAddress
                | Self::ReceivedFrom
                | Self::IssuedTo
                | Self::LicenceNumber
                | Self::History
        )
    }
}

/// Columns of an entry that repeat what its ledger wrote, whatever stands in it.
const AS_WRITTEN: [&str; 5] = ["cells", "carried", "originals", "extra", "romanized"];

/// Whether a column of an entry is to be masked: a personal field, or a part of the row as its ledger wrote it.
pub fn is_personal_column(name: &str) -> bool {
    Field::from_name(name).is_some_and(Field::is_personal) || AS_WRITTEN.contains(&name)
}

/// Whether a column of an entry can name a person, so that a law may want it erased: personal data, the row as its
/// ledger wrote it, and free text.
pub fn is_erasable_column(name: &str) -> bool {
    is_personal_column(name) || ["remarks", "document", "flags"].contains(&name)
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found_again() {
        for &field in Field::ALL {
            assert_eq!(Field::from_name(field.name()), Some(field), "two fields are named {field}");
        }
        assert_eq!(Field::from_name("colour"), None);
    }
}
