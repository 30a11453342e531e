//! A registry in the making: a file beside its final place that no reader sees.
//!
//! It is locked as long as its run lives, so that a later run can tell a partial that was left
//! behind by a crash (its lock is free) from one that is being written. A build in parts is named by what
//! it is built from, so that the same command finds it again. Publishing gives it its
//! final name by a hard link, which fails where a rename would silently replace an existing file.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::merge::MAGIC;
use crate::{key, live, parts};

/// What SQLite may leave beside a database file.
const COMPANIONS: [&str; 4] = ["", "-journal", "-wal", "-shm"];

/// A partial registry; dropped without [`Partial::publish`], it is removed.
#[derive(Debug)]
pub(crate) struct Partial {
    path: PathBuf,
    /// Kept open for its lock, and for the last fsync: to open the file a second time and close it
    /// would drop SQLite's own locks on it (POSIX).
    handle: File,
    /// Whether it holds something that a later run can go on with.
    kept: bool,
}

impl Partial {
    /// Creates and locks an empty partial for the registry at `target`, mode 0600 on Unix, after
    /// removing those that crashed runs left with nothing in them.
    pub(crate) fn create(target: &Path) -> io::Result<Self> {
        Self::create_named(target, random())
    }

    /// The same under a name of the caller's. [`ErrorKind::WouldBlock`] where a living run has it.
    pub(crate) fn create_named(target: &Path, name: u64) -> io::Result<Self> {
        sweep(target, None)?;
        let path = named(target, name);
        // The same build is begun anew.
        if path.exists() && is_abandoned(&path) {
            if Holding::of(&path) == Holding::Unknown {
                return Err(unknown(&path));
            }
            remove(&path);
        }
        let handle = exclusive().open(&path).map_err(|error| match error.kind() {
            // Whatever was left behind is swept away: somebody writes to this one.
            ErrorKind::AlreadyExists => ErrorKind::WouldBlock.into(),
            _ => error,
        })?;
        let partial = Self { path, handle, kept: false };
        lock(&partial.handle)?;
        Ok(partial)
    }

    /// Locks the partial of that name that a run left behind; `None` where there is none. All others that
    /// crashed runs left are removed. [`ErrorKind::WouldBlock`] where a living run has it.
    pub(crate) fn left_behind(target: &Path, name: u64) -> io::Result<Option<Self>> {
        let path = named(target, name);
        sweep(target, path.file_name())?;
        let handle = match OpenOptions::new().read(true).write(true).open(&path) {
            Ok(handle) => handle,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        lock(&handle)?;
        Ok(Some(Self { path, handle, kept: true }))
    }

    /// From now on it stays where it is when its run ends without publishing it.
    pub(crate) fn keep(&mut self) {
        self.kept = true;
    }

    /// Whether it stays.
    pub(crate) fn is_kept(&self) -> bool {
        self.kept
    }

    /// Removes it, kept or not.
    pub(crate) fn discard(mut self) {
        self.kept = false;
    }

    /// Where it is built.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it the name `target`, durably, or leaves nothing there. The database connection must be closed
    /// before. An existing `target` is left as it is: [`ErrorKind::AlreadyExists`].
    pub(crate) fn publish(mut self, target: &Path) -> io::Result<()> {
        self.handle.sync_all()?;
        match fs::hard_link(&self.path, target) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
            Err(_) => claim_and_rename(&self.path, target)?,
        }
        self.kept = false;
        drop(self);
        sync_directory(target).inspect_err(|_| {
            // A name that may be gone after a loss of power is not published.
            let _ = fs::remove_file(target);
        })?;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.kept {
            remove(&self.path);
        }
    }
}

/// For file systems without hard links (exFAT on a stick): the name is claimed by an empty file,
/// which the rename then replaces. A crash between the two leaves the empty file behind.
fn claim_and_rename(from: &Path, target: &Path) -> io::Result<()> {
    exclusive().open(target)?;
    fs::rename(from, target).inspect_err(|_| {
        let _ = fs::remove_file(target);
    })
}

/// The partial of `target` of that name.
fn named(target: &Path, name: u64) -> PathBuf {
    with_suffix(target, &format!(".partial.{name:016x}"))
}

/// What a partial holds that no living run owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holding {
    /// Nothing that was committed.
    Nothing,
    /// A part of a build, with which a later run can go on.
    Part,
    /// Nobody here knows: it is under another key, or damaged.
    Unknown,
}

