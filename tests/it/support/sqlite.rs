//! Databases in memory: what they hold, in SQLite's own words.

use rusqlite::Connection;
use rusqlite::types::Value;
use schemagen::dialect::Dialect;
use schemagen::expr::key_of;

/// A new database, with foreign keys looked at, as most libraries open it.
pub(crate) fn database(sql: &str) -> Connection {
    let connection = Connection::open_in_memory().expect("SQLite opens");
    let run = |text: &str| connection.execute_batch(text);
    run("PRAGMA foreign_keys = ON").expect("a pragma");
    run(sql).unwrap_or_else(|e| panic!("{e}\n{sql}"));
    connection
}

/// All rows of a query, a line each.
pub(crate) fn rows(connection: &Connection, query: &str) -> Vec<String> {
    let fail = |e: rusqlite::Error| -> String { panic!("{e}\n{query}") };
    let mut statement = match connection.prepare(query) {
        Ok(statement) => statement,
        Err(e) => return vec![fail(e)],
    };
    let columns = statement.column_count();
    let line = |row: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
        let values = (0..columns).map(|n| row.get::<_, Value>(n).map(|v| format!("{v:?}")));
        Ok(values.collect::<rusqlite::Result<Vec<_>>>()?.join(" | "))
    };
    let read: rusqlite::Result<Vec<String>> = statement
        .query_map([], line)
        .and_then(|rows| rows.collect());
    read.unwrap_or_else(|e| vec![fail(e)])
}

/// What is wrong with the database, as it says itself.
pub(crate) fn complaints(connection: &Connection) -> Vec<String> {
    let mut all = rows(connection, "PRAGMA integrity_check");
    all.retain(|line| line != "Text(\"ok\")");
    all.extend(rows(connection, "PRAGMA foreign_key_check"));
    all
}

/// The schema: everything its pragmas show, with tables' columns in no order, and the normal form
/// of what they do not show. Checks are within the text of their table, which ALTER TABLE edits:
/// they are compared by the catalogs that are read of it.
pub(crate) fn snapshot(connection: &Connection) -> Vec<String> {
    let mut all = Vec::new();
    let tables = "SELECT name FROM pragma_table_list
        WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    for name in texts(connection, tables) {
        let quoted = format!("'{}'", name.replace('\'', "''"));
        let table = name.to_lowercase();
        let mut say = |query: String| {
            let lines = rows(connection, &query);
            all.extend(lines.into_iter().map(|line| format!("{table}: {line}")));
        };
        say(format!(
            "SELECT type, wr, strict FROM pragma_table_list WHERE name = {quoted}"
        ));
        say(format!(
            "SELECT lower(name), upper(replace(type, ' ', '')), \"notnull\", dflt_value, pk, hidden
             FROM pragma_table_xinfo({quoted})"
        ));
        say(format!(
            "SELECT (SELECT group_concat(lower(\"from\") || ' ' || coalesce(lower(\"to\"), ''))
                     FROM pragma_foreign_key_list({quoted}) AS own WHERE own.id = fk.id),
                lower(\"table\"), on_update, on_delete
             FROM pragma_foreign_key_list({quoted}) AS fk WHERE seq = 0"
        ));
        say(format!(
            "SELECT iif(origin = 'c', lower(name), origin), \"unique\", partial,
                (SELECT group_concat(coalesce(lower(i.name), '') || i.desc || upper(coll))
                 FROM pragma_index_xinfo(l.name) AS i WHERE key = 1)
             FROM pragma_index_list({quoted}) AS l"
        ));
    }
    let texts_of = "SELECT lower(type) || ' ' || lower(name) || ' ' || sql FROM sqlite_master
        WHERE type IN ('view', 'trigger', 'index') AND sql IS NOT NULL OR sql LIKE 'CREATE VIRTUAL%'";
    for text in texts(connection, texts_of) {
        all.push(key_of(&text.replace('"', " "), Dialect::Sqlite).to_lowercase());
    }
    all.sort();
    all
}

/// The statements that the database says that it is made of.
pub(crate) fn schema_text(connection: &Connection) -> String {
    let statements = "SELECT sql || ';' FROM sqlite_master
        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
          AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
        ORDER BY type = 'trigger', type = 'view', rowid";
    texts(connection, statements).join("\n")
}

pub(crate) fn texts(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).expect("a query");
    let found = statement.query_map([], |row| row.get(0)).expect("rows");
    found.collect::<rusqlite::Result<_>>().expect("texts")
}
