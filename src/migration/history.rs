//! What each migration of a chain did to the tables: created, changed, renamed or dropped them, and
//! their columns.
//!
//! Invariant: it is what the statements say, one after the other; no catalog is folded, so that a
//! long chain costs no more than reading it.

use std::collections::BTreeMap;

use super::remark::{named_hazards, summary};
use crate::dialect::{Dialect, TargetVersion};
use crate::model::{
    Catalog, Chapter, History, Ident, Life, Object, ObjectKind, QualifiedName, Since, Table,
};
use crate::source::{self, AlterAction, Declaration, SearchPath, SourceFile, Statement, Target};

/// A history while it is written.
pub struct Chronicle {
    version: TargetVersion,
    history: History,
    /// Tables by their indexes.
    indexes: BTreeMap<QualifiedName, QualifiedName>,
    /// Tables that the current migration has dropped: one of the same name may come back.
    gone: BTreeMap<QualifiedName, Life>,
    chapter: Chapter,
}

impl Chronicle {
    pub fn new(version: TargetVersion) -> Self {
        Self {
            version,
            history: History::default(),
            indexes: BTreeMap::new(),
            gone: BTreeMap::new(),
            chapter: Chapter::default(),
        }
    }

    /// Adds a migration by its way up; `path` leads there from the documents.
    pub fn add(&mut self, label: &str, path: String, file: &SourceFile) {
        self.chapter = Chapter {
            label: label.to_owned(),
            summary: summary(label, &file.text),
            path,
            hazards: named_hazards(&file.text),
            ..Chapter::default()
        };
        let read = source::sql::read(file, self.version);
        for declaration in &read.declarations {
            self.declaration(declaration);
        }
        self.close();
    }

    /// Adds the migration that makes a whole schema, as [`super::first`] does.
    pub fn add_whole(&mut self, label: &str, path: String, summary: &str, catalog: &Catalog) {
        let own = catalog.tables.values();
        let own = own.filter(|table| !catalog.is_external(&table.name));
        self.chapter = Chapter {
            label: label.to_owned(),
            summary: summary.to_owned(),
            path,
            ..Chapter::default()
        };
        for table in own {
            self.create(table.name.clone(), table);
        }
        self.close();
    }

    pub fn finish(self) -> History {
        self.history
    }

    /// The number of the current migration.
    fn now(&self) -> usize {
        self.history.migrations.len()
    }

