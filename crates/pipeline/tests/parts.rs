//! What is resolved in parts, run by run, is what a resolution of the whole registry gives, after any revisions.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;

use matricule_loader::{Decision, Derived, Manifest, Registry, Verdict};
use matricule_mapping::Files;
use matricule_pipeline::{
    Act, AmendRequest, Request, RerunRequest, Silent, Split, Stages, amend, convert, decide, rerun, resolve,
    undo,
};
use matricule_record::{Field, LinkMode};

use support::{request, stages};

/// Numbers that look drawn and are the same everywhere.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}

const SERIALS: [&str; 6] = ["АБ 1001", "АБ 1002", "ВБ 7", "AB 1001", "ХА 55", "АБ 1003"];
const MAKES: [&str; 3] = ["Izhmash", "Tula", ""];
const MODELS: [&str; 3] = ["PM", "TT", ""];
const STATES: [&str; 3] = ["in service", "destroyed", ""];
const HOLDERS: [&str; 3] = ["Depot 1", "Depot 2", ""];

/// A ledger in which few serials stand again and again, on pages of their own, among many that stand once.
fn ledger(draw: &mut Draw, rows: u64) -> String {
    let mut text = "Serial No.,Make,Model,Type,Country of manufacture,Status,Holder,Page\n".to_owned();
    for row in 0..rows {
        let serial = if draw.below(4) == 0 { draw.of(&SERIALS).to_owned() } else { format!("КЛ {row:04}") };
        text.push_str(&format!(
            "{serial},{},{},pistol,SU,{},{},{row}\n",
            draw.of(&MAKES),
            draw.of(&MODELS),
            draw.of(&STATES),
            draw.of(&HOLDERS)
        ));
    }
    text
}

/// A registry that is revised again and again.
struct Revised<'a> {
    folder: &'a Path,
    stages: &'a [Stages],
    draw: Draw,
    done: [usize; 5],
}

impl Revised<'_> {
    fn act(&self) -> Act {
        let (command, operator) = ("test".to_owned(), Some("rk".to_owned()));
        Act { registry: self.folder.join("registry.db"), command, operator }
    }

    fn convert(&self, ledger: &str) {
        let split = Split { workers: 1, batch: 64 };
        let request = Request { link: LinkMode::Exact, ..request(self.folder, ledger, split) };
        convert(&self.stages[0], &request, &Silent).unwrap();
    }

    fn amend(&mut self, entry: i64) {
        let (field, words): (Field, &[&str]) = match self.draw.below(5) {
            0 | 1 => (Field::Serial, &SERIALS),
            2 => (Field::Make, &MAKES),
            3 => (Field::Status, &STATES),
            _ => (Field::Holder, &HOLDERS),
        };
        let values = vec![(field, self.draw.of(words).to_owned())];
        let request = AmendRequest { act: self.act(), entry, values, reason: "seen".to_owned() };
        // An entry that an undone run loaded is present no more.
        self.done[0] += usize::from(amend(&self.stages[0], &request).is_ok());
    }

    fn decide(&mut self, pair: (i64, i64)) {
        let verdicts = [Verdict::Confirmed, Verdict::Confirmed, Verdict::Refused, Verdict::Reopened];
        let verdict = verdicts[self.draw.below(4) as usize];
        let manifest = Manifest { version: env!("CARGO_PKG_VERSION").to_owned(), ..Manifest::default() };
        let decision = Decision { pair, verdict, reason: "seen".to_owned(), operator: "rk".to_owned() };
        // Decisions that cannot hold beside each other are refused.
        self.done[1] += usize::from(decide(&self.act().registry, &manifest, &[decision]).is_ok());
    }

    fn revise(&mut self) {
        let (a, b) = (1 + self.draw.below(300).cast_signed(), 1 + self.draw.below(300).cast_signed());
        match self.draw.below(10) {
            0..=3 => self.amend(a),
            4..=6 if a != b => self.decide((a.min(b), a.max(b))),
            7 => {
                let request = RerunRequest { act: self.act(), apply: true, plan: None };
                let tables = self.draw.below(2) as usize;
                self.done[2] +=
                    usize::from(rerun(&self.stages[tables], &request, &Silent).unwrap().applied.is_some());
            }
            8 => {
                let runs = Registry::open(self.act().registry).unwrap().runs().unwrap().len() as u64;
                // Never the first: then nothing would be left to revise.
                let run = 2 + self.draw.below(runs.max(2) - 1).cast_signed();
                self.done[3] += usize::from(undo(&self.stages[0], &self.act(), run).is_ok());
            }
            _ => {
                let name = format!("more{}.csv", self.done[4]);
                let text = ledger(&mut self.draw, 6);
                fs::write(self.folder.join(&name), text).unwrap();
                self.convert(&name);
                self.done[4] += 1;
            }
        }
    }

    fn check(&self) {
        let registry = Registry::open(self.act().registry).unwrap();
        let whole = resolve::derived(&registry, LinkMode::Exact).unwrap();
        assert_eq!(registry.holds(&whole).unwrap(), Derived::Same, "after {:?} revisions", self.done);
    }
}

#[test]
fn parts_resolved_anew_give_what_the_whole_gives() {
    let folder = tempfile::tempdir().unwrap();
    let office = folder.path().join("office/scripts");
    fs::create_dir_all(&office).unwrap();
    let table = "kind,from,to,when,source,note\nmap,Х,H,,office,overrides ICAO 9303\n";
    fs::write(office.join("cyrl-rus-icao9303.csv"), table).unwrap();
    let stages = {
        let office = Files::with_directory(&folder.path().join("office")).unwrap();
        vec![stages(Files::shipped(), Some("ru")), stages(office, Some("ru"))]
    };
    let mut done = [0; 5];
    for seed in [1, 2] {
        let own = folder.path().join(seed.to_string());
        fs::create_dir_all(&own).unwrap();
        let mut revised = Revised { folder: &own, stages: &stages, draw: Draw(seed), done: [0; 5] };
        fs::write(own.join("ledger.csv"), ledger(&mut revised.draw, 300)).unwrap();
        revised.convert("ledger.csv");
        for _ in 0..45 {
            revised.revise();
            revised.check();
        }
        for (all, own) in done.iter_mut().zip(revised.done) {
            *all += own;
        }
    }
    assert!(done.iter().all(|&done| done > 0), "{done:?}");
    assert!(done[0] + done[1] > 20, "{done:?}");
}
