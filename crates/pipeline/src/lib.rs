//! The only place where stages meet and where threads live.
//!
//! [`flow`] is the picture of the product on one page; [`conveyor`] moves batches between threads;
//! [`convert`] is the command around the flow: what is read, what is published, what is reported.

pub mod audit;
mod batch;
mod clock;
pub mod convert;
mod conveyor;
pub mod flow;
mod known;
mod pages;
mod report;
mod scans;
mod stages;
mod watch;
mod writer;

mod error;

pub use audit::{Audit, Check, audit};
pub use convert::{Request, convert};
pub use conveyor::Split;
pub use error::Error;
pub use stages::{Declarations, Stages};
pub use watch::{Progress, Silent, Watch};
