//! The FROM clause: what its relations are, and which columns they bring.
//!
//! Source: src/backend/parser/parse_clause.c (`transformFromClauseItem`), parse_relation.c
//! (`expandNSItemAttrs`).

use super::Analysis;
use super::scope::{Entry, Visible};
use super::typed::Typed;
use super::types::Type;
use super::world::Output;
use crate::expr::tree::{Alias, At, From, Join, Node, Query};

impl Analysis<'_, '_> {
    /// The key of an item; its relations join the innermost scope.
    pub(super) fn from(&mut self, item: &From) -> Option<String> {
        match item {
            From::Relation {
                name,
                at,
                only,
                alias,
            } => self.relation(name, *at, *only, alias),
            From::Query {
                query,
                lateral,
                alias,
            } => self.subquery(query, *lateral, alias),
            From::Functions {
                calls,
                ordinality,
                lateral,
                alias,
            } => self.functions(calls, *ordinality, *lateral, alias),
            From::Join(join) => self.join(join),
            From::XmlTable(table) => self.xml_table(table),
            From::JsonTable(table) => self.json_table(table),
            From::Sample(of, method, arguments, repeatable) => {
                self.sample(of, method, arguments, repeatable.as_ref())
            }
        }
    }

    pub(super) fn enter(&mut self, entry: Entry) -> Option<()> {
        self.scopes.last_mut()?.entries.push(entry);
        Some(())
    }

    fn relation(&mut self, parts: &[String], at: At, only: bool, alias: &Alias) -> Option<String> {
        let label = format!("r{}", self.next_relation());
        let bare = parts.last()?.clone();
        let shown = alias.name.clone().unwrap_or_else(|| bare.clone());
        if let [name] = parts
            && let Some((cte, outputs)) = self.cte(name)
        {
            let key = format!("{cte} {label}");
            match outputs {
                Some(outputs) => self.enter(numbered(&label, &shown, outputs, alias))?,
                None => self.enter(Entry {
                    label,
                    alias: shown,
                    ..Entry::default()
                })?,
            }
            return Some(key);
        }
        let only = if only { "only " } else { "" };
        let key = format!("{only}{} {label}", self.world.relation_key(parts));
        let known = self.world.relation(parts);
        let columns = known.as_ref().and_then(|name| self.world.columns_of(name));
        let mut entry = match columns {
            Some(columns) => {
                let columns = columns.into_iter().map(|c| (c.name, c.data_type));
                Entry::of_columns(&label, &shown, columns)
            }
            None => Entry {
                label,
                alias: shown,
                ..Entry::default()
            },
        };
        if let Some(known) = &known {
            self.world.record_relation(known);
            if self.world.catalog.is_external(known) {
                self.world.open.set(true);
            }
            self.world.respell_relation(known, parts, at);
            entry.originate(self.world, known);
        }
        if let Some(columns) = &mut entry.columns {
            for (column, name) in columns.iter_mut().zip(&alias.columns) {
                column.name.clone_from(name);
            }
        } else if !alias.columns.is_empty() {
            return None;
        }
        if alias.name.is_none() {
            entry.own_name.clone_from(&known);
            entry.schema = match parts {
                [.., schema, _] => Some(schema.clone()),
                _ => known
                    .as_ref()
                    .and_then(|n| n.schema.as_ref())
                    .map(ToString::to_string),
            };
        }
        entry.row = known.map(|n| Type::new(n.to_string()));
        self.enter(entry)?;
        Some(key)
    }

    fn cte(&self, name: &str) -> Option<(String, Option<Vec<Output>>)> {
        let scopes = self.scopes.iter().rev();
        let mut all = scopes.flat_map(|s| s.ctes.iter().rev());
        let (_, label, outputs) = all.find(|(n, ..)| n == name)?;
        Some((label.clone(), outputs.clone()))
    }

