//! The words of `report.html` and its pages that are put together.

use matricule_record::message;
/// A text by its key, for templates.
pub use matricule_record::messages::plain as say;

use crate::print::grouped;

/// `4,211 rows in 37 files`.
pub fn extent(rows: u64, files: usize) -> String {
    let rows = message!("count-rows", count = rows, number = grouped(rows));
    let files = message!("count-files", count = files, number = files);
    message!("page-extent", rows = rows, files = files)
}

/// `Refused rows, page 3 of 100`.
pub fn page_of(number: usize, pages: usize) -> String {
    message!("page-of", number = number, pages = pages)
}
