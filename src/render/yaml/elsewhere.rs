//! Comments and privileges of what nobody creates: the schema that is there from the start, the
//! sequence of a serial column.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use super::pieces::Piece;
use super::said::{grantee, privilege_list};
use super::value::{Map, Value};
use crate::model::{AclItem, Facets, Grantee, ObjectId, ObjectKind, QualifiedName};

/// Entries of `comments:` and `grants:`.
pub(super) fn pieces(names: &Names<'_>) -> Vec<Piece> {
    let catalog = names.cx.catalog;
    let mut out = Vec::new();
    for schema in catalog.schemas.values().filter(|s| s.implicit) {
        let name = QualifiedName::bare(schema.name.clone());
        let id = ObjectId::new(ObjectKind::Schema, name);
        let on = format!("schema {}", names.dialect.quote(&schema.name));
        describe(&mut out, &id, &on, &schema.facets, "SCHEMA");
    }
    for sequence in catalog.sequences.values().filter(|s| names.is_serial(s)) {
        let id = ObjectId::new(ObjectKind::Sequence, sequence.name.clone());
        let on = format!("sequence {}", names.sql(&sequence.name));
        describe(&mut out, &id, &on, &sequence.facets, "SEQUENCE");
    }
    out
}

fn describe(out: &mut Vec<Piece>, id: &ObjectId, on: &str, facets: &Facets, kind: &str) {
    let mut piece = |section, key, value| {
        out.push(Piece {
            id: id.clone(),
            section,
            key,
            value,
        });
    };
    if let Some(comment) = &facets.comment {
        let value = super::said::comment(comment);
        piece("comments", Some(on.to_owned()), value);
    }
    for (items, revoke) in [(&facets.acl.revoked, true), (&facets.acl.granted, false)] {
        for map in by_role(items, kind) {
            let mut whole = Map::inline();
            whole.put("on", on);
            whole.entries.extend(map.entries);
            whole.put_flag("revoke", revoke);
            piece("grants", None, Value::Map(whole));
        }
    }
}

/// `to`, `privileges` and `grant_option`, an item for each role.
pub(super) fn by_role(items: &BTreeSet<AclItem>, kind: &str) -> Vec<Map> {
    let mut groups: BTreeMap<(&Grantee, bool), Vec<&AclItem>> = BTreeMap::new();
    for item in items {
        let group = groups
            .entry((&item.grantee, item.grant_option))
            .or_default();
        group.push(item);
    }
    let print = |((role, grant_option), items): ((&Grantee, bool), Vec<&AclItem>)| {
        let mut map = Map::inline();
        map.put("to", grantee(role));
        map.put("privileges", privilege_list(&items, kind));
        map.put_flag("grant_option", grant_option);
        map
    };
    groups.into_iter().map(print).collect()
}
