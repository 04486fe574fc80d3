//! # migration-safety/irreversible
//!
//! No statement takes this back.
//!
//! ## Why
//!
//! A value of an enum cannot be dropped, an extension cannot be taken back to an older version. The way down of such a migration
//! is a rewrite, or a backup.
//!
//! ## Fix
//!
//! Think of what happens when the release that comes with it is withdrawn: programs of the release before have to live
//! with the new state.
//!
//! ```sql bad
//! CREATE TYPE mood AS ENUM ('sad', 'ok');
//! -- migration:
//! ALTER TYPE mood ADD VALUE 'happy' AFTER 'ok';
//! ```
//!
//! ```sql good
//! CREATE TYPE mood AS ENUM ('sad', 'ok');
//! -- migration:
//! CREATE TYPE colour AS ENUM ('red');
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::facts::Reverse;
use crate::model::ObjectId;
use crate::source::Statement;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/irreversible",
    level: Level::Info,
    docs: include_str!("irreversible.rs"),
    options: &[],
};

pub(in crate::check) struct Irreversible;

impl Rule for Irreversible {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        let Reverse::Impossible(why) = &at.facts().reverse else {
            return;
        };
        let mut finding = cx
            .finding_anywhere("no statement takes this back")
            .at(at.act.span(), "");
        if let Some(Statement::Alter { target, .. }) = &at.act.told.statement {
            let name = at.act.qualified(&target.name);
            finding = finding.about(ObjectId::new(target.kind, name));
        }
        let help = "release programs that can live with the state before and after it";
        out.push(finding.note(*why).help(help));
    }
}
