//! Symbols on weapons: a sign, what it is called, and where it belongs (domain page, section 3.4b).

use crate::{Field, Text};

/// A named sign. None is active unless an operator's table or a profile names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The sign, or an opening and a closing one with `…` between them (`/…\`).
    pub sign: Text,
    /// What it is called: A–Z, 0–9 and hyphens.
    pub name: Text,
    /// What becomes of it.
    pub belongs: Belonging,
}

/// Where a named sign belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belonging {
    /// It leaves the serial, with the letters and digits attached to it, for a field.
    Attached(Field),
    /// It leaves the serial with all that follows it in the cell, for a field.
    ToEnd(Field),
    /// It stays in the serial as its letter, and names the series too.
    KeepLetter,
}
