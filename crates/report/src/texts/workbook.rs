//! The words of `rejected.xlsx` that are put together.

use matricule_record::message;

/// How the workbook is used, a line each; the first is its title.
pub fn guide() -> [&'static str; 11] {
    [
        message!("workbook-guide-1"),
        message!("workbook-guide-2"),
        message!("workbook-guide-3"),
        message!("workbook-guide-4"),
        message!("workbook-guide-5"),
        message!("workbook-guide-6"),
        message!("workbook-guide-7"),
        message!("workbook-guide-8"),
        message!("workbook-guide-9"),
        message!("workbook-guide-10"),
        message!("workbook-guide-11"),
    ]
}

/// The header of the column into which a corrected value is written.
pub fn corrected(header: &str) -> String {
    message!("workbook-corrected", header = header)
}
