//! INSERT, UPDATE and DELETE: literals are of the columns' types, and the columns of INSERT are spelled out.
//!
//! Source: src/backend/parser/analyze.c (`transformInsertStmt`, `transformUpdateStmt`).

use super::Analysis;
use super::query::Target;
use super::scope::{Entry, Visible};
use super::types::Type;
use super::world::Output;
use crate::dialect::Dialect;
use crate::expr::tree::{
    Assignment, Body, Conflict, Delete, From, Insert, Node, Query, Returning, Update,
};

/// The key of a command and the columns of its RETURNING.
type Keyed = Option<(String, Vec<Output>)>;

impl Analysis<'_, '_> {
    pub(super) fn insert(&mut self, insert: &Insert) -> Keyed {
        let known = self.world.relation(&insert.into)?;
        let all = self.world.columns_of(&known)?;
        let find = |name: &String| all.iter().find(|c| c.name == *name).cloned();
        let named: Option<Vec<Output>> = insert.columns.iter().map(find).collect();
        let columns = match named? {
            named if named.is_empty() => all.clone(),
            named => named,
        };
        let (source, count) = match &insert.source {
            None => ("default values".to_owned(), 0),
            Some(query) => self.source(query, &columns)?,
        };
        let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        self.world.record_target(&known, names.get(..count)?);
        self.world
            .respell_relation(&known, &insert.into, insert.into_at);
        self.respell_target(&known, &insert.columns, insert.at);
        let mut key = format!(
            "insert into {} ({}) {} {source}",
            self.world.relation_key(&insert.into),
            names.get(..count)?.join(", "),
            insert.overriding
        );
        let label = format!("r{}", self.next_relation());
        let alias = insert.alias.clone().or(insert.into.last().cloned())?;
        let visible = |label: &str, alias: &str| {
            let columns = all.iter().map(|c| (c.name.clone(), c.data_type.clone()));
            let mut entry = Entry::of_columns(label, alias, columns);
            entry.originate(self.world, &known);
            entry
        };
        self.scopes.last_mut()?.entries = vec![visible(&label, &alias)];
        if let Some(conflict) = &insert.conflict {
            key.push_str(&self.conflict(conflict, visible("excluded", "excluded"))?);
        }
        let (returning, outputs) = self.returning(&insert.returning)?;
        key.push_str(&returning);
        Some((key, outputs))
    }

    /// The rows of INSERT, and how many columns they have.
    fn source(&mut self, query: &Query, columns: &[Output]) -> Option<(String, usize)> {
        let types: Vec<Option<Type>> = columns.iter().map(|c| c.data_type.clone()).collect();
        let bare = query.with.is_empty() && query.order.is_empty() && query.limit.is_none();
        let Body::Values(rows) = &query.body else {
            let (key, outputs) = self.query_targets(query, &types)?;
            return Some((key, outputs.len()));
        };
        if !bare {
            let (key, outputs) = self.query(query)?;
            return Some((key, outputs.len()));
        }
        let mut keys = Vec::new();
        for row in rows {
            let mut values = Vec::new();
            for (node, of) in row.iter().zip(&types) {
                values.push(self.assigned(node, of.as_ref())?);
            }
            keys.push(format!("({})", values.join(", ")));
        }
        Some((format!("values {}", keys.join(", ")), rows.first()?.len()))
    }

    /// A value for a column: a literal is of the column's type, what else is stored in it is converted
    /// without a word.
    pub(super) fn assigned(&mut self, node: &Node, of: Option<&Type>) -> Option<String> {
        if *node == Node::Default {
            return Some("default".to_owned());
        }
        let typed = self.node(node)?;
        let typed = match of {
            Some(of) => self.world.coerce(typed, &of.without_modifier()),
            None => self.settled(typed),
        };
        Some(typed.key)
    }

