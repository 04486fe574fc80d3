//! MERGE, and what RETURNING calls old and new.
//!
//! Source: src/backend/parser/parse_merge.c (`setNamespaceForMergeWhen`), analyze.c
//! (`transformReturningClause`).

use super::Analysis;
use super::scope::{Entry, Visible};
use super::types::Type;
use super::world::Output;
use crate::dialect::Dialect;
use crate::expr::tree::{Action, Matched, Merge, Node, Returning, When};

impl Analysis<'_, '_> {
    pub(super) fn merge_command(&mut self, merge: &Merge) -> Option<(String, Vec<Output>)> {
        let mut key = format!("merge into {}", self.from(&merge.into)?);
        key.push_str(&format!(" using {}", self.from(&merge.using)?));
        key.push_str(&format!(" on {}", self.condition_of(&merge.on)?));
        for when in &merge.whens {
            key.push_str(&self.when(when)?);
        }
        let (returning, outputs) = self.returning(&merge.returning)?;
        key.push_str(&returning);
        Some((key, outputs))
    }

    /// A row of one side alone sees the columns of that side only.
    fn when(&mut self, when: &When) -> Option<String> {
        let target = self.scopes.last()?.entries.first()?.columns.clone()?;
        let all = self.scopes.last()?.entries.clone();
        let entries = &mut self.scopes.last_mut()?.entries;
        let mut key = String::from(match when.matched {
            Matched::Both => " when matched",
            Matched::BySource => {
                entries.truncate(1);
                " when not matched by source"
            }
            Matched::ByTarget => {
                entries.remove(0);
                " when not matched"
            }
        });
        if let Some(condition) = &when.condition {
            key.push_str(&format!(" and {}", self.condition_of(condition)?));
        }
        key.push_str(" then ");
        key.push_str(&match &when.action {
            Action::Nothing => "do nothing".to_owned(),
            Action::Delete => "delete".to_owned(),
            Action::Update(set) => format!("update {}", self.assignments(set)?),
            Action::Insert(columns, overriding, values) => {
                self.merged_row(&target, columns, overriding, values)?
            }
        });
        self.scopes.last_mut()?.entries = all;
        Some(key)
    }

    /// INSERT of one row; without a list of columns it begins with the first.
    fn merged_row(
        &mut self,
        target: &[Visible],
        columns: &[String],
        overriding: &str,
        values: &[Node],
    ) -> Option<String> {
        if values.is_empty() {
            return Some("insert default values".to_owned());
        }
        let find = |name: &String| target.iter().find(|c| c.name == *name);
        let named: Option<Vec<&Visible>> = match columns.is_empty() {
            true => target.get(..values.len()).map(|list| list.iter().collect()),
            false => columns.iter().map(find).collect(),
        };
        let named = named.filter(|named| named.len() == values.len())?;
        let mut keys = Vec::new();
        for (column, value) in named.iter().zip(values) {
            let of: Option<&Type> = column.data_type.as_ref();
            keys.push(self.assigned(value, of)?);
        }
        let names: Vec<_> = named
            .iter()
            .map(|c| Dialect::Postgres.quote(&c.name))
            .collect();
        Some(format!(
            "insert ({}) {overriding} values ({})",
            names.join(", "),
            keys.join(", ")
        ))
    }

    /// The row before and after, by the names that RETURNING gives them; a relation that has one of the
    /// usual names already keeps it.
    pub(super) fn enter_old_and_new(&mut self, returning: &Returning) -> Option<()> {
        let target = self.scopes.last()?.entries.first()?.clone();
        for (label, alias) in [("old", &returning.old), ("new", &returning.new)] {
            let taken = self.scopes.iter().any(|s| s.entry(None, label).is_some());
            if alias.is_none() && taken {
                continue;
            }
            let columns = target.columns.as_ref().map(|columns| {
                let of_row = |c: &Visible| Visible {
                    key: format!("{label}.{}", Dialect::Postgres.quote(&c.name)),
                    ..c.clone()
                };
                columns.iter().map(of_row).collect()
            });
            self.enter(Entry {
                label: label.to_owned(),
                alias: alias.clone().unwrap_or_else(|| label.to_owned()),
                schema: None,
                columns,
                hidden: true,
                ..target.clone()
            })?;
        }
        Some(())
    }
}
