//! The objects of a catalog as entries of sections.

use super::layout::MAX_KEY;
use super::names::Names;
use super::value::{Map, Value};
use super::{elsewhere, rest};
use crate::model::{
    DefaultPrivileges, ObjectId, ObjectKind, ObjectRef, QualifiedName, Routine, RoutineKind,
    Sequence,
};

/// The keys of a file, in their order.
pub(super) const SECTIONS: [&str; 18] = [
    "schemas",
    "extensions",
    "enums",
    "domains",
    "composite_types",
    "range_types",
    "sequences",
    "tables",
    "virtual_tables",
    "views",
    "materialized_views",
    "functions",
    "procedures",
    "event_triggers",
    "sql",
    "comments",
    "grants",
    "default_privileges",
];

/// An entry of a section: of a list where it has no key.
pub(super) struct Piece {
    pub(super) id: ObjectId,
    pub(super) section: &'static str,
    pub(super) key: Option<String>,
    pub(super) value: Value,
}

/// Everything that the catalog holds and that is not somebody else's.
pub(super) fn pieces(names: &Names<'_>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = names
        .cx
        .catalog
        .objects()
        .into_iter()
        .filter(|(_, object)| !names.is_external(*object))
        .flat_map(|(id, object)| names.pieces_of(id, object))
        .collect();
    pieces.extend(elsewhere::pieces(names));
    pieces.extend(rest::statements(names).into_iter().map(|ddl| Piece {
        id: ddl.object,
        section: "sql",
        key: None,
        value: ddl.sql.into(),
    }));
    pieces
}

impl Names<'_> {
    fn pieces_of(&self, id: ObjectId, object: ObjectRef<'_>) -> Vec<Piece> {
        if let ObjectRef::DefaultPrivileges(defaults) = object {
            let values = self.default_privileges(defaults).into_iter();
            let piece = |value| Piece {
                id: id.clone(),
                section: "default_privileges",
                key: None,
                value,
            };
            return values.map(piece).collect();
        }
        let Some((section, key, value)) = self.entry(object) else {
            return Vec::new();
        };
        vec![Piece {
            id,
            section,
            key,
            value,
        }]
    }

    /// The section, key and value of an object that has a key of its own.
    pub(super) fn entry(
        &self,
        object: ObjectRef<'_>,
    ) -> Option<(&'static str, Option<String>, Value)> {
        let named = |section, name: &QualifiedName, value| (section, Some(self.key(name)), value);
        Some(match object {
            ObjectRef::Schema(o) if !o.implicit => {
                ("schemas", Some(o.name.to_string()), self.schema(o))
            }
            ObjectRef::Extension(o) => ("extensions", None, self.extension(o)),
            ObjectRef::Enum(o) => named("enums", &o.name, self.enumeration(o)),
            ObjectRef::Domain(o) => named("domains", &o.name, self.domain(o)),
            ObjectRef::Composite(o) => named("composite_types", &o.name, self.composite(o)),
            ObjectRef::Range(o) if self.is_plain_range(o) => {
                named("range_types", &o.name, self.range(o))
            }
            ObjectRef::Sequence(o) if !self.is_serial(o) => {
                named("sequences", &o.name, self.sequence(o))
            }
            ObjectRef::Table(o) if self.is_nested(o) => return None,
            ObjectRef::Table(o) => named("tables", &o.name, self.table(o)),
            ObjectRef::VirtualTable(o) => named("virtual_tables", &o.name, self.virtual_table(o)),
            ObjectRef::View(o) if o.materialized => {
                named("materialized_views", &o.name, self.view(o))
            }
            ObjectRef::View(o) => named("views", &o.name, self.view(o)),
            ObjectRef::Routine(o) if !self.is_verbatim(o) => {
                let overloaded = self.is_overloaded(o);
                let section = match o.kind {
                    RoutineKind::Function => "functions",
                    RoutineKind::Procedure => "procedures",
                };
                let key = self.routine_key(o, overloaded);
                (section, Some(key), self.routine_value(o, overloaded))
            }
            ObjectRef::EventTrigger(o) => (
                "event_triggers",
                Some(o.name.to_string()),
                self.event_trigger(o),
            ),
            _ => return None,
        })
    }

    /// What belongs to a schema of somebody else's is there already.
    fn is_external(&self, object: ObjectRef<'_>) -> bool {
        let catalog = self.cx.catalog;
        match object {
            ObjectRef::Schema(_) | ObjectRef::DefaultPrivileges(_) => false,
            ObjectRef::Extension(o) => catalog.is_external(&QualifiedName::bare(o.name.clone())),
            other => {
                crate::ddl::name_in_schema(other).is_some_and(|name| catalog.is_external(name))
            }
        }
    }

    /// Whether the sequence is what its column's `serial` makes.
    pub(super) fn is_serial(&self, sequence: &Sequence) -> bool {
        let Some((table, column)) = &sequence.owned_by else {
            return false;
        };
        let Some(table) = self.cx.catalog.tables.get(table) else {
            return false;
        };
        let made = crate::dialect::sequence_name(&table.name, column);
        sequence.name == made
            && table
                .column(column)
                .is_some_and(|c| self.serial(table, c).is_some())
    }

    fn is_overloaded(&self, routine: &Routine) -> bool {
        let first = (routine.name.clone(), Box::from(""));
        let same = self.cx.catalog.routines.range(first..);
        same.take_while(|((name, _), _)| *name == routine.name)
            .count()
            > 1
    }

    /// Whether the key of a routine would be longer than YAML takes.
    pub(super) fn is_verbatim(&self, routine: &Routine) -> bool {
        let overloaded = self.is_overloaded(routine);
        overloaded && self.routine_key(routine, overloaded).len() > MAX_KEY
    }

    /// An item for what is revoked, then for what is granted, a role and grant option.
    fn default_privileges(&self, defaults: &DefaultPrivileges) -> Vec<Value> {
        let on = match defaults.kind {
            ObjectKind::Sequence => "sequences",
            ObjectKind::Function => "functions",
            ObjectKind::ShellType => "types",
            ObjectKind::Schema => "schemas",
            _ => "tables",
        };
        let kind = on.to_ascii_uppercase();
        let kind = kind.trim_end_matches('S');
        let mut out = Vec::new();
        for (items, revoke) in [
            (&defaults.acl.revoked, true),
            (&defaults.acl.granted, false),
        ] {
            for by_role in elsewhere::by_role(items, kind) {
                let mut map = Map::inline();
                map.put("on", on);
                map.put_some("in", defaults.schema.as_deref());
                map.put_some("for", defaults.role.as_deref());
                map.entries.extend(by_role.entries);
                map.put_flag("revoke", revoke);
                out.push(map.into());
            }
        }
        out
    }
}