    fn subquery(&mut self, query: &Query, lateral: bool, alias: &Alias) -> Option<String> {
        let label = format!("r{}", self.next_relation());
        // Without LATERAL it does not see what stands beside it.
        let beside = match lateral {
            true => None,
            false => Some(std::mem::take(&mut self.scopes.last_mut()?.entries)),
        };
        let (key, outputs) = self.query(query)?;
        if let Some(beside) = beside {
            self.scopes.last_mut()?.entries = beside;
        }
        let shown = alias.name.clone().unwrap_or_default();
        self.enter(numbered(&label, &shown, outputs, alias))?;
        let lateral = if lateral { "lateral " } else { "" };
        Some(format!("{lateral}({key}) {label}"))
    }

    fn functions(
        &mut self,
        calls: &[Node],
        ordinality: bool,
        lateral: bool,
        alias: &Alias,
    ) -> Option<String> {
        let label = format!("r{}", self.next_relation());
        let (mut keys, mut outputs) = (Vec::new(), Vec::new());
        let mut unknown = false;
        for node in calls {
            let (typed, columns) = match node {
                Node::Call(call) => self.call(call)?,
                other => (self.node(other)?, Vec::new()),
            };
            keys.push(typed.key.clone());
            outputs.extend(match columns.len() {
                0 | 1 => match self.row_columns(&typed) {
                    Some(columns) => columns,
                    None => {
                        unknown |= typed.data_type.as_ref().is_none_or(|t| t.is("record"));
                        let name = columns
                            .into_iter()
                            .next()
                            .map(|c| c.name)
                            .filter(|n| !n.is_empty());
                        let name = match (name, &alias.name) {
                            (Some(name), _) => name,
                            (None, Some(name)) => name.clone(),
                            (None, None) => Self::column_name(node),
                        };
                        vec![Output {
                            name,
                            data_type: typed.data_type,
                        }]
                    }
                },
                _ => columns,
            });
        }
        if !alias.types.is_empty() {
            let pairs = alias.columns.iter().zip(&alias.types);
            outputs = pairs
                .map(|(name, of)| Output {
                    name: name.clone(),
                    data_type: Some(self.world.written_type(of)),
                })
                .collect();
        }
        if ordinality {
            outputs.push(Output {
                name: "ordinality".to_owned(),
                data_type: Some(Type::new("bigint")),
            });
        }
        let shown = match (&alias.name, calls.first()) {
            (Some(name), _) => name.clone(),
            (None, Some(first)) => Self::column_name(first),
            (None, None) => String::new(),
        };
        let mut entry = numbered(&label, &shown, outputs, alias);
        if unknown && alias.types.is_empty() && alias.columns.is_empty() && calls.len() == 1 {
            entry.columns = None;
        }
        self.enter(entry)?;
        let types: Vec<String> = alias
            .types
            .iter()
            .map(|t| self.world.written_type(t).full())
            .collect();
        let types = if types.is_empty() {
            String::new()
        } else {
            format!(" ({})", types.join(", "))
        };
        let ordinality = if ordinality { " with ordinality" } else { "" };
        let _ = lateral;
        Some(format!("{}{ordinality} {label}{types}", keys.join(" & ")))
    }

    /// The columns of a function that returns rows of a relation or composite type.
    fn row_columns(&self, typed: &Typed) -> Option<Vec<Output>> {
        self.world.columns_of_type(typed.data_type.as_ref()?)
    }

    fn join(&mut self, join: &Join) -> Option<String> {
        let start = self.scopes.last()?.entries.len();
        let left = self.from(&join.left)?;
        let middle = self.scopes.last()?.entries.len();
        let right = self.from(&join.right)?;
        let using = match join.natural {
            true => self.shared_columns(start, middle)?,
            false => join.using.clone(),
        };
        let mut key = format!("({left} {} {right}", join.kind);
        if let Some(condition) = &join.on {
            key.push_str(&format!(" on {}", self.condition_of(condition)?));
        }
        if !using.is_empty() {
            key.push_str(&format!(" using ({})", using.join(", ")));
            self.merge(join.kind, &using, start, middle);
            self.enter_using_alias(join, &using)?;
        }
        key.push(')');
        if let Some(alias) = &join.alias.name {
            let columns = self.joined_columns(start)?;
            let scope = self.scopes.last_mut()?;
            scope.entries.truncate(start);
            let mut entry = Entry {
                alias: alias.clone(),
                columns: Some(columns),
                ..Entry::default()
            };
            if let Some(columns) = &mut entry.columns {
                for (column, name) in columns.iter_mut().zip(&join.alias.columns) {
                    column.name.clone_from(name);
                }
            }
            scope.entries.push(entry);
        }
        Some(key)
    }

