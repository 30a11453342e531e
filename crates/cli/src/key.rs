//! The key of an encrypted registry: from a file that only its owner may read, or from the terminal.

use std::path::Path;

use anyhow::{Context, bail};

use crate::arguments::Key;

/// Takes the key that was asked for, where one was.
pub(crate) fn take(arguments: &Key) -> anyhow::Result<()> {
    let key = match &arguments.key_file {
        Some(path) => read(path)?,
        None if arguments.ask_key => rpassword::prompt_password("Key of the registry: ")
            .context("the key could not be asked for; give it with --key-file where there is no terminal")?,
        None => return Ok(()),
    };
    let key = key.trim_end_matches(['\r', '\n']).to_owned();
    if key.is_empty() {
        bail!("the key is empty; a registry is not encrypted under nothing");
    }
    matricule_loader::set_key(key);
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<String> {
    let at = || format!("{}: the key could not be read", path.display());
    let only_owner = is_private(path).with_context(at)?;
    if !only_owner {
        bail!("{}: others may read this key; `chmod 600 {}` keeps it to you", path.display(), path.display());
    }
    std::fs::read_to_string(path).with_context(at)
}

#[cfg(unix)]
fn is_private(path: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(path.metadata()?.permissions().mode() & 0o077 == 0)
}

/// Elsewhere rights are lists of names, which the office's administrator keeps.
#[cfg(not(unix))]
fn is_private(path: &Path) -> std::io::Result<bool> {
    path.metadata().map(|_| true)
}
