//! A first build that was cut off is gone on with after its last part, and comes to what it would have been.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use matricule_loader::Registry;
use matricule_mapping::Files;
use matricule_pipeline::{Error, Parts, Progress, Request, Silent, Split, Stages, Watch, convert};
use matricule_report::Summary;

use support::{request, stages};

/// Interrupts when so many ledgers are done.
struct InterruptsAfter {
    ledgers: usize,
    done: AtomicUsize,
    /// How many there were to read.
    started: AtomicUsize,
    told: Mutex<Vec<String>>,
}

impl InterruptsAfter {
    fn ledgers(ledgers: usize) -> Self {
        Self { ledgers, done: AtomicUsize::new(0), started: AtomicUsize::new(0), told: Mutex::default() }
    }

    /// Whether it was told exactly so many things, each of which holds a text.
    fn check_told(&self, texts: &[&str]) {
        let told = self.told.lock().unwrap();
        assert_eq!(told.len(), texts.len(), "{told:?}");
        assert!(told.iter().zip(texts).all(|(told, text)| told.contains(text)), "{told:?}");
    }
}

impl Watch for InterruptsAfter {
    fn progress(&self, progress: Progress<'_>) {
        match progress {
            Progress::Started { files, .. } => self.started.store(files as usize, Ordering::SeqCst),
            Progress::FileDone { .. } => _ = self.done.fetch_add(1, Ordering::SeqCst),
            _ => {}
        }
    }

    fn tell(&self, text: &str) {
        self.told.lock().unwrap().push(text.to_owned());
    }

    fn is_interrupted(&self) -> bool {
        self.done.load(Ordering::SeqCst) >= self.ledgers
    }
}

/// Ledgers in two languages, one weapon in each pair of them, rows that are refused and one file that is.
fn put_ledgers(folder: &Path) {
    fs::create_dir(folder.join("ledgers")).unwrap();
    for ledger in 0..8 {
        let mut text =
            "Serial No.,Make,Model,Type,Calibre,Country of manufacture,Year,Register,Page\n".to_owned();
        for row in 0..20 {
            let weapon = (ledger / 2) * 20 + row;
            let serial = if row == 7 { "△".to_owned() } else { format!("AB{weapon:05}") };
            let make = if row == 9 { "Some works" } else { "FN" };
            text.push_str(&format!(
                "{serial},{make},FAL,rifle,7.62x51,BE,19{:02},police,{ledger}\n",
                60 + row
            ));
        }
        fs::write(folder.join(format!("ledgers/{ledger}.csv")), text).unwrap();
    }
    fs::write(folder.join("ledgers/5b.xlsx"), "PK\u{3}\u{4}no workbook").unwrap();
}

fn run(stages: &Stages, folder: &Path, resume: bool, watch: &dyn Watch) -> Result<Summary, Error> {
    let parts = Some(Parts { rows: 30, resume });
    let request = Request { parts, ..request(folder, "ledgers", Split { workers: 1, batch: 4 }) };
    convert(stages, &request, watch)
}

/// The summary without what differs between two runs of the same.
fn said(mut summary: Summary) -> Summary {
    (summary.registry, summary.rejected_csv, summary.chain_head) = (String::new(), None, None);
    summary
}

fn partials(folder: &Path) -> usize {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().contains(".partial.")).count()
}

/// Builds in two goes, the first cut off after so many ledgers; `left` is how many the second reads.
fn check(stages: &Stages, cut_after: usize, resume: bool, left: usize) {
    let (whole, cut) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    put_ledgers(whole.path());
    put_ledgers(cut.path());
    let expect = run(stages, whole.path(), false, &Silent).unwrap();
    let error = run(stages, cut.path(), false, &InterruptsAfter::ledgers(cut_after)).unwrap_err();
    assert!(error.is_interruption());
    let has_part = cut_after >= 2;
    assert_eq!(matches!(error, Error::Unfinished(_)), has_part, "{error}");
    assert_eq!(partials(cut.path()), usize::from(has_part));
    assert!(!cut.path().join("registry.db").exists(), "no reader sees a part");
    let second = InterruptsAfter::ledgers(usize::MAX);
    let found = run(stages, cut.path(), resume, &second).unwrap();
    assert_eq!(second.started.load(Ordering::SeqCst), left);
    second.check_told(if resume && !has_part { &["it begins from the start"] } else { &[] });
    assert_eq!(partials(cut.path()), 0);
    assert_eq!(said(found), said(expect));
    let open = |folder: &Path| Registry::open(folder.join("registry.db")).unwrap();
    assert_eq!(open(cut.path()).digest().unwrap(), open(whole.path()).digest().unwrap());
    let audit = matricule_pipeline::audit(&open(cut.path()), None).unwrap();
    assert!(audit.is_clean(), "{:?}", audit.checks);
}

