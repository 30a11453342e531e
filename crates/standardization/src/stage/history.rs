//! The chain of events that a row tells in words: in a column of its own, or in its remarks.

use matricule_record::{Code, Field, Flag, Text};

use super::Work;

impl Work<'_> {
    /// Reads both. Remarks may say anything, so they are events only where every clause is one and has
    /// its date. What is not understood stays as written, and is flagged where a chain is looked for.
    pub(super) fn read_history(&mut self) {
        for field in [Field::History, Field::Remarks] {
            let text = Text::from(self.fields.text(field));
            let events = &self.stage.vocabularies.events;
            if text.is_empty() || (field == Field::Remarks && !events.may_tell(&text)) {
                continue;
            }
            let told = events.read(&text, field, &self.order_of(field));
            let is_chain = !told.events.is_empty();
            let is_whole = told.unknown.is_empty() && told.events.iter().all(|event| event.date.is_some());
            if !told.unknown.is_empty() && (field == Field::History || is_chain) {
                self.flags.push(Flag::new(Code::W420, Some(field), told.unknown.join("; ")));
            }
            if field == Field::History || is_whole {
                let calendar = |name: &&str| Flag::new(Code::W414, Some(field), *name);
                self.flags.extend(told.calendars.iter().map(calendar));
                self.events.extend(told.events);
            }
        }
    }
}
