//! `matricule transliterate`: a filter for other people's pipelines.

use std::collections::BTreeSet;
use std::io::BufRead;

use matricule_record::{Code, Field, Settings};
use matricule_transliteration::{Context, Conversion, Transliteration};

use crate::Status;
use crate::arguments::Transliterate;
use crate::output::print;

pub(crate) fn run(arguments: &Transliterate) -> Status {
    let stage = super::mappings::compiled(arguments.declared.mappings.as_deref())?;
    let settings = super::mappings::settings(&arguments.declared)?;
    stage.prepare(&settings).map_err(matricule_pipeline::Error::Mappings)?;
    let (mut conversion, mut text, mut refused) = (Conversion::default(), String::new(), false);
    let (mut input, mut line) = (std::io::stdin().lock(), Vec::new());
    while input.read_until(b'\n', &mut line)? > 0 {
        let serial = std::str::from_utf8(&line).map(|line| line.trim_end_matches(['\n', '\r']));
        let (shown, (converted, codes)) = match serial {
            Ok(serial) => (serial.replace('\t', " "), convert(&stage, &settings, serial, &mut conversion)),
            // A line that is no text costs itself, not those before and behind it.
            Err(_) => (
                String::from_utf8_lossy(&line).trim_end().to_owned(),
                (String::new(), Code::I105.to_string()),
            ),
        };
        refused |= converted.is_empty();
        text.push_str(&format!("{shown}\t{converted}\t{codes}\n"));
        if text.len() > 1 << 16 {
            print(&text)?;
            text.clear();
        }
        line.clear();
    }
    print(&text)?;
    Ok(u8::from(refused))
}

/// The conversion, empty where refused, and its codes, warnings among them.
fn convert(
    stage: &Transliteration,
    settings: &Settings,
    serial: &str,
    out: &mut Conversion,
) -> (String, String) {
    let context = Context::of(Field::Serial, settings);
    let converted = stage.convert_written(serial, settings, context, out);
    let mut codes: BTreeSet<Code> = BTreeSet::new();
    match &converted {
        Err(Code::T311) => _ = codes.insert(Code::T311),
        Err(_) => codes.extend(out.faults.iter().map(|fault| fault.code)),
        Ok(_) => codes.extend(stage.warnings(serial, settings, out)),
    }
    let codes: Vec<&str> = codes.into_iter().map(Code::name).collect();
    (converted.unwrap_or_default(), codes.join("+"))
}
