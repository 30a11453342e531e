//! `matricule export`: entries or weapons in a file.

use anyhow::{Context, bail};
use matricule_loader::{ExportFilter, Exported};
use matricule_pipeline::{ExportRequest, export};
use matricule_report::ExportFormat;

use crate::Status;
use crate::arguments::{ExportArguments, Form, What};
use crate::output::print;

pub(crate) fn run(arguments: &ExportArguments) -> Status {
    let request = request(arguments)?;
    super::note(&arguments.unmasking, &arguments.registry)?;
    let manifest = export(&request)?;
    let masked = if manifest.masked.is_empty() {
        String::new()
    } else {
        format!(" Masked: {}.", manifest.masked.join(", "))
    };
    print(&format!(
        "{} {} written to {} (SHA-256 {}).{masked}\n",
        manifest.rows,
        manifest.what,
        arguments.file.display(),
        manifest.sha256
    ))?;
    Ok(0)
}

fn request(arguments: &ExportArguments) -> anyhow::Result<ExportRequest> {
    let mut equal = Vec::new();
    for condition in &arguments.conditions {
        let (name, value) = condition
            .split_once('=')
            .with_context(|| format!("`{condition}` is not FIELD=VALUE; write for instance make=Tula"))?;
        equal.push((name.to_owned(), value.to_owned()));
    }
    let named = [("register", &arguments.register), ("file", &arguments.ledger)];
    let named = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
    equal.extend(named);
    let what = match arguments.what {
        What::Entries => Exported::Entries,
        What::Weapons => Exported::Weapons,
    };
    Ok(ExportRequest {
        registry: arguments.registry.clone(),
        file: arguments.file.clone(),
        what,
        format: format(arguments)?,
        filter: ExportFilter { equal, since_run: arguments.since_run },
        unmask: arguments.unmasking.unmask,
    })
}

fn format(arguments: &ExportArguments) -> anyhow::Result<ExportFormat> {
    let ending = arguments.file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    Ok(match (arguments.format, ending) {
        (Some(Form::Csv), _) | (None, "csv") => ExportFormat::Csv,
        (Some(Form::Jsonl), _) | (None, "jsonl") => ExportFormat::JsonLines,
        (Some(Form::Xlsx), _) | (None, "xlsx") => ExportFormat::Xlsx,
        (None, other) => {
            bail!("`.{other}` says no format; end the name in .csv, .jsonl or .xlsx, or give --format")
        }
    })
}
