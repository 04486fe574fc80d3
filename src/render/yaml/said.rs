//! What is said about every kind: comment, owner, privileges, and what the database does not store.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use super::value::{Map, Value, one_or_list, texts};
use crate::ddl::{every_privilege, privilege_rank};
use crate::model::{Acl, AclItem, Facets, Grantee, Ident, Notes, ObjectId, ObjectKind};

/// `description:`, or nothing.
pub(super) fn describe(map: &mut Map, comment: Option<&str>) {
    map.put_some("description", comment.map(self::comment));
}

/// A comment. Line breaks at the end of a block scalar are the author's way of writing, not his
/// words.
pub(super) fn comment(text: &str) -> Value {
    if text.ends_with('\n') {
        Value::Quoted(text.to_owned())
    } else {
        text.into()
    }
}

/// Comment and owner.
pub(super) fn facets(map: &mut Map, facets: &Facets) {
    describe(map, facets.comment.as_deref());
    map.put_some("owner", facets.owner.as_deref());
}

/// `revokes:` and `grants:`; `kind` is the word after ON.
pub(super) fn privileges(map: &mut Map, acl: &Acl, kind: &str) {
    map.put_filled("revokes", by_role(&acl.revoked, kind));
    map.put_filled("grants", by_role(&acl.granted, kind));
}

fn by_role(items: &BTreeSet<AclItem>, kind: &str) -> Map {
    let mut roles: BTreeMap<&Grantee, (Vec<&AclItem>, Vec<&AclItem>)> = BTreeMap::new();
    for item in items {
        let (plain, passed_on) = roles.entry(&item.grantee).or_default();
        let list = if item.grant_option { passed_on } else { plain };
        list.push(item);
    }
    let mut map = Map::block();
    for (role, (plain, passed_on)) in roles {
        let role = grantee(role);
        if passed_on.is_empty() {
            map.put(role, privilege_list(&plain, kind));
            continue;
        }
        let mut both = Map::inline();
        if !plain.is_empty() {
            both.put("privileges", privilege_list(&plain, kind));
        }
        both.put("with_grant_option", privilege_list(&passed_on, kind));
        map.put(role, both);
    }
    map
}

pub(super) fn grantee(grantee: &Grantee) -> &str {
    match grantee {
        Grantee::Public => "public",
        Grantee::Role(role) => role,
    }
}

/// `all`, `select`, `[select, { update: [title] }]`.
pub(super) fn privilege_list(items: &[&AclItem], kind: &str) -> Value {
    let whole: BTreeSet<&str> = items
        .iter()
        .filter(|i| i.column.is_none())
        .map(|i| &*i.privilege)
        .collect();
    let all = every_privilege(kind);
    if whole.len() == items.len() && all.len() > 1 && all.iter().all(|p| whole.contains(p)) {
        return "all".into();
    }
    let mut columns: BTreeMap<&str, Vec<&Ident>> = BTreeMap::new();
    for item in items {
        if let Some(column) = &item.column {
            columns.entry(&item.privilege).or_default().push(column);
        }
    }
    let mut whole: Vec<&str> = whole.into_iter().collect();
    whole.sort_by_key(|p| privilege_rank(p));
    let mut list: Vec<Value> = whole
        .iter()
        .map(|p| p.to_ascii_lowercase().into())
        .collect();
    for (privilege, columns) in columns {
        let mut of_columns = Map::inline();
        of_columns.put(privilege.to_ascii_lowercase(), texts(columns));
        list.push(of_columns.into());
    }
    match list.as_slice() {
        [Value::Text(only)] => only.as_str().into(),
        _ => Value::List(list),
    }
}

