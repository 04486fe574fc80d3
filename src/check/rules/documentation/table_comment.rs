//! # documentation/table-comment
//!
//! A table has no comment.
//!
//! ## Why
//!
//! The name says what a row is called; the comment says what it stands for, when one is written
//! and who may change it. It is the first line of the generated documents, of the models and of
//! `\d+`.
//!
//! Partitions are left out: the partitioned table speaks for them. So is a dialect without
//! comments. The option `exclude` holds globs of tables that need none; with `all_or_nothing` the
//! rule is silent until the schema has its first comment.
//!
//! ## Fix
//!
//! Add `description:` (YAML) or `COMMENT ON TABLE` (SQL).
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! ```
//!
//! ```yaml bad
//! tables:
//!   users:
//!     columns:
//!       id: bigint primary key
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! COMMENT ON TABLE users IS 'People who can sign in; never deleted, only deactivated';
//! ```
//!
//! ```sql good {set.exclude=*_log}
//! CREATE TABLE request_log (id bigint PRIMARY KEY);
//! ```
//!
//! ```sql good {set.all_or_nothing=true}
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! ```

use crate::check::{Context, DefaultValue, Level, OptionInfo, Rule, RuleInfo, glob};
use crate::diagnostic::Diagnostic;
use crate::dialect::Capability;
use crate::model::{ObjectId, Table};

static INFO: RuleInfo = RuleInfo {
    id: "documentation/table-comment",
    level: Level::Info,
    docs: include_str!("table_comment.rs"),
    options: &[
        OptionInfo {
            name: "exclude",
            default: DefaultValue::List(&[]),
            docs: "Globs of tables that need no comment.",
        },
        OptionInfo {
            name: "all_or_nothing",
            default: DefaultValue::Flag(false),
            docs: "Whether to say nothing while no table at all has a comment.",
        },
    ],
};

pub(in crate::check) struct TableComment;

impl Rule for TableComment {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        if !cx.version.has(Capability::CommentOn)
            || (cx.flag("all_or_nothing") && cx.tables().all(lacks_comment))
        {
            return;
        }
        let exclude = cx.list("exclude");
        for table in cx.tables().filter(|t| lacks_comment(t)) {
            let id = ObjectId::table(&table.name);
            let excluded = exclude.iter().any(|pattern| glob::matches(pattern, &id));
            if excluded || table.partition_of.is_some() {
                continue;
            }
            let headline = format!("{id} has no comment");
            let finding = cx
                .finding(id, headline)
                .note("nothing says what a row of it stands for")
                .help("add `description:` (YAML) or `COMMENT ON TABLE` (SQL)");
            out.push(finding);
        }
    }
}

fn lacks_comment(table: &Table) -> bool {
    let comment = table.facets.comment.as_deref().unwrap_or("");
    comment.trim().is_empty()
}
