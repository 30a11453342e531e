//! The JSON texts of an entry, written straight into a string: a million rows have no time for
//! a tree of values each.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use matricule_record::{
    Belonging, CellKind, Cells, Column, DuplicateRules, Field, Flag, LatinNames, Mixed, Reading, SerialPart,
    Settings, Survivorship, Symbol, Text, Variant,
};
use serde_json::{Value, json};

/// Writes a row as [`Cells::to_json`] does, byte for byte, in place of what `out` held.
pub(crate) fn cells(out: &mut String, cells: &Cells) {
    out.clear();
    out.reserve(cells.bytes() + 4 * cells.len() + 16);
    out.push('[');
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match kind_name(cell.kind) {
            None => string(out, cell.text),
            Some(name) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "{{\"{name}\":");
                string(out, cell.text);
                out.push('}');
            }
        }
    }
    out.push(']');
}

/// The names of [`Cells::to_json`]; a test holds them together.
fn kind_name(kind: CellKind) -> Option<&'static str> {
    match kind {
        CellKind::Text => None,
        CellKind::Number => Some("number"),
        CellKind::Date => Some("date"),
        CellKind::Boolean => Some("boolean"),
        CellKind::Error => Some("error"),
        CellKind::Formula => Some("formula"),
    }
}

/// Adds a member to the object that is being written to `out`; an empty `out` opens one.
pub(crate) fn member(out: &mut String, name: &str, text: &str) {
    out.push(if out.is_empty() { '{' } else { ',' });
    string(out, name);
    out.push(':');
    string(out, text);
}

/// Closes the object; `None` where nothing was added.
pub(crate) fn close(out: &mut String) -> Option<&str> {
    if out.is_empty() {
        return None;
    }
    out.push('}');
    Some(out)
}

