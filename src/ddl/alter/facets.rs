//! Owner, comments and privileges of an object that stays.

use std::collections::{BTreeMap, BTreeSet};

use crate::ddl::subject::{comment, comment_on, comment_statement, owner_statement};
use crate::ddl::{acl, identity};
use crate::dialect::Dialect;
use crate::model::{
    Acl, AclItem, DefaultPrivileges, Facets, Grantee, Ident, ObjectRef, QualifiedName,
};

/// The statements that settle owner, comments and privileges.
pub fn facets(before: ObjectRef<'_>, after: ObjectRef<'_>, dialect: Dialect) -> Vec<String> {
    if let (ObjectRef::DefaultPrivileges(b), ObjectRef::DefaultPrivileges(a)) = (before, after) {
        let acl = difference(&b.acl, &a.acl);
        return acl::default_privileges(&DefaultPrivileges { acl, ..a.clone() }, dialect);
    }
    let mut out = Vec::new();
    if comment(before) != comment(after) {
        // Every database is born with this one.
        let born = match after {
            ObjectRef::Schema(s) if s.implicit && s.name == "public" => {
                Some("standard public schema")
            }
            _ => None,
        };
        out.extend(comment_statement(after, comment(after).or(born), dialect));
    }
    out.extend(part_comments(before, after, dialect));
    if let (ObjectRef::Table(before), ObjectRef::Table(after)) = (before, after) {
        out.extend(identity::changes(before, after, dialect));
    }
    let (Some(old), Some(new)) = (before.facets(), after.facets()) else {
        return out;
    };
    let stays = |item: &AclItem| match (after, &item.column) {
        // What was granted on a column has gone with it.
        (ObjectRef::Table(table), Some(column)) => table.column(column).is_some(),
        _ => true,
    };
    let mut handed = old.acl.clone();
    handed.granted.retain(stays);
    hand_over(&mut handed, (old, new), after, &mut out);
    let mut acl = difference(&handed, &new.acl);
    let born = matches!(after, ObjectRef::Schema(s) if s.implicit);
    if old.owner.is_none() && new.owner.is_none() && !born {
        give_back(&mut acl, &handed, &new.acl);
    }
    out.extend(acl::privileges(after, &acl, dialect));
    out
}

/// Gives the object to its new owner, and `acl` with it. What he was granted is taken first: behind that it
/// would be the owner's.
fn hand_over(
    acl: &mut Acl,
    (old, new): (&Facets, &Facets),
    object: ObjectRef<'_>,
    out: &mut Vec<String>,
) {
    let dialect = Dialect::Postgres;
    // What has no owner belongs to whoever runs the statements.
    // Version 15 gave `public` to a role of every database's owner.
    let executor = Ident::new(match object {
        ObjectRef::Schema(s) if s.implicit && s.name == "public" => Dialect::DEFAULT_SCHEMA_OWNER,
        _ => "current_user",
    });
    let [from, to] = [old, new].map(|f| f.owner.as_ref().unwrap_or(&executor));
    if from == to {
        return;
    }
    let plain = |item: &AclItem| AclItem {
        grant_option: false,
        ..item.clone()
    };
    let his = acl.granted.difference(&new.acl.granted);
    let his = his.filter(|item| item.grantee == Grantee::Role(to.clone()));
    let taken = Acl {
        revoked: his.map(plain).collect(),
        ..Acl::default()
    };
    acl.granted.retain(|i| !taken.revoked.contains(&plain(i)));
    out.extend(acl::privileges(object, &taken, dialect));
    acl.change_hands(from, to);
    // The sequence of a column changes hands with its table.
    if !matches!(object, ObjectRef::Sequence(s) if s.owned_by.is_some()) {
        out.extend(owner_statement(object, to, dialect));
    }
}

/// What was taken from a role that may be the owner, whom nobody names, goes back to whoever runs the
/// statements: given to the role it would be too much where the role is not the owner.
fn give_back(acl: &mut Acl, before: &Acl, after: &Acl) {
    let executor = Grantee::Role(Ident::new("current_user"));
    for item in before.revoked.difference(&after.revoked) {
        if item.grantee == Grantee::Public {
            continue;
        }
        if !after.granted.contains(item) {
            acl.granted.remove(item);
        }
        acl.granted.insert(AclItem {
            grantee: executor.clone(),
            ..item.clone()
        });
    }
}

/// Whether owner, comments and privileges are equal.
pub fn is_described_alike(before: ObjectRef<'_>, after: ObjectRef<'_>) -> bool {
    comment(before) == comment(after)
        && before.facets() == after.facets()
        && parts(before) == parts(after)
        && match (before, after) {
            (ObjectRef::Table(b), ObjectRef::Table(a)) => {
                identity::changes(b, a, Dialect::Postgres).is_empty()
            }
            _ => true,
        }
        && !matches!(
            (before, after),
            (ObjectRef::DefaultPrivileges(b), ObjectRef::DefaultPrivileges(a)) if a != b
        )
}

