//! Publications and subscriptions.

use super::columns::list;
use super::fragments::{join, parenthesised, with_parameters};
use crate::dialect::Dialect;
use crate::model::{Publication, PublicationTable, Subscription};

/// `CREATE PUBLICATION`.
pub(super) fn create(publication: &Publication, dialect: Dialect) -> String {
    let mut text = format!("CREATE PUBLICATION {}", dialect.quote(&publication.name));
    let mut entries: Vec<String> = Vec::new();
    if publication.all_tables {
        entries.push("ALL TABLES".to_owned());
    }
    let tables = publication.tables.iter().enumerate();
    // The word stands once: before version 15 it may not be repeated.
    let word = |at| if at == 0 { "TABLE " } else { "" };
    entries.extend(tables.map(|(at, t)| format!("{}{}", word(at), table(t, dialect))));
    let schemas = publication.schemas.iter();
    entries.extend(schemas.map(|s| format!("TABLES IN SCHEMA {}", dialect.quote(s))));
    if !entries.is_empty() {
        text.push_str(&format!("\n    FOR {}", entries.join(", ")));
    }
    let options = with_parameters(&publication.options, dialect);
    if !options.is_empty() {
        text.push_str(&format!("\n   {options}"));
    }
    text
}

/// A table of a publication, with its columns and its filter.
pub(super) fn table(table: &PublicationTable, dialect: Dialect) -> String {
    let only = if table.only { "ONLY " } else { "" };
    let mut text = format!("{only}{}", dialect.quote_name(&table.name));
    if !table.columns.is_empty() {
        text.push_str(&format!(" {}", list(&table.columns, dialect)));
    }
    if let Some(filter) = &table.filter {
        text.push_str(&format!(" WHERE {}", parenthesised(filter)));
    }
    text
}

/// `CREATE SUBSCRIPTION`.
pub(super) fn create_subscription(subscription: &Subscription, dialect: Dialect) -> String {
    let name = dialect.quote(&subscription.name);
    let connection = dialect.literal(&subscription.connection);
    let publications = subscription.publications.iter();
    let publications = join(publications.map(|p| dialect.quote(p).into_owned()));
    let options = with_parameters(&subscription.options, dialect);
    format!(
        "CREATE SUBSCRIPTION {name}\n    CONNECTION {connection}\n    \
         PUBLICATION {publications}{options}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Expr, QualifiedName};

    #[test]
    fn tables_columns_filters_and_schemas() {
        let publication = Publication {
            name: "p".into(),
            tables: vec![PublicationTable {
                name: QualifiedName::new("public", "tasks"),
                columns: vec!["id".into(), "title".into()],
                filter: Some(Expr::new("active", "")),
                only: false,
            }],
            schemas: vec!["app".into()],
            options: [("publish".into(), "insert, update".into())].into(),
            ..Publication::default()
        };
        assert_eq!(
            create(&publication, Dialect::Postgres),
            "CREATE PUBLICATION p\n    \
             FOR TABLE public.tasks (id, title) WHERE (active), TABLES IN SCHEMA app\n    \
             WITH (publish = 'insert, update')"
        );
    }
}
