//! Queries: their columns, and everything that refers to them by name or number.
//!
//! Source: src/backend/parser/analyze.c, parse_clause.c (`findTargetlistEntrySQL92`), and what
//! ruleutils.c prints of them.

use super::Analysis;
use super::calls::sort_key;
use super::command::added_columns;
use super::scope::Scope;
use super::typed::{Shape, Typed};
use super::types::{Given, Type};
use super::world::Output;
use crate::dialect::Dialect;
use crate::expr::tree::{Body, Group, Node, Query, Select, Sort};

/// A column of SELECT.
pub(super) struct Target {
    pub(super) typed: Typed,
    pub(super) name: String,
}

impl Analysis<'_, '_> {
    /// The key of a query and its columns.
    pub(super) fn query(&mut self, query: &Query) -> Option<(String, Vec<Output>)> {
        self.query_targets(query, &[])
    }

    /// With the types that a set operation around it gives to literals.
    pub(super) fn query_targets(
        &mut self,
        query: &Query,
        wanted: &[Option<Type>],
    ) -> Option<(String, Vec<Output>)> {
        self.depth += 1;
        if self.depth > 150 {
            return None;
        }
        self.scopes.push(Scope::default());
        let mut key = self.with(query)?;
        let (body, outputs) = match &query.body {
            Body::Select(select) => self.select(select, &query.order, wanted)?,
            Body::Values(rows) => self.values(rows, wanted)?,
            Body::Set(name, all, left, right) => {
                self.set_operation(name, *all, left, right, wanted)?
            }
            Body::Insert(insert) => self.insert(insert)?,
            Body::Update(update) => self.update(update)?,
            Body::Delete(delete) => self.delete(delete)?,
            Body::Merge(merge) => self.merge_command(merge)?,
        };
        key.push_str(&body);
        if !matches!(query.body, Body::Select(_)) && !query.order.is_empty() {
            key.push_str(&format!(
                " order by {}",
                self.output_sorts(&query.order, &outputs)?
            ));
        }
        let big = Type::new("bigint");
        if let Some(limit) = &query.limit
            && *limit != Node::Null
        {
            let limit = self.node(limit)?;
            let ties = if query.with_ties { " with ties" } else { "" };
            key.push_str(&format!(
                " limit {}{ties}",
                self.world.coerce(limit, &big).key
            ));
        }
        if let Some(offset) = &query.offset {
            let offset = self.node(offset)?;
            key.push_str(&format!(" offset {}", self.world.coerce(offset, &big).key));
        }
        if !query.locking.is_empty() {
            key.push_str(&format!(" {}", query.locking.trim_end()));
        }
        self.scopes.pop();
        self.depth -= 1;
        Some((key, outputs))
    }

    /// WITH: each name becomes known to what comes after it, and to itself where it is recursive.
    fn with(&mut self, query: &Query) -> Option<String> {
        let mut key = String::new();
        for cte in &query.with {
            let label = format!("c{}", self.next_relation());
            let renamed = |mut outputs: Vec<Output>| {
                for (output, name) in outputs.iter_mut().zip(&cte.columns) {
                    output.name.clone_from(name);
                }
                outputs
            };
            if query.recursive
                && let Body::Set(_, _, left, _) = &cte.query.body
            {
                // Its columns are those of the part that does not name it.
                let (relations, depth, scopes) = (self.relations, self.depth, self.scopes.len());
                let first = self.query(left).map(|(_, outputs)| renamed(outputs));
                (self.relations, self.depth) = (relations, depth);
                self.scopes.truncate(scopes);
                self.scopes
                    .last_mut()?
                    .ctes
                    .push((cte.name.clone(), label.clone(), first));
            }
            let (text, outputs) = self.query(&cte.query)?;
            let mut outputs = renamed(outputs);
            added_columns(&cte.order, &mut outputs);
            let materialized = match cte.materialized {
                None => "",
                Some(true) => "materialized ",
                Some(false) => "not materialized ",
            };
            key.push_str(&format!("with {label} as {materialized}({text}) "));
            for (clause, names) in &cte.order {
                key.push_str(&format!("{clause} set {} ", names.join(", ")));
            }
            let ctes = &mut self.scopes.last_mut()?.ctes;
            ctes.retain(|(name, ..)| *name != cte.name);
            ctes.push((cte.name.clone(), label, Some(outputs)));
        }
        Some(key)
    }

    pub(super) fn next_relation(&mut self) -> u32 {
        self.relations += 1;
        self.relations
    }

