//! A SQLite database as SQL text: what `sqlite_master` keeps of the statements that made it.
//!
//! Invariants: the file is opened read-only and never created, and none is made beside it. SQLite's own tables and those in which a
//! virtual table keeps its data are left out.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::DriverError;
use super::left_out::{LeftOut, is_history_table};
use super::{Inspection, Options};
use crate::dialect::{Dialect, TargetVersion};

/// Tables first, then what rests on them; `rowid` is the order in which things were made. Only a
/// virtual table has no root page, and the list of tables says which ones are its shadows.
const QUERY: &str = "\
    SELECT m.type, m.name, m.tbl_name, m.sql, coalesce(l.type, '') \
    FROM sqlite_master m \
    LEFT JOIN pragma_table_list l ON l.schema = 'main' AND l.name = m.tbl_name \
    WHERE m.sql IS NOT NULL AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
    ORDER BY CASE m.type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, m.rowid";

/// Reads a whole database file.
pub fn inspect(path: &Path, options: &Options<'_>) -> Result<Inspection, DriverError> {
    read(path, options).map_err(|e| failed(path, &e))
}

fn read(path: &Path, options: &Options<'_>) -> Result<Inspection, rusqlite::Error> {
    let connection = open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let mut inspection = Inspection {
        user: None,
        version: TargetVersion::default_of(Dialect::Sqlite),
        owned: String::new(),
        external: String::new(),
        left_out: LeftOut::default(),
    };
    let mut statement = connection.prepare(QUERY)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        let name: String = row.get(1)?;
        let table: String = row.get(2)?;
        let sql: String = row.get(3)?;
        let table_kind: String = row.get(4)?;
        let is_table = kind == "table";
        if table_kind == "shadow" {
            inspection.left_out.shadow_tables += usize::from(is_table);
        } else if !options.history_tables && is_history_table(&table) {
            inspection.left_out.history_tables += usize::from(is_table);
        } else if (options.excluded)(&name) || (options.excluded)(&table) {
            inspection.left_out.excluded += 1;
        } else {
            inspection.owned.push_str(&sql);
            // A comment at the end would take the semicolon with it.
            inspection.owned.push_str("\n;\n");
        }
    }
    Ok(inspection)
}

/// Opens a file. One in WAL mode that nobody has open is whole by itself; SQLite would make two files
/// beside it all the same, and leave them there, unless it is told that nobody will write.
fn open(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if !is_at_rest(path) {
        return Connection::open_with_flags(path, flags);
    }
    let text = path.to_string_lossy();
    let encoded: String = text.bytes().map(encode).collect();
    let uri = format!("file:{encoded}?immutable=1");
    Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)
}

/// Whether a file is in WAL mode (bytes 18 and 19 of its header are 2) and has no log beside it.
fn is_at_rest(path: &Path) -> bool {
    let mut header = [0; 20];
    let file = std::fs::File::open(path);
    let read = file.and_then(|mut f| std::io::Read::read_exact(&mut f, &mut header));
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    read.is_ok() && header[18..] == [2, 2] && path.to_str().is_some() && !Path::new(&log).exists()
}

/// A byte of a path as a URI has it.
fn encode(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    }
}

fn failed(path: &Path, error: &rusqlite::Error) -> DriverError {
    if path.is_dir() {
        let reason = format!(
            "cannot read the SQLite database {}: it is a folder",
            path.display()
        );
        return DriverError::new(reason, "name the file of the database");
    }
    let (why, help) = match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => {
            ("it cannot be opened", "check the path and who may read it")
        }
        Some(ErrorCode::NotADatabase) => (
            "it is no SQLite database, or an encrypted one",
            "name a database file, or a file that ends in .sql or .yaml",
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            "another program holds a lock on it",
            "wait until that program is done, or read a copy",
        ),
        Some(ErrorCode::DatabaseCorrupt) => (
            "it is damaged",
            "save what `sqlite3 FILE .recover` finds, and read that",
        ),
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => (
            "it may not be read",
            "let this user read the file and its folder",
        ),
        _ => {
            let reason = format!(
                "cannot read the SQLite database {}: {error}",
                path.display()
            );
            return DriverError::new(
                reason,
                "check the file with `sqlite3 FILE 'PRAGMA integrity_check'`",
            );
        }
    };
    let reason = format!("cannot read the SQLite database {}: {why}", path.display());
    DriverError::new(reason, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Options<'static> {
        Options {
            external_schemas: &[],
            excluded: &|name| name == "scratch",
            own_owner: false,
            history_tables: false,
            passwords: false,
            extension_versions: false,
        }
    }

    #[test]
    fn statements_are_read_and_the_rest_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT); -- a table
                 CREATE INDEX i ON t (a);
                 CREATE VIRTUAL TABLE f USING fts5(a);
                 CREATE TABLE scratch (x);
                 CREATE TABLE _sqlx_migrations (version);",
            )
            .unwrap();
        let read = inspect(&path, &options()).unwrap();
        let lines: Vec<&str> = read.owned.lines().filter(|l| *l != ";").collect();
        assert_eq!(
            lines,
            [
                "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
                "CREATE VIRTUAL TABLE f USING fts5(a)",
                "CREATE INDEX i ON t (a)",
            ]
        );
        assert_eq!(read.left_out.shadow_tables, 5);
        assert_eq!(read.left_out.history_tables, 1);
        assert_eq!(read.left_out.excluded, 1);
    }

    #[test]
    fn what_is_no_database_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing.db");
        let error = inspect(&missing, &options()).unwrap_err().to_string();
        assert!(error.contains("cannot be opened"), "{error}");
        assert!(!missing.exists());
        let text = folder.path().join("text.db");
        std::fs::write(&text, "not a database, however long it may be ".repeat(50)).unwrap();
        let error = inspect(&text, &options()).unwrap_err().to_string();
        assert!(error.contains("no SQLite database"), "{error}");
    }
}