fn string(out: &mut String, text: &str) {
    // Counting has no early end, so the loop is vectorised.
    let special = text.bytes().filter(|&byte| byte < b' ' || byte == b'"' || byte == b'\\').count();
    if special == 0 {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

/// Writes values that stand elsewhere as the members of an object, column→text; see [`close`].
pub(crate) fn carried(out: &mut String, carried: &[(usize, Text)]) {
    out.clear();
    for (column, text) in carried {
        member(out, &column.to_string(), text);
    }
}

/// The values that [`carried`] wrote.
pub(crate) fn carried_of(json: &str) -> Vec<(usize, Text)> {
    let values: BTreeMap<usize, Text> = serde_json::from_str(json).unwrap_or_default();
    values.into_iter().collect()
}

/// The names of an entry in Latin letters that are compared.
pub(crate) fn latin_names_of(json: &str) -> LatinNames {
    let mut names: BTreeMap<String, Text> = serde_json::from_str(json).unwrap_or_default();
    let mut name = |field: Field| names.remove(field.name());
    LatinNames { make: name(Field::Make), model: name(Field::Model), holder: name(Field::Holder) }
}

/// An object without some of its members; empty where none is left.
pub(crate) fn without_members(json: &str, is_removed: impl Fn(&str) -> bool) -> String {
    let members: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
    if !members.keys().any(|name| is_removed(name)) {
        return json.to_owned();
    }
    let mut left = String::new();
    for (name, text) in members.iter().filter(|(name, _)| !is_removed(name)) {
        member(&mut left, name, text);
    }
    close(&mut left).unwrap_or_default().to_owned()
}

/// The flags of an entry, those of some fields without their details.
pub(crate) fn without_details(flags: &str, is_field: impl Fn(&str) -> bool) -> String {
    let Ok(Value::Array(mut all)) = serde_json::from_str(flags) else { return flags.to_owned() };
    let mut changed = false;
    for flag in all.iter_mut().filter(|flag| flag["field"].as_str().is_some_and(&is_field)) {
        changed |= flag.as_object_mut().is_some_and(|flag| flag.remove("detail").is_some());
    }
    if changed { Value::Array(all).to_string() } else { flags.to_owned() }
}

/// The flags of an entry as a JSON array; empty where it has none.
pub(crate) fn flags(flags: &[Flag]) -> String {
    let mut out = String::new();
    for flag in flags {
        out.push_str(if out.is_empty() { "[{\"code\":" } else { ",{\"code\":" });
        string(&mut out, flag.code.name());
        for (name, text) in [("detail", flag.detail.as_str()), ("field", flag.field.map_or("", Field::name))]
        {
            if !text.is_empty() {
                out.push(',');
                string(&mut out, name);
                out.push(':');
                string(&mut out, text);
            }
        }
        out.push('}');
    }
    if !out.is_empty() {
        out.push(']');
    }
    out
}

/// The columns of a sheet as a JSON array of header, field and day-month order, first column first; those with
/// personal data say so.
pub(crate) fn columns(columns: &[Column]) -> String {
    let column = |column: &Column| {
        let mut object = json!({ "header": column.header.as_str(), "field": column.field.map(Field::name) });
        if let Some(order) = &column.date_order {
            object["date_order"] = order.as_str().into();
        }
        if let Some(part) = column.part {
            object["part"] = part.name().into();
        }
        if column.holds_personal_data() {
            object["personal"] = true.into();
        }
        object
    };
    columns.iter().map(column).collect::<Value>().to_string()
}

/// The columns that [`columns`] wrote.
pub(crate) fn columns_of(text: &str) -> Vec<Column> {
    let values: Vec<Value> = serde_json::from_str(text).unwrap_or_default();
    let column = |value: &Value| Column {
        header: value["header"].as_str().unwrap_or_default().into(),
        field: value["field"].as_str().and_then(Field::from_name),
        date_order: value["date_order"].as_str().map(Into::into),
        date_order_evidence: None,
        part: value["part"].as_str().and_then(SerialPart::from_name),
        is_personal: value["personal"].as_bool().unwrap_or_default(),
    };
    values.iter().map(column).collect()
}

/// What decides how a sheet's rows are read, so that they can be read again without their file.
pub(crate) fn settings(settings: &Settings) -> String {
    let mixed = match settings.mixed {
        Mixed::Reject => "reject",
        Mixed::FoldToLatin => "fold-to-latin",
        Mixed::FoldToNative => "fold-to-native",
    };
    let names = |fields: &[Field]| fields.iter().map(|field| field.name()).collect::<Vec<_>>();
    let mut object = json!({
        "language": settings.language.as_deref(),
        "reading": settings.reading.name(),
        "variant": settings.variant.name(),
        "mixed": mixed,
        "register": settings.register.as_deref(),
        "calendar": settings.calendar.as_deref(),
        "date_order": settings.date_order.as_deref(),
        "pivot_year": settings.pivot_year,
        "constants": settings.constants.iter().map(|(f, text)| [f.name(), text.as_str()]).collect::<Vec<_>>(),
        "required": names(&settings.required),
        "recommended": names(&settings.recommended),
        "required_any": settings.required_any.iter().map(|group| names(group)).collect::<Vec<_>>(),
        "strict_content": settings.strict_content,
        "numerals": names(&settings.numerals),
        "symbols": settings.symbols.iter().map(symbol).collect::<Vec<_>>(),
        "mapping": settings.mapping.iter().map(|(from, to)| [from.as_str(), to.as_str()]).collect::<Vec<_>>(),
        "profile": settings.profile.as_deref(),
    });
    if let Some(confidence) = settings.confidence {
        object["confidence"] = confidence.into();
    }
    if !settings.duplicates.is_default() {
        object["duplicates"] = duplicates(&settings.duplicates);
    }
    object.to_string()
}

/// What a ledger declares about duplicates; numbers that are not declared are null.
fn duplicates(rules: &DuplicateRules) -> Value {
    json!({
        "review_at_bits": rules.review_at_bits,
        "merge_at_bits": rules.merge_at_bits,
        "source_rank": rules.source_rank,
        "survivorship": rules.survivorship.iter().map(|criterion| criterion.name()).collect::<Vec<_>>(),
    })
}

/// The least confidence that the settings of a sheet ask for, where they do.
pub(crate) fn confidence_of(text: &str) -> Option<f64> {
    if !text.contains("\"confidence\"") {
        return None;
    }
    serde_json::from_str::<Value>(text).ok()?["confidence"].as_f64()
}

/// What [`settings`] wrote about duplicates.
pub(crate) fn duplicates_of(text: &str) -> DuplicateRules {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let rules = &value["duplicates"];
    let criteria = rules["survivorship"].as_array().into_iter().flatten();
    DuplicateRules {
        review_at_bits: rules["review_at_bits"].as_f64(),
        merge_at_bits: rules["merge_at_bits"].as_f64(),
        source_rank: rules["source_rank"].as_i64().unwrap_or_default(),
        survivorship: criteria.filter_map(|name| Survivorship::named(name.as_str()?)).collect(),
    }
}

fn symbol(symbol: &Symbol) -> [&str; 4] {
    let (belongs, field) = match symbol.belongs {
        Belonging::Attached(field) => ("attached", field.name()),
        Belonging::ToEnd(field) => ("to-end", field.name()),
        Belonging::KeepLetter => ("keep-letter", ""),
    };
    [&symbol.sign, &symbol.name, belongs, field]
}

fn symbol_of(value: &Value) -> Option<Symbol> {
    let part = |at: usize| value[at].as_str();
    let field = || Field::from_name(part(3)?);
    let belongs = match part(2)? {
        "attached" => Belonging::Attached(field()?),
        "to-end" => Belonging::ToEnd(field()?),
        _ => Belonging::KeepLetter,
    };
    Some(Symbol { sign: part(0)?.into(), name: part(1)?.into(), belongs })
}

/// Whether [`settings`] wrote everything that a row is read by: the first two versions kept only what
/// decides the conversion of serials.
pub(crate) fn settings_are_whole(text: &str) -> bool {
    text.contains("\"strict_content\"")
}

/// The settings that [`settings`] wrote; what it does not say is as by default.
pub(crate) fn settings_of(text: &str) -> Settings {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let word = |key: &str| value[key].as_str();
    let list = |key: &str| value[key].as_array().cloned().unwrap_or_default();
    let pair = |pair: &Value| Some((pair[0].as_str()?.into(), pair[1].as_str()?.into()));
    let constant = |pair: &Value| Some((Field::from_name(pair[0].as_str()?)?, pair[1].as_str()?.into()));
    let named = |names: &[Value]| -> Vec<Field> {
        names.iter().filter_map(|name| Field::from_name(name.as_str()?)).collect()
    };
    let fields = |key: &str| named(&list(key));
    Settings {
        language: word("language").map(Into::into),
        reading: word("reading").and_then(Reading::from_name).unwrap_or_default(),
        variant: if word("variant") == Some("strict") { Variant::Strict } else { Variant::Standard },
        mixed: match word("mixed") {
            Some("fold-to-latin") => Mixed::FoldToLatin,
            Some("fold-to-native") => Mixed::FoldToNative,
            _ => Mixed::Reject,
        },
        register: word("register").map(Into::into),
        calendar: word("calendar").map(Into::into),
        date_order: word("date_order").map(Into::into),
        pivot_year: value["pivot_year"].as_u64().and_then(|year| u16::try_from(year).ok()),
        constants: list("constants").iter().filter_map(constant).collect(),
        required: fields("required"),
        recommended: fields("recommended"),
        required_any: list("required_any")
            .iter()
            .filter_map(|group| Some(named(group.as_array()?)))
            .collect(),
        confidence: value["confidence"].as_f64(),
        strict_content: value["strict_content"].as_bool().unwrap_or_default(),
        numerals: fields("numerals"),
        symbols: list("symbols").iter().filter_map(symbol_of).collect(),
        mapping: list("mapping").iter().filter_map(pair).collect(),
        profile: word("profile").map(Into::into),
        duplicates: duplicates_of(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use matricule_record::Code;
    use proptest::prelude::*;

    const KINDS: [CellKind; 6] = [
        CellKind::Text,
        CellKind::Number,
        CellKind::Date,
        CellKind::Boolean,
        CellKind::Error,
        CellKind::Formula,
    ];

    proptest! {
        #[test]
        fn cells_are_written_as_the_contract_crate_writes_them(row: Vec<(u8, String)>) {
            let mut wanted = Cells::default();
            for (kind, text) in &row {
                wanted.push(KINDS[usize::from(*kind) % KINDS.len()], text);
            }
            let mut out = String::from("left over");
            cells(&mut out, &wanted);
            prop_assert_eq!(out, wanted.to_json());
        }
    }

    #[test]
    fn settings_come_back_as_they_were() {
        let all = Settings {
            language: Some("ru".into()),
            reading: Reading::Look,
            variant: Variant::Strict,
            mixed: Mixed::FoldToNative,
            mapping: vec![("Ѣ".into(), "E".into())],
            numerals: vec![Field::YearOfManufacture],
            register: Some("police".into()),
            calendar: Some("rumi".into()),
            date_order: Some("dmy".into()),
            pivot_year: Some(1950),
            constants: vec![(Field::CountryOfManufacture, "SU".into())],
            required: vec![Field::Serial, Field::Make],
            recommended: vec![Field::Model],
            required_any: vec![vec![Field::Model, Field::Calibre]],
            confidence: Some(0.8),
            strict_content: true,
            symbols: [
                Belonging::Attached(Field::SeriesMark),
                Belonging::ToEnd(Field::OwnerMark),
                Belonging::KeepLetter,
            ]
            .map(|belongs| Symbol { sign: "△".into(), name: "TRIANGLE".into(), belongs })
            .into(),
            profile: Some("ab12".into()),
            duplicates: DuplicateRules::default(),
        };
        assert_eq!(settings_of(&settings(&all)), all);
        assert_eq!(settings_of(&settings(&Settings::default())), Settings::default());
    }

    #[test]
    fn an_object_without_members_is_nothing() {
        let mut out = String::new();
        assert_eq!(close(&mut out), None);
        member(&mut out, "make", "\"");
        member(&mut out, "a\\b", "Тула");
        assert_eq!(close(&mut out), Some(r#"{"make":"\"","a\\b":"Тула"}"#));
    }

    #[test]
    fn columns_say_their_header_and_field() {
        let found = columns(&[
            Column { header: "Тип".into(), field: Some(Field::WeaponType), ..Column::default() },
            Column { header: "".into(), date_order: Some("dmy".into()), ..Column::default() },
            Column { header: "Phone".into(), is_personal: true, ..Column::default() },
            Column { header: "Holder".into(), field: Some(Field::Holder), ..Column::default() },
        ]);
        let expect = concat!(
            r#"[{"field":"type","header":"Тип"},{"date_order":"dmy","field":null,"header":""},"#,
            r#"{"field":null,"header":"Phone","personal":true},"#,
            r#"{"field":"holder","header":"Holder","personal":true}]"#
        );
        assert_eq!(found, expect);
        assert_eq!(columns(&columns_of(&found)), expect);
    }

    #[test]
    fn a_flag_says_only_what_it_knows() {
        let all = [Flag::new(Code::W404, Some(Field::WeaponType), ""), Flag::new(Code::W401, None, "0012")];
        assert_eq!(flags(&all), r#"[{"code":"W404","field":"type"},{"code":"W401","detail":"0012"}]"#);
        assert_eq!(flags(&[]), "");
    }
}
