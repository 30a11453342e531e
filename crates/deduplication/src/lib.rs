//! Which entries describe one weapon.
//!
//! Two entry points, as in the picture of the flow: [`link`] gives a row its keys while rows
//! stream, and [`Linker`] gathers them; [`Linker::resolve`] runs once at the end, over the groups
//! of entries that share a key, this run's and those that the registry already held. [`Register`] is the
//! same with the probabilistic [`model`]: it gathers the present entries of a whole registry and weighs
//! every pair that may be one weapon.
//!
//! The shipped rule merges by itself only entries whose core identity (domain page, section 4) is
//! complete and equal and which contradict each other in nothing. Every other likeness is proposed
//! to a person, whose decision binds every later resolution. The result depends on the addresses of the
//! entries and on decisions alone, not on the order in which they were loaded.

mod agreement;
mod compare;
mod contradiction;
mod keys;
mod linker;
pub mod model;
mod proposal;
mod register;
mod resolve;
mod survivorship;
mod weapons;

pub use keys::{link, link_entry, link_exact};
pub use linker::Linker;
pub use register::Register;
