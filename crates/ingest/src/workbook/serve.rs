//! What the child does: confine itself, open the workbook, send its rows, say how it ended.

use std::any::Any;
use std::io::{BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use matricule_record::message;

use super::book::{Book, open};
use super::confine::{confine, examine_zip};
use super::failure::Failure;
use super::frame::{self, Frame, Request};
use super::row_builder::RowBuilder;
use crate::format::Format;
use crate::limits::Limits;

/// The body of the hidden subcommand that reads a workbook in a process of its own: takes a
/// request from `input`, sends frames to `output`, and returns the exit status.
pub fn serve_workbook(path: &Path, mut input: impl Read, output: impl Write) -> u8 {
    // A panic of the library is a damaged file, told in a frame; its backtrace helps nobody.
    std::panic::set_hook(Box::new(|_| {}));
    let mut output = BufWriter::with_capacity(1 << 18, output);
    let last = match frame::read::<Request>(&mut input) {
        Ok(Some(request)) => serve(path, &request, &mut output),
        _ => Err(Failure::Damaged("the reader was not told what to do".into())),
    };
    let last = last.map_or_else(Frame::Failed, |()| Frame::End);
    let sent = frame::write(&last, &mut output).and_then(|()| output.flush());
    u8::from(sent.is_err())
}

fn serve(path: &Path, request: &Request, output: &mut dyn Write) -> Result<(), Failure> {
    confine(request).map_err(|error| Failure::Damaged(format!("the limits cannot be set: {error}")))?;
    if request.format != Format::Xls {
        examine_zip(path, request)?;
    }
    let mut book = caught(|| open(path, request.format))?;
    let mut sheets = book.sheets();
    // Visible sheets first: what the file says about itself is told by their header.
    sheets.sort_by_key(|(_, hidden)| *hidden);
    let names: Vec<String> = sheets.iter().map(|(name, _)| name.clone()).collect();
    for (name, hidden) in sheets {
        send(&Frame::Sheet { name: name.clone(), hidden }, output)?;
        // A sheet is asked for by its name: of two with one name, one would be read twice.
        let is_alone = names.iter().filter(|known| **known == name).count() == 1;
        let read = if is_alone {
            send_rows(book.as_mut(), &name, &request.limits, output)
        } else {
            Err(Failure::Damaged(message!("i101-same-name").to_owned()))
        };
        if let Err(failure) = read {
            send(&Frame::SheetFailed(failure), output)?;
        }
    }
    Ok(())
}

fn send_rows(
    book: &mut dyn Book,
    name: &str,
    limits: &Limits,
    output: &mut dyn Write,
) -> Result<(), Failure> {
    let mut rows = RowBuilder::new(limits, output);
    let read = caught(|| book.rows(name, &mut rows));
    rows.finish().and(read)
}

fn send(frame: &Frame, mut output: &mut dyn Write) -> Result<(), Failure> {
    frame::write(frame, &mut output).map_err(|error| Failure::damaged(&error))
}

/// Runs code of the workbook library, whose panics are damage in the file.
fn caught<T>(run: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(Failure::Damaged(panic_text(&*panic))))
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("its reader stumbled over it ({})", text.unwrap_or("no reason given"))
}
