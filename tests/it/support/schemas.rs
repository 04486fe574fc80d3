//! Made-up PostgreSQL schemas for property tests: odd names, every way of writing a constraint.
//!
//! A [`SchemaSpec`] is plain data, so that proptest can shrink it; [`SchemaSpec::statements`] turns
//! it into SQL that PostgreSQL accepts, which a test holds against a real server. All of the
//! statements may stand in any order and in any file as far as schemagen is concerned; in the order
//! given they also load with psql.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

#[derive(Clone, Debug)]
pub(crate) struct SchemaSpec {
    enums: Vec<Vec<String>>,
    tables: Vec<TableSpec>,
}

#[derive(Clone, Debug)]
struct TableSpec {
    name: String,
    /// Its schema: `public` for 0, else a made one.
    schema: usize,
    columns: Vec<ColumnSpec>,
    /// How the primary key is written: 0 is none.
    key: u8,
    /// Column and way of writing.
    unique: Option<(usize, u8)>,
    check: Option<u8>,
    /// Earlier table, way of writing, actions.
    references: Vec<(usize, u8, &'static str)>,
    indexes: Vec<(usize, u8)>,
    comment: Option<String>,
    /// View, trigger, policy and grant, as bits.
    extras: u8,
}

#[derive(Clone, Debug)]
struct ColumnSpec {
    name: String,
    kind: (&'static str, &'static str),
    not_null: bool,
    default: bool,
    comment: Option<String>,
}

/// Types as people spell them, each with an expression of it.
const KINDS: &[(&str, &str)] = &[
    ("integer", "0"),
    ("int4", "(1 + 2) * 3"),
    ("BIGINT", "-1"),
    ("smallint", "'7'"),
    ("text", "'it''s'"),
    ("varchar(40)", "'x'::character varying"),
    ("character varying", "E'tab\\t'"),
    ("char(3)", "'abc'"),
    ("numeric(12, 2)", "0.50"),
    ("decimal", "1e3"),
    ("double precision", "'NaN'"),
    ("float4", "1.5"),
    ("bool", "(not true)"),
    ("boolean", "FALSE"),
    ("timestamptz", "now()"),
    ("timestamp(3) with time zone", "CURRENT_TIMESTAMP"),
    ("timestamp without time zone", "'2020-01-01 00:00:00'"),
    ("date", "CURRENT_DATE"),
    ("interval day to second", "'1 day'::interval"),
    ("uuid", "gen_random_uuid()"),
    ("jsonb", "'{}'::jsonb"),
    ("oid", "7"),
    ("bytea", "'\\x00'::bytea"),
    ("text[]", "'{}'"),
    ("int[][]", "ARRAY[[1], [2]]"),
    ("bit varying(8)", "B'101'"),
    ("inet", "'127.0.0.1'"),
    ("tstzrange", "NULL"),
    ("text COLLATE \"C\"", "coalesce(NULL, 'none')"),
];

/// Words that must be quoted, words that need not be, and names nobody should choose.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z][a-z0-9_]{0,8}",
        2 => select(vec!["user", "order", "select", "table", "group", "check", "primary", "values", "a", "time", "type"]).prop_map(str::to_owned),
        1 => "[A-Z][a-zA-Z0-9]{0,8}",
        1 => "[a-z \"'.;$äß€(-]{1,12}",
        1 => "[a-z_]{50,60}",
    ]
}

fn remark() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[A-Za-z ,.']{1,30}", 1 => "[ -~äß€\n\t]{1,20}"]
}

fn column() -> impl Strategy<Value = ColumnSpec> {
    (
        name(),
        select(KINDS),
        any::<bool>(),
        any::<bool>(),
        option::weighted(0.2, remark()),
    )
        .prop_map(|(name, kind, not_null, default, comment)| ColumnSpec {
            name,
            kind,
            not_null,
            default,
            comment,
        })
}

