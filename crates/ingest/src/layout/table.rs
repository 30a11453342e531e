//! The rows below a header: records, and what stands between them.

mod alone;
mod headings;

use std::borrow::Cow;
use std::sync::Arc;

use matricule_record::{
    Cells, Code, Field, FieldKind, Finding, Ledger, LedgerRow, SkipClass, Source, Text, message,
};
use matricule_text::fold;

use super::columns::{HeaderReading, read_header};
use super::ditto::Above;
use super::furniture::{FURNITURE_CELLS, Furniture, may_be_serial};
use super::groups::{Group, Groups};
use super::joint::Joint;
use super::lines::read_lines;
use super::lone::Lone;
use super::markers::Markers;
use super::noted::{self, keep_comments};
use super::quantity::Quantity;
use super::repeated::Repeated;
use super::second_header::{Again, SecondHeader};
use super::sections::Sections;
use super::serial_parts::SerialParts;
use super::shape::{few_values, is_column_numbers, is_group_line, is_heading, is_words};
use super::straddling;
use crate::sheet_row::SheetRow;

/// A sheet whose columns are known.
pub(crate) struct Table {
    ledger: Arc<Ledger>,
    /// Where its header ends.
    header_row: u32,
    /// The columns that the sheet has; those after them are of groups.
    width: usize,
    above: Above,
    furniture: Furniture,
    headers: SecondHeader,
    /// The row that was a header of another table, as the lower line of its header may follow.
    upper_line: Option<SheetRow>,
    /// The row of the header of another table that cannot be read.
    other_header: Option<u32>,
    repeated: Repeated,
    groups: Groups,
    /// The groups of the table above, of which nobody knows whether they hold for this one.
    left: Vec<Group>,
    sections: Sections,
    lone: Lone,
    quantity: Quantity,
    /// The columns without a header of their own that the heading of the serials lies over.
    beside: Vec<usize>,
    /// The serial that comes next where those of a later table count 1, 2, 3 …
    counting: Option<u64>,
    joint: Joint,
    parts: SerialParts,
    /// The last row that was no record: nothing is merged across it.
    last_break: u32,
    last_record: u32,
    /// The last row that is the foot of a page.
    foot: u32,
    keep: Vec<(usize, Vec<String>)>,
    /// Columns that are written once for the rows below, as the profile says.
    once: Vec<usize>,
    /// What the columns of other tables are called, until somebody asks.
    headers_met: Vec<String>,
}

/// What a row turns out to be.
pub(crate) enum Told {
    /// No record.
    Skip(SkipClass),
    /// It cannot be read by the sheet's header.
    Refuse(Finding),
    /// A record: what its ditto marks mean, and those that mean nothing.
    Record(Vec<(usize, Text)>, Vec<Finding>),
    /// A text that goes on where the record above ends, in this column.
    Continues(usize),
    /// A text alone: the row below tells what it is.
    Loose,
}

impl Table {
    /// Whether a row has a serial where this table has them, with a digit in it, and two values more.
    pub fn is_record_like(&self, cells: &Cells) -> bool {
        let Some(serial) = self.ledger.column_of(Field::Serial) else { return false };
        let has_serial = cells.get(serial).text.chars().any(char::is_numeric);
        has_serial && cells.iter().filter(|cell| !cell.is_blank()).count() > 2
    }

    /// For a sheet whose header ends in a row.
    pub fn new(ledger: Arc<Ledger>, header_row: u32, markers: &Markers<'_>) -> Self {
        let once = written_once(&ledger, markers);
        Self {
            header_row,
            width: ledger.columns.len(),
            above: Above::new(&ledger),
            furniture: Furniture::new(&ledger),
            headers: SecondHeader::new(ledger.clone(), header_row),
            upper_line: None,
            other_header: None,
            repeated: Repeated::default(),
            groups: Groups::default(),
            left: Vec::new(),
            sections: Sections::new(&ledger),
            lone: Lone::new(&ledger, &once),
            quantity: Quantity::new(&ledger, markers),
            counting: None,
            beside: Vec::new(),
            joint: Joint::new(&ledger, markers),
            parts: SerialParts::new(&ledger),
            last_break: header_row,
            last_record: 0,
            foot: 0,
            keep: kept_values(&ledger, markers),
            once,
            headers_met: Vec::new(),
            ledger,
        }
    }

