//! Made-up pairs of SQLite schemas: the plan is run up and down on a database with rows.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::plan_sqlite::{Case, travel};

/// A column by its number: what it is besides its name.
#[derive(Clone, Debug)]
struct ColumnSpec {
    data_type: &'static str,
    tail: &'static str,
}

#[derive(Clone, Debug)]
struct TableSpec {
    columns: Vec<Option<ColumnSpec>>,
    refers_to: Option<usize>,
    key: &'static str,
    tail: &'static str,
    index: Option<&'static str>,
    trigger: bool,
    view: bool,
}

type Schema = Vec<Option<TableSpec>>;

fn column() -> impl Strategy<Value = ColumnSpec> {
    let tails = vec![
        "",
        " DEFAULT 5",
        " NOT NULL DEFAULT 7",
        " DEFAULT (1 + 1)",
        " CHECK (%c >= 0)",
        " COLLATE NOCASE",
        " UNIQUE",
        " NOT NULL DEFAULT 3 CHECK (%c <> -1)",
    ];
    let types = prop::sample::select(vec!["INTEGER", "TEXT", "REAL"]);
    let made = (types, prop::sample::select(tails));
    made.prop_map(|(data_type, tail)| ColumnSpec { data_type, tail })
}

fn table() -> impl Strategy<Value = TableSpec> {
    let keys = vec![
        "PRIMARY KEY",
        "PRIMARY KEY AUTOINCREMENT",
        "NOT NULL PRIMARY KEY",
    ];
    let indexes = vec!["(id DESC)", "(abs(id), id)", "(id) WHERE id > 1"];
    (
        vec(prop::option::weighted(0.7, column()), 4),
        prop::option::of(0..3_usize),
        prop::sample::select(keys),
        prop::sample::select(vec!["", " STRICT"]),
        prop::option::of(prop::sample::select(indexes)),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(columns, refers_to, key, tail, index, trigger, view)| TableSpec {
                columns,
                refers_to,
                key,
                tail,
                index,
                trigger,
                view,
            },
        )
}

fn schema() -> impl Strategy<Value = Schema> {
    vec(prop::option::weighted(0.8, table()), 3)
}

/// Columns of the same name keep their type: what a value becomes otherwise is SQLite's affinity.
fn with_types_of(mut after: Schema, before: &Schema) -> Schema {
    for (new, old) in after.iter_mut().zip(before) {
        let (Some(new), Some(old)) = (new, old) else {
            continue;
        };
        for (new, old) in new.columns.iter_mut().zip(&old.columns) {
            if let (Some(new), Some(old)) = (new, old) {
                new.data_type = old.data_type;
            }
        }
    }
    after
}

fn sql(schema: &Schema) -> String {
    let mut text = String::new();
    for (n, table) in schema.iter().enumerate() {
        let Some(table) = table else { continue };
        let mut lines = vec![format!("id INTEGER {}", table.key)];
        let mut first = None;
        for (m, column) in table.columns.iter().enumerate() {
            let Some(column) = column else { continue };
            let name = format!("c{m}");
            let tail = column.tail.replace("%c", &name);
            lines.push(format!("{name} {}{tail}", column.data_type));
            first = first.or(Some(name));
        }
        if let Some(first) = &first {
            lines.push(format!("made TEXT AS ({first} || 'x')"));
        }
        if let Some(target) = table.refers_to.filter(|t| schema[*t].is_some()) {
            lines.push(format!(
                "r INTEGER REFERENCES t{target} (id) ON DELETE CASCADE"
            ));
        }
        let lines = lines.join(",\n    ");
        text.push_str(&format!(
            "CREATE TABLE t{n} (\n    {lines}\n){};\n",
            table.tail
        ));
        if let Some(index) = table.index {
            text.push_str(&format!("CREATE INDEX i{n} ON t{n} {index};\n"));
        }
        if table.view {
            let column = first.as_deref().unwrap_or("id");
            text.push_str(&format!(
                "CREATE VIEW v{n} AS SELECT id, {column} AS c FROM t{n};\n"
            ));
        }
        if table.trigger {
            text.push_str(&format!(
                "CREATE TRIGGER g{n} AFTER DELETE ON t{n} BEGIN\n    DELETE FROM t{n} WHERE id = old.id + 100;\nEND;\n"
            ));
        }
    }
    text
}

/// Two rows a table that satisfy whatever the other side may ask.
fn seeds(schema: &Schema) -> String {
    let mut text = String::new();
    for (n, table) in schema.iter().enumerate() {
        let Some(table) = table else { continue };
        for row in [1, 4] {
            let (mut names, mut values) = (vec!["id".to_owned()], vec![row.to_string()]);
            for (m, column) in table.columns.iter().enumerate() {
                let Some(column) = column else { continue };
                names.push(format!("c{m}"));
                values.push(match column.data_type {
                    "INTEGER" => format!("{row}{m}"),
                    "REAL" => format!("{row}.5"),
                    _ => format!("'{row}'"),
                });
            }
            let (names, values) = (names.join(", "), values.join(", "));
            text.push_str(&format!("INSERT INTO t{n} ({names}) VALUES ({values});\n"));
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_pair_is_travelled_with_its_rows(before in schema(), after in schema()) {
        let after = with_types_of(after, &before);
        let case = Case {
            before: sql(&before),
            rows: seeds(&before),
            after: sql(&after),
        };
        travel(&case, |_, _| {});
    }
}