/// What has to be granted and revoked to come from one to the other.
pub(crate) fn difference(before: &Acl, after: &Acl) -> Acl {
    let mut granted: BTreeSet<AclItem> =
        after.granted.difference(&before.granted).cloned().collect();
    granted.extend(before.revoked.difference(&after.revoked).cloned());
    let mut revoked: BTreeSet<AclItem> =
        after.revoked.difference(&before.revoked).cloned().collect();
    for mut item in before.granted.difference(&after.granted).cloned() {
        let plain = AclItem {
            grant_option: false,
            ..item.clone()
        };
        if item.grant_option && after.granted.contains(&plain) {
            // Only the option goes.
            granted.remove(&plain);
            revoked.insert(item);
        } else {
            item.grant_option = false;
            revoked.insert(item);
        }
    }
    // Whoever gets the option keeps the privilege meanwhile.
    revoked.retain(|item| {
        let with_option = AclItem {
            grant_option: true,
            ..item.clone()
        };
        item.grant_option || after.revoked.contains(item) || !granted.contains(&with_option)
    });
    Acl { granted, revoked }
}

type Comments<'a> = BTreeMap<(&'static str, &'a Ident), &'a str>;

/// Comments of columns, attributes and the checks of domains.
fn parts(object: ObjectRef<'_>) -> Comments<'_> {
    let mut all = Comments::new();
    match object {
        ObjectRef::Table(table) => {
            for column in &table.columns {
                if let Some(text) = &column.comment {
                    all.insert(("COLUMN", &column.name), text);
                }
            }
        }
        ObjectRef::View(view) => {
            let comments = view.column_comments.iter();
            all.extend(comments.map(|(c, t)| (("COLUMN", c), &**t)));
        }
        ObjectRef::Composite(composite) => {
            let comments = composite.attribute_comments.iter();
            all.extend(comments.map(|(c, t)| (("COLUMN", c), &**t)));
        }
        ObjectRef::Domain(domain) => {
            let checks = domain.checks.iter();
            all.extend(
                checks.filter_map(|c| Some((("CONSTRAINT", &c.name), c.comment.as_deref()?))),
            );
        }
        _ => {}
    }
    all
}

fn part_comments(before: ObjectRef<'_>, after: ObjectRef<'_>, dialect: Dialect) -> Vec<String> {
    let relation: &QualifiedName = match after {
        ObjectRef::Table(o) => &o.name,
        ObjectRef::View(o) => &o.name,
        ObjectRef::Composite(o) => &o.name,
        ObjectRef::Domain(o) => &o.name,
        _ => return Vec::new(),
    };
    let (old, new) = (parts(before), parts(after));
    let still_there = |name: &Ident| match after {
        ObjectRef::Table(t) => t.column(name).is_some(),
        ObjectRef::Composite(c) => c.attributes.iter().any(|(n, _, _)| n == name),
        ObjectRef::Domain(d) => d.checks.iter().any(|c| c.name == *name),
        _ => true,
    };
    let named = |kind: &str, name: &Ident| match kind {
        "COLUMN" => format!("{}.{}", dialect.quote_name(relation), dialect.quote(name)),
        _ => format!(
            "{} ON DOMAIN {}",
            dialect.quote(name),
            dialect.quote_name(relation)
        ),
    };
    let mut out = Vec::new();
    for ((kind, name), text) in &new {
        if old.get(&(*kind, *name)) != Some(text) {
            out.extend(comment_on(kind, &named(kind, name), Some(text), dialect));
        }
    }
    for (kind, name) in old.keys() {
        if !new.contains_key(&(*kind, *name)) && still_there(name) {
            out.extend(comment_on(kind, &named(kind, name), None, dialect));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acl(granted: &[(&str, &str, bool)]) -> Acl {
        let item = |(who, privilege, grant_option): &(&str, &str, bool)| AclItem {
            grantee: Grantee::Role((*who).into()),
            column: None,
            privilege: (*privilege).into(),
            grant_option: *grant_option,
        };
        Acl {
            granted: granted.iter().map(item).collect(),
            revoked: BTreeSet::new(),
        }
    }

    #[test]
    fn only_what_differs_is_granted_and_revoked() {
        let change = difference(
            &acl(&[("a", "SELECT", false), ("b", "SELECT", false)]),
            &acl(&[("b", "SELECT", false), ("c", "SELECT", false)]),
        );
        assert_eq!(change.granted, acl(&[("c", "SELECT", false)]).granted);
        assert_eq!(change.revoked, acl(&[("a", "SELECT", false)]).granted);
    }

    #[test]
    fn an_option_comes_and_goes_without_taking_the_privilege() {
        let (plain, option) = (
            acl(&[("a", "SELECT", false)]),
            acl(&[("a", "SELECT", true)]),
        );
        let up = difference(&plain, &option);
        assert_eq!((up.granted, up.revoked.len()), (option.granted.clone(), 0));
        let down = difference(&option, &plain);
        assert_eq!((down.granted.len(), down.revoked), (0, option.granted));
    }

    #[test]
    fn what_an_unnamed_owner_may_have_lost_goes_to_whoever_runs_it() {
        let taken = Acl {
            revoked: acl(&[("a", "SELECT", false)]).granted,
            ..acl(&[("a", "SELECT", true)])
        };
        let mut change = difference(&taken, &Acl::default());
        give_back(&mut change, &taken, &Acl::default());
        assert_eq!(
            change.granted,
            acl(&[("current_user", "SELECT", false)]).granted
        );
        assert_eq!(change.revoked, acl(&[("a", "SELECT", false)]).granted);
    }
}
