//! The formats that can be read.
//!
//! To add one: a file under `workbook/` that gives a [`Book`], and a line in the table below.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::workbook::{Book, Failure, whole, xlsb, xlsx};

/// What a file of a format is on the outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    /// Text.
    Text,
    /// A zip archive.
    Zip,
    /// An OLE2 compound file.
    Ole,
}

/// Opens a workbook.
type Open = fn(&Path) -> Result<Box<dyn Book>, Failure>;

macro_rules! formats {
    ($($variant:ident $name:literal [$($extension:literal),*] $container:ident $sign:literal $open:expr, $description:literal;)*) => {
        /// A format that can be read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Format { $(#[doc = $description] $variant),* }

        impl Format {
            /// Every format.
            pub const ALL: &'static [Format] = &[$(Format::$variant),*];

            /// The name in `v_file.format`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The endings of file names that claim it.
            pub const fn extensions(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($extension),*]),* }
            }

            /// What it is on the outside, and the name inside that tells it from others.
            pub(crate) const fn sign(self) -> (Container, &'static str) {
                match self { $(Self::$variant => (Container::$container, $sign)),* }
            }

            /// How a workbook of it is opened; `None` for text.
            pub(crate) fn opener(self) -> Option<Open> {
                match self { $(Self::$variant => $open),* }
            }
        }
    };
}

// variant, name, endings, container, sign inside, opener, description
formats! {
    Csv "csv" ["csv"] Text "" None, "Text with a delimiter.";
    Tsv "tsv" ["tsv", "tab"] Text "" None, "The same, named for its tabs.";
    Xlsx "xlsx" ["xlsx", "xlsm"] Zip "xl/" Some(xlsx::open), "Office Open XML workbook, with or without macros.";
    Xls "xls" ["xls"] Ole "Workbook" Some(whole::open_xls), "Excel 5 to 2003 workbook.";
    Xlsb "xlsb" ["xlsb"] Zip "xl/workbook.bin" Some(xlsb::open), "Binary workbook of Excel 2007 and later.";
    Ods "ods" ["ods"] Zip "application/vnd.oasis.opendocument.spreadsheet" Some(whole::open_ods), "`OpenDocument` spreadsheet.";
}

impl Format {
    /// Whether the format of that name says more of a row than its cells: merged cells, hidden rows.
    pub fn is_workbook(name: &str) -> bool {
        Self::ALL.iter().any(|format| format.name() == name && !format.is_text())
    }

    /// The format that a file's name claims.
    pub fn from_extension(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        Self::ALL.iter().copied().find(|format| format.extensions().contains(&extension.as_str()))
    }

    /// Whether it is text, and not a workbook.
    pub fn is_text(self) -> bool {
        self.sign().0 == Container::Text
    }
}
