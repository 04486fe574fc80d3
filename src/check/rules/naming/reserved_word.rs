//! # naming/reserved-word
//!
//! A name is a reserved word of the database.
//!
//! ## Why
//!
//! `SELECT * FROM user` does not read the table `user`: in PostgreSQL it calls the function
//! `user`, which returns the name of the connected role, and nobody gets an error. A table `order`
//! is a syntax error wherever somebody forgets the quotes.
//!
//! In SQLite only the keywords that its grammar never takes for a name count; `key` is fine.
//! Indexes, constraints and triggers are left out: queries do not name them.
//!
//! The option `dialects` names other databases whose reserved words count too (`postgres`,
//! `sqlite`), for a schema that is to run on both.
//!
//! ## Fix
//!
//! Choose another name: the plural (`users`), or a more precise word (`purchase_order`).
//!
//! ```sql bad
//! CREATE TABLE "order" (id bigint PRIMARY KEY);
//! ```
//!
//! ```sql bad {dialect=sqlite}
//! CREATE TABLE options (id INTEGER PRIMARY KEY, "default" TEXT) STRICT;
//! ```
//!
//! ```sql good
//! CREATE TABLE orders (id bigint PRIMARY KEY, key text);
//! ```
//!
//! ```sql good {dialect=sqlite}
//! CREATE TABLE options (id INTEGER PRIMARY KEY, key TEXT) STRICT;
//! ```

use super::named_objects;
use crate::check::{Context, DefaultValue, Level, OptionInfo, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::model::ObjectKind;

static INFO: RuleInfo = RuleInfo {
    id: "naming/reserved-word",
    level: Level::Warning,
    docs: include_str!("reserved_word.rs"),
    options: &[OptionInfo {
        name: "dialects",
        default: DefaultValue::List(&[]),
        docs: "Databases whose reserved words count besides those of the schema's own.",
    }],
};

pub(in crate::check) struct ReservedWord;

impl Rule for ReservedWord {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let others = cx.list("dialects");
        let mut dialects = vec![cx.dialect];
        for dialect in [Dialect::Postgres, Dialect::Sqlite] {
            if dialect != cx.dialect && others.iter().any(|o| o == dialect.as_str()) {
                dialects.push(dialect);
            }
        }
        for (id, name) in named_objects(cx) {
            if !is_named_in_queries(id.kind) {
                continue;
            }
            let word = name.to_lowercase();
            let Some(dialect) = dialects.iter().find(|d| d.is_never_a_name(&word)) else {
                continue;
            };
            let database = match dialect {
                Dialect::Postgres => "PostgreSQL",
                Dialect::Sqlite => "SQLite",
            };
            let headline = format!("`{name}` is a reserved word of {database}");
            let finding = cx
                .finding(id, headline)
                .note(
                    "without quotes a query with this name is a syntax error, or means something \
                     else",
                )
                .help("choose another name, such as the plural or a more precise word");
            out.push(finding);
        }
    }
}

fn is_named_in_queries(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Schema
            | ObjectKind::Table
            | ObjectKind::VirtualTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Column
            | ObjectKind::Function
            | ObjectKind::Procedure
            | ObjectKind::Aggregate
            | ObjectKind::Sequence
            | ObjectKind::Enum
            | ObjectKind::Domain
            | ObjectKind::Composite
            | ObjectKind::Range
    )
}
