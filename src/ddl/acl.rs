//! GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.

use std::collections::{BTreeMap, BTreeSet};

use super::fragments::join;
use super::subject::{grantee, has, role, subject};
use crate::dialect::{Capability, Dialect};
use crate::model::{Acl, AclItem, DefaultPrivileges, Grantee, Ident, ObjectKind, ObjectRef};

/// The statements that bring a fresh object to `acl`: what is revoked first, then what is granted.
pub fn privileges(object: ObjectRef<'_>, acl: &Acl, dialect: Dialect) -> Vec<String> {
    let (Some(subject), true) = (subject(object, dialect), has(dialect, Capability::Grants)) else {
        return Vec::new();
    };
    let words = grant_words(&subject.words);
    let target = format!("{words} {}", subject.name);
    changes("", acl, &target, words, dialect)
}

/// `ALTER DEFAULT PRIVILEGES`.
pub fn default_privileges(defaults: &DefaultPrivileges, dialect: Dialect) -> Vec<String> {
    let target = match defaults.kind {
        ObjectKind::Sequence => "SEQUENCES",
        ObjectKind::Function => "FUNCTIONS",
        ObjectKind::ShellType => "TYPES",
        ObjectKind::Schema => "SCHEMAS",
        _ => "TABLES",
    };
    let words = target.trim_end_matches('S');
    let mut prefix = String::from("ALTER DEFAULT PRIVILEGES ");
    if let Some(name) = &defaults.role {
        prefix.push_str(&format!("FOR ROLE {} ", role(name, dialect)));
    }
    if let Some(schema) = &defaults.schema {
        prefix.push_str(&format!("IN SCHEMA {} ", dialect.quote(schema)));
    }
    changes(&prefix, &defaults.acl, target, words, dialect)
}

fn changes(prefix: &str, acl: &Acl, target: &str, words: &str, dialect: Dialect) -> Vec<String> {
    let mut out = Vec::new();
    for ((who, grant_option), items) in grouped(&acl.revoked) {
        let list = privilege_list(&items, words, dialect);
        let option = if grant_option {
            "GRANT OPTION FOR "
        } else {
            ""
        };
        let who = grantee(who, dialect);
        out.push(format!(
            "{prefix}REVOKE {option}{list} ON {target} FROM {who}"
        ));
    }
    for ((who, grant_option), items) in grouped(&acl.granted) {
        let list = privilege_list(&items, words, dialect);
        let option = if grant_option {
            " WITH GRANT OPTION"
        } else {
            ""
        };
        let who = grantee(who, dialect);
        out.push(format!("{prefix}GRANT {list} ON {target} TO {who}{option}"));
    }
    out
}

type Grouped<'a> = BTreeMap<(&'a Grantee, bool), Vec<&'a AclItem>>;

fn grouped(items: &BTreeSet<AclItem>) -> Grouped<'_> {
    let mut groups = Grouped::new();
    for item in items {
        let key = (&item.grantee, item.grant_option);
        groups.entry(key).or_default().push(item);
    }
    groups
}

/// The words after ON. GRANT knows one word for all relations, and another one for servers.
fn grant_words(words: &str) -> &str {
    match words {
        "VIEW" | "MATERIALIZED VIEW" | "FOREIGN TABLE" => "TABLE",
        "SERVER" => "FOREIGN SERVER",
        "AGGREGATE" => "FUNCTION",
        other => other,
    }
}

/// `SELECT, UPDATE (a, b)`, in the manual's order; `ALL` where it is everything the kind has.
fn privilege_list(items: &[&AclItem], words: &str, dialect: Dialect) -> String {
    let mut columns: BTreeMap<(usize, &str), Vec<&Ident>> = BTreeMap::new();
    for item in items {
        let entry = columns
            .entry((rank(&item.privilege), &item.privilege))
            .or_default();
        entry.extend(&item.column);
    }
    let whole: BTreeSet<&str> = items
        .iter()
        .filter(|i| i.column.is_none())
        .map(|i| &*i.privilege)
        .collect();
    let all = every_privilege(words);
    if whole.len() == items.len() && all.len() > 1 && all.iter().all(|p| whole.contains(p)) {
        return "ALL".to_owned();
    }
    let whole = whole.iter().map(|p| ((rank(p), *p), (*p).to_owned()));
    let parts = columns
        .iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(key, names)| {
            let names = join(names.iter().map(|n| dialect.quote(n).into_owned()));
            (*key, format!("{} ({names})", key.1))
        });
    let mut entries: Vec<_> = whole.chain(parts).collect();
    entries.sort();
    join(entries.into_iter().map(|(_, text)| text))
}

/// The order of the manual's table 5.1.
pub(crate) fn rank(privilege: &str) -> usize {
    const ORDER: &[&str] = &[
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "TRUNCATE",
        "REFERENCES",
        "TRIGGER",
        "MAINTAIN",
        "USAGE",
        "CREATE",
    ];
    ORDER
        .iter()
        .position(|p| *p == privilege)
        .unwrap_or(ORDER.len())
}

/// What ALL stands for.
pub(crate) fn every_privilege(words: &str) -> &'static [&'static str] {
    match words {
        "TABLE" => &[
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "TRUNCATE",
            "REFERENCES",
            "TRIGGER",
        ],
        "SEQUENCE" => &["SELECT", "UPDATE", "USAGE"],
        "SCHEMA" => &["USAGE", "CREATE"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{QualifiedName, Table};

    fn item(who: &str, privilege: &str, column: Option<&str>) -> AclItem {
        AclItem {
            grantee: Grantee::Role(who.into()),
            column: column.map(Ident::new),
            privilege: privilege.into(),
            grant_option: false,
        }
    }

    fn printed(granted: &[AclItem], revoked: &[AclItem]) -> Vec<String> {
        let table = Table {
            name: QualifiedName::new("public", "tasks"),
            ..Table::default()
        };
        let acl = Acl {
            granted: granted.iter().cloned().collect(),
            revoked: revoked.iter().cloned().collect(),
        };
        privileges(ObjectRef::Table(&table), &acl, Dialect::Postgres)
    }

    #[test]
    fn one_statement_a_grantee_and_revokes_first() {
        let granted = [
            item("app", "UPDATE", Some("b")),
            item("app", "UPDATE", Some("a")),
            item("app", "SELECT", None),
            item("reader", "SELECT", None),
        ];
        assert_eq!(
            printed(&granted, &[item("old", "DELETE", None)]),
            [
                "REVOKE DELETE ON TABLE public.tasks FROM old",
                "GRANT SELECT, UPDATE (a, b) ON TABLE public.tasks TO app",
                "GRANT SELECT ON TABLE public.tasks TO reader",
            ]
        );
    }

    #[test]
    fn everything_is_all() {
        let all: Vec<_> = every_privilege("TABLE")
            .iter()
            .map(|p| item("app", p, None))
            .collect();
        assert_eq!(
            printed(&all, &[]),
            ["GRANT ALL ON TABLE public.tasks TO app"]
        );
    }

    #[test]
    fn default_privileges_name_role_and_schema() {
        let defaults = DefaultPrivileges {
            role: Some("owner".into()),
            schema: Some("app".into()),
            kind: ObjectKind::Function,
            acl: Acl {
                granted: [item("api", "EXECUTE", None)].into(),
                revoked: BTreeSet::new(),
            },
        };
        assert_eq!(
            default_privileges(&defaults, Dialect::Postgres),
            [
                "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA app GRANT EXECUTE ON FUNCTIONS TO api"
            ]
        );
    }
}
