//! Spellings of cartridges, and the cartridges that must stay apart.

use super::*;

fn cartridges() -> Cartridges {
    Cartridges::load(&Files::shipped()).unwrap()
}

/// Spellings are separated by `|`.
fn check(lines: &[(&str, &str)]) {
    let list = cartridges();
    for (expect, spellings) in lines {
        for text in spellings.split('|') {
            let found = match list.read(text) {
                Calibre::Listed(form) => form,
                Calibre::Chambered(form, chamber) => format!("{form} chamber {chamber}"),
                Calibre::Unlisted(form) => format!("unlisted {form}"),
                Calibre::NotUnderstood => "no calibre".to_owned(),
            };
            assert_eq!(found, *expect, "{text}");
        }
    }
}

#[test]
fn all_spellings_of_a_cartridge_have_one_form() {
    check(&[
        ("12 ga chamber 70", "12/70|۱۲/۷۰"),
        (".22 Hornet", ".22 Hornet|22 Horn|.22 Horn."),
        ("4 mm M20", "4 mm M20|4mm M 20"),
        ("11 mm 1873", "11 mm 73|11mm 1873"),
        (
            "7.62x39",
            "7.62x39|7,62х39|7.62 x 39 mm|7.62×39|7,62 Х 39 мм|7.62*39|٧٫٦٢x٣٩|٧٫٦٢×٣٩ ملم|7.62 mm x 39|762x39|7,62/39|7,62-39|7.62x39 Kalashnikov|7,62 на 39|7.62×39毫米|7.62x39 มม|cal. 7.62x39|калибр 7,62х39|7.62 x 39 (AK-47)|7.62x39mm Soviet|۷/۶۲×۳۹|۷/۶۲ x ۳۹",
        ),
        ("7.62x54R", "7.62x54R|7,62х54R|7,62х54Р|7.62 × 54 R|7.62x54 mm R|7,62х54|7.62x54 rimmed"),
        ("7.62x51", "7.62x51|7.62 NATO|7.62x51 mm NATO|7,62x51 N"),
        ("7.62x25", "7.62x25|7.62x25 TT|7,62 мм ТТ|7.62 Tokarev|7.62x25 Tok."),
        (
            "9x19",
            "9x19|9 מ''מ פרבלום|9mm 파라벨럼|9 มม. พาราเบลลัม|9mm Para|9 mm Parabellum|9 Luger|9MM LUGER|9 m/m parabellum|9mm (9x19)|9x19 Para|9mm Luger/Parabellum|9x19mm Parabellum|9 мм Парабеллум|9 mm PARA.",
        ),
        ("9x18", "9x18|9,0x18|9 Makarov|9мм ПМ|9x18 Mak.|9х18 ПМ|9 x 18 mm Makarov"),
        ("9x17", "9x17|.380 ACP|9 kurz|380|.380 Auto|9mm corto|9 mm k|380 ACP (9x17)|9x17К"),
        (
            ".38 Special",
            ".38 Special|.38 Spl|38 Special|38SPL|.38 SPL.|38 S&W SPL|CAL .38 SPL|0.38 special|38 Smith & Wesson Special",
        ),
        (".38 S&W", ".38 S&W|38 S & W|38 S and W|.38 Smith & Wesson"),
        (".38 Super", ".38 Super|38 SUPER AUTO|9x23SR"),
        (".38 ACP", ".38 ACP|38 AUTO"),
        (".357 Magnum", ".357 Magnum|357 MAG|.357 Mag.|357MAG"),
        (".22 LR", ".22 LR|22LR|22 L.R.|.22 Long Rifle|cal 22 lr|5,6 lfB|.22 l.f.B."),
        (".22 WMR", ".22 WMR|22 MAGNUM|.22 Win Mag|22 Winchester Magnum Rimfire|.22 WINMAG"),
        (".30-06 Springfield", ".30-06|30-06 SPRG|30/06|30.06|3006|30-06 Springfield"),
        (".303 British", "303|.303 BRIT|303 British"),
        (".308 Winchester", "308|.308 WIN.|308 Winchester"),
        (".45-70 Government", "45-70|45/70 GOVT|.45-70 Gov't"),
        ("7.92x57", "8x57 IS|8x57JS|8 mm Mauser|7,92x57|8 x 57 IS Mauser"),
        ("7 mm Remington Magnum", "7mm Rem Mag|7 MM REMINGTON MAGNUM"),
        ("6.35x16", "6.35|6,35 mm|.25 ACP|6.35 Browning"),
        ("7.65x17", ".32 ACP|32 AUTO|7,65 Browning|7.65 mm Br."),
    ]);
}

