//! CREATE VIEW and CREATE MATERIALIZED VIEW.

use super::fragments::{closed, default_expression, names, with_parameters};
use super::subject::has;
use crate::dialect::{Capability, Dialect};
use crate::model::{Ident, View};

/// The CREATE statement of a view or materialized view.
pub(super) fn create(view: &View, dialect: Dialect) -> String {
    let kind = match (view.materialized, view.recursive) {
        (true, _) => "MATERIALIZED VIEW",
        (false, true) => "RECURSIVE VIEW",
        (false, false) => "VIEW",
    };
    let query = view.shell.as_ref().unwrap_or(&view.query);
    defined(view, &format!("CREATE {kind}"), query.text(), dialect)
}

/// What makes a view read itself, once it is there.
pub fn replacement(view: &View, dialect: Dialect) -> Option<String> {
    view.shell.as_ref()?;
    let verb = "CREATE OR REPLACE VIEW";
    Some(defined(view, verb, view.query.text(), dialect))
}

fn defined(view: &View, verb: &str, query: &str, dialect: Dialect) -> String {
    let mut text = format!("{verb} {}", dialect.quote_name(&view.name));
    if !view.columns.is_empty() {
        text.push_str(&format!(" ({})", names(&view.columns, dialect)));
    }
    if let Some(method) = &view.access_method {
        text.push_str(&format!(" USING {}", dialect.quote(method)));
    }
    text.push_str(&with_parameters(&view.options, dialect));
    if let Some(tablespace) = &view.tablespace {
        text.push_str(&format!(" TABLESPACE {}", dialect.quote(tablespace)));
    }
    text.push_str(" AS\n");
    text.push_str(query);
    if let Some(check) = &view.check_option {
        text.push_str(&format!(
            "\nWITH {} CHECK OPTION",
            check.to_ascii_uppercase()
        ));
    }
    if view.no_data {
        text.push_str("\nWITH NO DATA");
    }
    closed(&text).into_owned()
}

/// What CREATE VIEW cannot say: column defaults, statistics targets and comments.
pub(super) fn alterations(view: &View, dialect: Dialect) -> Vec<String> {
    if !has(dialect, Capability::AddConstraint) {
        return Vec::new();
    }
    let name = dialect.quote_name(&view.name);
    let mut out: Vec<String> = replacement(view, dialect).into_iter().collect();
    for (column, default) in &view.defaults {
        let column = dialect.quote(column);
        let default = default_expression(default, dialect);
        out.push(format!(
            "ALTER VIEW {name} ALTER COLUMN {column} SET DEFAULT {default}"
        ));
    }
    out.extend(statistics(view, dialect));
    out
}

/// The statistics targets of a materialized view's columns.
pub fn statistics(view: &View, dialect: Dialect) -> Vec<String> {
    let name = dialect.quote_name(&view.name);
    let targets = view.column_statistics.iter();
    let print = |(column, target): (&Ident, &i32)| {
        let column = dialect.quote(column);
        format!("ALTER MATERIALIZED VIEW {name} ALTER COLUMN {column} SET STATISTICS {target}")
    };
    targets.map(print).collect()
}

/// CLUSTER ON, once its index exists.
pub(super) fn marks(view: &View, index: &str, dialect: Dialect) -> Option<String> {
    view.cluster_on
        .as_ref()
        .filter(|marked| **marked == *index)?;
    let name = dialect.quote_name(&view.name);
    let index = dialect.quote(index);
    Some(format!("ALTER MATERIALIZED VIEW {name} CLUSTER ON {index}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{QualifiedName, Query};

    #[test]
    fn options_and_check_option_surround_the_query() {
        let view = View {
            name: QualifiedName::new("public", "open_tasks"),
            columns: vec!["id".into(), "title".into()],
            query: Query::new("SELECT id, title FROM public.tasks", ""),
            options: [("security_barrier".into(), "true".into())].into(),
            check_option: Some("local".into()),
            ..View::default()
        };
        assert_eq!(
            create(&view, Dialect::Postgres),
            "CREATE VIEW public.open_tasks (id, title) WITH (security_barrier = true) AS\n\
             SELECT id, title FROM public.tasks\nWITH LOCAL CHECK OPTION"
        );
    }
}
