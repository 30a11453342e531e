//! The bounds that the child sets itself before it opens a workbook: memory, time, and a look at
//! what a zip says that it will become.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use matricule_record::message;

use zip::ZipArchive;

use super::failure::Failure;
use super::frame::Request;
use super::outline::Archive;
use crate::packed::is_twice;

/// Limits memory and processor time of this process.
#[cfg(unix)]
pub(crate) fn confine(request: &Request) -> io::Result<()> {
    use rlimit::Resource;
    lower(Resource::AS, request.limits.memory_megabytes << 20)?;
    lower(Resource::CPU, request.limits.seconds_for(request.bytes))?;
    lower(Resource::CORE, 0)?;
    // What the child writes goes to a pipe; this bounds what it may say about its end.
    lower(Resource::FSIZE, 1 << 20)
}

#[cfg(unix)]
fn lower(resource: rlimit::Resource, limit: u64) -> io::Result<()> {
    let (_, hard) = resource.get()?;
    let limit = limit.min(hard);
    resource.set(limit, limit)
}

/// On Windows a Job object with `JOB_OBJECT_LIMIT_PROCESS_MEMORY` belongs here. No crate sets that limit through a
/// safe call (win32job 2 has the working set, which refuses no allocation), and this workspace forbids unsafe code:
/// until one does, the parent's watch over time and the look at the zip directory are what there is, and
/// `docs/profiles.md` says so.
#[cfg(not(unix))]
pub(crate) fn confine(_: &Request) -> io::Result<()> {
    Ok(())
}

/// Refuses a zip that would become too much: too many entries, entries that share bytes, or more
/// bytes than a workbook of its size holds. A zip that lies about this runs into the other limits.
pub(crate) fn examine_zip(path: &Path, request: &Request) -> Result<(), Failure> {
    let file = File::open(path).map_err(|error| Failure::damaged(&error))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| Failure::damaged(&error))?;
    let (parts, entries) = (archive.len(), request.limits.archive_entries);
    if parts as u64 > entries {
        return Err(Failure::Limit(format!(
            "the workbook has {parts} parts, more than the {entries} that `archive_entries` allows"
        )));
    }
    let mut inflated = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| Failure::damaged(&error))?;
        inflated = inflated.saturating_add(entry.size());
    }
    if inflated > request.limits.inflated(request.bytes) {
        let (bytes, times) = (request.bytes, request.limits.expansion);
        return Err(Failure::Limit(format!(
            "the workbook of {bytes} bytes inflates to {inflated}, over the {times}-fold that `expansion` allows"
        )));
    }
    match archive.has_overlapping_files() {
        Ok(false) => {}
        Ok(true) => {
            return Err(Failure::Limit(
                "parts of the workbook share bytes, as in a decompression bomb".into(),
            ));
        }
        Err(error) => return Err(Failure::damaged(&error)),
    }
    let name_of = |name: &str| name.replace('\\', "/").to_ascii_lowercase();
    if is_twice(path, &archive, name_of).map_err(|error| Failure::damaged(&error))? {
        return Err(Failure::Damaged(message!("i101-part-twice").to_owned()));
    }
    read_parts(&mut archive, request.limits.inflated(request.bytes))
}

/// Reads the parts that tables are made of to their ends, which checks their sums: readers stop before the end, and a
/// changed bit in a shared text is another serial.
fn read_parts(archive: &mut Archive, allowed: u64) -> Result<(), Failure> {
    let mut left = allowed;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| Failure::damaged(&error))?;
        let name = entry.name().map_err(|error| Failure::damaged(&error))?.into_owned();
        let is_table =
            [".xml", ".rels", ".bin"].iter().any(|ending| name.to_ascii_lowercase().ends_with(ending));
        let is_encrypted = entry.encrypted();
        drop(entry);
        if !is_table || is_encrypted {
            continue;
        }
        let damaged = |error: &dyn std::fmt::Display| {
            Failure::Damaged(message!("i101-part", part = &name, error = error))
        };
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let read = io::copy(&mut part.take(left.saturating_add(1)), &mut io::sink());
        left = left
            .checked_sub(read.map_err(|error| damaged(&error))?)
            .ok_or_else(|| Failure::Limit("the workbook inflates to more than its directory says".into()))?;
    }
    Ok(())
}
