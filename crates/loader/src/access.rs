//! How a registry is opened to be read: nothing of it, and nothing beside it, can be changed.
//!
//! A registry may come from another office. Opening it read-only keeps it as it is; the authorizer keeps
//! a statement from reaching for another file; and what its schema holds is not trusted: a view or
//! an index of it may call nothing that has an effect.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::registry::PATIENCE;
use crate::{Error, Result, key};

/// Questions about the file itself that readers ask.
const QUESTIONS: [&str; 5] =
    ["application_id", "user_version", "data_version", "integrity_check", "foreign_key_check"];
/// Of those, the ones whose value is how many answers are wanted, and no setting.
const WITH_LIMIT: &str = "integrity_check";

/// Fails where something stands at the path of a registry that can be none: a folder, a pipe, a device, a link to
/// nothing. To open a pipe would be to wait for whoever writes to it.
pub(crate) fn require_file(path: &Path) -> Result<()> {
    let reason = match (path.metadata(), path.symlink_metadata()) {
        (Ok(found), _) if found.is_dir() => "it is a folder",
        (Ok(found), _) if !found.is_file() => "it is not a regular file, but a pipe, a socket or a device",
        (Err(_), Ok(link)) if link.is_symlink() => "it is a link to a file that is not there",
        _ => return Ok(()),
    };
    Err(Error::NotARegistry { path: path.to_owned(), reason: reason.to_owned() })
}

/// Opens a registry read-only. Where a run was killed while it tidied up after its end, SQLite has to
/// complete that first, which a reader may not: it is done once by a connection that asks for nothing else.
pub(crate) fn read_only(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path)?;
    if !needs_rollback(&connection) {
        let is_alone = cannot_share(&connection) && is_whole(path);
        return if is_alone { open_alone(path) } else { Ok(connection) };
    }
    drop(connection);
    let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    distrust_schema(&writer)?;
    probe(&writer)?;
    drop(writer);
    open(path)
}

fn probe(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
}

/// Whether a journal beside the registry has to be rolled back before it can be read.
fn needs_rollback(connection: &Connection) -> bool {
    let waiting = [rusqlite::ffi::SQLITE_READONLY_ROLLBACK, rusqlite::ffi::SQLITE_READONLY_RECOVERY];
    let code =
        probe(connection).err().and_then(|error| error.sqlite_error().map(|error| error.extended_code));
    code.is_some_and(|code| waiting.contains(&code))
}

/// Whether a registry that a failed run left with a write-ahead log lacks the room, or the right, for the file by which
/// its readers know of each other.
fn cannot_share(connection: &Connection) -> bool {
    let code = probe(connection).err().and_then(|error| error.sqlite_error_code());
    matches!(code, Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure))
}

/// Whether all of a registry is in its own file: nothing is to be put into it, and nothing taken back.
fn is_whole(path: &Path) -> bool {
    ["-wal", "-journal"].into_iter().all(|suffix| {
        let mut beside = path.as_os_str().to_owned();
        beside.push(suffix);
        match Path::new(&beside).metadata() {
            Ok(beside) => beside.len() == 0,
            Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        }
    })
}