    fn conflict(&mut self, conflict: &Conflict, excluded: Entry) -> Option<String> {
        let mut key = String::from(" on conflict");
        if let Some(name) = &conflict.constraint {
            key.push_str(&format!(" on constraint {}", Dialect::Postgres.quote(name)));
        }
        let elements = self.nodes(&conflict.elements)?;
        let elements: Vec<String> = elements.into_iter().map(|e| e.key).collect();
        if !elements.is_empty() {
            key.push_str(&format!(" ({})", elements.join(", ")));
        }
        if let Some(predicate) = &conflict.predicate {
            key.push_str(&format!(" where {}", self.condition_of(predicate)?));
        }
        if conflict.update.is_empty() {
            key.push_str(" do nothing");
            return Some(key);
        }
        self.scopes.last_mut()?.entries.push(Entry {
            hidden: true,
            ..excluded
        });
        key.push_str(&format!(
            " do update {}",
            self.assignments(&conflict.update)?
        ));
        key.push_str(&self.where_clause(conflict.condition.as_ref())?);
        self.scopes.last_mut()?.entries.pop();
        Some(key)
    }

    pub(super) fn update(&mut self, update: &Update) -> Keyed {
        let mut key = format!("update {}", self.from(&update.table)?);
        let from = self.items(" from ", &update.from)?;
        key.push_str(&format!(" {}{from}", self.assignments(&update.set)?));
        self.rest(key, update.condition.as_ref(), &update.returning)
    }

    pub(super) fn delete(&mut self, delete: &Delete) -> Keyed {
        let mut key = format!("delete from {}", self.from(&delete.table)?);
        key.push_str(&self.items(" using ", &delete.using)?);
        self.rest(key, delete.condition.as_ref(), &delete.returning)
    }

    fn rest(&mut self, mut key: String, condition: Option<&Node>, returning: &Returning) -> Keyed {
        key.push_str(&self.where_clause(condition)?);
        let (returning, outputs) = self.returning(returning)?;
        key.push_str(&returning);
        Some((key, outputs))
    }

    fn items(&mut self, word: &str, items: &[From]) -> Option<String> {
        let keys: Option<Vec<String>> = items.iter().map(|item| self.from(item)).collect();
        let keys = keys?;
        Some(match keys.is_empty() {
            true => String::new(),
            false => format!("{word}{}", keys.join(", ")),
        })
    }

    fn where_clause(&mut self, condition: Option<&Node>) -> Option<String> {
        Some(match condition {
            Some(condition) => format!(" where {}", self.condition_of(condition)?),
            None => String::new(),
        })
    }

    /// `SET ...` of the first relation of the scope.
    pub(super) fn assignments(&mut self, list: &[Assignment]) -> Option<String> {
        let columns: Vec<Visible> = self.scopes.last()?.entries.first()?.columns.clone()?;
        let mut keys = Vec::new();
        for assignment in list {
            self.record_assigned(&columns, &assignment.columns);
            self.respell_assigned(&columns, assignment);
            let names: Vec<String> = { assignment.columns.iter() }
                .map(|c| Dialect::Postgres.quote(c).into_owned())
                .collect();
            let value = match assignment.columns.as_slice() {
                [one] => {
                    let column = columns.iter().find(|c| c.name == *one);
                    let of = column.and_then(|c| c.data_type.clone());
                    self.assigned(&assignment.value, of.as_ref())?
                }
                _ => self.node(&assignment.value)?.key,
            };
            keys.push(format!("{} = {value}", names.join(", ")));
        }
        Some(format!("set {}", keys.join(", ")))
    }

    pub(super) fn returning(&mut self, returning: &Returning) -> Keyed {
        if returning.targets.is_empty() {
            return Some((String::new(), Vec::new()));
        }
        self.enter_old_and_new(returning)?;
        let targets = self.targets(&returning.targets, &[])?;
        let keys: Vec<&str> = targets.iter().map(|t| t.typed.key.as_str()).collect();
        let key = format!(" returning {}", keys.join(", "));
        let output = |t: Target| Output {
            name: t.name,
            data_type: t.typed.data_type,
        };
        Some((key, targets.into_iter().map(output).collect()))
    }
}

/// The columns that SEARCH and CYCLE add to a recursive query.
pub(super) fn added_columns(order: &[(String, Vec<String>)], outputs: &mut Vec<Output>) {
    for (clause, names) in order {
        let types = match clause.split(' ').next() {
            Some("cycle") if clause.ends_with("true false") => [Some("boolean"), Some("record[]")],
            Some("cycle") => [None, Some("record[]")],
            _ => [Some("record[]"), None],
        };
        outputs.extend(names.iter().zip(types).map(|(name, of)| Output {
            name: name.clone(),
            data_type: of.map(Type::new),
        }));
    }
}
