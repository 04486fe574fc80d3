//! GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.

use super::cursor::{Cursor, Parsed};
use super::statement::Outcome;
use super::target::target;
use crate::model::{AclItem, Grantee, Ident, ObjectKind, QualifiedName};
use crate::source::{SkipReason, Statement, Target};

/// A privilege with its columns; no columns means the whole object.
struct Privilege {
    word: String,
    columns: Vec<Ident>,
}

/// What a GRANT or REVOKE is about.
enum Subject {
    Targets(Vec<Target>),
    AllInSchemas(Target, Vec<Ident>),
    /// A database, a parameter, a tablespace.
    Cluster,
}

/// A whole GRANT or REVOKE.
pub(super) fn grant(c: &mut Cursor<'_>) -> Parsed<Outcome> {
    let revoke = c.is("revoke");
    c.advance();
    let only_option = c.accept("grant option for");
    let options = ["admin option for", "inherit option for", "set option for"];
    if c.accept_any(&options).is_some() || is_membership(c) {
        return Ok(Outcome::Skip(SkipReason::Cluster));
    }
    let privileges = privileges(c)?;
    c.expect("on")?;
    let subject = subject(c)?;
    let items = items(c, &privileges, revoke)?;
    c.expect_end()?;
    let (targets, all_in_schemas) = match subject {
        Subject::Cluster => return Ok(Outcome::Skip(SkipReason::Cluster)),
        Subject::Targets(targets) => (targets, Vec::new()),
        Subject::AllInSchemas(target, schemas) => (vec![target], schemas),
    };
    Ok(Outcome::Statement(Statement::Grant {
        targets,
        items,
        revoke,
        only_option,
        all_in_schemas,
    }))
}

/// `GRANT role TO role` has no ON.
fn is_membership(c: &Cursor<'_>) -> bool {
    let mut ahead = c.clone();
    while !ahead.at_end() {
        if ahead.is("on") {
            return false;
        }
        if ahead.is("to") || ahead.is("from") {
            return true;
        }
        ahead.advance();
    }
    false
}

fn privileges(c: &mut Cursor<'_>) -> Parsed<Vec<Privilege>> {
    c.comma_separated(|c| {
        let mut word = String::new();
        if c.accept("all") {
            c.accept("privileges");
            word.push_str("ALL");
        } else {
            // ALTER SYSTEM is the one privilege of two words.
            while c.is_identifier() && !c.is("on") {
                if !word.is_empty() {
                    word.push(' ');
                }
                word.push_str(&c.text().to_uppercase());
                c.advance();
            }
        }
        if word.is_empty() {
            return Err(c.expected("a privilege"));
        }
        let columns = if c.is("(") {
            c.ident_list()?
        } else {
            Vec::new()
        };
        Ok(Privilege { word, columns })
    })
}

