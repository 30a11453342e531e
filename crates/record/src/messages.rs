//! Every text that people read in findings, reports and the correction cycle: one file, `messages/en.ftl`, in the
//! notation of Project Fluent, which translators and their programs know.
//!
//! `message!("key")` is a text as it stands, `message!("key", row = 12)` one with its placeholders filled. A
//! translation is another such file: what it lacks stays English. It is chosen once, before anything is said.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Display;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};

/// The texts that the program is made with.
pub const ENGLISH: &str = include_str!("messages/en.ftl");

/// The key under which a file of texts names its language, as in BCP 47.
const LANGUAGE: &str = "language";

/// The one placeholder that is a number: by it a language chooses among the forms of a text. All others are shown as
/// they are given, so that no number is written otherwise than its ledger has it.
const COUNT: &str = "count";

static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();

/// A text of the catalogue: a `&'static str` without placeholders, a `String` with them.
#[macro_export]
macro_rules! message {
    ($key:literal) => { $crate::messages::plain($key) };
    ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::messages::filled($key, &[$((stringify!($name), &$value)),+])
    };
}

/// The texts of a language.
struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// Those without placeholders.
    plain: HashMap<String, String>,
}

impl Catalogue {
    /// English, with a translation over it. Faults are told where the translation has any.
    fn of(translation: Option<&str>) -> (Self, Vec<String>) {
        let (english, _) = parsed(ENGLISH);
        let mut faults = translation.map(strangers).unwrap_or_default();
        let translation = translation.map(|texts| {
            let (resource, unread) = parsed(texts);
            faults.extend(unread);
            resource
        });
        let resources: Vec<FluentResource> = [Some(english), translation].into_iter().flatten().collect();
        let language = resources.iter().rev().find_map(language).unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Texts go to CSV, JSON and terminals, too; pages isolate what comes from a ledger themselves.
        bundle.set_use_isolating(false);
        for resource in resources {
            bundle.add_resource_overriding(resource);
        }
        let plain = placeholders(ENGLISH).into_iter().filter(|(_, names)| names.is_empty());
        let plain = plain.filter_map(|(key, _)| Some((key.to_owned(), formatted(&bundle, key, None)?)));
        (Self { plain: plain.collect(), bundle }, faults)
    }
}

fn parsed(text: &str) -> (FluentResource, Vec<String>) {
    match FluentResource::try_new(text.to_owned()) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, faults)) => (resource, faults.iter().map(ToString::to_string).collect()),
    }
}

/// The keys of a file of texts, each with the placeholders of its text.
pub fn placeholders(texts: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut all = BTreeMap::new();
    let mut key = "";
    for line in texts.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once('=').filter(|_| !line.starts_with(' ')) {
            key = name.trim();
            all.insert(key, BTreeSet::new());
        }
        let names = line.split('$').skip(1).map(|rest| rest.split(is_no_name).next().unwrap_or_default());
        all.entry(key).or_default().extend(names);
    }
    all.remove("");
    all
}

fn is_no_name(character: char) -> bool {
    !character.is_ascii_alphanumeric() && character != '-'
}

/// What a translation says that English does not: keys, and placeholders that nothing would fill.
fn strangers(translation: &str) -> Vec<String> {
    let english = placeholders(ENGLISH);
    let stranger = |(key, names): (&str, BTreeSet<&str>)| match english.get(key) {
        None => Some(format!("{key} is no key of the English texts")),
        Some(known) => {
            names.difference(known).next().map(|name| format!("{key} has no placeholder {name} in English"))
        }
    };
    placeholders(translation).into_iter().filter_map(stranger).collect()
}

fn language(resource: &FluentResource) -> Option<unic_langid::LanguageIdentifier> {
    let line =
        resource.source().lines().find_map(|line| line.strip_prefix(LANGUAGE)?.trim().strip_prefix('='));
    line?.trim().parse().ok()
}

