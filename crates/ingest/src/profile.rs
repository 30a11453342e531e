//! Which declarations hold for a file: the profile given, or the `ledger.toml` beside the file.

use std::borrow::Cow;

use matricule_mapping::Profile;
use matricule_record::{Finding, Settings};

use crate::discover::LedgerFile;
use crate::flow::Overrides;

/// The profile that holds for a file; the default one where none is declared.
pub(crate) fn profile_for<'a>(
    file: &LedgerFile,
    given: Option<&'a Profile>,
) -> Result<Cow<'a, Profile>, Finding> {
    let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let profile = match given {
        Some(profile) => Cow::Borrowed(profile),
        None => {
            match file.path.parent().map(|folder| folder.join("ledger.toml")).filter(|path| path.is_file()) {
                Some(path) => Cow::Owned(Profile::load(&path).map_err(|error| {
                    Finding::new(error.code, format!("{}: {}", error.place, error.message))
                })?),
                None => Cow::Owned(Profile::default()),
            }
        }
    };
    let holds = one_matches(&profile.ledger.files, &name);
    Ok(if holds { profile } else { Cow::Owned(Profile::default()) })
}

/// The settings that a profile and the command line declare. The command line wins.
pub(crate) fn settings_of(profile: &Profile, overrides: &Overrides) -> Settings {
    let mut settings = profile.settings();
    settings.variant = overrides.variant.unwrap_or(settings.variant);
    if let Some(reading) = overrides.reading {
        settings.reading = reading;
    }
    settings.language = overrides.language.clone().or(settings.language);
    settings.register = overrides.register.clone().or(settings.register);
    settings
}

/// Whether hidden sheets and rows are loaded.
pub(crate) fn loads_hidden(profile: &Profile) -> bool {
    profile.file.hidden.as_deref() == Some("load")
}

/// Whether a name matches one of the patterns, or there is no pattern.
pub(crate) fn one_matches(patterns: &[String], name: &str) -> bool {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    patterns.is_empty()
        || patterns.iter().any(|pattern| matches(&pattern.to_lowercase().chars().collect::<Vec<_>>(), &name))
}

/// `*` stands for any characters, `?` for one. Names of sheets may hold the brackets and slashes
/// that mean something to a path pattern, so they mean nothing here.
fn matches(pattern: &[char], name: &[char]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some(('*', rest)), _) => (0..=name.len()).any(|skipped| matches(rest, &name[skipped..])),
        (Some((p, pattern)), Some((n, name))) => (*p == '?' || p == n) && matches(pattern, name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_stars_and_question_marks() {
        for (pattern, name, expect) in [
            ("Book *", "book 12", true),
            ("*.xlsx", "1987.XLSX", true),
            ("Book ?", "Book 12", false),
            ("[A]*", "[a]/b", true),
            ("*a*b", "xaxxb", true),
        ] {
            assert_eq!(one_matches(&[pattern.to_owned()], name), expect, "{pattern} {name}");
        }
        assert!(one_matches(&[], "anything"));
    }
}
