//! CREATE INDEX, index keys, and what only ALTER INDEX can say.

use super::fragments::{closed, is_function_call, names, parameters, with_parameters};
use crate::dialect::Dialect;
use crate::model::{Index, IndexElement, NullsOrder, QualifiedName, SortOrder};

/// `CREATE INDEX` on `relation`.
pub fn create(relation: &QualifiedName, index: &Index, dialect: Dialect) -> String {
    create_on(relation, index, index.only, dialect)
}

/// `CREATE INDEX`, with `ON ONLY` where the partitions' indexes are attached by themselves.
pub(super) fn create_on(
    relation: &QualifiedName,
    index: &Index,
    only: bool,
    dialect: Dialect,
) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let only = if only { "ONLY " } else { "" };
    let name = if index.name.is_empty() {
        String::new()
    } else {
        format!("{} ", dialect.quote(&index.name))
    };
    let relation = dialect.quote_name(relation);
    let mut text = format!("CREATE {unique}INDEX {name}ON {only}{relation}");
    if !index.method.is_empty() && index.method != "btree" {
        text.push_str(&format!(" USING {}", dialect.quote(&index.method)));
    }
    let keys: Vec<_> = index.elements.iter().map(|e| element(e, dialect)).collect();
    text.push_str(&format!(" ({})", keys.join(", ")));
    if !index.include.is_empty() {
        text.push_str(&format!(" INCLUDE ({})", names(&index.include, dialect)));
    }
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    text.push_str(&with_parameters(&index.storage, dialect));
    if let Some(tablespace) = &index.tablespace {
        text.push_str(&format!(" TABLESPACE {}", dialect.quote(tablespace)));
    }
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE {}", closed(predicate.text()).trim_end()));
    }
    text
}

/// Statistics targets of expression keys.
pub(super) fn alterations(
    relation: &QualifiedName,
    index: &Index,
    dialect: Dialect,
) -> Vec<String> {
    let name = dialect.quote_name(&relation.sibling(index.name.clone()));
    let print = |(column, target)| {
        format!("ALTER INDEX {name} ALTER COLUMN {column} SET STATISTICS {target}")
    };
    index.statistics.iter().map(print).collect()
}

/// `ALTER INDEX parent ATTACH PARTITION index`.
pub fn attach(
    relation: &QualifiedName,
    index: &Index,
    parent: &QualifiedName,
    dialect: Dialect,
) -> String {
    let parent = dialect.quote_name(parent);
    let name = dialect.quote_name(&relation.sibling(index.name.clone()));
    format!("ALTER INDEX {parent} ATTACH PARTITION {name}")
}

/// A key of an index, an exclusion constraint or a partition key.
pub fn element(element: &IndexElement, dialect: Dialect) -> String {
    let mut text = match (&element.column, &element.expression) {
        (Some(column), _) => dialect.quote(column).into_owned(),
        (None, Some(expression)) if is_function_call(expression.text(), dialect) => {
            expression.text().to_owned()
        }
        (None, Some(expression)) => format!("({})", closed(expression.text())),
        (None, None) => String::new(),
    };
    if let Some(collation) = &element.collation {
        text.push_str(&format!(" COLLATE {}", dialect.quote_name(collation)));
    }
    if let Some(opclass) = &element.opclass {
        text.push_str(&format!(" {}", dialect.quote_name(opclass)));
        if !element.opclass_parameters.is_empty() {
            let parameters = parameters(&element.opclass_parameters, dialect);
            text.push_str(&format!(" ({parameters})"));
        }
    }
    if element.order == SortOrder::Descending {
        text.push_str(" DESC");
    }
    text.push_str(match (element.order, element.nulls) {
        (SortOrder::Ascending, Some(NullsOrder::First)) => " NULLS FIRST",
        (SortOrder::Descending, Some(NullsOrder::Last)) => " NULLS LAST",
        _ => "",
    });
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Expr;

    fn tasks() -> QualifiedName {
        QualifiedName::new("public", "tasks")
    }

    #[test]
    fn every_clause_has_its_place() {
        let mut key = IndexElement::column("title");
        key.collation = Some(QualifiedName::bare("C"));
        key.opclass = Some(QualifiedName::bare("text_pattern_ops"));
        key.order = SortOrder::Descending;
        key.nulls = Some(NullsOrder::Last);
        let index = Index {
            name: "tasks_title_idx".into(),
            unique: true,
            method: "btree".into(),
            elements: vec![key],
            include: vec!["id".into()],
            nulls_not_distinct: true,
            predicate: Some(Expr::new("deleted_at IS NULL", "")),
            tablespace: Some("fast".into()),
            ..Index::default()
        };
        assert_eq!(
            create(&tasks(), &index, Dialect::Postgres),
            "CREATE UNIQUE INDEX tasks_title_idx ON public.tasks \
             (title COLLATE \"C\" text_pattern_ops DESC NULLS LAST) INCLUDE (id) \
             NULLS NOT DISTINCT TABLESPACE fast WHERE deleted_at IS NULL"
        );
    }

    #[test]
    fn expressions_stand_in_parentheses_unless_they_are_calls() {
        let index = Index {
            name: "i".into(),
            method: "gin".into(),
            elements: vec![
                IndexElement::expression(Expr::new("lower(a)", "")),
                IndexElement::expression(Expr::new("a || b", "")),
            ],
            ..Index::default()
        };
        assert_eq!(
            create(&tasks(), &index, Dialect::Postgres),
            "CREATE INDEX i ON public.tasks USING gin (lower(a), (a || b))"
        );
    }

    #[test]
    fn an_index_of_a_partition_is_attached() {
        let index = Index {
            name: "tasks_1_idx".into(),
            ..Index::default()
        };
        let parent = QualifiedName::new("public", "tasks_idx");
        assert_eq!(
            attach(&tasks(), &index, &parent, Dialect::Postgres),
            "ALTER INDEX public.tasks_idx ATTACH PARTITION public.tasks_1_idx"
        );
    }
}
