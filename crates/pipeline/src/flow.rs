//! The flow, on one page.
//!
//! ```text
//! source ──▶ standardize ──▶ transliterate ──▶ link ──▶ load, then resolve
//! ledgers    └──────── several workers ────────┘       the calling thread
//! side by side
//! ```
//!
//! Each stage is a plain function from one row type to the next, or to a reject; a row refused by
//! any of them rides along to the writer. Queues are bounded and order is kept, so the registry is
//! the same for any number of workers and any size of batch.

use matricule_deduplication::{Linker, link, link_entry, link_exact};
use matricule_loader::Load;
use matricule_record::{LinkMode, Resolution};
use matricule_transliteration::Conversion;

use crate::batch::{Batch, Preparation};
use crate::clock::{Clock, Part};
use crate::convert::Request;
use crate::conveyor;
use crate::known::Input;
use crate::writer::{Tally, Writer};
use crate::{Error, Progress, Stages, Watch, amend, decide, merge, resolve, source};

/// Reads ledgers into a registry that is being loaded, after what was counted already; publishes nothing.
pub(crate) fn run(
    stages: &Stages,
    (input, counted): (&Input, Tally),
    request: &Request,
    load: &mut Load,
    (clock, watch): (&Clock, &dyn Watch),
) -> Result<(Tally, Resolution), Error> {
    let mut linker = Linker::new(request.link == LinkMode::Exact);
    load.existing(|entry| linker.add(entry.id, link_entry(&entry)))?;
    let part = request.parts.map(|parts| parts.rows);
    let mut writer = Writer::new((load, &mut linker), watch, counted, part);
    conveyor::in_order(
        request.split,
        |out| source::read(stages, input, request.split, (clock, watch), out),
        |events| {
            let (mut conversion, mut preparation) = (Conversion::default(), Preparation::default());
            let mut reader = stages.standardization.reader();
            let link = if request.link == LinkMode::Exact { link_exact } else { link };
            Batch::new(events)
                .step(clock, Part::Standardize, |row| Ok(reader.standardize(row)))
                .step(clock, Part::Transliterate, |row| {
                    stages.transliteration.transliterate(row, &mut conversion)
                })
                .step(clock, Part::Link, |row| Ok(link(row)))
                .step(clock, Part::Prepare, |row| Ok(preparation.prepare(row)))
        },
        |batch| clock.time(Part::Load, || writer.load(batch)),
    )?;
    let mut tally = writer.counted();
    amend::state_kept(stages, load)?;
    merge::record_origins(load, &input.merged)?;
    let has_said = merge::take_over(stages, input, load)?;
    tally.recount(load.recount()?);
    watch.progress(Progress::Resolving);
    // Links are complete only when all rows are in. Entries of earlier runs that state something else now were
    // gathered by what they said before.
    let resolution = clock.time(Part::Resolve, || {
        if has_said {
            resolve::registry(load, request.link)
        } else if load.has_renewed() {
            resolve::revised(load, request.link)
        } else {
            resolve::gathered(load, linker, request.link)
        }
    })?;
    if has_said {
        decide::check(load, &resolution)?;
    }
    Ok((tally, resolution))
}