#[test]
fn what_was_cut_off_is_gone_on_with_after_its_last_part() {
    // Twenty rows a ledger: a part is committed after every second one. The interruption is seen with the next
    // batch.
    let stages = stages(Files::shipped(), None);
    check(&stages, 1, true, 9);
    check(&stages, 2, true, 7);
    check(&stages, 3, true, 7);
    check(&stages, 5, true, 5);
    check(&stages, 5, false, 9);
}

#[test]
fn a_build_from_something_else_is_not_gone_on_with() {
    let (stages, folder) = (stages(Files::shipped(), None), tempfile::tempdir().unwrap());
    put_ledgers(folder.path());
    run(&stages, folder.path(), false, &InterruptsAfter::ledgers(5)).unwrap_err();
    let path = folder.path().join("ledgers/0.csv");
    let text = fs::read_to_string(&path).unwrap().replace("AB00000", "AB99999");
    fs::write(&path, text).unwrap();
    let second = InterruptsAfter::ledgers(usize::MAX);
    run(&stages, folder.path(), true, &second).unwrap();
    assert_eq!(second.started.load(Ordering::SeqCst), 9);
    second.check_told(&["begins from the start", "Builds from other ledgers", "it is removed"]);
    assert_eq!(partials(folder.path()), 0);
    // Now there is a registry: with nothing new, and with a new ledger.
    for (added, name) in [(false, "ledgers"), (true, "ledgers/0.csv")] {
        let third = InterruptsAfter::ledgers(usize::MAX);
        if added {
            fs::write(&path, fs::read_to_string(&path).unwrap().replace("FN", "Zastava")).unwrap();
        }
        // A build under another key is no database for this one, and somebody else's.
        let other = folder.path().join("registry.db.partial.00000000deadbeef");
        fs::write(&other, "encrypted").unwrap();
        let parts = Some(Parts { rows: 30, resume: true });
        let request = Request { parts, ..request(folder.path(), name, Split { workers: 1, batch: 4 }) };
        convert(&stages, &request, &third).unwrap();
        third.check_told(&["00000000deadbeef is a first build that somebody", "is there already"]);
        assert_eq!((partials(folder.path()), fs::read(other).unwrap()), (1, b"encrypted".to_vec()));
    }
}

/// Publishes another build of the same registry when a part of this one is committed.
struct Overtaken<'a> {
    stages: &'a Stages,
    folder: &'a Path,
    done: AtomicUsize,
    watch: InterruptsAfter,
}

impl Watch for Overtaken<'_> {
    fn progress(&self, progress: Progress<'_>) {
        if matches!(progress, Progress::FileDone { .. }) && self.done.fetch_add(1, Ordering::SeqCst) == 3 {
            let other = request(self.folder, "ledgers/7.csv", Split { workers: 1, batch: 4 });
            convert(self.stages, &other, &Silent).unwrap();
        }
    }

    fn tell(&self, text: &str) {
        self.watch.tell(text);
    }
}

#[test]
fn what_another_build_overtook_does_not_stay() {
    let (stages, folder) = (stages(Files::shipped(), None), tempfile::tempdir().unwrap());
    put_ledgers(folder.path());
    let watch = InterruptsAfter::ledgers(usize::MAX);
    let overtaken = Overtaken { stages: &stages, folder: folder.path(), done: AtomicUsize::new(0), watch };
    let error = run(&stages, folder.path(), false, &overtaken).unwrap_err();
    assert!(error.to_string().starts_with("L701") && !error.to_string().contains("--resume"), "{error}");
    overtaken.watch.check_told(&["was left behind by a first build"]);
    assert_eq!(partials(folder.path()), 0);
    assert_eq!(Registry::open(folder.path().join("registry.db")).unwrap().runs().unwrap().len(), 1);
}

#[test]
fn what_was_begun_stays_until_there_is_a_registry() {
    let (stages, folder) = (stages(Files::shipped(), None), tempfile::tempdir().unwrap());
    put_ledgers(folder.path());
    run(&stages, folder.path(), false, &InterruptsAfter::ledgers(5)).unwrap_err();
    for ledgers in ["ledgers", "ledgers/0.csv"] {
        let dry =
            Request { dry_run: true, ..request(folder.path(), ledgers, Split { workers: 1, batch: 4 }) };
        convert(&stages, &dry, &Silent).unwrap();
        assert_eq!(partials(folder.path()), 1, "a dry run of {ledgers} leaves it");
    }
    let second = InterruptsAfter::ledgers(usize::MAX);
    run(&stages, folder.path(), true, &second).unwrap();
    assert_eq!((second.started.load(Ordering::SeqCst), partials(folder.path())), (5, 0));
}
