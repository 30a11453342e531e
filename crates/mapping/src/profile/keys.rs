//! The keys and values that a profile may have.

use matricule_record::Field;

/// Every section with its keys; an empty list means that the keys are the ledger's own words.
const SECTIONS: &[(&str, &[&str])] = &[
    (
        "ledger",
        &[
            "name",
            "register",
            "language",
            "reading",
            "variant",
            "mixed",
            "calendar",
            "date_order",
            "pivot_year",
            "content",
            "files",
            "same_header",
            "sheets",
        ],
    ),
    ("file", &["encoding", "delimiter", "header_row", "hidden"]),
    (
        "limits",
        &[
            "cell_characters",
            "columns",
            "rows",
            "memory_megabytes",
            "seconds",
            "expansion",
            "archive_entries",
            "line_bytes",
        ],
    ),
    ("numerals", &["columns"]),
    ("mapping", &[]),
    ("symbols", &[]),
    ("rows", &["keep", "fill"]),
    ("columns", &[]),
    ("constants", &[]),
    ("content", &["required", "recommended", "confidence"]),
    ("duplicates", &["review_at_bits", "merge_at_bits", "source_rank", "survivorship"]),
];

/// Calendars that a profile may declare. `hijri` is the civil calendar; `japanese` leaves the era to the cell.
pub(super) const CALENDARS: &[&str] = &[
    "gregorian",
    "julian",
    "hijri",
    "hijri-civil",
    "hijri-umalqura",
    "rumi",
    "persian",
    "buddhist",
    "rattanakosin",
    "ethiopian",
    "minguo",
    "japanese",
    "japanese-meiji",
    "japanese-taisho",
    "japanese-showa",
    "japanese-heisei",
    "japanese-reiwa",
];

/// Refuses sections and keys that are not known.
pub(super) fn check(table: &toml::Table) -> Result<(), String> {
    let sections: Vec<&str> = SECTIONS.iter().map(|(name, _)| *name).collect();
    for (name, section) in table {
        let Some((_, keys)) = SECTIONS.iter().find(|(known, _)| known == name) else {
            return Err(unknown("section", name, &sections));
        };
        let Some(section) = section.as_table() else {
            return Err(format!("`{name}` is a section: write [{name}]"));
        };
        if let Some(key) = section.keys().find(|key| !keys.is_empty() && !keys.contains(&key.as_str())) {
            return Err(unknown(&format!("key of [{name}]"), key, keys));
        }
    }
    Ok(())
}

/// Refuses a name that is no field.
pub(super) fn known_field(name: &str) -> Result<(), String> {
    let names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
    if names.contains(&name) {
        Ok(())
    } else {
        Err(format!("`{name}` is no field{}", did_you_mean(name, &names)))
    }
}

/// Refuses a value that is not one of those known.
pub(super) fn one_of(key: &str, value: Option<&str>, known: &[&str]) -> Result<(), String> {
    match value {
        Some(value) if !known.contains(&value) => Err(format!(
            "{key} = \"{value}\" is not one of {}{}",
            known.join(", "),
            did_you_mean(value, known)
        )),
        _ => Ok(()),
    }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let hint = did_you_mean(name, known);
    if hint.is_empty() {
        format!("unknown {what} `{name}`; known are {}", known.join(", "))
    } else {
        format!("unknown {what} `{name}`{hint}")
    }
}

fn did_you_mean(name: &str, known: &[&str]) -> String {
    let likeness = |candidate: &&&str| strsim::jaro_winkler(name, candidate);
    match known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b))) {
        Some(best) if likeness(&best) > 0.8 => format!("; did you mean `{best}`?"),
        _ => String::new(),
    }
}
