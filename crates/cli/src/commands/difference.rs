//! `matricule mappings diff`: what changes from one set of tables to another, and for which serials.

use std::collections::BTreeMap;
use std::path::Path;

use matricule_loader::{Registry, StoredSerial};
use matricule_mapping::{RowKind, TableRow};
use matricule_record::{Code, Field};
use matricule_text::visible;
use matricule_transliteration::{
    Context, Conversion, Presence, RowDifference, TableDifference, Transliteration, difference,
};

use crate::Status;
use crate::output::{print, shown, table};

/// Most serials that are shown one by one.
const SHOWN: usize = 50;

pub(crate) fn run(old: &Path, new: &Path, registry: Option<&Path>) -> Status {
    let (before, after) = (tables(old)?, tables(new)?);
    let tables = difference(&before, &after);
    let mut text: String = tables.iter().map(describe).collect();
    if tables.is_empty() {
        text.push_str("No table differs.\n");
    }
    let mut changes = Changes::default();
    if let Some(registry) = registry {
        let mut damaged = None;
        Registry::open(registry)?.serials(|serial| match serial {
            Ok(serial) => changes.add(&serial, &before, &after),
            Err(error) => damaged = Some(error),
        })?;
        damaged.map_or(Ok(()), Err)?;
        text.push_str(&changes.describe());
    }
    print(&text)?;
    Ok(u8::from(!tables.is_empty()))
}

/// The tables of an operator's directory over the shipped ones, or those shipped alone.
fn tables(directory: &Path) -> anyhow::Result<Transliteration> {
    let own = (directory != Path::new("shipped")).then_some(directory);
    super::mappings::compiled(own)
}

fn describe(found: &TableDifference) -> String {
    let presence = match found.presence {
        Presence::Both => "",
        Presence::Added => " (a new table)",
        Presence::Removed => " (taken away)",
    };
    let mut text = format!("{}{presence}\n", found.id);
    let limit = if found.presence == Presence::Both { usize::MAX } else { 0 };
    for row in found.rows.iter().take(limit) {
        text.push_str(&format!("  {}\n", describe_row(row)));
    }
    if found.rows.len() > limit {
        text.push_str(&format!("  {} rows\n", found.rows.len()));
    }
    let groups = [("opens", &found.merges_opened), ("closes", &found.merges_closed)];
    for (output, letters, word) in groups
        .iter()
        .flat_map(|(word, groups)| groups.iter().map(move |(output, letters)| (output, letters, word)))
    {
        text.push_str(&format!("  {word} the merge {} = {output}\n", letters.join(" = ")));
    }
    text
}

fn describe_row(row: &RowDifference) -> String {
    let (before, after) = (row.before.as_deref(), row.after.as_deref());
    let about = after.or(before).map(|row| visible(&row.from)).unwrap_or_default();
    let when = after.or(before).map(|row| row.when.to_string()).filter(|when| !when.is_empty());
    let when = when.map(|when| format!(" ({when})")).unwrap_or_default();
    let place = after.or(before).map(|row| row.place.to_string()).unwrap_or_default();
    format!("{about}{when}: {} → {}   {place}", says(before), says(after))
}

fn says(row: Option<&TableRow>) -> String {
    match row {
        None => "no row".to_owned(),
        Some(row) if matches!(row.kind, RowKind::Map | RowKind::Digits) => row.to.to_string(),
        Some(row) if row.to.is_empty() => row.kind.name().to_owned(),
        Some(row) => format!("{} {}", row.kind.name(), row.to),
    }
}

/// The serials of a registry that the new tables convert otherwise.
#[derive(Default)]
struct Changes {
    serials: u64,
    /// Serials whose stored form the old tables do not give either.
    not_replayed: u64,
    changed: u64,
    /// The first of them: address, as written, stored, new.
    first: Vec<[String; 4]>,
    /// New converted forms, each with the serials as written that have it.
    collisions: BTreeMap<String, Vec<String>>,
    conversion: Conversion,
}

impl Changes {
    fn add(&mut self, serial: &StoredSerial, before: &Transliteration, after: &Transliteration) {
        self.serials += 1;
        if self.convert(before, serial) != Ok(serial.converted.clone()) {
            self.not_replayed += 1;
            return;
        }
        let new = self.convert(after, serial);
        if new.as_ref() == Ok(&serial.converted) {
            return;
        }
        self.changed += 1;
        let new = new.unwrap_or_else(|code| format!("refused: {code} {}", code.title()));
        if self.first.len() < SHOWN {
            let address = format!("{}!{}!{}", serial.file, serial.sheet, serial.row).replace("!!", "!");
            self.first.push([address, shown(&serial.written, 40), serial.converted.clone(), new.clone()]);
        }
        self.collisions.entry(new).or_default().push(serial.written.clone());
    }

    fn convert(&mut self, stage: &Transliteration, serial: &StoredSerial) -> Result<String, Code> {
        let context = Context::of(Field::Serial, &serial.settings);
        stage.convert_written(&serial.written, &serial.settings, context, &mut self.conversion)
    }

    fn describe(mut self) -> String {
        let mut text =
            format!("\n{} of {} serials in the registry would change.\n", self.changed, self.serials);
        if self.not_replayed > 0 {
            text.push_str(&format!(
                "{} serials were converted by tables that are neither the old nor the new ones; they are left out.\n",
                self.not_replayed
            ));
        }
        if !self.first.is_empty() {
            let rows: Vec<Vec<String>> = self.first.iter().map(|row| row.to_vec()).collect();
            text.push_str(&table(&["address", "as written", "now", "then"], &rows));
        }
        if self.changed as usize > self.first.len() {
            text.push_str(&format!("… and {} more\n", self.changed as usize - self.first.len()));
        }
        self.collisions.retain(|_, written| {
            written.sort();
            written.dedup();
            written.len() > 1
        });
        for (converted, written) in self.collisions.iter().take(SHOWN) {
            let written: Vec<String> = written.iter().map(|serial| shown(serial, 40)).collect();
            text.push_str(&format!("{converted} would stand for {}\n", written.join(" and ")));
        }
        text
    }
}