fn subject(c: &mut Cursor<'_>) -> Parsed<Subject> {
    if c.is_any(&["database", "tablespace", "parameter"])
        && (c.is_at(1, "to") || c.is_at(1, "from") || c.is_at(1, ","))
    {
        // A table may have such a name.
        return relations(c);
    }
    let cluster = ["database", "tablespace", "parameter", "large object"];
    if c.accept_any(&cluster).is_some() {
        while !c.at_end() && !c.is_any(&["to", "from"]) {
            c.advance();
        }
        return Ok(Subject::Cluster);
    }
    if let Some(found) = all_in_schemas(c)? {
        return Ok(found);
    }
    let kinds: &[(&'static str, ObjectKind)] = &[
        ("foreign data wrapper", ObjectKind::ForeignDataWrapper),
        ("foreign server", ObjectKind::ForeignServer),
        ("table", ObjectKind::Table),
        ("sequence", ObjectKind::Sequence),
        ("function", ObjectKind::Function),
        ("procedure", ObjectKind::Procedure),
        ("routine", ObjectKind::Function),
        ("domain", ObjectKind::Domain),
        ("type", ObjectKind::ShellType),
        ("language", ObjectKind::Language),
        ("schema", ObjectKind::Schema),
    ];
    let named = |c: &Cursor<'_>| !(c.is_at(1, "to") || c.is_at(1, "from") || c.is_at(1, ","));
    for (words, kind) in kinds {
        if named(c) && c.accept(words) {
            let targets = c.comma_separated(|c| target(c, *kind, words))?;
            return Ok(Subject::Targets(targets));
        }
    }
    relations(c)
}

fn relations(c: &mut Cursor<'_>) -> Parsed<Subject> {
    let targets = c.comma_separated(|c| Ok(Target::new(ObjectKind::Table, c.name()?)))?;
    Ok(Subject::Targets(targets))
}

/// `ALL TABLES IN SCHEMA a, b`
fn all_in_schemas(c: &mut Cursor<'_>) -> Parsed<Option<Subject>> {
    let kinds: &[(&str, ObjectKind)] = &[
        ("all tables in schema", ObjectKind::Table),
        ("all sequences in schema", ObjectKind::Sequence),
        ("all functions in schema", ObjectKind::Function),
        ("all procedures in schema", ObjectKind::Procedure),
        ("all routines in schema", ObjectKind::Function),
    ];
    let Some((words, kind)) = kinds.iter().find(|(words, _)| c.accept(words)) else {
        return Ok(None);
    };
    let mut target = Target::new(*kind, QualifiedName::default());
    if words.starts_with("all routines") {
        target.detail = Some("routine".into());
    }
    let schemas = c.comma_separated(Cursor::ident)?;
    Ok(Some(Subject::AllInSchemas(target, schemas)))
}

/// `TO a, b [WITH GRANT OPTION]` or `FROM a, b [CASCADE]`, as one item a grantee, privilege and
/// column.
fn items(c: &mut Cursor<'_>, privileges: &[Privilege], revoke: bool) -> Parsed<Vec<AclItem>> {
    c.expect(if revoke { "from" } else { "to" })?;
    let grantees = c.comma_separated(grantee)?;
    let grant_option = !revoke && c.accept("with grant option");
    if c.accept("granted by") {
        c.ident()?;
    }
    c.accept_any(&["cascade", "restrict"]);
    let mut items = Vec::new();
    for grantee in &grantees {
        for Privilege { word, columns } in privileges {
            let item = |column| AclItem {
                grantee: grantee.clone(),
                column,
                privilege: word.as_str().into(),
                grant_option,
            };
            if columns.is_empty() {
                items.push(item(None));
            }
            items.extend(columns.iter().map(|column| item(Some(column.clone()))));
        }
    }
    Ok(items)
}

/// A role, `PUBLIC`, or a word for whoever runs the statement.
pub(super) fn grantee(c: &mut Cursor<'_>) -> Parsed<Grantee> {
    if c.is("group") && !(c.is_at(1, ",") || c.text_at(1).is_empty()) {
        c.advance();
    }
    if c.accept("public") {
        return Ok(Grantee::Public);
    }
    Ok(Grantee::Role(if c.accept("user") {
        Ident::new("current_user")
    } else {
        c.ident()?
    }))
}

/// What follows `ALTER DEFAULT PRIVILEGES`.
pub(super) fn default_privileges(c: &mut Cursor<'_>) -> Parsed<Outcome> {
    let (mut roles, mut schemas) = (Vec::new(), Vec::new());
    loop {
        if c.accept("for role") || c.accept("for user") {
            roles = c.comma_separated(Cursor::ident)?;
        } else if c.accept("in schema") {
            schemas = c.comma_separated(Cursor::ident)?;
        } else {
            break;
        }
    }
    let revoke = match c.accept_any(&["grant", "revoke"]) {
        Some(word) => word == "revoke",
        None => return Err(c.expected("GRANT or REVOKE")),
    };
    let only_option = revoke && c.accept("grant option for");
    let privileges = privileges(c)?;
    c.expect("on")?;
    let kinds = [
        "tables",
        "sequences",
        "functions",
        "routines",
        "types",
        "schemas",
    ];
    let kind = match c.accept_any(&kinds) {
        Some("tables") => ObjectKind::Table,
        Some("sequences") => ObjectKind::Sequence,
        Some("functions" | "routines") => ObjectKind::Function,
        Some("types") => ObjectKind::ShellType,
        Some(_) => ObjectKind::Schema,
        None => return Err(c.expected("TABLES, SEQUENCES, FUNCTIONS, TYPES or SCHEMAS")),
    };
    let items = items(c, &privileges, revoke)?;
    c.expect_end()?;
    Ok(Outcome::Statement(Statement::DefaultPrivileges {
        roles,
        schemas,
        kind,
        items,
        revoke,
        only_option,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{error_of, read_text, statement_of};
    use super::*;

    #[test]
    fn an_item_a_grantee_privilege_and_column() {
        let Statement::Grant {
            targets,
            items,
            revoke,
            ..
        } = statement_of("GRANT SELECT (a, b), INSERT ON t, app.u TO x, PUBLIC WITH GRANT OPTION")
        else {
            panic!("no GRANT")
        };
        assert_eq!((targets.len(), items.len(), revoke), (2, 6, false));
        assert!(items.iter().all(|i| i.grant_option));
        assert_eq!(items[5].grantee, Grantee::Public);
        assert_eq!((&*items[2].privilege, &items[2].column), ("INSERT", &None));
    }

    #[test]
    fn all_of_a_schema_names_only_the_kind() {
        let Statement::Grant {
            targets,
            all_in_schemas,
            items,
            revoke,
            ..
        } = statement_of("REVOKE ALL PRIVILEGES ON ALL FUNCTIONS IN SCHEMA a, b FROM x CASCADE")
        else {
            panic!("no REVOKE")
        };
        assert_eq!(targets[0].kind, ObjectKind::Function);
        assert_eq!(all_in_schemas, ["a", "b"]);
        assert!(revoke && &*items[0].privilege == "ALL");
    }

    #[test]
    fn targets_of_every_kind() {
        for (target, kind) in [
            ("FUNCTION f(int, text)", ObjectKind::Function),
            ("SCHEMA a", ObjectKind::Schema),
            ("FOREIGN SERVER s", ObjectKind::ForeignServer),
            ("TYPE t", ObjectKind::ShellType),
            ("SEQUENCE a.s", ObjectKind::Sequence),
            ("\"table\"", ObjectKind::Table),
        ] {
            let Statement::Grant { targets, .. } =
                statement_of(&format!("GRANT ALL ON {target} TO x"))
            else {
                panic!("no GRANT")
            };
            assert_eq!(targets[0].kind, kind, "{target}");
        }
    }

    #[test]
    fn what_belongs_to_the_cluster_is_skipped() {
        for text in [
            "GRANT app TO me WITH ADMIN OPTION",
            "REVOKE ADMIN OPTION FOR app FROM me",
            "GRANT CONNECT ON DATABASE d TO x",
            "GRANT SET ON PARAMETER work_mem TO x",
        ] {
            let read = read_text(text);
            assert!(read.diagnostics.is_empty(), "{text}");
            assert_eq!(read.statistics.skipped[&SkipReason::Cluster], 1, "{text}");
        }
    }

    #[test]
    fn default_privileges_name_roles_and_schemas() {
        let Statement::DefaultPrivileges {
            roles,
            schemas,
            kind,
            items,
            revoke,
            ..
        } = statement_of(
            "ALTER DEFAULT PRIVILEGES FOR ROLE a, b IN SCHEMA s REVOKE EXECUTE ON ROUTINES FROM PUBLIC",
        )
        else {
            panic!("no default privileges")
        };
        assert_eq!((roles.len(), schemas.len()), (2, 1));
        assert_eq!(kind, ObjectKind::Function);
        assert!(revoke && items.len() == 1);
    }

    #[test]
    fn a_grant_without_a_grantee_is_an_error() {
        assert!(error_of("GRANT SELECT ON t").contains("TO"));
    }
}
