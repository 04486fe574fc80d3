//! What a migration is called where nobody gives it a name: what it does, in a few words.

use std::collections::BTreeSet;

use crate::model::{Change, ChangeKind, ObjectId, ObjectKind};

/// A longer name is cut: it becomes part of a file's name.
const LONGEST: usize = 60;

/// The name of a migration that makes these changes: `create_tags`, `add_tasks_due_date`,
/// `alter_tasks_and_2_more`.
pub fn of_changes(changes: &[Change]) -> String {
    let mut kept: Vec<&Change> = changes.iter().collect();
    kept.retain(|c| !matches!(&c.kind, ChangeKind::Rename { because: Some(_) }));
    if kept.iter().any(|c| c.id.kind != ObjectKind::Index) {
        // They follow what they are on.
        kept.retain(|c| c.id.kind != ObjectKind::Index);
    }
    let wholes: BTreeSet<(&str, &str)> = kept.iter().map(|c| whole(&c.id)).collect();
    let name = match kept.as_slice() {
        [] => "no_changes".to_owned(),
        [one] => single(one),
        _ => {
            // What people think of first: relations, and of these what is new.
            let Some(first) = kept.iter().min_by_key(|c| weight(c)) else {
                return "changes".to_owned();
            };
            let (_, own) = whole(&first.id);
            let verb = match kept.iter().all(|c| c.kind == first.kind) {
                true => verb(first),
                false if wholes.len() > 1 && first.id.member.is_none() => verb(first),
                false => "alter",
            };
            match wholes.len() {
                1 => format!("{verb}_{own}"),
                2 => format!("{verb}_{own}_and_1_more"),
                n => format!("{verb}_{own}_and_{}_more", n - 1),
            }
        }
    };
    as_name(&name)
}

fn weight(change: &Change) -> (bool, bool, bool) {
    let id = &change.id;
    use ObjectKind as K;
    let relation = matches!(
        id.kind,
        K::Table
            | K::VirtualTable
            | K::View
            | K::MaterializedView
            | K::Column
            | K::Constraint
            | K::Index
    );
    let new = change.kind == ChangeKind::Create;
    (
        !relation,
        !(new && id.member.is_none()),
        id.kind != ObjectKind::Table,
    )
}

fn single(change: &Change) -> String {
    let own = change.id.name.name.as_str();
    match &change.id.member {
        Some(member) => format!("{}_{own}_{member}", verb(change)),
        None => format!("{}_{own}", verb(change)),
    }
}

fn verb(change: &Change) -> &'static str {
    match (&change.kind, &change.id.member) {
        (ChangeKind::Create, Some(_)) => "add",
        (ChangeKind::Create, None) => "create",
        (ChangeKind::Drop, _) => "drop",
        (ChangeKind::Rename { .. }, _) => "rename",
        (ChangeKind::Alter(_), _) => "alter",
    }
}

fn whole(id: &ObjectId) -> (&str, &str) {
    (id.name.schema_str(), id.name.name.as_str())
}

/// Letters, digits and underscores; never empty.
pub(super) fn as_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.to_lowercase().chars() {
        match c.is_ascii_alphanumeric() {
            true => name.push(c),
            false if name.ends_with('_') => {}
            false => name.push('_'),
        }
        if name.len() >= LONGEST {
            break;
        }
    }
    match name.trim_matches('_') {
        "" => "changes".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::diff::{self, Options};
    use crate::migration::testing::catalog;
    use crate::model::Pair;

    fn name(before: &str, after: &str) -> String {
        let (before, after) = (catalog(before), catalog(after));
        let options = Options::new(Dialect::Postgres);
        of_changes(&diff::compare(Pair::new(&before, &after), &options).changes)
    }

    #[test]
    fn a_migration_is_called_what_it_does() {
        let indexed = "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (b);";
        assert_eq!(name("CREATE TABLE t (a int);", indexed), "add_t_b");
        assert_eq!(name("", "CREATE TABLE tags (id int);"), "create_tags");
        let one = "CREATE TABLE t (a int);";
        let two = "CREATE TABLE t (a int, due_date date);";
        assert_eq!(name(one, two), "add_t_due_date");
        assert_eq!(name(two, one), "drop_t_due_date");
        assert_eq!(
            name(one, "CREATE TABLE t (a bigint, \"Ä b\" int);"),
            "alter_t"
        );
        let more = "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE TABLE v (a int);";
        assert_eq!(name(one, more), "create_u_and_1_more");
    }

    #[test]
    fn names_are_those_of_files() {
        assert_eq!(as_name("add_Ärger / x"), "add_rger_x");
        assert_eq!(as_name("é"), "changes");
        assert_eq!(as_name(&"a".repeat(100)).len(), LONGEST);
    }
}
