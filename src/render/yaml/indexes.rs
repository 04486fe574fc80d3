//! Indexes and their elements.

use super::names::Names;
use super::said;
use super::value::{Map, Value, one_or_list, texts};
use crate::ddl;
use crate::model::{Index, IndexElement, NullsOrder, ObjectId, QualifiedName, SortOrder};

impl Names<'_> {
    /// The items of `indexes:`; `columns` are those that the relation lists.
    pub(super) fn indexes(&self, relation: &QualifiedName, indexes: &[Index]) -> Value {
        Value::List(indexes.iter().map(|i| self.index(relation, i)).collect())
    }

    fn index(&self, relation: &QualifiedName, index: &Index) -> Value {
        let mut map = Map::inline();
        if !self.is_made_index(relation, index) {
            map.put("name", &*index.name);
        }
        let elements: Vec<Value> = index.elements.iter().map(|e| self.element(e)).collect();
        map.put("columns", elements.clone());
        map.put_flag("unique", index.unique);
        if !index.method.is_empty() && index.method != "btree" {
            map.put("using", &*index.method);
        }
        map.put_filled("include", texts(&index.include));
        map.put_flag("nulls_not_distinct", index.nulls_not_distinct);
        let predicate = index.predicate.as_ref().map(|p| p.text().to_owned());
        map.put_some("where", predicate.map(Value::Literal));
        map.put_filled("storage", &index.storage);
        map.put_some("tablespace", index.tablespace.as_deref());
        map.put_flag("only", index.only);
        map.put_some("attach_to", index.parent.as_ref().map(|p| self.key(p)));
        let mut statistics = Map::inline();
        for (column, target) in &index.statistics {
            statistics.put(column.to_string(), Value::Integer((*target).into()));
        }
        map.put_filled("statistics", statistics);
        said::describe(&mut map, index.comment.as_deref());
        let id = ObjectId::index(&relation.sibling(index.name.clone()));
        self.notes(&mut map, &id);
        if map.entries.len() > 1 {
            return map.into();
        }
        let names = |e: &Value| matches!(e, Value::Text(_));
        match elements.as_slice() {
            [only] if names(only) => only.clone(),
            all if all.iter().all(names) => Value::List(elements),
            _ => map.into(),
        }
    }

    /// A column's name, SQL, or the long form where neither says it without doubt.
    fn element(&self, element: &IndexElement) -> Value {
        if let Some(column) = &element.column
            && self.dialect.quote(column) != column.as_str()
        {
            return self.long_element(element).into();
        }
        let text = ddl::index_element(element, self.dialect);
        // What is one word in SQL would be taken for a column of that name.
        if element.column.is_none() && self.dialect.quote(&text) == text {
            return self.long_element(element).into();
        }
        Value::Text(lower_order(text, element))
    }

    pub(super) fn long_element(&self, element: &IndexElement) -> Map {
        let mut map = Map::inline();
        map.put_some("column", element.column.as_deref());
        let expression = element.expression.as_ref().map(|e| e.text().to_owned());
        map.put_some("expression", expression.map(Value::Literal));
        map.put_some(
            "collation",
            element.collation.as_ref().map(|c| self.full(c)),
        );
        map.put_some("opclass", element.opclass.as_ref().map(|c| self.full(c)));
        map.put_filled("opclass_parameters", &element.opclass_parameters);
        if element.order == SortOrder::Descending {
            map.put("order", "desc");
        }
        map.put_some(
            "nulls",
            element.nulls.map(|nulls| match nulls {
                NullsOrder::First => "first",
                NullsOrder::Last => "last",
            }),
        );
        map
    }

    /// `range (created_at)`.
    pub(super) fn partition_by(&self, by: &crate::model::PartitionBy) -> Value {
        let plain: Option<Vec<&str>> = by
            .keys
            .iter()
            .map(|k| {
                let column = k.column.as_deref()?;
                let bare =
                    *k == IndexElement::column(column) && self.dialect.quote(column) == column;
                bare.then_some(column)
            })
            .collect();
        if let Some(columns) = plain {
            let mut map = Map::inline();
            map.put(&*by.strategy, one_or_list(columns));
            return map.into();
        }
        let keys: Vec<String> = by
            .keys
            .iter()
            .map(|k| ddl::index_element(k, self.dialect))
            .collect();
        format!("{} ({})", by.strategy, keys.join(", ")).into()
    }
}

/// The words that follow the key, in lower case as the rest of the file.
fn lower_order(text: String, element: &IndexElement) -> String {
    let words = match (element.order, element.nulls) {
        (SortOrder::Ascending, None) => return text,
        (SortOrder::Ascending, Some(NullsOrder::First)) => " NULLS FIRST",
        (SortOrder::Ascending, Some(NullsOrder::Last)) => " NULLS LAST",
        (SortOrder::Descending, None) => " DESC",
        (SortOrder::Descending, Some(NullsOrder::First)) => " DESC NULLS FIRST",
        (SortOrder::Descending, Some(NullsOrder::Last)) => " DESC NULLS LAST",
    };
    match text.strip_suffix(words) {
        Some(head) => format!("{head}{}", words.to_ascii_lowercase()),
        None => text,
    }
}