fn table() -> impl Strategy<Value = TableSpec> {
    let actions = select(vec![
        "",
        " ON DELETE CASCADE",
        " ON UPDATE SET NULL ON DELETE RESTRICT",
        " MATCH FULL DEFERRABLE INITIALLY DEFERRED",
        " NOT VALID",
    ]);
    (
        (name(), 0..3usize, vec(column(), 1..6), 0..6u8),
        option::of((0..6usize, 0..4u8)),
        option::of(0..4u8),
        vec((0..8usize, 0..4u8, actions), 0..3),
        vec((0..6usize, 0..8u8), 0..3),
        option::weighted(0.3, remark()),
        any::<u8>(),
    )
        .prop_map(
            |(
                (name, schema, columns, key),
                unique,
                check,
                references,
                indexes,
                comment,
                extras,
            )| TableSpec {
                name,
                schema,
                columns,
                key,
                unique,
                check,
                references,
                indexes,
                comment,
                extras,
            },
        )
}

pub(crate) fn schema() -> impl Strategy<Value = SchemaSpec> {
    (vec(vec(remark(), 1..4), 0..3), vec(table(), 1..6))
        .prop_map(|(enums, tables)| SchemaSpec { enums, tables })
}

/// Double quotes where PostgreSQL needs them; every name here is made unique by its number.
fn quoted(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && name.contains(|c: char| c.is_ascii_digit());
    if plain {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn schema_name(n: usize) -> String {
    if n == 0 {
        "public".to_owned()
    } else {
        format!("\"Area {n}\"")
    }
}

impl SchemaSpec {
    /// This schema with much of another in it: by two bits a table stays, goes, or has columns, keys and
    /// surroundings of another one, under names of its own.
    pub(crate) fn blended(&self, other: &Self, bits: u64) -> Self {
        let mut tables = Vec::new();
        for (n, own) in self.tables.iter().enumerate() {
            let theirs = &other.tables[n % other.tables.len()];
            let mut table = match (bits >> (2 * n)) & 3 {
                0 => own.clone(),
                1 => continue,
                _ => theirs.clone(),
            };
            table.name.clone_from(&own.name);
            table.schema = own.schema;
            let columns = table.columns.iter_mut().zip(&own.columns).enumerate();
            for (i, (column, was)) in columns {
                if (bits >> (32 + i)) & 1 == 0 {
                    column.name.clone_from(&was.name);
                    column.kind = was.kind;
                }
            }
            tables.push(table);
        }
        let enums = if bits >> 63 == 0 { self } else { other };
        Self {
            enums: enums.enums.clone(),
            tables,
        }
    }

    /// In an order in which psql can run them.
    pub(crate) fn statements(&self) -> Vec<String> {
        let mut all: Vec<String> = (1..3)
            .map(|n| format!("CREATE SCHEMA {}", schema_name(n)))
            .collect();
        for (n, values) in self.enums.iter().enumerate() {
            let values: Vec<String> = values
                .iter()
                .enumerate()
                .map(|(i, v)| literal(&format!("{v}{i}")))
                .collect();
            all.push(format!(
                "CREATE TYPE kind_{n} AS ENUM ({})",
                values.join(", ")
            ));
        }
        all.push("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$".to_owned());
        for n in 0..self.tables.len() {
            self.table(n, &mut all);
        }
        all
    }

    fn relation(&self, n: usize) -> String {
        let table = &self.tables[n];
        format!(
            "{}.{}",
            schema_name(table.schema),
            quoted(&format!("{}{n}", table.name))
        )
    }

    fn table(&self, n: usize, all: &mut Vec<String>) {
        let table = &self.tables[n];
        let relation = self.relation(n);
        let mut after = Vec::new();
        let mut items = Vec::new();
        key(table.key, n, &mut items);
        for (i, column) in table.columns.iter().enumerate() {
            items.push(self.column(column, i));
            if let Some(text) = &column.comment {
                let column = column_name(table, i);
                after.push(format!(
                    "COMMENT ON COLUMN {relation}.{column} IS {}",
                    literal(text)
                ));
            }
        }
        table.constraints(n, &relation, &mut items, &mut after);
        for (i, reference) in table.references.iter().enumerate() {
            self.reference(n, i, *reference, &mut items, &mut after);
        }
        all.push(format!(
            "CREATE TABLE {relation} (\n    {}\n)",
            items.join(",\n    ")
        ));
        all.append(&mut after);
        table.surroundings(&relation, n, all);
    }

    fn column(&self, column: &ColumnSpec, i: usize) -> String {
        let name = quoted(&format!("{}{i}", column.name));
        // A column of an enum now and then: the text default of the others is no value of it.
        let (kind, default) = match column.kind {
            ("oid", _) if !self.enums.is_empty() => {
                (format!("kind_{}", i % self.enums.len()), "NULL")
            }
            (kind, default) => (kind.to_owned(), default),
        };
        let default = if column.default {
            format!(" DEFAULT {default}")
        } else {
            String::new()
        };
        let not_null = if column.not_null { " NOT NULL" } else { "" };
        format!("{name} {kind}{default}{not_null}")
    }

    /// A foreign key to the number of an earlier table, or of the table itself.
    fn reference(
        &self,
        n: usize,
        i: usize,
        (target, style, actions): (usize, u8, &str),
        items: &mut Vec<String>,
        after: &mut Vec<String>,
    ) {
        let target = target % (n + 1);
        if self.tables[target].key == 0 {
            return;
        }
        let to = self.relation(target);
        // NOT VALID stands only in ALTER TABLE.
        let style = if actions.contains("NOT VALID") {
            3
        } else {
            style
        };
        match style {
            0 => items.push(format!("ref_{i} bigint REFERENCES {to}{actions}")),
            1 => {
                items.push(format!("ref_{i} bigint"));
                items.push(format!(
                    "FOREIGN KEY (ref_{i}) REFERENCES {to} (nr){actions}"
                ));
            }
            2 => {
                items.push(format!("ref_{i} bigint"));
                items.push(format!(
                    "CONSTRAINT \"To {i}\" FOREIGN KEY (ref_{i}) REFERENCES {to}{actions}"
                ));
            }
            _ => {
                items.push(format!("ref_{i} bigint"));
                after.push(format!(
                    "ALTER TABLE {} ADD FOREIGN KEY (ref_{i}) REFERENCES {to} (nr){actions}",
                    self.relation(n)
                ));
            }
        }
    }
}

fn column_name(table: &TableSpec, i: usize) -> String {
    quoted(&format!("{}{i}", table.columns[i].name))
}

/// The column `nr` with the primary key in one of its spellings.
fn key(style: u8, n: usize, items: &mut Vec<String>) {
    match style {
        0 => items.push("nr bigint".to_owned()),
        1 => items.push("nr bigint PRIMARY KEY".to_owned()),
        2 => items.push(format!(
            "nr bigserial CONSTRAINT \"The Key {n}\" PRIMARY KEY"
        )),
        3 => items
            .push("nr bigint GENERATED ALWAYS AS IDENTITY (START WITH 10) PRIMARY KEY".to_owned()),
        4 => items.extend([
            "nr bigint NOT NULL".to_owned(),
            "PRIMARY KEY (nr)".to_owned(),
        ]),
        _ => items.extend([
            "nr bigint GENERATED BY DEFAULT AS IDENTITY".to_owned(),
            "PRIMARY KEY (nr) INCLUDE (nr)".to_owned(),
        ]),
    }
}

impl TableSpec {
    fn constraints(
        &self,
        n: usize,
        relation: &str,
        items: &mut Vec<String>,
        after: &mut Vec<String>,
    ) {
        if let Some((column, style)) = self.unique {
            let column = column_name(self, column % self.columns.len());
            match style {
                0 => items.push(format!("UNIQUE (nr, {column})")),
                1 => items.push(format!(
                    "CONSTRAINT \"Once {n}\" UNIQUE NULLS NOT DISTINCT (nr, {column})"
                )),
                2 => after.push(format!(
                    "ALTER TABLE ONLY {relation} ADD UNIQUE (nr) INCLUDE ({column})"
                )),
                _ => items.push("UNIQUE (nr) DEFERRABLE".to_owned()),
            }
        }
        match self.check {
            Some(0) => items.push("CHECK (nr > 0)".to_owned()),
            Some(1) => items.push(
                "CONSTRAINT \"Positive\" CHECK ((nr > 0) AND (nr < 100 OR nr IN (200, 300)))"
                    .to_owned(),
            ),
            Some(2) => after.push(format!(
                "ALTER TABLE {relation} ADD CONSTRAINT later CHECK (nr <> 5) NOT VALID"
            )),
            Some(_) => items.push("CHECK (nr BETWEEN 1 AND 10) NO INHERIT".to_owned()),
            None => {}
        }
    }

    /// What stands around a table: indexes, comment, view, trigger, policy, grants.
    fn surroundings(&self, relation: &str, n: usize, all: &mut Vec<String>) {
        let mut unnamed = std::collections::BTreeSet::new();
        for (i, (column, style)) in self.indexes.iter().enumerate() {
            let plain = column_name(self, column % self.columns.len());
            let key = match style {
                0 | 3 | 6 => "nr".to_owned(),
                4 => format!("nr {plain}"),
                other => other.to_string(),
            };
            // The server numbers equal implicit names in the order of the statements, so of
            // statements that may be shuffled only one leaves its name to the server.
            let name = if unnamed.insert(key) {
                String::new()
            } else {
                format!("again_{n}_{i} ")
            };
            all.push(match style {
                0 => format!("CREATE INDEX {name}ON {relation} (nr)"),
                1 => format!("CREATE UNIQUE INDEX \"Index {n} {i}\" ON {relation} (nr DESC, ({plain} IS NULL))"),
                2 => format!("CREATE INDEX index_{n}_{i} ON {relation} USING hash (nr)"),
                3 => format!("CREATE INDEX {name}ON {relation} (nr) WHERE {plain} IS NOT NULL"),
                4 => format!("CREATE INDEX {name}ON {relation} (nr DESC NULLS LAST) INCLUDE ({plain})"),
                5 => format!("CREATE INDEX {name}ON {relation} (abs(nr), nr int8_ops)"),
                6 => format!("CREATE INDEX {name}ON {relation} USING brin (nr) WITH (pages_per_range = 64)"),
                _ => format!("CREATE INDEX {name}ON {relation} ((nr % 2), nr)"),
            });
        }
        if let Some(text) = &self.comment {
            all.push(format!("COMMENT ON TABLE {relation} IS {}", literal(text)));
        }
        let has = |bit: u8| self.extras & (1 << bit) != 0;
        let first = column_name(self, 0);
        if has(0) {
            all.push(format!("CREATE VIEW view_{n} AS SELECT nr, {first} AS first, count(*) OVER () FROM {relation} WHERE nr > 0"));
        }
        if has(1) {
            all.push(format!("CREATE TRIGGER \"Touch\" BEFORE INSERT OR UPDATE OF nr, {first} ON {relation} FOR EACH ROW WHEN (NEW.nr > 0) EXECUTE FUNCTION touch()"));
        }
        if has(2) {
            all.push(format!("ALTER TABLE {relation} ENABLE ROW LEVEL SECURITY"));
            all.push(format!("CREATE POLICY \"own rows\" ON {relation} FOR SELECT TO PUBLIC USING (nr > 3 AND {first} IS NOT NULL)"));
        }
        if has(3) {
            all.push(format!(
                "GRANT SELECT, UPDATE (nr, {first}) ON {relation} TO PUBLIC"
            ));
        }
    }
}
