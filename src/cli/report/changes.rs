//! What differs between two schemas, for people: by schema and object.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::dialect::Dialect;
use crate::diff::Comparison;
use crate::diff::words::{is_short, phrase, said};
use crate::model::{Catalog, Change, ChangeKind, Difference, ObjectId, ObjectKind, Pair, Value};

const GREEN: &str = "\x1b[32m";
const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";
const CYAN: &str = "\x1b[36m";
const BOLD: &str = "\x1b[1m";
const RESET: &str = "\x1b[0m";

/// The changes of one object and of its parts.
#[derive(Default)]
struct Group<'a> {
    own: Vec<&'a Change>,
    parts: Vec<&'a Change>,
}

/// The changes for people; nothing where there are none.
pub(in crate::cli) fn text(
    comparison: &Comparison,
    catalogs: Pair<&Catalog>,
    dialect: Dialect,
) -> String {
    let relations = relations(catalogs);
    let mut schemas: BTreeMap<&str, BTreeMap<ObjectId, Group<'_>>> = BTreeMap::new();
    for change in &comparison.changes {
        let whole = whole(&change.id, &relations);
        let group = schemas.entry(change.id.name.schema_str()).or_default();
        let group = group.entry(whole.clone()).or_default();
        match whole == change.id {
            true => group.own.push(change),
            false => group.parts.push(change),
        }
    }
    let mut out = String::new();
    let printer = Printer { catalogs, dialect };
    for (schema, objects) in schemas {
        if !out.is_empty() {
            out.push('\n');
        }
        let mut indent = "";
        if !schema.is_empty() {
            let _ = writeln!(out, "{BOLD}schema {schema}{RESET}");
            indent = "  ";
        }
        for (whole, group) in objects {
            printer.group(&mut out, indent, &whole, &group);
        }
    }
    questions(&mut out, comparison);
    out
}

/// The relation of each index, on either side.
type Relations = BTreeMap<ObjectId, ObjectId>;

fn relations(catalogs: Pair<&Catalog>) -> Relations {
    let mut relations = Relations::new();
    for catalog in [catalogs.before, catalogs.after] {
        let of_tables = catalog
            .tables
            .values()
            .map(|t| (ObjectId::table(&t.name), &t.indexes));
        let of_views = catalog.views.values().map(|v| {
            let id = ObjectId::new(ObjectKind::MaterializedView, v.name.clone());
            (id, &v.indexes)
        });
        for (relation, indexes) in of_tables.chain(of_views) {
            for index in indexes {
                let name = relation.name.sibling(index.name.clone());
                relations.insert(ObjectId::index(&name), relation.clone());
            }
        }
    }
    relations
}

/// The object that a part is shown under.
fn whole(id: &ObjectId, relations: &Relations) -> ObjectId {
    let kind = match id.kind {
        ObjectKind::Index => return relations.get(id).unwrap_or(id).clone(),
        ObjectKind::Enum | ObjectKind::Composite => id.kind,
        ObjectKind::Column
        | ObjectKind::Constraint
        | ObjectKind::Trigger
        | ObjectKind::Rule
        | ObjectKind::Policy => ObjectKind::Table,
        _ => return id.clone(),
    };
    ObjectId::new(kind, id.name.clone())
}

struct Printer<'a> {
    catalogs: Pair<&'a Catalog>,
    dialect: Dialect,
}

