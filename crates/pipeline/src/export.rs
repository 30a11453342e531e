//! `matricule export`: entries or weapons in a file, with a manifest beside it.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use matricule_loader::{ExportFilter, Exported, Registry};
use matricule_report::{Export, ExportFormat, ExportManifest};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::report::private_new;

/// What is to be exported, and where to.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// The registry.
    pub registry: PathBuf,
    /// The file; its manifest is written beside it.
    pub file: PathBuf,
    /// Entries or weapons.
    pub what: Exported,
    /// How they are written.
    pub format: ExportFormat,
    /// Which of them.
    pub filter: ExportFilter,
    /// Whether personal data are shown.
    pub unmask: bool,
}

/// Writes the file and its manifest. A file that is there stays.
pub fn export(request: &ExportRequest) -> Result<ExportManifest, Error> {
    let registry = Registry::open(&request.registry)?;
    let path = &request.file;
    let fault = |error| Error::Write { path: path.clone(), error };
    let file = private_new(path).map_err(fault)?;
    let written = write(&registry, request, file).and_then(|manifest| described(path, manifest));
    if written.is_err() {
        // Half an export is none.
        let _ = fs::remove_file(path);
    }
    written.map_err(|error| error.at(path))
}

fn write(registry: &Registry, request: &ExportRequest, file: File) -> Result<ExportManifest, Error> {
    let columns = request.what.columns(request.unmask);
    let mut export = Export::create(BufWriter::new(file), request.format, columns.clone(), request.unmask)?;
    let mut result = Ok(());
    registry.export(request.what, &request.filter, &columns, |row| {
        if result.is_ok() {
            result = export.write(row);
        }
    })?;
    result?;
    let conditions = request.filter.equal.iter().map(|(name, value)| format!("{name}={value}"));
    let since = request.filter.since_run.map(|run| format!("since-run={run}"));
    Ok(ExportManifest {
        what: request.what.name().to_owned(),
        filter: conditions.chain(since).collect(),
        columns: columns.into_iter().map(str::to_owned).collect(),
        masked: export.masked(),
        chain_head: registry.stored()?.head()?,
        registry_digest: registry.digest()?,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        rows: export.finish()?,
        ..ExportManifest::default()
    })
}

/// Completes the manifest by what was written, and writes it.
fn described(path: &Path, mut manifest: ExportManifest) -> Result<ExportManifest, Error> {
    let fault = |error| Error::Write { path: path.to_owned(), error };
    manifest.file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    manifest.bytes = fs::metadata(path).map_err(fault)?.len();
    manifest.sha256 = digest(path).map_err(fault)?;
    let beside = manifest_path(path);
    let fault = |error| Error::Write { path: beside.clone(), error };
    let mut file = BufWriter::new(crate::report::private(&beside).map_err(fault)?);
    let written = matricule_report::write_manifest(&manifest, &mut file)
        .map_err(|error| Error::from(error).at(&beside))
        .and_then(|()| file.flush().map_err(fault));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written.map(|()| manifest)
}

/// `entries.csv` has `entries.csv.manifest.json`.
pub fn manifest_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".manifest.json");
    name.into()
}

pub(crate) fn digest(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        hasher.update(&buffer[..read]);
    }
}
