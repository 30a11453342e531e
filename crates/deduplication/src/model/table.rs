//! Records in columns of numbers, in the order of their ids: nothing after this depends on the order of the file.

use rayon::slice::ParallelSliceMut;

use super::Error;
use super::config::Config;
use super::hash::{Interner, LONGEST_TEXT, Rows, Texts};

/// Records as they are read.
pub struct Table {
    ids: Texts,
    columns: Columns,
    /// How many records were read before each list.
    lists: Vec<u32>,
}

/// The values of records, in the order in which they were pushed.
pub struct Columns {
    pub(crate) columns: Vec<Column>,
    rows: usize,
}

/// A column: distinct texts, and which of them each record has.
#[derive(Default)]
pub(crate) struct Column {
    pub(crate) values: Interner,
    pub(crate) rows: Rows,
}

impl Columns {
    /// The columns of a configuration, no record in them.
    pub fn new(config: &Config) -> Self {
        Self { columns: config.fields.iter().map(|_| Column::default()).collect(), rows: 0 }
    }

    /// One more record: a text for each field of the configuration.
    pub fn push<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        self.rows += 1;
        for (column, text) in self.columns.iter_mut().zip(texts) {
            column.rows.push(column.values.number(text.trim()));
        }
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// Puts the records into another order: `order` names each by its place before. No more can be pushed.
    pub fn reorder(&mut self, order: &[u32]) {
        for column in &mut self.columns {
            column.rows = column.rows.in_order(order);
            column.values.close();
        }
    }
}

impl Table {
    /// A table with the columns of a configuration, no record in it.
    pub fn new(config: &Config) -> Self {
        Self { ids: Texts::default(), columns: Columns::new(config), lists: Vec::new() }
    }

    /// The records that follow are of another list than those before.
    pub fn begin_list(&mut self) {
        self.lists.push(self.columns.len() as u32);
    }

    /// One more record: its id and a text for each field of the configuration.
    pub fn push<'a>(&mut self, id: &str, texts: impl Iterator<Item = &'a str> + Clone) -> Result<(), Error> {
        if id.is_empty() {
            return Err(Error::NoId);
        }
        if id.len() > LONGEST_TEXT || texts.clone().any(|text| text.len() > LONGEST_TEXT) {
            return Err(Error::TooLong(LONGEST_TEXT));
        }
        self.ids.push(id);
        self.columns.push(texts);
        Ok(())
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The records in the order of their ids.
    pub(crate) fn sorted(mut self) -> Result<(Ids, Columns), Error> {
        let ids = self.ids;
        let mut order: Vec<u32> = (0..self.columns.len() as u32).collect();
        order.par_sort_unstable_by(|&a, &b| ids.get(a).cmp(ids.get(b)));
        if let Some(twice) = order.windows(2).find(|pair| ids.get(pair[0]) == ids.get(pair[1])) {
            return Err(Error::Id(ids.get(twice[0]).to_owned()));
        }
        self.columns.reorder(&order);
        Ok((Ids { texts: ids, order, lists: self.lists }, self.columns))
    }
}

/// The ids of sorted records.
pub struct Ids {
    texts: Texts,
    order: Vec<u32>,
    lists: Vec<u32>,
}

impl Ids {
    /// The id of a record.
    pub fn get(&self, row: u32) -> &str {
        self.texts.get(self.order[row as usize])
    }

    /// The record of an id.
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        let found = self.order.binary_search_by(|&row| self.texts.get(row).cmp(id));
        found.ok().map(|row| row as u32)
    }

    /// Whether two records stand in one list, where there are several.
    pub(crate) fn is_one_list(&self, a: u32, b: u32) -> bool {
        let list = |row: u32| self.lists.partition_point(|&start| start <= self.order[row as usize]);
        self.lists.len() > 1 && list(a) == list(b)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}