    fn select(
        &mut self,
        select: &Select,
        order: &[Sort],
        wanted: &[Option<Type>],
    ) -> Option<(String, Vec<Output>)> {
        let mut from = Vec::new();
        for item in &select.from {
            from.push(self.from(item)?);
        }
        let targets = self.targets(&select.targets, wanted)?;
        self.label_targets(select);
        let mut key = String::from("select ");
        match &select.distinct {
            None => {}
            Some(on) if on.is_empty() => key.push_str("distinct "),
            Some(on) => {
                let keys: Option<Vec<String>> = on
                    .iter()
                    .map(|n| self.reference(n, &targets, true))
                    .collect();
                key.push_str(&format!("distinct on ({}) ", keys?.join(", ")));
            }
        }
        let columns: Vec<&str> = targets.iter().map(|t| t.typed.key.as_str()).collect();
        key.push_str(&columns.join(", "));
        if !from.is_empty() {
            key.push_str(&format!(" from {}", from.join(", ")));
        }
        if let Some(condition) = &select.condition {
            key.push_str(&format!(" where {}", self.condition_of(condition)?));
        }
        if !select.group.is_empty() {
            let distinct = if select.group_distinct {
                "distinct "
            } else {
                ""
            };
            key.push_str(&format!(
                " group by {distinct}{}",
                self.groups(&select.group, &targets)?
            ));
        }
        if let Some(having) = &select.having {
            key.push_str(&format!(" having {}", self.condition_of(having)?));
        }
        for (name, window) in &select.windows {
            key.push_str(&format!(
                " window {} as {}",
                Dialect::Postgres.quote(name),
                self.window(window)?
            ));
        }
        if !order.is_empty() {
            let mut keys = Vec::new();
            for sort in order {
                keys.push(sort_key(&self.reference(&sort.node, &targets, true)?, sort));
            }
            key.push_str(&format!(" order by {}", keys.join(", ")));
        }
        let outputs = targets.into_iter().map(|t| Output {
            name: t.name,
            data_type: t.typed.data_type,
        });
        Some((key, outputs.collect()))
    }

    pub(super) fn targets(
        &mut self,
        list: &[(Node, Option<String>)],
        wanted: &[Option<Type>],
    ) -> Option<Vec<Target>> {
        let mut targets = Vec::new();
        for (node, alias) in list {
            if let (Node::Star(parts, at), None) = (node, alias) {
                targets.extend(self.expanded(parts, *at)?);
                continue;
            }
            if let (Node::Field(inner, field, _), None) = (node, alias)
                && field == "*"
            {
                targets.extend(self.fields(inner)?);
                continue;
            }
            let typed = self.node(node)?;
            let typed = match (&typed.shape, wanted.get(targets.len())) {
                (Shape::Literal(..), Some(Some(wanted))) => {
                    self.world.coerce(typed, &wanted.without_modifier())
                }
                _ => self.settled(typed),
            };
            let name = alias.clone().unwrap_or_else(|| self.name_of(node));
            targets.push(Target { typed, name });
        }
        Some(targets)
    }

    /// What an element of ORDER BY, GROUP BY or DISTINCT ON stands for: a column of the result by number
    /// or name, else an expression. GROUP BY looks for a name in FROM first.
    fn reference(&mut self, node: &Node, targets: &[Target], output_first: bool) -> Option<String> {
        if let Node::Number(digits) = node
            && let Ok(at) = digits.parse::<usize>()
            && let Some(target) = at.checked_sub(1).and_then(|at| targets.get(at))
        {
            return Some(target.typed.key.clone());
        }
        if let Node::Column(parts, _) = node
            && let [name] = parts.as_slice()
        {
            let of_from = !output_first && self.scopes.last().is_some_and(|s| s.has_column(name));
            let target = targets
                .iter()
                .find(|t| t.name == *name)
                .filter(|_| !of_from);
            if let Some(target) = target {
                return Some(target.typed.key.clone());
            }
        }
        let typed = self.node(node)?;
        Some(self.settled(typed).key)
    }

    fn groups(&mut self, groups: &[Group], targets: &[Target]) -> Option<String> {
        let mut keys = Vec::new();
        for group in groups {
            keys.push(match group {
                Group::Item(node) => self.reference(node, targets, false)?,
                Group::Set(list) => {
                    let list: Option<Vec<String>> = list
                        .iter()
                        .map(|n| self.reference(n, targets, false))
                        .collect();
                    format!("({})", list?.join(", "))
                }
                Group::Sets(word, inner) => format!("{word} ({})", self.groups(inner, targets)?),
            });
        }
        Some(keys.join(", "))
    }