    fn close(&mut self) {
        self.gone.clear();
        let mut chapter = std::mem::take(&mut self.chapter);
        // What is new says so; that it was changed in the same breath is no news.
        let created = std::mem::take(&mut chapter.created);
        chapter.changed.retain(|name| !created.contains(name));
        chapter.created = created;
        // Of a plan that became several files, the header of each names all hazards.
        let touched = chapter.changed.iter().chain(&chapter.dropped);
        let touched: Vec<String> = touched
            .chain(chapter.renamed.values())
            .map(ToString::to_string)
            .collect();
        chapter.hazards.retain(|hazard| {
            let object = hazard.split(' ').nth(2).unwrap_or("");
            let is_of = |table: &String| {
                let rest = object.strip_prefix(table.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            touched.iter().any(is_of)
        });
        self.history.migrations.push(chapter);
    }

    fn declaration(&mut self, declaration: &Declaration) {
        let path = &declaration.search_path;
        match &declaration.statement {
            Statement::Create { object, .. } => self.object(object, path),
            Statement::Alter {
                target, actions, ..
            } => {
                let Some(mut table) = self.table_of(target, path) else {
                    return;
                };
                self.touch(&table);
                for action in actions {
                    table = self.action(table, action, path);
                }
            }
            Statement::Drop { targets, .. } => {
                for target in targets {
                    self.drop(target, path);
                }
            }
            Statement::Comment { target, .. } => {
                if let Some(table) = self.table_of(target, path) {
                    self.touch(&table);
                    if let (ObjectKind::Column, Some(column)) = (target.kind, &target.member) {
                        self.touch_column(&table, column);
                    }
                }
            }
            Statement::Grant { targets, .. } => {
                for target in targets {
                    if let Some(table) = self.table_of(target, path) {
                        self.touch(&table);
                    }
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, object: &Object, path: &SearchPath) {
        let relation = match object {
            Object::Table(table) => {
                let name = self.named(&table.name, path);
                // IF NOT EXISTS leaves the one that is there.
                if !self.history.tables.contains_key(&name) {
                    self.create(name, table);
                }
                return;
            }
            Object::Index(relation, index) => {
                let table = self.named(relation, path);
                let index = table.sibling(index.name.clone());
                self.indexes.insert(index, table);
                relation
            }
            Object::Rule(relation, _)
            | Object::Trigger(relation, _)
            | Object::Policy(relation, _) => relation,
            _ => return,
        };
        let table = self.named(relation, path);
        self.touch(&table);
    }

    fn create(&mut self, name: QualifiedName, table: &Table) {
        let now = Since::new(self.now());
        let columns = table.columns.iter().map(|c| (c.name.clone(), now));
        let life = Life {
            table: now,
            columns: columns.collect(),
        };
        self.chapter.created.insert(name.clone());
        self.history.tables.insert(name, life);
    }

    /// One action of ALTER TABLE; the table's name behind it.
    fn action(
        &mut self,
        table: QualifiedName,
        action: &AlterAction,
        path: &SearchPath,
    ) -> QualifiedName {
        let now = Since::new(self.now());
        let Some(life) = self.history.tables.get_mut(&table) else {
            return table;
        };
        match action {
            AlterAction::AddColumn { column, .. } => {
                life.columns.entry(column.name.clone()).or_insert(now);
            }
            AlterAction::DropColumn { name, .. } => {
                let column = life.columns.remove(name);
                if column.is_none_or(|since| since.introduced < now.introduced) {
                    self.loses(&format!("column {table}.{name}"));
                }
            }
            AlterAction::Column { name, .. } => self.touch_column(&table, name),
            AlterAction::RenameColumn { from, to } => {
                if let Some(mut since) = life.columns.remove(from) {
                    since.changed = now.changed;
                    life.columns.insert(to.clone(), since);
                }
            }
            AlterAction::Rename(new) => {
                return self.rename(table.clone(), table.sibling(new.clone()));
            }
            AlterAction::SetSchema(schema) => {
                let new = QualifiedName::new(schema.clone(), table.name.clone());
                return self.rename(table, new);
            }
            AlterAction::AttachPartition { partition, .. }
            | AlterAction::DetachPartition { partition, .. } => {
                let partition = self.named(partition, path);
                self.touch(&partition);
            }
            _ => {}
        }
        table
    }

    fn rename(&mut self, old: QualifiedName, new: QualifiedName) -> QualifiedName {
        let now = self.now();
        let Some(mut life) = self.history.tables.remove(&old) else {
            return old;
        };
        let fresh = self.chapter.created.remove(&old);
        self.chapter.changed.remove(&old);
        match self.gone.remove(&new) {
            // Rebuilt: what had this name before is the same table to everybody.
            Some(before) if fresh => {
                life.table.introduced = before.table.introduced;
                for (name, since) in &mut life.columns {
                    if let Some(column) = before.columns.get(name) {
                        *since = *column;
                    }
                }
                self.chapter.dropped.remove(&new);
                let lost = format!("table {new}");
                self.chapter.hazards.retain(|h| *h != deleted(&lost));
                let columns: Vec<&Ident> = before.columns.keys().collect();
                for name in columns {
                    if !life.columns.contains_key(name) {
                        self.loses(&format!("column {new}.{name}"));
                    }
                }
                self.chapter.changed.insert(new.clone());
            }
            _ if fresh => {
                self.chapter.created.insert(new.clone());
            }
            _ => {
                self.chapter.renamed.insert(old, new.clone());
            }
        }
        life.table.changed = now;
        self.history.tables.insert(new.clone(), life);
        new
    }

    fn drop(&mut self, target: &Target, path: &SearchPath) {
        if target.kind == ObjectKind::Table && target.member.is_none() {
            let name = self.named(&target.name, path);
            let Some(life) = self.history.tables.remove(&name) else {
                return;
            };
            if life.table.introduced < self.now() {
                self.loses(&format!("table {name}"));
                self.chapter.dropped.insert(name.clone());
            }
            self.chapter.created.remove(&name);
            self.chapter.changed.remove(&name);
            self.gone.insert(name, life);
        } else if let Some(table) = self.table_of(target, path) {
            self.touch(&table);
        }
    }

    /// The table that a statement names, or whose part it names.
    fn table_of(&self, target: &Target, path: &SearchPath) -> Option<QualifiedName> {
        let name = self.named(&target.name, path);
        let name = match target.kind {
            ObjectKind::Index => self.indexes.get(&name)?.clone(),
            _ => name,
        };
        self.history.tables.contains_key(&name).then_some(name)
    }

    fn touch(&mut self, table: &QualifiedName) {
        let now = self.now();
        if let Some(life) = self.history.tables.get_mut(table) {
            life.table.changed = now;
            self.chapter.changed.insert(table.clone());
        }
    }

    fn touch_column(&mut self, table: &QualifiedName, column: &Ident) {
        let now = self.now();
        let life = self.history.tables.get_mut(table);
        if let Some(since) = life.and_then(|life| life.columns.get_mut(column)) {
            since.changed = now;
        }
    }

    fn loses(&mut self, what: &str) {
        let hazard = deleted(what);
        // What the header says was said by somebody who knew more.
        let said = self.chapter.hazards.iter();
        if !said.clone().any(|h| h.starts_with(&hazard)) {
            self.chapter.hazards.push(hazard);
        }
    }

    fn named(&self, name: &QualifiedName, path: &SearchPath) -> QualifiedName {
        if name.schema.is_some() || self.version.dialect == Dialect::Sqlite {
            return name.clone();
        }
        let within = |schema: &Ident| QualifiedName::new(schema.clone(), name.name.clone());
        let mut there = path.iter().map(within);
        there
            .find(|name| self.history.tables.contains_key(name))
            .unwrap_or_else(|| match path.first() {
                Some(schema) => within(schema),
                None => within(&Ident::new("public")),
            })
    }
}

fn deleted(what: &str) -> String {
    format!("deletes-data: {what} is dropped")
}

#[cfg(test)]
mod tests;
