//! A new table to begin with: every letter of a script, each marked for review until a standard gives
//! it a value.

use std::collections::BTreeSet;

use matricule_mapping::ScriptTable;
use matricule_text::{nfc, script_of};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// The text of a table with all letters of a script, as CSV; `None` where Unicode has no letter of the
/// script. The letters are those of the known tables of the script and language or, where there is
/// none, of the script, or else all that Unicode has.
pub fn skeleton(script: &str, language: &str, known: &[&ScriptTable]) -> Option<String> {
    let letters = letters(script, language, known);
    let first = letters.first()?;
    let id = format!("{}-{language}-own", script.to_lowercase());
    let is_bicameral = letters.iter().any(|letter| letter.is_uppercase());
    let case = if is_bicameral { "meta,case,fold,,,\n" } else { "" };
    let alphabet: String = letters.iter().collect();
    let mut text = format!(
        "kind,from,to,when,source,note\nmeta,id,{id},,,\nmeta,edition,1,,<standard and edition>,\n\
         meta,script,{script},,,\nmeta,language,{language},,,\nmeta,reading,sound,,,\nmeta,variant,standard,,,\n\
         meta,extends,common,,,\n{case}meta,alphabet,{},,,\n",
        quoted(&alphabet)
    );
    for letter in &letters {
        let shown = shown(*letter);
        text.push_str(&format!(
            "review,{shown},,,no source yet,\"write map and the value that the standard gives, with its source\"\n"
        ));
    }
    text.push_str(&format!("test,{} 12,!T310,,,\n", shown(*first)));
    Some(text)
}

fn letters(script: &str, language: &str, known: &[&ScriptTable]) -> Vec<char> {
    let of_script = |table: &&&ScriptTable| table.script() == script;
    let own = known.iter().filter(of_script).filter(|table| table.language() == language);
    let alphabet = own.flat_map(|table| table.meta("alphabet").chars()).collect::<BTreeSet<char>>();
    if !alphabet.is_empty() {
        return alphabet.into_iter().collect();
    }
    let all: BTreeSet<char> =
        known.iter().filter(of_script).flat_map(|table| table.meta("alphabet").chars()).collect();
    if all.is_empty() { letters_of_unicode(script) } else { all.into_iter().collect() }
}

/// Every letter and mark of a script that is no form of another one; of letters with case the capital.
fn letters_of_unicode(script: &str) -> Vec<char> {
    let is_letter = |c: &char| {
        matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
            && script_of(*c) == script
            && c.to_string().nfkc().eq(std::iter::once(*c))
            && !c.is_lowercase()
    };
    ('\u{80}'..=char::MAX).filter(is_letter).collect()
}

/// A mark alone is written by its code point.
fn shown(letter: char) -> String {
    let is_letter = letter.general_category_group() == GeneralCategoryGroup::Letter;
    if is_letter && nfc(&letter.to_string()).chars().eq([letter]) {
        letter.to_string()
    } else {
        format!("U+{:04X}", u32::from(letter))
    }
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use matricule_mapping::Files;

    use super::*;
    use crate::Transliteration;

    #[test]
    fn a_new_table_refuses_every_letter_and_nothing_else() {
        let known = Files::shipped().script_tables();
        let known: Vec<&ScriptTable> = known.iter().filter_map(|table| table.as_ref().ok()).collect();
        for (script, language, letter) in [("Cher", "chr", "Ꭰ"), ("Cyrl", "tt", "Ә"), ("Thai", "th", "ก")]
        {
            let text = skeleton(script, language, &known).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(format!("scripts/{}-{language}-own.csv", script.to_lowercase()));
            std::fs::create_dir(folder.path().join("scripts")).unwrap();
            std::fs::write(path, &text).unwrap();
            let stage = Transliteration::new(Files::with_directory(folder.path()).unwrap()).unwrap();
            assert!(stage.tables().iter().any(|table| table.id().ends_with("-own")));
            assert!(text.contains(&format!("review,{letter},")) || script == "Cyrl", "{script}");
        }
        assert!(skeleton("Xxxx", "xx", &known).is_none());
    }
}
