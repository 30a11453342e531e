//! Batches from one source through several workers to one sink, in order.
//!
//! ```text
//! source ──▶ queue ──▶ worker 0 ─┐
//!  (one thread)   └──▶ worker 1 ─┴──▶ queue ──▶ sink (the calling thread), in the source's order
//! ```
//!
//! Memory is bounded: the source takes a ticket for each batch, and the sink gives it back when the
//! batch is done, so no more than [`Split::in_flight`] batches exist however uneven the workers are.
//! A panic anywhere ends the run with an error; so does the sink's error.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::Error;

/// How the work is split. The result does not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Worker threads, beside the reading and the writing one.
    pub workers: usize,
    /// Rows in a batch.
    pub batch: usize,
}

impl Split {
    /// For a machine with this many cores.
    pub fn for_cores(cores: usize) -> Self {
        Self { workers: cores.max(1), batch: 256 }
    }

    /// Batches that exist at any time.
    fn in_flight(self) -> usize {
        4 * self.workers + 4
    }
}

/// What a thread hands on: a numbered batch, or why there is none.
type Handed<T> = Result<(u64, T), Error>;

/// A source's way out: takes a batch, and says whether to go on.
pub(crate) type Out<'a, I> = &'a mut dyn FnMut(I) -> ControlFlow<()>;

/// Moves batches from `source` through `work`, on several threads, to `sink`, which sees them in
/// the order in which the source gave them.
pub(crate) fn in_order<I: Send, O: Send>(
    split: Split,
    source: impl FnOnce(Out<'_, I>) + Send,
    work: impl Fn(I) -> O + Sync,
    mut sink: impl FnMut(O) -> Result<(), Error>,
) -> Result<(), Error> {
    let (to_workers, from_source) = bounded::<(u64, I)>(split.in_flight());
    let (to_sink, from_workers) = bounded::<Handed<O>>(split.in_flight());
    let (ticket_back, tickets) = bounded::<()>(split.in_flight());
    for _ in 0..split.in_flight() {
        let _ = ticket_back.send(());
    }
    std::thread::scope(|scope| {
        let failed = to_sink.clone();
        scope.spawn(move || guarded("ingest", &failed, || feed(source, &tickets, &to_workers)));
        for _ in 0..split.workers.max(1) {
            let (from_source, to_sink, work) = (from_source.clone(), to_sink.clone(), &work);
            scope.spawn(move || guarded("a worker", &to_sink, || serve(&from_source, work, &to_sink)));
        }
        drop((to_sink, from_source));
        let result = collect(&from_workers, &ticket_back, &mut sink);
        // Whoever still waits for a queue or a ticket is released before the scope joins them.
        drop((from_workers, ticket_back));
        result
    })
}

/// Numbers the source's batches; stops when nobody takes them any more.
fn feed<I>(source: impl FnOnce(Out<'_, I>), tickets: &Receiver<()>, to_workers: &Sender<(u64, I)>) {
    let mut number = 0;
    source(&mut |batch| {
        let taken = tickets.recv().is_ok() && to_workers.send((number, batch)).is_ok();
        number += 1;
        if taken { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
}

fn serve<I, O>(from: &Receiver<(u64, I)>, work: &impl Fn(I) -> O, to: &Sender<Handed<O>>) {
    for (number, batch) in from {
        if to.send(Ok((number, work(batch)))).is_err() {
            return;
        }
    }
}

/// Puts batches back in order and gives them to the sink.
fn collect<O>(
    from: &Receiver<Handed<O>>,
    ticket_back: &Sender<()>,
    sink: &mut impl FnMut(O) -> Result<(), Error>,
) -> Result<(), Error> {
    let (mut waiting, mut next) = (BTreeMap::new(), 0);
    for handed in from {
        let (number, batch) = handed?;
        waiting.insert(number, batch);
        while let Some(batch) = waiting.remove(&next) {
            sink(batch)?;
            next += 1;
            let _ = ticket_back.send(());
        }
    }
    Ok(())
}

/// Runs a thread's work; a panic becomes an error for the sink.
fn guarded<O>(stage: &'static str, to_sink: &Sender<Handed<O>>, work: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
        let _ = to_sink.send(Err(Error::Panicked { stage, message: words(&*panic) }));
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(workers: usize, work: impl Fn(u64) -> u64 + Sync, expect: Result<u64, &str>) {
        let mut seen = Vec::new();
        let source = |out: Out<'_, u64>| {
            for number in 0..1000 {
                if out(number).is_break() {
                    return;
                }
            }
        };
        let result = in_order(Split { workers, batch: 1 }, source, &work, |batch| {
            seen.push(batch);
            Ok(())
        });
        match (result, expect) {
            (Ok(()), Ok(last)) => {
                assert_eq!(seen.len(), 1000);
                assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "out of order");
                assert_eq!(seen.last(), Some(&last));
            }
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expect) => panic!("{found:?} instead of {expect:?}"),
        }
    }

    #[test]
    fn order_is_kept_for_any_number_of_workers() {
        for workers in [1, 2, 3, 8] {
            check(workers, |number| number * 2, Ok(1998));
        }
    }

    #[test]
    fn a_panic_in_a_worker_ends_the_run_with_an_error() {
        for workers in [1, 2, 3, 8] {
            check(
                workers,
                |number| if number == 77 { panic!("seventy-seven") } else { number },
                Err("seventy-seven"),
            );
        }
    }

    #[test]
    fn a_panic_in_the_source_or_an_error_of_the_sink_ends_the_run() {
        let split = Split { workers: 2, batch: 1 };
        let result = in_order(split, |_: Out<'_, u64>| panic!("no source"), |n| n, |_| Ok(()));
        assert!(result.is_err_and(|error| error.to_string().contains("no source")));
        let endless = |out: Out<'_, u64>| while out(1).is_continue() {};
        let result = in_order(split, endless, |n| n, |_| Err(Error::Interrupted));
        assert!(matches!(result, Err(Error::Interrupted)));
    }
}