    /// Takes a line of the first page: its header, or what stands above that.
    pub fn first_page(&mut self, row: &SheetRow, class: SkipClass, markers: &Markers<'_>) {
        let again = if class == SkipClass::Header { SkipClass::RepeatHeader } else { class };
        self.repeated.remember(row, again);
        self.look_beside(row);
        let is_above = |group: &Group| class == SkipClass::Title && group.holds_above();
        if let Some(group) = self.group(row, markers).filter(is_above)
            && self.ledger.column_of(group.field).is_none()
        {
            self.open_group(group);
        }
    }

    fn group(&self, row: &SheetRow, markers: &Markers<'_>) -> Option<Group> {
        Group::read(&row.cells, markers, self.ledger.settings.language.as_ref())
    }

    /// What the last row says against the record above it, once.
    pub fn against_last(&mut self) -> Option<Finding> {
        self.lone.against_last()
    }

    /// What the columns of other tables are called, once.
    pub fn headers_met(&mut self) -> impl Iterator<Item = String> + '_ {
        self.headers_met.drain(..)
    }

    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    /// Makes the next ditto mark stand below nothing: the row above it could not be read.
    pub fn forget_above(&mut self) {
        self.above.forget();
    }

    /// Whether a row is a header, of this table or of another.
    pub fn is_header(&mut self, row: &SheetRow, markers: &Markers<'_>) -> bool {
        self.repeated.class(&row.cells).is_some() || self.headers.look(row.row, &row.cells, markers).is_some()
    }

    /// Whether the row below a text alone is one too, so that both wait for the next.
    pub fn waits(&mut self, row: &SheetRow, markers: &Markers<'_>) -> bool {
        if is_group_line(row, markers) {
            return true;
        }
        if self.sections.heading(&row.cells, markers).is_some() {
            return !self.is_header(row, markers);
        }
        let Some((column, alone)) = few_values(&row.cells) else { return false };
        let is_text = alone && is_words(&row.cells, column, markers) && self.is_loose(row, column, markers);
        (is_text || self.lone_line(row).is_some() || self.is_of_foot(row, markers))
            && self.furniture.class(&row.cells, markers).is_none()
            && self.group(row, markers).is_none()
            && !self.is_header(row, markers)
    }

    /// Tells what the next row is, and what it makes of the rows below it.
    pub fn tell(&mut self, row: &SheetRow, markers: &Markers<'_>) -> Told {
        let told = self.tell_header(row, markers).or_else(|| self.tell_aside(row, markers));
        let told = told.unwrap_or_else(|| self.tell_body(row, markers));
        self.groups.pass(&told);
        match &told {
            Told::Skip(SkipClass::NotAWeapon | SkipClass::Cancelled) | Told::Loose => {}
            Told::Record(..) | Told::Continues(_) => {
                self.last_record = row.row;
                self.sections.record(&row.cells);
                if !is_doubtful(&told) {
                    self.lone.record(row);
                }
            }
            Told::Skip(class) => {
                self.last_break = row.row;
                self.lone.pass();
                if *class == SkipClass::Footer {
                    self.foot = row.row;
                }
                let is_new = *class == SkipClass::RepeatHeader;
                if let Some(page) = self.ledger.column_of(Field::Page)
                    && (is_new || *class == SkipClass::Footer)
                {
                    self.groups.end(page, is_new);
                }
            }
            Told::Refuse(_) => self.last_break = row.row,
        }
        told
    }

    /// A header, or a line that stands above the first one too.
    fn tell_header(&mut self, row: &SheetRow, markers: &Markers<'_>) -> Option<Told> {
        if let Some(class) = self.repeated.class(&row.cells) {
            if class == SkipClass::RepeatHeader {
                self.headers.met(row.row);
                self.other_header = None;
            } else if let Some(group) = self.group(row, markers).filter(Group::holds_above) {
                self.open_group(group);
            }
            return Some(Told::Skip(class));
        }
        let upper = self.upper_line.take().filter(|upper| upper.row + 1 == row.row);
        let language = self.ledger.settings.language.clone();
        let lines = upper.and_then(|upper| read_lines(&upper, row, markers, language.as_ref()));
        if let Some(reading) = lines.filter(is_table) {
            self.begin(reading, row, markers);
            return Some(Told::Skip(SkipClass::Header));
        }
        match self.headers.look(row.row, &row.cells, markers) {
            Some(Again::Same) => {
                self.headers.met(row.row);
                self.other_header = None;
                Some(Told::Skip(SkipClass::RepeatHeader))
            }
            Some(Again::Other) => {
                self.other_table(row, markers);
                Some(Told::Skip(SkipClass::Header))
            }
            None if is_column_numbers(&row.cells, self.width) => {
                self.headers.met(row.row);
                let first = row.row == self.header_row + 1;
                Some(Told::Skip(if first { SkipClass::Header } else { SkipClass::RepeatHeader }))
            }
            None => is_group_line(row, markers).then_some(Told::Loose),
        }
    }

    /// Reads on by the header of another table, or refuses its rows where it cannot be read.
    fn other_table(&mut self, row: &SheetRow, markers: &Markers<'_>) {
        let language = self.ledger.settings.language.clone();
        let reading = read_header(&row.cells, markers, language.as_ref());
        if is_table(&reading) {
            self.begin(reading, row, markers);
        } else {
            self.other_header = Some(row.row);
            self.above.forget();
        }
        self.upper_line = Some(row.clone());
    }

    /// A row that is no record by its place or its few words.
    fn tell_aside(&mut self, row: &SheetRow, markers: &Markers<'_>) -> Option<Told> {
        if let Some(header) = self.other_header {
            let class = markers.furniture_class(&row.cells, FURNITURE_CELLS - 1);
            let class = class.filter(|class| !row.cells.iter().any(|cell| may_be_serial(cell.text, *class)));
            return Some(class.map_or_else(|| Told::Refuse(under_another_header(header)), Told::Skip));
        }
        let (column, alone) = few_values(&row.cells)?;
        if self.furniture.class(&row.cells, markers).is_some() {
            return None;
        }
        if let Some(group) = self.group(row, markers) {
            self.open_group(group);
            return Some(Told::Skip(SkipClass::Group));
        }
        if self.sections.heading(&row.cells, markers).is_some() {
            return Some(Told::Loose);
        }
        if self.may_go_on(row).is_some() || self.is_of_foot(row, markers) {
            return Some(Told::Loose);
        }
        if !alone || !is_words(&row.cells, column, markers) {
            return None;
        }
        self.is_loose(row, column, markers).then_some(Told::Loose)
    }

    /// What a text alone is, told by the row below it, or by there being none.
    pub fn settle(&mut self, row: &SheetRow, below: Option<&SheetRow>, markers: &Markers<'_>) -> Told {
        if let Some(column) = self.may_go_on(row) {
            return self.settle_line(row, column, below, markers);
        }
        let language = self.ledger.settings.language.clone();
        let lines = below.and_then(|below| read_lines(row, below, markers, language.as_ref()));
        if is_group_line(row, markers) && lines.is_some_and(|lines| is_table(&lines)) {
            self.upper_line = Some(row.clone());
            self.last_break = row.row;
            return Told::Skip(SkipClass::Header);
        }
        let is_alone = few_values(&row.cells).is_some_and(|(_, alone)| alone);
        let section = below.and_then(|below| self.sections.opens(&row.cells, &below.cells, markers));
        let class = match (below, section) {
            (Some(below), _) if self.is_header(below, markers) && is_alone => SkipClass::Title,
            (Some(below), _) if is_heading(row) && is_alone => {
                let heading = row.cells.iter().map(|cell| cell.text).find(|text| !text.trim().is_empty());
                self.open_heading(heading.unwrap_or_default(), below, markers);
                SkipClass::Group
            }
            (Some(below), Some(column)) => {
                self.open_heading(row.cells.get(column).text, below, markers);
                self.sections.met();
                SkipClass::Group
            }
            (Some(below), _) if is_alone && self.names_group(row, below, markers) => {
                let heading = row.cells.iter().map(|cell| cell.text).find(|text| !text.trim().is_empty());
                self.open_heading(heading.unwrap_or_default(), below, markers);
                SkipClass::Group
            }
            (None, _) if is_alone && (is_heading(row) || self.is_closing(row, markers)) => SkipClass::Footer,
            _ if self.is_of_foot(row, markers) && self.ends_above(below, markers) => SkipClass::Footer,
            _ => {
                // It may be the heading of another group, without a word for it.
                self.doubt_heading(row, below, markers);
                return self.tell_body(row, markers);
            }
        };
        self.last_break = row.row;
        Told::Skip(class)
    }

    fn tell_body(&mut self, row: &SheetRow, markers: &Markers<'_>) -> Told {
        let cells = &row.cells;
        let mut carried = self.above.resolve(cells, markers);
        let furniture = self.furniture.class(&meant(cells, &carried.values), markers);
        self.fill(row, &mut carried.values, markers);
        let class = furniture
            .or_else(|| self.is_dropped(&meant(cells, &carried.values)).then_some(SkipClass::NotAWeapon));
        if class.is_none_or(|class| stands_above(class, cells)) {
            self.above.remember(cells, &carried);
        }
        if let Some(class) = class {
            return Told::Skip(class);
        }
        carried.findings.extend(self.furniture.doubt(&meant(cells, &carried.values), markers));
        carried.findings.extend(self.furniture.cancelled(&meant(cells, &carried.values), markers));
        carried.findings.extend(noted::struck(row, &self.ledger));
        carried.findings.extend(self.lone.finding(row, self.last_record, markers));
        carried.findings.extend(self.quantity.finding(row));
        carried.findings.extend(self.counted(row).or_else(|| self.beside(row)));
        carried.findings.extend(self.unsaid());
        carried.findings.extend(straddling::finding(row, &self.ledger.columns));
        carried.findings.extend(self.joint.finding(row, &carried.values, &self.ledger));
        carried.findings.extend(self.parts.finding(row, &self.ledger, markers));
        let has_field = |(column, _): &(usize, Text)| self.ledger.columns[*column].field.is_some();
        Told::Record(carried.values.into_iter().filter(has_field).collect(), carried.findings)
    }

    /// Adds what merged cells, groups and, where the profile says so, the record above say of blank
    /// cells. A serial is of one weapon only.
    fn fill(&self, row: &SheetRow, values: &mut Vec<(usize, Text)>, markers: &Markers<'_>) {
        let merged = row.spans.iter().filter(|span| span.top > self.last_break && span.top < row.row);
        let merged = merged.map(|span| (span.first as usize, span.text.as_str()));
        let groups = self.groups.values().iter().map(|(column, text)| (*column, text.as_str()));
        let above = self.once.iter().filter_map(|&column| Some((column, self.above.of_column(column)?)));
        for (column, text) in merged.chain(groups).chain(above) {
            let field = self.ledger.columns.get(column).and_then(|column| column.field);
            let is_open = row.cells.get(column).is_blank() && values.iter().all(|(at, _)| *at != column);
            let is_value = !text.trim().is_empty() && !markers.is_ditto(text);
            if is_open && is_value && field.is_some_and(|field| field.kind() != FieldKind::Serial) {
                values.push((column, text.into()));
            }
        }
    }

    /// Whether the profile's `[rows] keep` drops a row: the value under each header it names has
    /// to be one of those it lists. A header that the sheet lacks asks nothing.
    fn is_dropped(&self, cells: &Cells) -> bool {
        self.keep.iter().any(|(column, values)| !values.contains(&fold(cells.get(*column).text)))
    }

    /// A row that is a record.
    pub fn record(
        &mut self,
        mut row: SheetRow,
        carried: Vec<(usize, Text)>,
        mut findings: Vec<Finding>,
    ) -> LedgerRow {
        findings.extend(self.surplus(&row.cells));
        self.keep_comments(&mut row);
        let source = Source { ledger: self.ledger.clone(), row: row.row };
        LedgerRow { carried, findings, ..LedgerRow::new(source, row.cells) }
    }

    /// Puts the comments of a row into a column of their own.
    pub fn keep_comments(&mut self, row: &mut SheetRow) {
        keep_comments(row, &mut self.ledger, self.width);
    }

    /// A value to the right of the header.
    fn surplus(&self, cells: &Cells) -> Option<Finding> {
        let columns = self.width;
        let column = (columns..cells.len()).find(|&column| !cells.get(column).is_blank())?;
        let message = message!("i108-surplus", column = column + 1, columns = columns);
        let finding = Finding::new(Code::I108, message).at(None, Some(column), cells.get(column).text);
        Some(finding.suggest(message!("i108-repair")))
    }
}

