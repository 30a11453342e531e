//! Where the scan of a page stands that a ledger names, seen from a page of the report.
//!
//! The text of a cell is not trusted: only a picture that is there, in the ledger's folder or below it, is linked.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use matricule_ingest::LedgerFile;

/// What browsers show as a picture.
const PICTURES: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "avif"];

/// The folders of the ledgers of a run.
pub(crate) struct Scans {
    folders: HashMap<String, PathBuf>,
    /// The folder in which ledgers stand that are not among these.
    root: Option<PathBuf>,
    /// The folder of the pages, absolute.
    pages: Option<PathBuf>,
}

impl Scans {
    /// For the report in a folder that is there.
    pub fn new(ledgers: &[LedgerFile], report: &Path) -> Self {
        let folder = |ledger: &LedgerFile| {
            Some((ledger.relative.to_string(), ledger.path.parent()?.canonicalize().ok()?))
        };
        Self {
            folders: ledgers.iter().filter_map(folder).collect(),
            root: None,
            pages: report.canonicalize().ok().map(|report| report.join("pages")),
        }
    }

    /// For ledgers that stand in a folder under the paths by which they were converted.
    pub fn below(root: &Path, report: &Path) -> Self {
        Self { root: root.canonicalize().ok(), ..Self::new(&[], report) }
    }

    /// The folder of a ledger.
    fn folder(&self, ledger: &str) -> Option<PathBuf> {
        self.folders.get(ledger).cloned().or_else(|| {
            let folder = self.root.as_ref()?.join(ledger).parent()?.canonicalize().ok()?;
            folder.starts_with(self.root.as_ref()?).then_some(folder)
        })
    }

    /// The link from a page to a scan; `None` where there is no such picture.
    pub fn link(&self, ledger: &str, text: &str) -> Option<String> {
        let text = text.trim().replace('\\', "/");
        let relative = Path::new(&text);
        let is_below =
            relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let extension = relative.extension()?.to_str()?.to_ascii_lowercase();
        if !is_below || !PICTURES.contains(&extension.as_str()) {
            return None;
        }
        let folder = self.folder(ledger)?;
        let scan = folder.join(relative).canonicalize().ok()?;
        (scan.is_file() && scan.starts_with(&folder)).then(|| url(self.pages.as_deref()?, &scan))?
    }
}

/// The path of a file as a link from a folder; both absolute.
fn url(from: &Path, to: &Path) -> Option<String> {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut parts = vec!["..".to_owned(); from.len() - shared];
    for part in &to[shared..] {
        parts.push(encoded(part.as_os_str().to_str()?));
    }
    Some(parts.join("/"))
}

fn encoded(part: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    part.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_beside_the_ledger_are_linked() {
        let folder = tempfile::tempdir().unwrap();
        let ledgers = folder.path().join("ledgers");
        let report = folder.path().join("report");
        for made in [ledgers.join("scans"), report.clone()] {
            std::fs::create_dir_all(made).unwrap();
        }
        for file in [
            ledgers.join("scans/страница 1.png"),
            ledgers.join("notes.txt"),
            folder.path().join("outside.png"),
        ] {
            std::fs::write(file, b"x").unwrap();
        }
        let scans = Scans {
            folders: HashMap::from([("a.csv".to_owned(), ledgers.canonicalize().unwrap())]),
            root: None,
            pages: report.canonicalize().ok().map(|report| report.join("pages")),
        };
        let found = "../../ledgers/scans/%D1%81%D1%82%D1%80%D0%B0%D0%BD%D0%B8%D1%86%D0%B0%201.png";
        for (text, expect) in [
            ("scans/страница 1.png", Some(found)),
            (" scans\\страница 1.png ", Some(found)),
            ("scans/none.png", None),
            ("notes.txt", None),
            ("../outside.png", None),
            ("/etc/hostname", None),
            ("http://example.org/x.png", None),
            ("javascript:alert(1)", None),
            ("", None),
        ] {
            assert_eq!(scans.link("a.csv", text).as_deref(), expect, "{text}");
        }
        let below = Scans::below(&ledgers, &report);
        assert_eq!(below.link("any.csv", "scans/страница 1.png").as_deref(), Some(found));
        assert_eq!(below.link("../any.csv", "outside.png"), None, "a ledger outside of its folder");
        assert_eq!(scans.link("b.csv", "scans/страница 1.png"), None);
    }
}
