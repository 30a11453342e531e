//! A register of two thousand weapons made by rule, and entries planted in it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use super::*;

const CONFIG: &str = include_str!("../../../../benches/linkage/registry.toml");

/// Ledger, page, line, make, model, serial, type, calibre, year, date, owner, status.
type Row = [String; 12];

/// The ids of a pair, its bits and its class.
type Pair = (String, String, String, &'static str);

fn row(text: &str) -> Row {
    let cells: Vec<String> = text.split('|').map(|cell| cell.trim().to_owned()).collect();
    cells.try_into().unwrap()
}

/// Weapons that have nothing to do with each other, but for consignments of five.
fn background() -> Vec<(String, Row)> {
    let draw = |n: u64, of: u64| hash::mix(n, 99) % of;
    let weapon = |n: u64| {
        let (lot, at) = (n / 5, n % 5);
        let number = 100_000 + draw(lot * 7 + 1, 800_000) + at;
        let (ledger, page, line) = (lot / 40, (n / 25) % 8 + 1, n % 25 + 1);
        let day = format!("19{:02}-{:02}-{:02}", 60 + ledger, draw(lot, 12) + 1, draw(lot + 5, 28) + 1);
        let owner = format!("owner{} family{}", draw(lot * 3, 500), draw(lot * 11, 700));
        let model = ["FAL", "HiPower", "M70"][(lot % 3) as usize];
        let calibre = ["762X51", "9X19", "762X39"][(lot % 3) as usize];
        row(&format!(
            "L{ledger}|{page}|{line}|Maker{}|{model}|K{number}|rifle|{calibre}|1960|{day}|{owner}|active",
            lot % 3
        ))
    };
    (0..2000).map(|n| (format!("B{n:04}"), weapon(n))).collect()
}

/// Every thirty-first weapon once more in another ledger, some miskeyed.
fn copies() -> Vec<(String, Row)> {
    let mut records = background();
    let copies = (0..60).map(|n| {
        let mut copy = std::mem::take(&mut records[n * 31 + 1].1);
        [copy[0], copy[1]] = [format!("L{}", n % 9), "88".to_owned()];
        if n % 3 == 0 {
            copy[5] = copy[5].replacen('7', "1", 1);
        }
        (format!("C{n:02}"), copy)
    });
    copies.collect()
}

fn run(records: &[(String, Row)], threads: usize) -> Vec<Pair> {
    sharded(records, threads, 0).0
}

/// The pairs and the clusters, with keys and pairs in files of so many shards; none for in memory.
fn sharded(records: &[(String, Row)], threads: usize, shards: usize) -> (Vec<Pair>, Vec<u32>) {
    let folder = tempfile::tempdir().unwrap();
    let spill = (shards > 0).then(|| Spill { folder: folder.path().to_owned(), shards });
    let outcome = in_threads(threads, || linked(records, Hints { spill, ..Hints::default() })).unwrap();
    (pairs(&outcome), outcome.clusters)
}

fn in_threads<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

fn config() -> Config {
    Config::parse(&CONFIG.replace("vocabulary = true\n", "")).unwrap()
}

fn table(records: &[(String, Row)]) -> Table {
    let mut table = Table::new(&config());
    for (id, row) in records {
        table.push(id, row.iter().map(String::as_str)).unwrap();
    }
    table
}

fn linked(records: &[(String, Row)], hints: Hints) -> Result<Outcome, Error> {
    deduplicate(&config(), table(records), &Vocabulary::default(), &[], hints)
}

fn pairs(outcome: &Outcome) -> Vec<Pair> {
    let text = |edge: &Edge| {
        let (a, b) = (outcome.ids.get(edge.a).to_owned(), outcome.ids.get(edge.b).to_owned());
        (a, b, format!("{:.3}", edge.bits), edge.class.name())
    };
    outcome.edges.iter().map(text).collect()
}

/// The class of an entry planted beside weapon 1000, changed as told; empty if it is no candidate.
fn check(change: impl Fn(&mut Row), expect: &str) {
    let mut records = background();
    records.extend(copies());
    let mut planted = records[1000].1.clone();
    [planted[0], planted[1], planted[2]] = ["L3".to_owned(), "77".to_owned(), "7".to_owned()];
    planted[9] = "1988-05-06".to_owned();
    change(&mut planted);
    records.push(("PLANTED".to_owned(), planted));
    let found = run(&records, 1);
    let pair = found.iter().find(|(a, b, ..)| a == "B1000" && b == "PLANTED");
    assert_eq!(pair.map_or("", |pair| pair.3), expect, "{pair:?}");
}

#[test]
fn the_same_weapon_in_another_ledger_is_a_match() {
    check(|_| (), "match");
}

#[test]
fn a_keying_error_is_for_review() {
    check(|row| row[5] = row[5].replace('K', "k-").replacen('1', "I", 1).replacen('0', "O", 1), "review");
}

#[test]
fn another_calibre_is_a_conflict() {
    check(|row| row[7] = "303BRITISH".to_owned(), "conflict");
}

#[test]
fn destroyed_and_in_service_is_a_conflict() {
    check(|row| row[11] = "destroyed".to_owned(), "conflict");
}

#[test]
fn another_holder_later_is_a_transfer() {
    check(|row| row[10] = "zoran petrovic".to_owned(), "transfer");
}

#[test]
fn a_serial_that_says_there_is_none_is_no_key() {
    check(|row| (row[5], row[10]) = ("NIL".to_owned(), String::new()), "");
}

#[test]
fn consignments_are_no_duplicates() {
    assert_eq!(run(&background(), 1), []);
}

#[test]
fn order_and_threads_change_nothing() {
    let mut records = background();
    records.extend(copies());
    let once = run(&records, 1);
    assert!(once.len() >= 55, "{}", once.len());
    let mut shuffled = records.clone();
    shuffled.sort_by_key(|(id, _)| hash::of_text(id));
    assert_eq!(run(&shuffled, 3), once);
    records.reverse();
    assert_eq!(run(&records, 2), once);
}

#[test]
fn shards_change_nothing() {
    let mut records = background();
    records.extend(copies());
    let (pairs, clusters) = sharded(&records, 1, 0);
    assert!(pairs.len() >= 55 && clusters.iter().zip(0..).any(|(&first, row)| first != row));
    for (shards, threads) in [(1, 2), (2, 3), (7, 1)] {
        let found = sharded(&records, threads, shards);
        assert_eq!(found, (pairs.clone(), clusters.clone()), "{shards} shards, {threads} threads");
    }
}

#[test]
fn parts_change_nothing() {
    let mut records = background();
    records.extend(copies());
    let whole = linked(&records, Hints::default()).unwrap();
    let told = |outcome: &Outcome| {
        let blocks: Vec<String> = outcome.blocks.iter().map(|block| format!("{block:?}")).collect();
        (pairs(outcome), outcome.clusters.clone(), blocks, outcome.compared)
    };
    for (count, shards) in [(1, 0), (3, 0), (2, 2)] {
        let folder = tempfile::tempdir().unwrap();
        let files = tempfile::tempdir().unwrap();
        let spill = (shards > 0).then(|| Spill { folder: files.path().to_owned(), shards });
        for number in 1..=count {
            let part = Part { number, count };
            let vocabulary = Vocabulary::default();
            score_part(&config(), table(&records), &vocabulary, part, folder.path(), spill.as_ref()).unwrap();
        }
        let hints = || Hints {
            spill: spill.clone(),
            parts: Some((folder.path().to_owned(), count)),
            ..Hints::default()
        };
        assert_eq!(told(&linked(&records, hints()).unwrap()), told(&whole), "{count} parts");
        // Parts of other records, and parts that are not there.
        assert!(matches!(linked(&records[1..], hints()), Err(Error::Part(_))));
        let last = Part { number: count, count }.file(folder.path());
        let length = std::fs::metadata(&last).unwrap().len();
        std::fs::File::options().write(true).open(&last).unwrap().set_len(length - 24).unwrap();
        assert!(matches!(linked(&records, hints()), Err(Error::Part(_))));
        std::fs::remove_file(last).unwrap();
        assert!(matches!(linked(&records, hints()), Err(Error::Part(_))));
    }
}

/// A consignment of pistols in one ledger, and a copy of one of them in another, with or without its neighbours: the odds
/// that a serial is right where it stands, as the copy of a sibling may have been miskeyed to it.
#[test]
fn a_lone_copy_from_a_consignment_may_be_a_miskeyed_sibling() {
    let bits = |alone: bool, line: &str| {
        let mut records = background();
        records.extend(copies());
        let mut planted = |n: usize| {
            let mut copy = records[1000 + n].1.clone();
            if line.is_empty() {
                [copy[0], copy[1], copy[2]] = ["L3".to_owned(), "77".to_owned(), n.to_string()];
            }
            records.push((format!("P{n}"), copy));
        };
        (0..if alone { 1 } else { 5 }).for_each(&mut planted);
        let found = run(&records, 1);
        let pair = found.iter().find(|(a, b, ..)| a == "B1000" && b == "P0").unwrap();
        pair.2.parse::<f64>().unwrap()
    };
    let alone = bits(true, "");
    assert!((8.0..11.0).contains(&alone), "four siblings may be the origin: {alone}");
    assert!(bits(false, "") > 14.0, "its neighbours stand beside the copy: {}", bits(false, ""));
    assert!(bits(true, "same") > 14.0, "one line keyed twice: {}", bits(true, "same"));
}

#[test]
fn an_id_stands_once() {
    let config = Config::parse(CONFIG).unwrap();
    let mut table = Table::new(&config);
    let texts = || background()[0].1.clone();
    let mut push = |id: &str, texts: &Row| table.push(id, texts.iter().map(String::as_str));
    assert!(matches!(push("", &texts()), Err(Error::NoId)));
    let mut long = texts();
    long[0] = "9".repeat(300_000);
    assert!(matches!(push("B", &long), Err(Error::TooLong(_))));
    for id in ["A", "C", "A"] {
        push(id, &texts()).unwrap();
    }
    assert!(matches!(table.sorted(), Err(Error::Id(id)) if id == "A"));
}

#[test]
fn every_shipped_configuration_is_read() {
    for text in [
        CONFIG,
        include_str!("../../../../benches/linkage/febrl3.toml"),
        include_str!("../../../../benches/linkage/febrl4.toml"),
        include_str!("../../../../benches/linkage/historical_50k.toml"),
    ] {
        Config::parse(text).unwrap();
    }
    assert!(Config::parse("id = 'a'\nfeild = 1").is_err());
}

#[test]
fn a_configuration_that_means_nothing_is_refused() {
    let check = |fields: &str, expect: &str| {
        let text = format!("id = 'a'\n{fields}\n[[block]]\nkeys = ['x']");
        let message = Config::parse(&text).unwrap_err().to_string();
        assert!(message.contains(expect), "{message}");
    };
    let serial = |name: &str| format!("[[field]]\nname = '{name}'\nkind = 'serial'\n");
    check(&(serial("x") + &serial("y")), "`x` and `y` are both of the kind serial");
    check("[[field]]\nname = 'x'\nkind = 'category'\nvocabulary = true", "no file is named");
    check("[[field]]\nname = 'x'\nkind = 'text'\nlevels.exact = { match = 50 }", "the likelihood 50");
    check("[[field]]\nname = 'x'\nkind = 'txt'", "txt");
}

/// Two lists in which nothing stands twice: a record has its partner in the other list.
#[test]
fn one_to_one_links_no_two_records_of_one_list() {
    let text = "id = 'id'\n[[field]]\nname = 'name'\nkind = 'text'\n[[block]]\nkeys = ['name']\n[decide]\n\
        one_to_one = true\nreview_at_bits = -20.0\ncluster_at_bits = -20.0";
    let config = Config::parse(text).unwrap();
    let check = |lists: [&[(&str, &str)]; 2], expect: &[&str]| {
        let mut table = Table::new(&config);
        for list in lists.into_iter().filter(|list| !list.is_empty()) {
            table.begin_list();
            for (id, name) in list {
                table.push(id, std::iter::once(*name)).unwrap();
            }
        }
        let outcome = deduplicate(&config, table, &Vocabulary::default(), &[], Hints::default()).unwrap();
        let name = |row: u32| outcome.ids.get(row);
        let found: Vec<String> =
            outcome.edges.iter().map(|edge| format!("{} {}", name(edge.a), name(edge.b))).collect();
        assert_eq!(found, expect);
    };
    check(
        [&[("a1", "art delicatessen"), ("a2", "art delicatessen")], &[("b1", "art delicatessen")]],
        &["a1 b1"],
    );
    check([&[("a1", "art delicatessen"), ("a2", "art delicatessen")], &[]], &["a1 a2"]);
}
