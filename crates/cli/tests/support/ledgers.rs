//! Ledgers made by rule: weapons that stand in several of them, some miskeyed, some stated otherwise.

use std::path::Path;

/// Numbers that look drawn and are the same everywhere.
pub struct Draw(pub u64);

impl Draw {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Serial, make, model, type, calibre, country, year, holder, registered on, status.
type Line = [String; 10];

fn weapon(n: u64, draw: &mut Draw) -> Line {
    let (make, model, calibre, country, form) = match n % 4 {
        0 => ("FN", "FAL", "7.62x51", "Belgium", "K"),
        1 => ("Zastava", "M70", "7.62x39", "Yugoslavia", ""),
        2 => ("Izhmash", "PM", "9x18", "USSR", "АВ"),
        _ => ("Tula", "TT-33", "7.62x25", "USSR", "ИЙ"),
    };
    let kind = if n % 4 < 2 { "rifle" } else { "pistol" };
    let number = 100_000 + (n / 3) * 7 + n % 3;
    let holder = format!("Depot {}", draw.below(9) + 1);
    let date = format!("19{}-0{}-1{}", 60 + draw.below(30), draw.below(9) + 1, draw.below(9));
    let year = format!("{}", 1950 + n % 12);
    [&format!("{form}{number}"), make, model, kind, calibre, country, &year, &holder, &date, "in service"]
        .map(str::to_owned)
}

/// What becomes of a weapon's line when it is copied into another ledger.
fn copied(mut line: Line, draw: &mut Draw) -> Line {
    let serial = &mut line[0];
    match draw.below(9) {
        0 => *serial = serial.replacen('1', "I", 1),
        1 => *serial = serial.replacen('0', "O", 1),
        2 => *serial = format!("0{serial}"),
        3 => *serial = serial.replace('А', "A").replace('В', "B").replace("ИЙ", "ЙИ"),
        4 => "Depot 77".clone_into(&mut line[7]),
        5 => "9x19".clone_into(&mut line[4]),
        6 => "destroyed".clone_into(&mut line[9]),
        7 => line[5] = String::new(),
        _ => {}
    }
    line[8] = format!("1992-0{}-11", draw.below(9) + 1);
    line
}

/// Writes `count` ledgers with `rows` rows each, named l0.csv and on; some belong to another register.
pub fn write(folder: &Path, seed: u64, count: u64, rows: u64) {
    let mut draw = Draw(seed);
    let mut weapons: Vec<Line> = Vec::new();
    for ledger in 0..count {
        let mut text =
            "Serial No.,Manufacturer,Model,Type,Calibre,Country of manufacture,Year of manufacture,Holder,Date of registration,Status\n"
                .to_owned();
        for row in 0..rows {
            let line = if weapons.len() > 20 && draw.below(5) == 0 {
                let from = draw.below(weapons.len() as u64) as usize;
                copied(weapons[from].clone(), &mut draw)
            } else {
                let line = weapon(ledger * rows + row, &mut draw);
                weapons.push(line.clone());
                line
            };
            text.push_str(&line.join(","));
            text.push('\n');
        }
        let own = folder.join(if ledger % 3 == 2 { "police" } else { "army" });
        std::fs::create_dir_all(&own).unwrap();
        let register = own.file_name().unwrap().to_str().unwrap();
        let profile = format!("[ledger]\nlanguage = \"ru\"\nregister = \"{register}\"\n");
        std::fs::write(own.join("ledger.toml"), profile).unwrap();
        std::fs::write(own.join(format!("l{ledger}.csv")), text).unwrap();
    }
}
