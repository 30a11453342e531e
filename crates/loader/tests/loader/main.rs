//! A registry as its users see it: through the public API and the public views.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod contents;
mod fixture;
mod publication;
mod retention;
mod views;
