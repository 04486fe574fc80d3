//! # migration-safety/unread-block
//!
//! A DO block is run that nobody has read.
//!
//! ## Why
//!
//! The statements of a block are judged like those outside of one where they can be read: statements of the schema, EXECUTE of a
//! string without variables, branches that ask for the server's version or for what is there. Where a block puts statements
//! together while it runs, calls functions or loops over queries, no rule knows which locks it takes and what it removes. A block
//! that writes rows in batches, with COMMIT, and does nothing else is what the rules ask for, and is not reported.
//!
//! ## Fix
//!
//! Write the statements out; or read the block, and say so: `-- schemagen:allow migration-safety/unread-block: reason`.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! DO $$
//! DECLARE t record;
//! BEGIN
//!     FOR t IN SELECT relname FROM pg_class WHERE relname LIKE 'user%' AND relkind = 'r' LOOP
//!         EXECUTE format('ALTER TABLE %I ADD COLUMN tenant_id bigint', t.relname);
//!     END LOOP;
//! END $$;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! DO $$ BEGIN
//!     IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'tenant_id') THEN
//!         ALTER TABLE users ADD COLUMN tenant_id bigint;
//!     END IF;
//! END $$;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::expr::{Lexer, unquote_string};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/unread-block",
    level: Level::Info,
    docs: include_str!("unread_block.rs"),
    options: &[],
};

pub(in crate::check) struct UnreadBlock;

impl Rule for UnreadBlock {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        if at.act.word(0) != "do" || fills_in_batches(at) {
            return;
        }
        let headline = "this block is not read: no rule knows what it does";
        let finding = cx.finding_anywhere(headline).at(at.act.span(), "");
        let note = "it is judged where it consists of statements of the schema, and of branches that ask for the version or for what is there";
        let help = "write the statements out, or allow it with a reason once you have read it";
        out.push(finding.note(note).help(help));
    }
}

/// Whether the block commits as it goes, and neither changes the schema nor calls what may.
fn fills_in_batches(at: &At<'_>) -> bool {
    let text = at.act.tokens().into_iter();
    let Some(body) = text
        .filter_map(|t| unquote_string(t.text(at.act.text)))
        .max_by_key(String::len)
    else {
        return false;
    };
    let tokens = Lexer::tokens(&body, at.dialect()).unwrap_or_default();
    let has = |words: &[&str]| {
        tokens
            .iter()
            .any(|t| words.iter().any(|w| t.text(&body).eq_ignore_ascii_case(w)))
    };
    has(&["commit"])
        && !has(&[
            "create", "alter", "drop", "truncate", "grant", "revoke", "execute", "perform", "call",
        ])
}