impl Names<'_> {
    /// What an author said about an object beside its definition.
    pub(super) fn notes(&self, map: &mut Map, id: &ObjectId) {
        let Some(notes) = self.cx.catalog.notes(id) else {
            return;
        };
        let is_column = id.kind == ObjectKind::Column;
        let is_table = id.kind == ObjectKind::Table;
        let is_part = matches!(
            id.kind,
            ObjectKind::Constraint | ObjectKind::Trigger | ObjectKind::Policy
        );
        if id.kind == ObjectKind::Index {
            map.put_some("reason", notes.reason.as_deref());
        } else if !is_part {
            if !is_column {
                map.put_some("group", notes.group.as_deref());
            }
            map.put_some("replaces", notes.replaces.as_deref());
            map.put_some("deprecated", notes.deprecated.as_deref());
        }
        if !is_part {
            map.put_some("renamed_from", notes.renamed_from.as_deref());
        }
        if is_table {
            map.put_some("retention", notes.retention.as_deref());
            if notes.offline {
                map.put("online", Value::Boolean(false));
            }
            if let Some(history) = &notes.audit_table {
                let mut audit = Map::inline();
                audit.put("table", super::names::part(history));
                audit.put("made", Value::Boolean(false));
                map.put("audit", audit);
            }
            map.put_some("soft_delete", notes.soft_delete.as_deref());
            dependencies(map, notes);
        }
        if is_column {
            if notes.expands {
                map.put("strategy", "expand-contract");
            }
            map.put_some("using", notes.using.as_deref());
            map.put_some("using_back", notes.using_back.as_deref());
            map.put_flag("sensitive", notes.sensitive);
            map.put_flag("encrypted", notes.encrypted);
            map.put_flag("hashed", notes.hashed);
        }
        allows(map, notes);
    }

    /// Whether anything that [`Self::notes`] prints was said.
    pub(super) fn has_notes(&self, id: &ObjectId) -> bool {
        let mut map = Map::block();
        self.notes(&mut map, id);
        self.shape(&mut map, id);
        !map.is_empty()
    }

    /// `shape:` and `examples:` of a column. What the database checks of a shape stands among the
    /// checks, under its name.
    pub(super) fn shape(&self, map: &mut Map, id: &ObjectId) {
        let Some(notes) = self.cx.catalog.notes(id) else {
            return;
        };
        let shape = notes.shape.as_deref();
        if let Some(shape) = shape.and_then(|text| serde_json::from_str(text).ok()) {
            map.put("shape", of_json(&shape));
            map.put("check_shape", Value::Boolean(false));
        }
        let examples = notes.examples.iter().map(|e| Value::from(&**e));
        map.put_filled("examples", examples.collect::<Vec<_>>());
    }
}

fn dependencies(map: &mut Map, notes: &Notes) {
    let dependencies = notes.dependencies.iter().map(|d| {
        let mut item = Map::inline();
        item.put("from", texts(&d.from));
        item.put("to", texts(&d.to));
        Value::Map(item)
    });
    map.put_filled("dependencies", dependencies.collect::<Vec<_>>());
    let denormalized = notes.denormalized.iter().map(|(columns, reason)| {
        let mut item = Map::inline();
        item.put("columns", one_or_list(columns));
        item.put("reason", &**reason);
        Value::Map(item)
    });
    map.put_filled("denormalized", denormalized.collect::<Vec<_>>());
}

fn allows(map: &mut Map, notes: &Notes) {
    let allows = notes.allow.iter().map(|allow| {
        let mut item = Map::inline();
        item.put("rule", &*allow.rule);
        item.put_some("reason", allow.reason.as_deref());
        item.put_some("until", allow.until.as_deref());
        Value::Map(item)
    });
    map.put_filled("allow", allows.collect::<Vec<_>>());
}

/// A JSON value; its depth is that of the YAML or SQL it was read from, which is limited.
fn of_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Text("null".into()),
        serde_json::Value::Bool(holds) => Value::Boolean(*holds),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => Value::Literal(number.to_string()),
        },
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(of_json).collect()),
        serde_json::Value::Object(object) => {
            let mut map = Map::inline();
            for (key, value) in object {
                map.put(key.as_str(), of_json(value));
            }
            Value::Map(map)
        }
    }
}