#[test]
fn gauges_are_read_with_their_chamber() {
    check(&[
        (
            "12 ga",
            "12 ga|кал. 12|12 bore|12ga|12|cal. 12|12 GAUGE|12g|12 к.|12番|十二番|12号|12 बोर|عيار 12|12-й калибр|.12|12 MAGNUM|12 калибр",
        ),
        (
            "12 ga chamber 70",
            "12/70|12x70|12-70|12 ga 2 3/4|12 GA 2-3/4\"|12 / 70 mm|cal. 12/70|12 калибр 70",
        ),
        ("12 ga chamber 76", "12/76|12/76 Magnum|12 GA 3\"|12 ga 3 in|12 GA X 3|12X76"),
        ("12 ga chamber 76", "12GAX3|12GAx3\"|12게이지 3"),
        ("12 ga chamber 70", "12/2¾|12-2 3/4"),
        ("12 ga", "12 게이지|เกจ 12|เบอร์ 12|12 بور|12ゲージ"),
        ("16 ga", "16|16 ga"),
        ("32 ga", "32 ga|кал. 32"),
        ("32 ga chamber 70", "32/70"),
        (".410", ".410|410|.410 bore|36 ga|410 GA"),
        (".410 chamber 76", "410/76|36/76|.410 x 3\"|.410/76 Magnum|36 x 76"),
        (".410 chamber 65", "410/65|.410 2 1/2"),
    ]);
}

#[test]
fn a_chamber_is_a_length_of_one() {
    let list = cartridges();
    for (text, expect) in [
        ("70", Some(70)),
        ("70 mm", Some(70)),
        ("76 мм", Some(76)),
        ("2 3/4", Some(70)),
        ("2¾\"", Some(70)),
        ("3 in", Some(76)),
        ("٧٠", Some(70)),
        ("12/70", None),
        ("71", None),
        ("magnum", None),
        ("long", None),
    ] {
        assert_eq!(list.chamber(text), expect, "{text}");
    }
}

#[test]
fn a_rim_that_is_not_written_is_told() {
    let list = cartridges();
    for (text, expect) in [
        ("7.62x54", true),
        ("7,62х54", true),
        ("762x54", true),
        ("7.62x54R", false),
        ("7,62х54Р", false),
        ("7.62 Mosin", false),
        ("7.62x39", false),
        (".22 LR", false),
    ] {
        let found = match list.read(text) {
            Calibre::Listed(form) => list.lacks_rim(text, &form),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(found, expect, "{text}");
    }
}

#[test]
fn different_cartridges_stay_apart() {
    check(&[
        ("unlisted .32", ".32"),
        ("40 mm", "40 mm|40mm"),
        ("unlisted 32 bore", "32 bore"),
        ("unlisted 12 mm", "12 mm"),
        ("unlisted 32 cal", "32 cal"),
        ("unlisted 10", "10"),
        ("unlisted 76.2x39", "76.2x39"),
        ("unlisted 9.3x99", "9.3x99"),
        ("7.63x25", "7.63x25|7.63 x 25"),
        ("9x18 Ultra", "9 mm Ultra|9x18 Police"),
        ("unlisted 9x23", "9x23"),
        ("unlisted 9 mm", "9 mm"),
        ("unlisted .38", ".38"),
        ("unlisted .45", ".45"),
        ("unlisted 7.62", "7.62"),
        ("unlisted 7.62x51 (.308 Win)", "7.62x51 (.308 Win)"),
        ("unlisted 9x19 Makarov", "9x19 Makarov"),
        ("unlisted 7.62x39 NATO", "7.62x39 NATO"),
    ]);
}

#[test]
fn what_has_the_form_of_a_calibre_is_kept_and_the_rest_refused() {
    check(&[
        ("unlisted 7.62 mm", "7.62 mm"),
        ("unlisted .599 Nobody", ".599 Nobody"),
        ("no calibre", "qqq|???|большой|x|7.62x|1987-05-12|12.05.1987|pistol"),
    ]);
}

#[test]
fn a_gauge_that_became_a_month_is_told() {
    let list = cartridges();
    for (month, year, expect) in [
        (12, 1970, Some(("12 ga", 70))),
        (12, 1976, Some(("12 ga", 76))),
        (10, 1989, Some(("10 ga", 89))),
        (5, 1987, None),
        (12, 1987, None),
        (8, 1970, None),
    ] {
        let found = list.of_month(month, year);
        assert_eq!(found.as_ref().map(|(form, chamber)| (form.as_str(), *chamber)), expect, "{month} {year}");
    }
}

/// Every spelling of the list is read as its own cartridge: none is shared by two, none is taken for a
/// gauge or another metric form.
#[test]
fn no_two_cartridges_share_a_spelling() {
    let list = cartridges();
    let mut faults = Vec::new();
    for row in list.list.rows() {
        for text in [&row.word, &row.value] {
            let found = list.read(text);
            let form = match &found {
                Calibre::Listed(form) | Calibre::Chambered(form, _) => Some(form.as_str()),
                Calibre::Unlisted(_) | Calibre::NotUnderstood => None,
            };
            if form != Some(&*row.value) {
                faults.push(format!("{text} of {} is {found:?}", row.value));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
