//! What a record has to say: required and recommended fields, the confidence of its reading, and how
//! complete it is.

use matricule_record::{Cell, CellKind, Code, Column, Field, Finding, Flag, Text, WrittenSerial, message};

use super::Work;
use super::findings::{missing, missing_all};
use crate::UNKNOWN;
use crate::confidence;

impl Work<'_> {
    /// Required fields refuse a row or, where the ledger's form lacks them, are set to "unknown";
    /// recommended ones that a clerk left blank are flagged.
    pub(super) fn check_content(&mut self) {
        let ledger = self.ledger;
        for &field in &ledger.settings.required {
            if self.is_present(field) || self.is_refused(field) {
                continue;
            }
            let column = ledger.column_of(field);
            if column.is_some() || field == Field::Serial || ledger.settings.strict_content {
                self.findings.push(missing(field, column));
            } else {
                self.set(field, UNKNOWN, None);
                self.flags.push(Flag::new(Code::W406, Some(field), ""));
            }
        }
        for fields in &ledger.settings.required_any {
            if !fields.iter().any(|field| self.is_present(*field) || self.is_refused(*field)) {
                self.findings.push(missing_all(fields, ledger));
            }
        }
        let recommended = &ledger.settings.recommended;
        let blank = |field: &&Field| {
            ledger.column_of(**field).is_some() && !self.is_present(**field) && self.has_part(**field)
        };
        let blank: Vec<&str> = recommended.iter().filter(blank).map(|field| field.name()).collect();
        if !blank.is_empty() {
            self.flags.push(Flag::new(Code::W404, None, blank.join(", ")));
        }
        let comments = ledger.columns.iter().rposition(Column::is_comments);
        if comments.is_some_and(|column| !self.row.cells.get(column).is_blank()) {
            self.flags.push(Flag::new(Code::W425, None, ""));
        }
    }

    /// A row that was read by a machine less surely than the profile asks for is refused; one that does
    /// not say how surely, too.
    pub(super) fn check_confidence(&mut self) {
        let ledger = self.ledger;
        let (Some(least), Some(column)) = (ledger.settings.confidence, ledger.column_of(Field::Confidence))
        else {
            return;
        };
        if self.is_refused(Field::Confidence) {
            return;
        }
        let least = confidence::as_share(least);
        let found = self.fields.text(Field::Confidence);
        if found.parse().is_ok_and(|found: f64| found >= least) {
            return;
        }
        let says = if found.is_empty() {
            message!("s212-none").to_owned()
        } else {
            message!("s212-confidence", found = found)
        };
        let message = message!("s212-below", says = says, least = least);
        let repair = message!("s212-repair");
        let written = self.row.cells.get(column).text;
        let finding = Finding::new(Code::S212, message).suggest(repair);
        self.refuse(Field::Confidence, Some(column), written, finding);
    }

    /// A confidence as a share of one.
    pub(super) fn of_share(&self, text: &str, kind: CellKind) -> Result<Text, Box<Finding>> {
        let read = confidence::read(Cell { kind, text }, self.ledger.settings.confidence);
        read.ok_or_else(|| {
            let message = message!("s211-not-understood", text = text);
            let repair = message!("s211-repair");
            Box::new(Finding::new(Code::S211, message).suggest(repair))
        })
    }

    pub(super) fn is_present(&self, field: Field) -> bool {
        if field == Field::Serial {
            self.serial != WrittenSerial::Refused
        } else {
            self.fields.get(field).is_some() || self.markings.iter().any(|marking| marking.field == field)
        }
    }

    pub(super) fn is_refused(&self, field: Field) -> bool {
        let about = |finding: &Finding| finding.field == Some(field);
        self.findings.iter().any(about) || self.row.findings.iter().any(about)
    }

    /// Whether a weapon of its type has the part whose serial a field is for: a slide is of pistols, a
    /// cylinder of revolvers.
    fn has_part(&self, field: Field) -> bool {
        let is = |name: &str| self.fields.text(Field::WeaponType) == name;
        match field {
            Field::SlideSerial => is("pistol"),
            Field::CylinderSerial => is("revolver"),
            _ => true,
        }
    }

    /// The share of what the content asks for that the record says; `docs/profiles.md` defines it.
    pub(super) fn completeness(&self) -> f64 {
        let settings = &self.ledger.settings;
        let is_known = |field: &Field| self.is_present(*field) && self.fields.text(*field) != UNKNOWN;
        let single =
            settings.required.iter().chain(&settings.recommended).filter(|field| self.has_part(**field));
        let (mut wanted, mut known) = (0_u32, 0_u32);
        for is in single.map(is_known).chain(settings.required_any.iter().map(|any| any.iter().any(is_known)))
        {
            wanted += 1;
            known += u32::from(is);
        }
        f64::from(known) / f64::from(wanted.max(1))
    }
}
