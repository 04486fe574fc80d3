//! What has no keys: the statements under `sql:`.

use super::names::Names;
use crate::ddl::{self, Ddl};
use crate::model::{ObjectId, ObjectKind, ObjectRef};

/// The statements that make what the other sections leave out, in an order in which they run.
pub(super) fn statements(names: &Names<'_>) -> Vec<Ddl> {
    let catalog = names.cx.catalog;
    let all = ddl::statements(catalog, names.cx.graph, names.dialect);
    let mut out: Vec<Ddl> = all.into_iter().filter(|d| is_rest(names, d)).collect();
    for table in catalog.tables.values() {
        let id = ObjectId::table(&table.name);
        if catalog.is_external(&table.name) {
            continue;
        }
        let described = ddl::identity_statements(table, names.dialect);
        let dropped = names.dropped_defaults(table).into_iter();
        out.extend(dropped.chain(described).map(|sql| Ddl {
            object: id.clone(),
            sql,
        }));
    }
    for view in catalog.views.values() {
        if catalog.is_external(&view.name) {
            continue;
        }
        let targets = ddl::view_statistics(view, names.dialect);
        let replaced = ddl::view_replacement(view, names.dialect);
        let object = ObjectId::new(ObjectKind::MaterializedView, view.name.clone());
        out.extend(replaced.into_iter().chain(targets).map(|sql| Ddl {
            object: object.clone(),
            sql,
        }));
    }
    out.extend(triggers_of_extensions(names));
    out
}

/// `ALTER TRIGGER ... DEPENDS ON EXTENSION`.
fn triggers_of_extensions(names: &Names<'_>) -> Vec<Ddl> {
    let mut out = Vec::new();
    for (id, object) in names.cx.catalog.objects() {
        let ObjectRef::Trigger(relation, trigger) = object else {
            continue;
        };
        let Some(extension) = &trigger.extension else {
            continue;
        };
        let quote = |name: &str| names.dialect.quote(name).into_owned();
        out.push(Ddl {
            object: id,
            sql: format!(
                "ALTER TRIGGER {} ON {} DEPENDS ON EXTENSION {}",
                quote(&trigger.name),
                names.dialect.quote_name(relation),
                quote(extension)
            ),
        });
    }
    out
}

/// Whether no other section has the object.
fn is_rest(names: &Names<'_>, ddl: &Ddl) -> bool {
    let (catalog, id) = (names.cx.catalog, &ddl.object);
    match id.kind {
        ObjectKind::Language
        | ObjectKind::Collation
        | ObjectKind::ShellType
        | ObjectKind::Aggregate
        | ObjectKind::Operator
        | ObjectKind::OperatorFamily
        | ObjectKind::OperatorClass
        | ObjectKind::AccessMethod
        | ObjectKind::Cast
        | ObjectKind::Conversion
        | ObjectKind::TextSearch
        | ObjectKind::ForeignDataWrapper
        | ObjectKind::ForeignServer
        | ObjectKind::UserMapping
        | ObjectKind::Statistics
        | ObjectKind::Rule
        | ObjectKind::Publication
        | ObjectKind::Subscription
        | ObjectKind::Opaque
        | ObjectKind::Kept => true,
        ObjectKind::Schema => {
            // Its comment and privileges have keys.
            let schema = catalog.schemas.get(&id.name.name);
            schema.is_some_and(|s| s.implicit) && ddl.sql.starts_with("ALTER ")
        }
        ObjectKind::Range => {
            let range = catalog.ranges.get(&id.name);
            range.is_some_and(|r| !names.is_plain_range(r))
        }
        ObjectKind::Function | ObjectKind::Procedure => {
            let key = (id.name.clone(), id.signature.clone().unwrap_or_default());
            let routine = catalog.routines.get(&key);
            routine.is_some_and(|r| names.is_verbatim(r))
        }
        _ => false,
    }
}