impl Holding {
    fn of(path: &Path) -> Self {
        match begins(path) {
            // Nothing was committed, whoever began it.
            Ok(Beginning::Hole) => return Self::Nothing,
            Ok(Beginning::OfThisKey) => {}
            // To open what is not ours would be to roll back its journal.
            Ok(Beginning::OfAnother) | Err(_) => return Self::Unknown,
        }
        match live::open(path).and_then(|connection| parts::has_part(&connection)) {
            Ok(true) => Self::Part,
            Ok(false) => Self::Nothing,
            Err(_) => Self::Unknown,
        }
    }
}

/// How a partial begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beginning {
    /// The first page is written when a build is committed: until then it is empty or missing.
    Hole,
    /// As one that is written with the key of this process, or without where it has none; it may be under another key.
    OfThisKey,
    /// With a key where this process has none, or the other way round.
    OfAnother,
}

fn begins(path: &Path) -> io::Result<Beginning> {
    let mut head = Vec::new();
    File::open(path)?.take(MAGIC.len() as u64).read_to_end(&mut head)?;
    Ok(if head.iter().all(|byte| *byte == 0) {
        Beginning::Hole
    } else if (head == MAGIC) != key::is_set() {
        Beginning::OfThisKey
    } else {
        Beginning::OfAnother
    })
}

fn unknown(path: &Path) -> io::Error {
    let file = path.display();
    io::Error::other(format!(
        "the same build was begun in {file}, which cannot be read: it is under another key, or damaged. Give its key, or \
         remove it"
    ))
}

/// Removes those partials of `target` that no living run owns and that hold nothing, but one.
fn sweep(target: &Path, except: Option<&OsStr>) -> io::Result<()> {
    for path in abandoned(target)? {
        if path.file_name() != except && Holding::of(&path) == Holding::Nothing {
            remove(&path);
        }
    }
    Ok(())
}

/// The partials of `target` that no living run owns.
fn abandoned(target: &Path) -> io::Result<Vec<PathBuf>> {
    let Some(name) = target.file_name() else { return Err(ErrorKind::InvalidFilename.into()) };
    let prefix = format!("{}.partial.", name.to_string_lossy());
    let mut left = Vec::new();
    for found in fs::read_dir(directory(target))? {
        let found = found?;
        let name = found.file_name();
        let suffix = name.to_str().and_then(|name| name.strip_prefix(&prefix));
        if suffix.is_some_and(is_name) && is_abandoned(&found.path()) {
            left.push(found.path());
        }
    }
    left.sort();
    Ok(left)
}

/// What first builds of a registry left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftBehind {
    /// Those that this process can read.
    pub known: Vec<PathBuf>,
    /// Those that it cannot, because they are under another key, or damaged: they are left alone.
    pub unknown: Vec<PathBuf>,
}

/// What first builds of the registry at `target` left behind that a later run could go on with, as long as there is
/// no registry. What cannot be asked for is none.
pub fn left_builds(target: &Path) -> LeftBehind {
    left_of(target, |holding| holding != Holding::Nothing)
}

/// Removes what first builds left behind, and says what that was: once there is a registry, nothing goes on with it.
/// What cannot be read is left.
pub fn remove_left_builds(target: &Path) -> LeftBehind {
    let left = left_of(target, |_| true);
    left.known.iter().for_each(|path| remove(path));
    left
}

fn left_of(target: &Path, is_asked: impl Fn(Holding) -> bool) -> LeftBehind {
    let mut left = LeftBehind::default();
    for path in abandoned(target).unwrap_or_default() {
        match Holding::of(&path) {
            Holding::Unknown => left.unknown.push(path),
            holding if is_asked(holding) => left.known.push(path),
            _ => {}
        }
    }
    left
}

fn is_name(suffix: &str) -> bool {
    suffix.len() == 16 && suffix.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(unix)]
fn is_abandoned(path: &Path) -> bool {
    OpenOptions::new().write(true).open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// Elsewhere a file that SQLite holds open cannot be removed at all, so trying is asking.
#[cfg(not(unix))]
fn is_abandoned(_path: &Path) -> bool {
    true
}

#[cfg(unix)]
fn lock(file: &File) -> io::Result<()> {
    Ok(file.try_lock()?)
}

/// Windows locks bar every other handle, SQLite's included; see [`is_abandoned`].
#[cfg(not(unix))]
fn lock(_file: &File) -> io::Result<()> {
    Ok(())
}

fn exclusive() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn remove(path: &Path) {
    for companion in COMPANIONS {
        // What is not there, or may not be removed, is left to the next run's sweep.
        let _ = fs::remove_file(with_suffix(path, companion));
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(directory(path))?.sync_all()
}

/// Elsewhere a directory cannot be opened for this.
#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// 64 bits that differ between runs: the seed of the standard hash map.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
