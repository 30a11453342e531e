//! Which declarations hold for a file: the profile given, or one of those beside the file.
//!
//! A folder may hold `ledger.toml` and any number of `<name>.ledger.toml`. The nearest declaration wins: a profile
//! that names the file, then one that was written for the file's header (`same_header`), then one for all files.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use matricule_mapping::Profile;
use matricule_record::{Code, Finding, Settings, message};

use crate::flow::Overrides;
use crate::limits::Limits;

/// The name of a folder's profile, and how those of its further profiles end.
const NAME: &str = "ledger.toml";

/// What is declared for a file, as far as its name tells.
pub(crate) enum Declared<'a> {
    /// This profile holds.
    Profile(Cow<'a, Profile>),
    /// One of the first ones holds if the file has its header, else the last.
    ByHeader(Vec<(String, Cow<'a, Profile>)>, Cow<'a, Profile>),
}

/// Whether a file of that name is a profile.
pub(crate) fn is_profile_name(name: &str) -> bool {
    name.strip_suffix(NAME).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// What is declared for a file, by the profile given or by those in its folder.
pub(crate) fn declared_for<'a>(
    path: &Path,
    beside: &[PathBuf],
    given: Option<&'a Profile>,
) -> Result<Declared<'a>, Finding> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let profiles = match given {
        Some(profile) => vec![(String::new(), Cow::Borrowed(profile))],
        None => beside.iter().map(|path| load(path)).collect::<Result<_, _>>()?,
    };
    let (named, others): (Vec<_>, Vec<_>) = profiles.into_iter().partition(|(_, profile)| {
        !profile.ledger.files.is_empty() && one_matches(&profile.ledger.files, &name)
    });
    if let Some(profile) = the_one(named)? {
        return Ok(Declared::Profile(profile));
    }
    let (by_header, others): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|(_, profile)| profile.ledger.same_header);
    let for_all = others.into_iter().filter(|(_, profile)| profile.ledger.files.is_empty()).collect();
    let for_all = the_one(for_all)?.unwrap_or_default();
    Ok(if by_header.is_empty() { Declared::Profile(for_all) } else { Declared::ByHeader(by_header, for_all) })
}

/// The limits that are declared for a file by its name; where that cannot be told, reading it will say why.
pub(crate) fn limits_for(path: &Path, beside: &[PathBuf], given: Option<&Profile>) -> Limits {
    let limits = Limits::default();
    match declared_for(path, beside, given) {
        Ok(Declared::Profile(profile) | Declared::ByHeader(_, profile)) => {
            limits.changed_by(&profile.limits).unwrap_or(limits)
        }
        Err(_) => limits,
    }
}

/// The only profile of some that hold for one file.
pub(crate) fn the_one(
    mut profiles: Vec<(String, Cow<'_, Profile>)>,
) -> Result<Option<Cow<'_, Profile>>, Finding> {
    if let [(first, _), (second, _), ..] = profiles.as_slice() {
        let message = message!("m506-two-profiles", first = first, second = second);
        return Err(Finding::new(Code::M506, message).suggest(message!("m506-two-profiles-repair")));
    }
    Ok(profiles.pop().map(|(_, profile)| profile))
}

/// The profiles in a folder, by their names.
pub(crate) fn profiles_in(folder: &Path) -> Vec<PathBuf> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let is_profile = |path: &PathBuf| {
        path.file_name().and_then(OsStr::to_str).is_some_and(is_profile_name) && path.is_file()
    };
    // A folder that cannot be listed may still give the one profile whose name is known.
    let listed =
        std::fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    let mut paths: Vec<PathBuf> = listed.unwrap_or_else(|_| vec![folder.join(NAME)]);
    paths.retain(is_profile);
    paths.sort();
    paths
}

fn load<'a>(path: &Path) -> Result<(String, Cow<'a, Profile>), Finding> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let profile = Profile::load(path)
        .map_err(|error| Finding::new(error.code, format!("{}: {}", error.place, error.message)))?;
    Ok((name, Cow::Owned(profile)))
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
    fn profiles_are_known_by_their_names() {
        for (name, expect) in [
            ("ledger.toml", true),
            ("depot 4.ledger.toml", true),
            ("myledger.toml", false),
            ("ledger.toml.bak", false),
            ("other.toml", false),
        ] {
            assert_eq!(is_profile_name(name), expect, "{name}");
        }
    }

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
