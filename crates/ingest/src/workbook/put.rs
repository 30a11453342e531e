//! Where the cells of a streamed sheet go, each in the shape that its format gives it.

use calamine::DataRef;

use super::failure::Failure;
use super::number_format::Shapes;
use super::row_builder::RowBuilder;
use super::value::ValueText;

/// The rows of a sheet and the shapes of its numbers.
pub(super) struct Put<'r, 'o> {
    pub shapes: Shapes,
    pub rows: &'r mut RowBuilder<'o>,
}

impl Put<'_, '_> {
    /// Gives a cell, if it holds a value, or a formula that stands in for it.
    pub fn cell(
        &mut self,
        place: (u32, u32),
        value: &DataRef<'_>,
        formula: Option<&str>,
        text: &mut ValueText,
    ) -> Result<(), Failure> {
        let number = match value {
            DataRef::Float(number) => Some(*number),
            DataRef::Int(number) => Some(*number as f64),
            _ => None,
        };
        let value = match self.shapes.show(place, number, text) {
            Some(kind) => Some((kind, text.last())),
            None => text.of(value, formula),
        };
        match value {
            Some((kind, text)) => self.rows.cell(place, kind, text),
            None => Ok(()),
        }
    }
}
