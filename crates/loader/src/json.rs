//! The JSON texts of an entry, written straight into a string: a million rows have no time for
//! a tree of values each.

mod settings;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use matricule_record::{
    CellKind, Cells, Column, Field, Flag, LatinNames, SerialPart, SkipClass, Text, message,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) use self::settings::{confidence_of, duplicates_of, settings, settings_are_whole, settings_of};
use crate::damage::{self, Damage};

/// What was written, unless it is damaged.
type Read<T> = Result<T, Damage>;

/// The value in a column.
fn parsed<T: DeserializeOwned>(column: &'static str, json: &str) -> Read<T> {
    serde_json::from_str(json).map_err(|error| Damage::new(column, error))
}

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

/// The row that [`cells`] wrote.
pub(crate) fn cells_of(json: &str) -> Read<Cells> {
    Cells::from_json(json).ok_or_else(|| Damage::new("cells", message!("damaged-cells")))
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
pub(crate) fn carried_of(json: &str) -> Read<Vec<(usize, Text)>> {
    Ok(parsed::<BTreeMap<usize, Text>>("carried", json)?.into_iter().collect())
}

/// The names and texts of an object in a column.
pub(crate) fn members_of(column: &'static str, json: &str) -> Read<BTreeMap<String, String>> {
    parsed(column, json)
}

/// The classes of rows that are no record, with how many there are of each.
pub(crate) fn skipped_of(json: &str) -> Read<BTreeMap<SkipClass, u64>> {
    let classes = parsed::<BTreeMap<String, u64>>("skipped", json)?.into_iter();
    classes.map(|(name, rows)| Ok((damage::class(&name)?, rows))).collect()
}

/// Why the entries of a pair are one weapon, or may be.
pub(crate) fn reasons_of(json: &str) -> Read<Vec<String>> {
    parsed("reasons", json)
}

/// The names of an entry in Latin letters that are compared.
pub(crate) fn latin_names_of(json: &str) -> Read<LatinNames> {
    let mut names: BTreeMap<String, Text> = parsed("romanized", json)?;
    let mut name = |field: Field| names.remove(field.name());
    Ok(LatinNames { make: name(Field::Make), model: name(Field::Model), holder: name(Field::Holder) })
}

/// The object in a column without some of its members; empty where none is left.
pub(crate) fn without_members(
    column: &'static str,
    json: &str,
    is_removed: impl Fn(&str) -> bool,
) -> Read<String> {
    let members = members_of(column, json)?;
    if !members.keys().any(|name| is_removed(name)) {
        return Ok(json.to_owned());
    }
    let mut left = String::new();
    for (name, text) in members.iter().filter(|(name, _)| !is_removed(name)) {
        member(&mut left, name, text);
    }
    Ok(close(&mut left).unwrap_or_default().to_owned())
}

/// The flags of an entry, those of some fields without their details.
pub(crate) fn without_details(flags: &str, is_field: impl Fn(&str) -> bool) -> Read<String> {
    let mut all: Vec<Value> = parsed("flags", flags)?;
    let mut changed = false;
    for flag in all.iter_mut().filter(|flag| flag["field"].as_str().is_some_and(&is_field)) {
        changed |= flag.as_object_mut().is_some_and(|flag| flag.remove("detail").is_some());
    }
    Ok(if changed { Value::Array(all).to_string() } else { flags.to_owned() })
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
pub(crate) fn columns_of(text: &str) -> Read<Vec<Column>> {
    let values: Vec<Value> = parsed("columns", text)?;
    let column = |value: &Value| {
        let header = value["header"].as_str().ok_or_else(|| Damage::new("columns", value))?;
        Ok(Column {
            header: header.into(),
            field: word(value, "field").map(|name| known("columns", name, Field::from_name)).transpose()?,
            date_order: word(value, "date_order").map(Into::into),
            date_order_evidence: None,
            part: word(value, "part")
                .map(|name| known("columns", name, SerialPart::from_name))
                .transpose()?,
            is_personal: value["personal"].as_bool().unwrap_or_default(),
        })
    };
    values.iter().map(column).collect()
}

/// A member of an object that is a text, where it is there.
fn word<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object[key].as_str()
}

/// What a name stands for.
fn known<T>(column: &'static str, name: &str, named: impl Fn(&str) -> Option<T>) -> Read<T> {
    named(name).ok_or_else(|| Damage::unknown(column, name))
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
        assert_eq!(columns_of(&found).map(|found| columns(&found)), Ok(expect.to_owned()));
    }

    #[test]
    fn a_flag_says_only_what_it_knows() {
        let all = [Flag::new(Code::W404, Some(Field::WeaponType), ""), Flag::new(Code::W401, None, "0012")];
        assert_eq!(flags(&all), r#"[{"code":"W404","field":"type"},{"code":"W401","detail":"0012"}]"#);
        assert_eq!(flags(&[]), "");
    }
}
