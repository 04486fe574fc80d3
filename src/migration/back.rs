//! The way back over a migration: another plan, from the state after it to the one before.

use super::draft::{Refusal, proved};
use super::layout::{Layout, Way};
use super::stretch::Stretch;
use crate::dialect::TargetVersion;
use crate::diff::{self, Options};
use crate::model::{Catalog, Change, ChangeKind, Ident, Notes, ObjectId, ObjectKind, Pair};
use crate::plan::{self, Plan};

/// The way back over one file, from the state after the migration `label` to the one before it; `said`
/// has the annotations of renames.
pub fn way_back(
    pair: Pair<&Catalog>,
    said: &Catalog,
    version: TargetVersion,
    layout: Layout,
    label: &str,
) -> Result<Way, Refusal> {
    if !layout.has_down() {
        return Ok(Way::new(""));
    }
    let plan = back(pair, said, version);
    proved(&plan, true)?;
    let mut text = format!("-- From the state after {label} back to the one before it.\n");
    for obstacle in &plan.obstacles {
        text.push_str(&format!("-- {}\n", obstacle.said.headline));
    }
    text.push('\n');
    let stretches = Stretch::of(&plan, layout.opens_transactions());
    // One file, so one transaction, unless it is one statement.
    let transaction = stretches.len() != 1 || stretches.iter().all(|s| s.transaction);
    let texts: Vec<&str> = stretches.iter().map(|s| s.sql.as_str()).collect();
    Ok(Way {
        text: text + &texts.join("\n"),
        transaction,
    })
}

/// The plan back from the state after a migration to the one before it. What it renamed, by the
/// annotations of `said`, is renamed again, rather than dropped with its data.
fn back(pair: Pair<&Catalog>, said: &Catalog, version: TargetVersion) -> Plan {
    let to = with_notes_back(pair, said, version);
    plan::plan(Pair::new(pair.after, &to), version)
}

/// The catalog before, with the annotations that lead back to it.
pub fn with_notes_back(pair: Pair<&Catalog>, said: &Catalog, version: TargetVersion) -> Catalog {
    let mut from = pair.after.clone();
    from.notes.clone_from(&said.notes);
    let mut to = pair.before.clone();
    to.notes.clear();
    let options = Options::new(version.dialect);
    let mut renames = diff::compare(Pair::new(pair.before, &from), &options).changes;
    renames.retain(|change| matches!(change.kind, ChangeKind::Rename { .. }));
    for change in &renames {
        let (ChangeKind::Rename { because: None }, Some(was)) = (&change.kind, &change.was) else {
            continue;
        };
        let notes = Notes {
            renamed_from: Some(former(change, was, &renames)),
            ..Notes::default()
        };
        to.notes.insert(was.clone(), notes);
    }
    for (id, notes) in &said.notes {
        let Some(using) = &notes.using_back else {
            continue;
        };
        let was = was_before(id, &renames);
        to.notes.entry(was).or_default().using = Some(using.clone());
    }
    to
}

/// What the thing is called when the way back begins; with its schema, where that is another.
fn former(change: &Change, was: &ObjectId, renames: &[Change]) -> Ident {
    let (now, then) = (&change.id.name, &was.name);
    if let Some(member) = &change.id.member {
        return member.clone();
    }
    let of_schema = |c: &&Change| {
        let named = |id: &ObjectId, schema: &Option<Ident>| {
            id.kind == ObjectKind::Schema && Some(&id.name.name) == schema.as_ref()
        };
        named(&c.id, &now.schema) && c.was.as_ref().is_some_and(|w| named(w, &then.schema))
    };
    match now.schema == then.schema || renames.iter().any(|c| of_schema(&c)) {
        true => now.name.clone(),
        false => Ident::from(now.to_string()),
    }
}

/// The identity that a column had before it, or its table, was renamed.
fn was_before(id: &ObjectId, renames: &[Change]) -> ObjectId {
    let of = |id: &ObjectId| {
        renames
            .iter()
            .find(|c| c.id == *id)
            .and_then(|c| c.was.clone())
    };
    of(id).unwrap_or_else(|| {
        let table = of(&ObjectId::table(&id.name));
        ObjectId {
            name: table.map_or_else(|| id.name.clone(), |t| t.name),
            ..id.clone()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::testing::{catalog, version};

    #[test]
    fn what_was_renamed_is_renamed_back() {
        let before = catalog("CREATE TABLE t (a int, note text);");
        let after =
            catalog("CREATE TABLE t (a int, remark text -- schemagen:renamed-from note\n);");
        let pair = Pair::new(&before, &after);
        let plan = back(pair, &after, version());
        assert!(plan.is_proved());
        let statements: Vec<&str> = plan.steps.iter().map(|s| s.sql.as_str()).collect();
        assert_eq!(
            statements,
            ["ALTER TABLE public.t RENAME COLUMN remark TO note"]
        );
    }
}