    fn values(
        &mut self,
        rows: &[Vec<Node>],
        wanted: &[Option<Type>],
    ) -> Option<(String, Vec<Output>)> {
        let mut columns: Vec<Vec<Typed>> = Vec::new();
        for row in rows {
            for (at, typed) in self.nodes(row)?.into_iter().enumerate() {
                match columns.get_mut(at) {
                    Some(column) => column.push(typed),
                    None => columns.push(vec![typed]),
                }
            }
        }
        let mut outputs = Vec::new();
        let mut keys: Vec<Vec<String>> = vec![Vec::new(); rows.len()];
        for (at, column) in columns.into_iter().enumerate() {
            let (column, data_type) = match wanted.get(at) {
                Some(Some(wanted)) => self.stored(column, wanted),
                _ => self.alike(column),
            };
            for (row, typed) in keys.iter_mut().zip(column) {
                row.push(typed.key);
            }
            outputs.push(Output {
                name: format!("column{}", at + 1),
                data_type,
            });
        }
        let rows: Vec<String> = keys
            .into_iter()
            .map(|row| format!("({})", row.join(", ")))
            .collect();
        Some((format!("values {}", rows.join(", ")), outputs))
    }

    /// The columns' names are those of the left query, their types what both agree on.
    fn set_operation(
        &mut self,
        name: &str,
        all: bool,
        left: &Query,
        right: &Query,
        wanted: &[Option<Type>],
    ) -> Option<(String, Vec<Output>)> {
        let (relations, depth, scopes) = (self.relations, self.depth, self.scopes.len());
        let (of_left, of_right) = (literals(left), literals(right));
        let (mut left_key, mut lefts) = self.query_targets(left, wanted)?;
        let (mut right_key, rights) = self.query_targets(right, wanted)?;
        let mut types = Vec::new();
        for (at, (l, r)) in lefts.iter().zip(&rights).enumerate() {
            let given = |output: &Output, literal: bool| match (&output.data_type, literal) {
                (_, true) => Given::Literal,
                (Some(found), false) => Given::Known(found.clone()),
                (None, false) => Given::Unclear,
            };
            let is = |of: &[bool]| of.get(at).copied().unwrap_or(false);
            let pair = [given(l, is(&of_left)), given(r, is(&of_right))];
            let outer = wanted.get(at).cloned().flatten();
            let both_literals = pair.iter().all(|g| *g == Given::Literal);
            types.push(
                outer
                    .filter(|_| both_literals)
                    .or_else(|| self.world.common_type(&pair)),
            );
        }
        // Literals are given the common type only now that it is known.
        if of_left.contains(&true) || of_right.contains(&true) {
            (self.relations, self.depth) = (relations, depth);
            self.scopes.truncate(scopes);
            left_key = self.query_targets(left, &types)?.0;
            right_key = self.query_targets(right, &types)?.0;
        }
        for (output, data_type) in lefts.iter_mut().zip(types) {
            output.data_type = data_type;
        }
        let all = if all { " all" } else { "" };
        Some((format!("({left_key}) {name}{all} ({right_key})"), lefts))
    }

    /// ORDER BY behind a set operation names columns of its result.
    fn output_sorts(&mut self, list: &[Sort], outputs: &[Output]) -> Option<String> {
        let mut keys = Vec::new();
        for sort in list {
            let at = match &sort.node {
                Node::Number(digits) => digits.parse::<usize>().ok(),
                Node::Column(parts, _) => outputs
                    .iter()
                    .position(|o| parts.last() == Some(&o.name))
                    .map(|n| n + 1),
                _ => None,
            };
            let key = match at {
                Some(at) => at.to_string(),
                None => self.node(&sort.node)?.key,
            };
            keys.push(sort_key(&key, sort));
        }
        Some(keys.join(", "))
    }
}

/// Which columns of a query are literals without a type of their own.
fn literals(query: &Query) -> Vec<bool> {
    let literal = |node: &Node| matches!(node, Node::Text(..) | Node::Null);
    match &query.body {
        Body::Select(select)
            if select
                .targets
                .iter()
                .any(|(n, _)| matches!(n, Node::Star(..))) =>
        {
            Vec::new()
        }
        Body::Select(select) => select.targets.iter().map(|(n, _)| literal(n)).collect(),
        Body::Values(rows) => rows.first().map_or_else(Vec::new, |row| {
            (0..row.len())
                .map(|at| rows.iter().all(|r| r.get(at).is_some_and(&literal)))
                .collect()
        }),
        Body::Set(_, _, left, right) => {
            let (left, right) = (literals(left), literals(right));
            left.iter().zip(&right).map(|(l, r)| *l && *r).collect()
        }
        Body::Insert(_) | Body::Update(_) | Body::Delete(_) | Body::Merge(_) => Vec::new(),
    }
}
