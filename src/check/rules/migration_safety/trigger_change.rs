//! # migration-safety/trigger-change
//!
//! A trigger of a table in use is created, dropped, or switched on or off.
//!
//! ## Why
//!
//! CREATE TRIGGER and ENABLE or DISABLE TRIGGER take SHARE ROW EXCLUSIVE: they wait for everyone who writes to the table, and who writes
//! later waits behind them. DROP TRIGGER takes ACCESS EXCLUSIVE, which readers wait for too. From the commit on, every write does
//! something else than before.
//!
//! ## Fix
//!
//! `SET LOCAL lock_timeout = '3s'` before it; release programs that can do with and without the trigger first.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
//! -- migration:
//! CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f();
//! ```
//!
//! ```sql good
//! CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
//! -- migration:
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f();
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{Ident, Object, ObjectId, ObjectKind, QualifiedName, TriggerEnabled};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/trigger-change",
    level: Level::Info,
    docs: include_str!("trigger_change.rs"),
    options: &[],
};

pub(in crate::check) struct TriggerChange;

impl Rule for TriggerChange {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        // Told to give up, it stops nobody for long.
        if at.act.timeouts.lock.is_some() {
            return;
        }
        let Some((relation, name, what)) = change(at) else {
            return;
        };
        let locks = &at.facts().locks;
        let Some(lock) = locks.iter().find(|l| l.relation == relation) else {
            return;
        };
        let who = match lock.mode.blocks_reads() {
            true => "who reads or writes",
            false => "who writes to",
        };
        let trigger = name.as_ref().map_or("every trigger", |n| n.as_str());
        let headline = format!("{trigger} of {relation} is {what}");
        let id = match &name {
            Some(name) => ObjectId::member(ObjectKind::Trigger, relation.clone(), name.clone()),
            None => ObjectId::table(&relation),
        };
        let note = format!("{who} {relation} waits for it, and gets other effects afterwards");
        let help = "SET LOCAL lock_timeout = '3s' before it, and release programs that can do with \
                    both first";
        out.push(at.finding(cx, id, headline).note(note).help(help));
    }
}

/// The table, the trigger and what happens to it.
fn change(at: &At<'_>) -> Option<(QualifiedName, Option<Ident>, &'static str)> {
    match at.act.told.statement.as_ref()? {
        Statement::Create {
            object: Object::Trigger(relation, trigger),
            ..
        } => Some((
            at.scene.relation(relation),
            Some(trigger.name.clone()),
            "created",
        )),
        Statement::Drop { targets, .. } => {
            let target = targets.iter().find(|t| t.kind == ObjectKind::Trigger)?;
            let relation = at.scene.relation(&target.name);
            Some((relation, target.member.clone(), "dropped"))
        }
        Statement::Alter { actions, .. } => {
            let table = at.actions().first()?.0.clone();
            actions.iter().find_map(|action| match action {
                AlterAction::Trigger { name, enabled, .. } => {
                    let what = match enabled {
                        TriggerEnabled::Disabled => "disabled",
                        _ => "enabled",
                    };
                    Some((table.clone(), name.clone(), what))
                }
                _ => None,
            })
        }
        _ => None,
    }
}
