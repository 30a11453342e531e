//! A CSV as rows: its encoding, its delimiter, its records, in memory that does not depend on its
//! size.

mod confirm;
mod dialect;
mod encoding;
pub(crate) mod fields;
pub(crate) mod records;
mod sample;
mod transcode;

use std::io::{self, Read};

pub(crate) use dialect::Dialect;
pub(crate) use encoding::{Encoded, looks_like_utf16};
use encoding_rs::UTF_8;
use matricule_record::{Code, Finding, Text};

use crate::discover::LedgerFile;
use crate::flow::{FileFlow, Stop};
use crate::layout::Markers;
use crate::packed;
use confirm::judge;
use fields::Decoder;
use records::Records;
use sample::Sample;
use transcode::Transcoder;

/// What was found out about a CSV before its first row is read.
pub(crate) struct Examined {
    /// Its encoding.
    pub encoded: Encoded,
    /// Its delimiter.
    pub dialect: Dialect,
}

/// Finds out how a CSV is to be read. Its language, where declared, may confirm its encoding.
pub(crate) fn examine(
    file: &LedgerFile,
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> Result<Examined, Stop> {
    let sample = Sample::take(packed::open(&file.path, &file.packing)?)?;
    let mut encoded = Encoded::detect(&sample, markers.profile.file.encoding.as_deref())?;
    let mut dialect = Dialect::detect(&sample.text(&encoded), file.format, markers);
    if encoded.uncertain {
        let guess = encoded.encoding;
        let parts = [&sample.head[encoded.mark.min(sample.head.len())..], &sample.letters];
        encoded.judge(judge(&parts, guess, dialect.delimiter, markers, language));
        if encoded.encoding != guess {
            dialect = Dialect::detect(&sample.text(&encoded), file.format, markers);
        }
    }
    Ok(Examined { encoded, dialect })
}

/// Reads a CSV as one sheet without a name.
pub(crate) fn read(file: &LedgerFile, flow: &mut FileFlow<'_, '_>) -> Result<(), Stop> {
    let Examined { encoded, dialect } = examine(file, flow.markers, flow.settings.language.as_ref())?;
    flow.emitter.facts.encoding = Some(encoded.encoding.name().into());
    flow.emitter.facts.dialect = Some(dialect.to_string().into());
    let mut input = packed::open(&file.path, &file.packing)?.take(file.bytes);
    io::copy(&mut input.by_ref().take(encoded.mark as u64), &mut io::sink())?;
    flow.start_sheet("", false)?;
    if encoded.is_split_as_bytes() {
        let decoder = Decoder::new(encoded.encoding, dialect.delimiter, &flow.limits).doubting(&encoded);
        let records = Records::new(input, dialect.delimiter, encoded.mark as u64);
        read_records(records.with_limits(&flow.limits), decoder, flow)
    } else {
        let name = encoded.encoding.name();
        let decoder =
            Decoder::new(UTF_8, dialect.delimiter, &flow.limits).transcoded_from(name).doubting(&encoded);
        let records = Records::new(Transcoder::new(input, encoded.encoding), dialect.delimiter, 0);
        read_records(records.with_limits(&flow.limits), decoder, flow)
    }
}

fn read_records<R: Read>(
    mut records: Records<R>,
    mut decoder: Decoder,
    flow: &mut FileFlow<'_, '_>,
) -> Result<(), Stop> {
    while let Some(record) = records.next()? {
        let row = decoder.row(&record);
        flow.row(row)?;
    }
    Ok(())
}

/// A declaration of the profile that does not hold.
fn invalid(message: String) -> Finding {
    Finding::new(Code::M506, message)
}