    /// `USING (a) AS x`: `x.a` is the merged column, found by that name alone.
    fn enter_using_alias(&mut self, join: &Join, using: &[String]) -> Option<()> {
        let Some(alias) = &join.using_alias else {
            return Some(());
        };
        let merged = &self.scopes.last()?.merged;
        let columns = merged.iter().filter(|(name, _)| using.contains(name));
        let columns = columns.map(|(name, typed)| Visible {
            name: name.clone(),
            key: typed.key.clone(),
            data_type: typed.data_type.clone(),
            origin: None,
        });
        self.enter(Entry {
            alias: alias.clone(),
            columns: Some(columns.collect()),
            hidden: true,
            ..Entry::default()
        })
    }

    fn joined_columns(&self, start: usize) -> Option<Vec<Visible>> {
        let mut all = Vec::new();
        for entry in &self.scopes.last()?.entries[start..] {
            all.extend(entry.columns.clone()?);
        }
        Some(all)
    }

    /// NATURAL: the columns that both sides have.
    fn shared_columns(&self, start: usize, middle: usize) -> Option<Vec<String>> {
        let entries = &self.scopes.last()?.entries;
        let (left, right) = (&entries[start..middle], &entries[middle..]);
        let mut shared = Vec::new();
        for entry in left {
            for column in entry.columns.as_ref()? {
                let same = |e: &Entry| {
                    e.columns
                        .as_ref()
                        .is_some_and(|c| c.iter().any(|c| c.name == column.name))
                };
                if right.iter().any(same) && !shared.contains(&column.name) {
                    shared.push(column.name.clone());
                }
            }
        }
        Some(shared)
    }

    /// USING: the name means the left column, of a right join the right one, of a full join both.
    fn merge(&mut self, kind: &str, using: &[String], start: usize, middle: usize) {
        let Some(scope) = self.scopes.last() else {
            return;
        };
        let find = |entries: &[Entry], name: &str| entries.iter().find_map(|e| e.column(name));
        let mut merged = Vec::new();
        for name in using {
            let earlier = scope
                .merged
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, t)| t.clone());
            let left = earlier.or_else(|| find(&scope.entries[start..middle], name));
            let right = find(&scope.entries[middle..], name);
            let (Some(left), Some(right)) = (left, right) else {
                self.note_unknown_of_join(name, &scope.entries[start..]);
                continue;
            };
            let typed = match kind {
                "right" => right,
                "full" => Typed::new(
                    format!("merged({}, {})", left.key, right.key),
                    left.data_type,
                ),
                _ => left,
            };
            merged.push((name.clone(), typed));
        }
        self.record_joined(&scope.entries[start..], using);
        self.respell_unnamed(scope.entries[start..].iter(), Some(using));
        if let Some(scope) = self.scopes.last_mut() {
            scope.merged.retain(|(n, _)| !using.contains(n));
            scope.merged.extend(merged);
            for entry in &mut scope.entries[start..] {
                entry.merged.extend(using.iter().cloned());
            }
        }
    }
}

/// A relation whose columns keys name by number: what they are called there is the text's own affair.
fn numbered(label: &str, shown: &str, outputs: Vec<Output>, alias: &Alias) -> Entry {
    let columns = outputs.into_iter().enumerate().map(|(at, output)| Visible {
        name: alias.columns.get(at).cloned().unwrap_or(output.name),
        key: format!("{label}.{}", at + 1),
        data_type: output.data_type,
        origin: None,
    });
    Entry {
        label: label.to_owned(),
        alias: shown.to_owned(),
        columns: Some(columns.collect()),
        ..Entry::default()
    }
}