/// Opens a registry whose file nobody can be writing to: who writes needs the file that is missing, too.
fn open_alone(path: &Path) -> rusqlite::Result<Connection> {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let Some(name) = whole.to_str() else { return open(path) };
    let mut uri = "file:".to_owned();
    for character in name.chars() {
        match character {
            '%' => uri.push_str("%25"),
            '?' => uri.push_str("%3f"),
            '#' => uri.push_str("%23"),
            '\\' => uri.push('/'),
            other => uri.push(other),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let mut connection = connect(Path::new(&uri), flags)?;
    restrict(&mut connection)?;
    Ok(connection)
}

/// A connection with its key, that waits for a while where the file is locked.
pub(crate) fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    // A name such as `:memory:` is one of a file, too; a database without a name has none.
    let is_name =
        path.is_relative() && !path.as_os_str().is_empty() && !access.contains(OpenFlags::SQLITE_OPEN_URI);
    let path = if is_name { Path::new(".").join(path) } else { path.to_owned() };
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    key::apply(&connection)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    restrict(&mut connection)?;
    Ok(connection)
}

fn restrict(connection: &mut Connection) -> rusqlite::Result<()> {
    distrust_schema(connection)?;
    connection.authorizer(Some(|asked: AuthContext<'_>| authorize(&asked.action)))
}

/// What holds for readers and writers alike: the schema calls no function that has an effect, no statement
/// writes to the tables that SQLite keeps for itself, and a prepared statement is planned once and not
/// again for each value that is bound to it, which takes longer than most of them.
pub(crate) fn distrust_schema(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// What a reader may do; anything else is denied.
fn authorize(action: &AuthAction<'_>) -> Authorization {
    let is_allowed = match action {
        AuthAction::Select
        | AuthAction::Read { .. }
        | AuthAction::Recursive
        | AuthAction::Transaction { .. } => true,
        AuthAction::Function { function_name } => !function_name.eq_ignore_ascii_case("load_extension"),
        AuthAction::Pragma { pragma_name, pragma_value } => {
            QUESTIONS.contains(pragma_name) && (pragma_value.is_none() || *pragma_name == WITH_LIMIT)
        }
        _ => false,
    };
    if is_allowed { Authorization::Allow } else { Authorization::Deny }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{schema, substring};

    fn check(connection: &Connection, sql: &str, is_allowed: bool) {
        let result = connection.prepare(sql).and_then(|mut query| query.query([])?.next().map(|_| ()));
        assert_eq!(result.is_ok(), is_allowed, "{sql}: {result:?}");
    }

    #[test]
    fn a_journal_that_a_killed_run_left_is_rolled_back_before_reading() {
        let directory = tempfile::tempdir().unwrap();
        let (path, copy) = (directory.path().join("registry.db"), directory.path().join("copy.db"));
        let writer = Connection::open(&path).unwrap();
        schema::migrate(&writer).unwrap();
        // A cache this small spills into the file before the transaction ends: the journal is hot.
        writer.execute_batch("PRAGMA cache_size = 1; BEGIN").unwrap();
        for digest in 0..200 {
            let row = (format!("{digest}"), "x".repeat(3000));
            writer.execute("INSERT INTO mapping (digest, content) VALUES (?1, ?2)", row).unwrap();
        }
        // What stands on the disk at this moment is what a kill leaves.
        std::fs::copy(&path, &copy).unwrap();
        std::fs::copy(directory.path().join("registry.db-journal"), directory.path().join("copy.db-journal"))
            .unwrap();
        writer.execute_batch("ROLLBACK").unwrap();
        let mappings = "SELECT count(*) FROM mapping";
        let count: i64 = read_only(&copy).unwrap().query_row(mappings, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0);
        assert!(!directory.path().join("copy.db-journal").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_registry_that_a_full_disk_left_with_a_log_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a % b # c?.db");
        let writer = Connection::open(&path).unwrap();
        schema::migrate(&writer).unwrap();
        writer.execute_batch("PRAGMA journal_mode = WAL").unwrap();
        drop(writer);
        // Nothing can be made where the file of its readers would be.
        let nowhere = directory.path().join("no folder/shm");
        std::os::unix::fs::symlink(nowhere, directory.path().join("a % b # c?.db-shm")).unwrap();
        assert!(
            Connection::open(&path).is_ok_and(|plain| probe(&plain).is_err()),
            "as other programs find it"
        );
        let reader = read_only(&path).unwrap();
        assert!(probe(&reader).unwrap() > 0);
        check(&reader, "DELETE FROM entry", false);
        // What stands in a log that cannot be read would be missing.
        std::fs::write(directory.path().join("a % b # c?.db-wal"), "something").unwrap();
        assert!(read_only(&path).is_err() || probe(&read_only(&path).unwrap()).is_err());
    }

    #[test]
    fn a_reader_reads_and_does_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let (path, other) = (directory.path().join("registry.db"), directory.path().join("other.db"));
        let writer = Connection::open(&path).unwrap();
        schema::migrate(&writer).unwrap();
        schema::index(&writer).unwrap();
        substring::build(&writer).unwrap();
        writer.execute_batch("CREATE VIEW trap AS SELECT load_extension('x.so') AS y").unwrap();
        drop(writer);
        let bytes = std::fs::read(&path).unwrap();
        let reader = read_only(&path).unwrap();
        for (sql, is_allowed) in [
            ("SELECT * FROM v_weapon", true),
            ("SELECT count(*) FROM serial_part WHERE serial LIKE '%123%'", true),
            ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) SELECT * FROM n", true),
            ("PRAGMA integrity_check(20)", true),
            ("PRAGMA foreign_key_check", true),
            ("BEGIN", true),
            ("INSERT INTO profile VALUES ('a', 'b')", false),
            ("UPDATE run SET chain = ''", false),
            ("DELETE FROM entry", false),
            ("DROP TABLE entry", false),
            ("CREATE TEMP TABLE t (x)", false),
            ("CREATE TABLE t (x)", false),
            ("ALTER TABLE entry RENAME TO e", false),
            ("PRAGMA writable_schema = 1", false),
            ("PRAGMA query_only = 0", false),
            ("PRAGMA user_version = 9", false),
            ("PRAGMA journal_mode = WAL", false),
            ("PRAGMA temp_store_directory = '/'", false),
            ("SELECT load_extension('x.so')", false),
            ("SELECT * FROM trap", false),
            ("SELECT * FROM pragma_database_list", false),
            ("REINDEX", false),
            ("VACUUM INTO 'copy.db'", false),
            ("ANALYZE", false),
        ] {
            check(&reader, sql, is_allowed);
        }
        check(&reader, &format!("ATTACH '{}' AS other", other.display()), false);
        check(&reader, "DETACH main", false);
        assert!(!other.exists());
        drop(reader);
        assert!(bytes == std::fs::read(&path).unwrap(), "a reader changed the registry");
    }
}
