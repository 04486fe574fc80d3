//! Renames that authors ask for, before everything else.

use std::collections::BTreeSet;

use super::difference::trigger_id;
use crate::dialect::{Capability, Dialect, TargetVersion};
use crate::expr::mentions;
use crate::model::{Catalog, Ident, ObjectId, ObjectKind, Pair, QualifiedName, Trigger};
use crate::plan::Step;
use crate::plan::rename::{self, Renaming};

pub(super) struct Renames {
    pub(super) steps: Vec<Step>,
    /// Tables whose foreign keys the version leaves with the old name.
    pub(super) stale: BTreeSet<QualifiedName>,
}

/// The renames, behind what would have to follow them: views and triggers are made again from
/// their authors' text.
pub(super) fn renames(pair: Pair<&Catalog>, version: TargetVersion) -> Renames {
    let dialect = version.dialect;
    let mut all = rename::all(pair, dialect);
    all.retain(|renaming| match renaming.was.kind {
        ObjectKind::Table => true,
        ObjectKind::Column => version.has(Capability::RenameColumn),
        _ => false,
    });
    all.extend(virtual_tables(pair, dialect));
    let mut stale = BTreeSet::new();
    let mut changed: Vec<Ident> = Vec::new();
    for Renaming { step, was } in &all {
        let (id, old) = (&step.object, &was.name);
        if *old != id.name && !version.has(Capability::RenameFollowed) {
            let refers = pair.after.tables.values();
            let refers = refers.filter(|t| t.foreign_keys().any(|(_, fk)| fk.target == id.name));
            stale.extend(refers.map(|t| t.name.clone()));
        }
        changed.push(old.name.clone());
        changed.push(id.name.name.clone());
    }
    let mut steps = followers(pair.before, changed, dialect);
    steps.extend(all.into_iter().map(|r| r.step));
    Renames { steps, stale }
}

fn virtual_tables(pair: Pair<&Catalog>, dialect: Dialect) -> Vec<Renaming> {
    let mut out = Vec::new();
    for (id, notes) in &pair.after.notes {
        let is_table = matches!(id.kind, ObjectKind::VirtualTable | ObjectKind::Table);
        let Some(old) = notes.renamed_from.as_ref().filter(|_| is_table) else {
            continue;
        };
        let was = id.name.sibling(old.clone());
        let here = |c: &Catalog, n: &QualifiedName| c.virtual_tables.contains_key(n);
        if here(pair.before, &was) && !here(pair.before, &id.name) && here(pair.after, &id.name) {
            let (from, to) = (dialect.quote_name(&was), dialect.quote_name(&id.name));
            out.push(Renaming {
                step: Step::new(id.clone(), format!("ALTER TABLE {from} RENAME TO {to}")),
                was: ObjectId {
                    name: was,
                    ..id.clone()
                },
            });
        }
    }
    out
}

/// Drops the triggers and views that read one of the relations, or a view that does.
fn followers(catalog: &Catalog, mut changed: Vec<Ident>, dialect: Dialect) -> Vec<Step> {
    if changed.is_empty() {
        return Vec::new();
    }
    let mut views: Vec<&QualifiedName> = Vec::new();
    loop {
        let reads = |text: &str| changed.iter().any(|n| mentions(text, n, dialect));
        let mut rest = catalog.views.values().filter(|v| !views.contains(&&v.name));
        let Some(view) = rest.find(|v| reads(v.query.text())) else {
            break;
        };
        views.push(&view.name);
        changed.push(view.name.name.clone());
    }
    let reads = |trigger: &Trigger| {
        let texts = trigger.body.iter().chain(&trigger.when);
        let mut texts = texts.map(|e| e.text());
        texts.any(|text| changed.iter().any(|n| mentions(text, n, dialect)))
    };
    let mut out = Vec::new();
    for (relation, trigger) in triggers(catalog) {
        let on = changed.contains(&relation.name);
        if !views.contains(&relation) && (on || reads(trigger)) {
            out.push(Step::new(
                trigger_id(relation, trigger),
                format!("DROP TRIGGER {}", dialect.quote(&trigger.name)),
            ));
        }
    }
    // Those that read others were found last.
    for view in views.into_iter().rev() {
        out.push(Step::new(
            ObjectId::new(ObjectKind::View, view.clone()),
            format!("DROP VIEW {}", dialect.quote_name(view)),
        ));
    }
    out
}

/// Every trigger with its table or view.
pub(super) fn triggers(catalog: &Catalog) -> impl Iterator<Item = (&QualifiedName, &Trigger)> {
    let of_tables = catalog.tables.values();
    let of_tables = of_tables.flat_map(|t| t.triggers.iter().map(move |g| (&t.name, g)));
    let of_views = catalog.views.values();
    of_tables.chain(of_views.flat_map(|v| v.triggers.iter().map(move |g| (&v.name, g))))
}
