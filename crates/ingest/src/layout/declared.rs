//! What the profile says of columns has to be true of the file: a header that is misspelt in
//! `[columns]` or `[rows] keep` would be a declaration that silently does not hold.

use std::collections::{BTreeMap, BTreeSet};

use matricule_mapping::Profile;
use matricule_record::{Code, Finding, message};
use matricule_text::fold;

/// Refuses a header of which `[columns]` gives one field to two columns.
pub(crate) fn check_fields(headers: &[&str], profile: &Profile) -> Result<(), Finding> {
    let mut given = BTreeMap::<&str, &str>::new();
    for (header, field) in &profile.columns {
        let header = header.trim();
        if !headers.contains(&header) {
            continue;
        }
        if let Some(other) = given.insert(field, header).filter(|&other| other != header) {
            let message = message!("m506-field-twice", field = field, other = other, header = header);
            return Err(Finding::new(Code::M506, message).suggest(message!("m506-field-twice-repair")));
        }
    }
    Ok(())
}

/// Refuses a profile that names a header which none of the sheets read has.
pub(crate) fn check_met(met: &BTreeSet<String>, profile: &Profile) -> Result<(), Finding> {
    let column = profile.columns.keys().find(|header| !met.contains(header.trim()));
    let folded: BTreeSet<String> = met.iter().map(|header| fold(header)).collect();
    let keep = profile.rows.keep.keys().find(|header| !folded.contains(&fold(header)));
    let sections = [("[columns]", column), ("[rows] keep", keep)];
    match sections.into_iter().find_map(|(section, header)| Some((section, header?))) {
        None => Ok(()),
        Some((section, header)) => {
            let message = message!("m506-no-such-header", section = section, header = header);
            Err(Finding::new(Code::M506, message).suggest(message!("m506-no-such-header-repair")))
        }
    }
}
