//! The minimum content of a record: which fields it needs, and which it should have.

use matricule_record::Field;

/// A named minimum content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// The name in a profile.
    pub name: &'static str,
    /// Fields without which a row is refused.
    pub required: &'static [Field],
    /// Groups of fields of which a row needs one each.
    pub required_any: &'static [&'static [Field]],
    /// Fields whose absence is flagged and lowers the completeness.
    pub recommended: &'static [Field],
    /// Whether a ledger without a column for a required field is refused row by row.
    pub strict: bool,
}

const RECOMMENDED: &[Field] = &[
    Field::Model,
    Field::Calibre,
    Field::YearOfManufacture,
    Field::ImportCountry,
    Field::ImportYear,
    Field::Register,
    Field::Holder,
    Field::Status,
    Field::StatusDate,
    Field::Page,
];

/// Who had the weapon (Directive (EU) 2021/555, article 4(5): suppliers, acquirers and holders).
const PARTIES: &[Field] = &[Field::Holder, Field::ReceivedFrom, Field::IssuedTo, Field::Unit];
/// Since when.
const DATES: &[Field] = &[Field::RegisteredOn, Field::StatusDate, Field::ReceivedOn, Field::IssuedOn];

impl Content {
    /// Every minimum content, the default first.
    ///
    /// `default` is this project's; `iti` is the International Tracing Instrument (UN 2005),
    /// paragraph 8 and what it encourages; `eu` is Directive (EU) 2021/555, article 4(5).
    pub const ALL: [Content; 3] = [
        Content {
            name: "default",
            required: &[Field::Serial, Field::Make, Field::CountryOfManufacture, Field::WeaponType],
            required_any: &[],
            recommended: RECOMMENDED,
            strict: false,
        },
        Content {
            name: "iti",
            required: &[Field::Serial, Field::Make, Field::CountryOfManufacture],
            required_any: &[],
            recommended: &[
                Field::WeaponType,
                Field::Model,
                Field::Calibre,
                Field::YearOfManufacture,
                Field::ImportCountry,
                Field::ImportYear,
                Field::BarrelSerial,
                Field::SlideSerial,
                Field::CylinderSerial,
            ],
            strict: true,
        },
        Content {
            name: "eu",
            required: &[Field::Serial, Field::Make, Field::WeaponType, Field::Model, Field::Calibre],
            required_any: &[PARTIES, DATES],
            recommended: &[Field::CountryOfManufacture, Field::YearOfManufacture, Field::Status],
            strict: true,
        },
    ];

    /// The content of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|content| content.name == name)
    }
}
