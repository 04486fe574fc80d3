//! What CREATE cannot say, for every kind: settings by ALTER, comments of parts.

use super::{Context, operators, schemas, subject, tables, text_search, triggers, types, views};
use crate::dialect::Dialect;
use crate::model::{Ident, ObjectRef};

/// What CREATE cannot say, for every kind.
pub(super) fn alterations(cx: &Context<'_>, object: ObjectRef<'_>) -> Vec<String> {
    let dialect = cx.dialect;
    let one = |statement: Option<String>| statement.into_iter().collect();
    match object {
        ObjectRef::Table(o) => tables::alterations(cx, o),
        ObjectRef::Domain(o) => types::domain_alterations(o, dialect),
        ObjectRef::View(o) => views::alterations(o, dialect),
        ObjectRef::TextSearch(o) => text_search::mappings(o, dialect),
        ObjectRef::OperatorFamily(o) => one(operators::family_items(o, dialect)),
        ObjectRef::Statistics(o) => one(schemas::statistics_target(o, dialect)),
        ObjectRef::Trigger(relation, o) => triggers::alterations(relation, o, dialect),
        ObjectRef::Rule(relation, o) => one(triggers::rule_alterations(relation, o, dialect)),
        ObjectRef::EventTrigger(o) => one(triggers::event_trigger_alterations(o, dialect)),
        _ => Vec::new(),
    }
}

/// Comments of columns and attributes.
pub(super) fn part_comments(object: ObjectRef<'_>, dialect: Dialect) -> Vec<String> {
    let (relation, comments): (_, Vec<(&Ident, &str)>) = match object {
        ObjectRef::Table(table) => {
            let columns = table.columns.iter();
            let comments = columns.filter_map(|c| Some((&c.name, c.comment.as_deref()?)));
            (&table.name, comments.collect())
        }
        ObjectRef::View(view) => {
            let comments = view.column_comments.iter();
            (&view.name, comments.map(|(c, t)| (c, &**t)).collect())
        }
        ObjectRef::Composite(composite) => {
            let comments = composite.attribute_comments.iter();
            (&composite.name, comments.map(|(c, t)| (c, &**t)).collect())
        }
        _ => return Vec::new(),
    };
    let relation = dialect.quote_name(relation);
    let print = |(column, text): (&Ident, &str)| {
        let column = format!("{relation}.{}", dialect.quote(column));
        subject::comment_on("COLUMN", &column, Some(text), dialect)
    };
    comments.into_iter().filter_map(print).collect()
}