/// The cells with what their ditto marks mean.
fn meant<'a>(cells: &'a Cells, carried: &[(usize, Text)]) -> Cow<'a, Cells> {
    if carried.is_empty() {
        return Cow::Borrowed(cells);
    }
    let last = carried.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
    let mut values = Cells::with_capacity(cells.len(), 0);
    for at in 0..cells.len().max(last) {
        let (cell, value) = (cells.get(at), carried.iter().find(|(column, _)| *column == at));
        values.push(cell.kind, value.map_or(cell.text, |(_, value)| value));
    }
    Cow::Owned(values)
}

/// Whether a skipped row is what the ditto marks below it mean: on paper it is the row above. The
/// mere word that a line is cancelled says nothing that could be repeated.
fn stands_above(class: SkipClass, cells: &Cells) -> bool {
    match class {
        SkipClass::NotAWeapon => true,
        SkipClass::Cancelled | SkipClass::Group => cells.iter().filter(|cell| !cell.is_blank()).count() > 1,
        _ => false,
    }
}

/// Whether a row may be no record.
fn is_doubtful(told: &Told) -> bool {
    matches!(told, Told::Record(_, findings) if findings.iter().any(|finding| finding.code == Code::I113))
}

/// Whether a reading is that of a table of its own: one with serials, no column of which is in doubt.
fn is_table(reading: &HeaderReading) -> bool {
    let has_serial = reading.columns.iter().any(|column| column.field == Some(Field::Serial));
    has_serial && reading.names_enough() && reading.rivals.is_none()
}

fn under_another_header(row: u32) -> Finding {
    let message = message!("i112-other-header", row = row);
    Finding::new(Code::I112, message).suggest(message!("i112-other-header-repair"))
}

/// The columns that `[rows] fill` names.
fn written_once(ledger: &Ledger, markers: &Markers<'_>) -> Vec<usize> {
    let fields = markers.profile.rows.fill.iter().filter_map(|name| Field::from_name(name));
    fields.filter_map(|field| ledger.column_of(field)).collect()
}

/// The columns that `[rows] keep` names, with the values that it keeps in comparable form.
fn kept_values(ledger: &Ledger, markers: &Markers<'_>) -> Vec<(usize, Vec<String>)> {
    let keep = markers.profile.rows.keep.iter().filter_map(|(header, values)| {
        let column = ledger.columns.iter().position(|column| fold(&column.header) == fold(header))?;
        Some((column, values.iter().map(|value| fold(value)).collect()))
    });
    keep.collect()
}