impl Printer<'_> {
    fn group(&self, out: &mut String, indent: &str, whole: &ObjectId, group: &Group<'_>) {
        let whole = self.exact(whole);
        let deeper = format!("{indent}    ");
        let mut headed = false;
        for change in &group.own {
            let name = object_name(&change.id);
            self.change(out, indent, change, &format!("{} {name}", change.id.kind));
            headed |= !matches!(change.kind, ChangeKind::Rename { .. });
        }
        if !headed && !group.parts.is_empty() {
            let name = object_name(&whole);
            let _ = writeln!(out, "{indent}{YELLOW}~{RESET} {} {name}", whole.kind);
        }
        for change in &group.parts {
            self.change(out, &deeper, change, &self.part_name(change));
        }
    }

    /// The kind of a relation whose parts changed, which the identity of a part does not say.
    fn exact(&self, whole: &ObjectId) -> ObjectId {
        let catalog = self.catalogs.after;
        let kind = match whole.kind {
            ObjectKind::Table if catalog.views.contains_key(&whole.name) => {
                match catalog.views[&whole.name].materialized {
                    true => ObjectKind::MaterializedView,
                    false => ObjectKind::View,
                }
            }
            ObjectKind::Table if catalog.domains.contains_key(&whole.name) => ObjectKind::Domain,
            kind => kind,
        };
        ObjectId::new(kind, whole.name.clone())
    }

    fn change(&self, out: &mut String, indent: &str, change: &Change, what: &str) {
        match &change.kind {
            ChangeKind::Create => {
                let _ = writeln!(out, "{indent}{GREEN}+ {what}{RESET}");
            }
            ChangeKind::Drop => {
                let _ = writeln!(out, "{indent}{RED}- {what}{RESET}");
            }
            ChangeKind::Rename { because } => {
                let was = change.was.as_ref().map(|was| renamed_from(was, &change.id));
                let because = match because {
                    Some(because) => format!(" (follows {})", because.kind),
                    None => String::new(),
                };
                let was = was.unwrap_or_default();
                let _ = writeln!(out, "{indent}{CYAN}> {what}{RESET}, was {was}{because}");
            }
            ChangeKind::Alter(differences) => {
                let _ = write!(out, "{indent}{YELLOW}~{RESET} {what}");
                let (short, long): (Vec<_>, Vec<_>) = differences.iter().partition(|d| is_short(d));
                let short: Vec<String> = short.into_iter().map(phrase).collect();
                if !short.is_empty() {
                    let _ = write!(out, ": {}", short.join(", "));
                }
                out.push('\n');
                for difference in long {
                    lines(out, &format!("{indent}    "), difference);
                }
            }
        }
    }

    /// `column email varchar(255) not null` where it is new, `column email` where it is not.
    fn part_name(&self, change: &Change) -> String {
        let id = &change.id;
        let word = match id.kind {
            ObjectKind::Enum => "value",
            ObjectKind::Composite => "attribute",
            kind => kind.as_str(),
        };
        let name = match (&id.member, &id.signature) {
            (Some(member), Some(signature)) if member.is_empty() => signature.to_string(),
            (Some(member), _) => member.to_string(),
            (None, _) => id.name.name.to_string(),
        };
        let mut text = format!("{word} {name}");
        if change.kind == ChangeKind::Create {
            text.push_str(&self.description(id).unwrap_or_default());
        }
        text
    }

    fn description(&self, id: &ObjectId) -> Option<String> {
        let member = id.member.as_ref()?;
        match id.kind {
            ObjectKind::Column => {
                let column = self.catalogs.after.tables.get(&id.name)?.column(member)?;
                let data_type = match self.dialect {
                    Dialect::Postgres => self.dialect.short_type(&column.data_type),
                    Dialect::Sqlite => self.dialect.print_type(&column.data_type),
                };
                let not_null = if column.not_null { " not null" } else { "" };
                Some(format!(" {data_type}{not_null}"))
            }
            ObjectKind::Enum => {
                let values = &self.catalogs.after.enums.get(&id.name)?.values;
                let at = values.iter().position(|v| **v == **member)?;
                Some(match at.checked_sub(1).and_then(|n| values.get(n)) {
                    Some(before) => format!(" after {before}"),
                    None => " first".to_owned(),
                })
            }
            _ => None,
        }
    }
}

/// The old name, qualified where the schema is another.
fn renamed_from(was: &ObjectId, now: &ObjectId) -> String {
    match &was.member {
        Some(member) => member.to_string(),
        None if was.name.schema == now.name.schema => was.name.name.to_string(),
        None => was.name.to_string(),
    }
}

/// The name below the schema's heading, with what tells overloads apart.
fn object_name(id: &ObjectId) -> String {
    let mut bare = id.clone();
    if id.kind == ObjectKind::DefaultPrivileges {
        let role = if id.name.name.is_empty() {
            "the executor"
        } else {
            id.name.name.as_str()
        };
        return format!(
            "of {role} on {}s",
            id.signature.as_deref().unwrap_or_default()
        );
    }
    bare.name.schema = None;
    bare.path()
}

/// A long text, line by line.
fn lines(out: &mut String, indent: &str, difference: &Difference) {
    let _ = writeln!(out, "{indent}{}:", difference.property);
    let text = |value: &Value| match value {
        Value::Absent => String::new(),
        value => said(value),
    };
    let (before, after) = (text(&difference.before), text(&difference.after));
    let lines = similar::TextDiff::from_lines(before.as_str(), after.as_str());
    for hunk in lines.unified_diff().context_radius(2).iter_hunks() {
        for line in hunk.iter_changes() {
            let (color, mark) = match line.tag() {
                similar::ChangeTag::Insert => (GREEN, '+'),
                similar::ChangeTag::Delete => (RED, '-'),
                similar::ChangeTag::Equal => ("", ' '),
            };
            let line = line.value().trim_end_matches(['\n', '\r']);
            let _ = writeln!(out, "{indent}  {color}{mark} {line}{RESET}");
        }
    }
}

fn questions(out: &mut String, comparison: &Comparison) {
    for question in &comparison.questions {
        let (dropped, created, old) = (&question.dropped, &question.created, question.old());
        let _ = writeln!(
            out,
            "\n{CYAN}?{RESET} {created} may be {dropped} renamed: say `renamed_from: {old}` where it is, \
             `replaces: {old}` where it is not"
        );
    }
}

/// How many things of each sort there are.
pub(super) fn counts(comparison: &Comparison) -> [(&'static str, usize); 4] {
    let count = |wanted: fn(&ChangeKind) -> bool| {
        let changes = comparison.changes.iter();
        changes.filter(|c| wanted(&c.kind)).count()
    };
    [
        ("created", count(|k| matches!(k, ChangeKind::Create))),
        ("dropped", count(|k| matches!(k, ChangeKind::Drop))),
        ("renamed", count(|k| matches!(k, ChangeKind::Rename { .. }))),
        ("altered", count(|k| matches!(k, ChangeKind::Alter(_)))),
    ]
}

/// `1 created, 2 altered`.
pub(in crate::cli) fn summary(comparison: &Comparison) -> String {
    let counts = counts(comparison);
    let counts = counts.iter().filter(|(_, count)| *count > 0);
    let parts: Vec<String> = counts
        .map(|(what, count)| format!("{count} {what}"))
        .collect();
    match parts.is_empty() {
        true => "no differences".to_owned(),
        false => parts.join(", "),
    }
}
