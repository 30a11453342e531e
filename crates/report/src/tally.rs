//! Counts of rejects and warnings by code, each with the first example that came by.

use std::collections::BTreeMap;

use matricule_record::{Cells, Code, Field, Flag, RejectedRow, Source, message};
use serde::{Deserialize, Serialize};

use crate::summary::{CodeSummary, Example};

/// Counts rows and findings by code while rows pass. The example of a code is the first that was
/// added, so rows have to be added in address order for a report that does not change from run to
/// run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CodeTally {
    codes: BTreeMap<Code, CodeSummary>,
}

impl CodeTally {
    /// Counts the findings of a refused row, file or sheet. A file or sheet counts as no row.
    pub fn add_rejected(&mut self, row: &RejectedRow) {
        for finding in &row.findings {
            self.count_finding(finding.code, || Example {
                address: row.address(finding),
                text: finding.original.clone(),
                message: finding.message.clone(),
                suggestion: finding.suggestion.clone(),
            });
        }
        if row.row.is_some() {
            self.count_row(row.findings.iter().map(|finding| finding.code));
        }
    }

    /// Counts the warnings of a loaded row.
    pub fn add_flags(&mut self, source: &Source, cells: &Cells, flags: &[Flag]) {
        for flag in flags {
            self.count_finding(flag.code, || example_of(source, cells, flag));
        }
        self.count_row(flags.iter().map(|flag| flag.code));
    }

    /// Adds the counts of rows that come after those counted here.
    pub fn merge(&mut self, later: Self) {
        for (code, summary) in later.codes {
            let entry = self.codes.entry(code).or_insert_with(|| CodeSummary::new(code));
            entry.rows += summary.rows;
            entry.findings += summary.findings;
            entry.example = entry.example.take().or(summary.example);
        }
    }

    /// The counts, in the order of the codes.
    pub fn into_summaries(self) -> Vec<CodeSummary> {
        self.codes.into_values().collect()
    }

    fn count_finding(&mut self, code: Code, example: impl FnOnce() -> Example) {
        let entry = self.codes.entry(code).or_insert_with(|| CodeSummary::new(code));
        entry.findings += 1;
        entry.example.get_or_insert_with(example);
    }

    /// Counts the row once for each of its codes.
    fn count_row(&mut self, codes: impl Iterator<Item = Code>) {
        let mut codes: Vec<Code> = codes.collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            self.codes.entry(code).or_insert_with(|| CodeSummary::new(code)).rows += 1;
        }
    }
}

fn example_of(source: &Source, cells: &Cells, flag: &Flag) -> Example {
    let column = flag.field.and_then(|field| source.ledger.column_of(field));
    let is_personal = flag.field.is_some_and(Field::is_personal);
    let open =
        |said: String| if is_personal && !said.is_empty() { message!("masked").to_owned() } else { said };
    Example {
        address: column.map_or_else(|| source.to_string(), |column| source.cell(column)),
        text: open(column.map(|column| cells.get(column).text.to_owned()).unwrap_or_default()),
        message: open(flag.detail.to_string()),
        suggestion: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use matricule_record::{Column, Field, Finding, Ledger};

    use super::*;

    #[test]
    fn a_row_counts_once_for_a_code_found_twice() {
        let finding = |text| Finding::new(Code::T301, "m").at(None, Some(1), text);
        let mut row = RejectedRow::whole("a.csv".into(), "".into(), finding("Ѣ"));
        row.row = Some(3);
        row.findings.push(finding("Ѳ"));
        let mut tally = CodeTally::default();
        tally.add_rejected(&row);
        tally.add_rejected(&RejectedRow::whole("b.csv".into(), "".into(), Finding::new(Code::I101, "m")));
        let counts: Vec<_> =
            tally.into_summaries().into_iter().map(|c| (c.code, c.rows, c.findings)).collect();
        assert_eq!(counts, [(Code::I101, 0, 1), (Code::T301, 1, 2)]);
    }

    #[test]
    fn a_warning_shows_the_cell_of_its_field() {
        let columns = vec![
            Column { header: "No".into(), field: None, ..Column::default() },
            Column { header: "Serial".into(), field: Some(Field::Serial), ..Column::default() },
        ];
        let ledger = Arc::new(Ledger { file: "a.csv".into(), columns, ..Ledger::default() });
        let mut tally = CodeTally::default();
        let flags =
            [Flag::new(Code::W401, Some(Field::Serial), "number cell"), Flag::new(Code::W404, None, "")];
        tally.add_flags(&Source { ledger, row: 9 }, &Cells::from_texts(["1", "123"]), &flags);
        let examples: Vec<_> = tally.into_summaries().into_iter().filter_map(|code| code.example).collect();
        let shown: Vec<_> =
            examples.iter().map(|e| (e.address.as_str(), e.text.as_str(), e.message.as_str())).collect();
        assert_eq!(shown, [("a.csv!B9", "123", "number cell"), ("a.csv!9", "", "")]);
    }
}
