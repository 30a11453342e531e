//! `matricule transliterate`: a filter for other people's pipelines.

use std::io::BufRead;

use matricule_record::Field;
use matricule_transliteration::{Choice, Conversion, Transliteration};

use crate::Status;
use crate::arguments::Transliterate;
use crate::output::print;

pub(crate) fn run(arguments: &Transliterate) -> Status {
    let stage = super::mappings::compiled(arguments.declared.mappings.as_deref())?;
    let settings = super::mappings::settings(&arguments.declared)?;
    stage.prepare(&settings).map_err(matricule_pipeline::Error::Mappings)?;
    let (mut conversion, mut text, mut refused) = (Conversion::default(), String::new(), false);
    for line in std::io::stdin().lock().lines() {
        let serial = line?;
        let (converted, codes) = convert(&stage, &settings, &serial, &mut conversion);
        refused |= converted.is_empty();
        text.push_str(&format!("{}\t{converted}\t{codes}\n", serial.replace('\t', " ")));
        if text.len() > 1 << 16 {
            print(&text)?;
            text.clear();
        }
    }
    print(&text)?;
    Ok(u8::from(refused))
}

/// The conversion, empty where refused, and its codes.
fn convert(
    stage: &Transliteration,
    settings: &matricule_record::Settings,
    serial: &str,
    out: &mut Conversion,
) -> (String, String) {
    let Choice::Table(table) = stage.choose(serial, settings, settings.reading) else {
        return (String::new(), "T311".to_owned());
    };
    table.convert(serial, Field::Serial, out);
    let mut codes: Vec<String> = out.faults.iter().map(|fault| fault.code.to_string()).collect();
    codes.dedup();
    let converted = if codes.is_empty() { out.converted.clone() } else { String::new() };
    codes.extend(out.mixed_digits.then(|| "W402".to_owned()));
    (converted, codes.join("+"))
}