/// `None` where there is no such text, or where it has placeholders that are not given.
fn formatted(
    bundle: &FluentBundle<FluentResource>,
    key: &str,
    arguments: Option<&FluentArgs<'_>>,
) -> Option<String> {
    let mut faults: Vec<FluentError> = Vec::new();
    let pattern = bundle.get_message(key)?.value()?;
    let text = bundle.format_pattern(pattern, arguments, &mut faults).into_owned();
    faults.is_empty().then_some(text)
}

fn catalogue() -> &'static Catalogue {
    CATALOGUE.get_or_init(|| Catalogue::of(None).0)
}

/// Lays a translation over the English texts; returns what is wrong with it. It has to be called before any text is
/// asked for.
pub fn translate(texts: &str) -> Vec<String> {
    let (catalogue, mut faults) = Catalogue::of(Some(texts));
    if CATALOGUE.set(catalogue).is_err() {
        faults.push("texts were asked for before the translation was read".to_owned());
    }
    faults
}

/// A text without placeholders, or nothing where the catalogue has none of that key.
pub fn find(key: &str) -> Option<&'static str> {
    catalogue().plain.get(key).map(String::as_str)
}

/// A text without placeholders. A key that is missing is shown itself: a test holds that none is.
pub fn plain(key: &'static str) -> &'static str {
    find(key).unwrap_or(key)
}

/// One or the other: `a or b`.
pub fn either<T: AsRef<str>>(values: &[T]) -> String {
    joined(values, message!("or"))
}

/// One and the other: `a and b`.
pub fn both<T: AsRef<str>>(values: &[T]) -> String {
    joined(values, message!("and"))
}

fn joined<T: AsRef<str>>(values: &[T], word: &str) -> String {
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    values.join(&format!(" {word} "))
}

/// A text with its placeholders filled.
pub fn filled(key: &'static str, values: &[(&str, &dyn Display)]) -> String {
    let mut arguments = FluentArgs::with_capacity(values.len());
    for (name, value) in values {
        let text = value.to_string();
        let value = if *name == COUNT { number(&text) } else { FluentValue::from(text) };
        arguments.set(name.replace('_', "-"), value);
    }
    formatted(&catalogue().bundle, key, Some(&arguments)).unwrap_or_else(|| key.to_owned())
}

fn number(text: &str) -> FluentValue<'static> {
    text.parse::<u64>().map_or_else(|_| FluentValue::from(text.to_owned()), FluentValue::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_has_no_faults_and_no_key_twice() {
        let (resource, faults) = parsed(ENGLISH);
        assert_eq!(faults, Vec::<String>::new());
        let mut bundle = FluentBundle::new_concurrent(Vec::new());
        assert!(bundle.add_resource(resource).is_ok(), "a key stands twice");
        let all = placeholders(ENGLISH);
        assert!(all.len() > 300, "only {} texts", all.len());
        assert!(all.keys().all(|key| bundle.get_message(key).is_some_and(|text| text.value().is_some())));
    }

    #[test]
    fn placeholders_are_filled_as_they_are_given() {
        let text = filled("t301-no-mapping", &[("sign", &"'0012'"), ("table", &"1e5")]);
        assert_eq!(text, "no mapping for '0012' in 1e5.");
        assert_eq!(filled("t301-no-mapping", &[("sign", &"Ж")]), "t301-no-mapping", "a value is missing");
    }

    #[test]
    fn a_translation_may_be_partial() {
        let (catalogue, faults) = Catalogue::of(Some("language = fr\ncode-T301 = sans règle\n"));
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(catalogue.plain["code-T301"], "sans règle");
        assert_eq!(catalogue.plain["code-T302"], "mixed scripts in a serial");
        for wrong in
            ["code-T301 = {", "code-T999 = x", "code-T301 = { $sign }", "headline-dry-run = { $runs }"]
        {
            assert!(!Catalogue::of(Some(wrong)).1.is_empty(), "{wrong}");
        }
    }
}
