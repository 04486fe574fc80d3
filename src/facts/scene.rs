//! Where a statement is told about: the catalog before it, and what is told so far.
//!
//! Invariant: what it says of names is what the server would find at that point of the text. Where the
//! catalog is not all of the database, relations that it does not know are taken to be there, with
//! rows.

use std::collections::BTreeSet;

use super::kin::Kin;
use super::{Effect, Facts, Lock, LockMode, Reverse, Scan, ScanKind};
use crate::dialect::TargetVersion;
use crate::model::{Catalog, Constraint, DataType, Domain, ObjectId, QualifiedName, Table};
use crate::source::SearchPath;

/// The catalog before a statement, and what is told of the statement.
pub struct Scene<'a> {
    pub catalog: &'a Catalog,
    pub path: &'a SearchPath,
    /// Relations that the same text has created: nobody waits for them.
    pub fresh: &'a BTreeSet<QualifiedName>,
    pub version: TargetVersion,
    /// Whether relations that the catalog does not know are there all the same.
    pub(super) assume: bool,
    pub(super) kin: &'a Kin,
    pub(super) facts: Facts,
}

impl<'a> Scene<'a> {
    /// The relation that a name stands for.
    pub fn relation(&self, name: &QualifiedName) -> QualifiedName {
        let catalog = self.catalog;
        self.find(name, |n| {
            catalog.tables.contains_key(n) || catalog.views.contains_key(n)
        })
    }

    fn find(
        &self,
        name: &QualifiedName,
        is_there: impl Fn(&QualifiedName) -> bool,
    ) -> QualifiedName {
        if name.schema.is_some() {
            return name.clone();
        }
        let here = |schema| QualifiedName::new(schema, name.name.clone());
        let mut all = self.path.iter().cloned().map(here);
        let found = all.find(|n| is_there(n));
        found.unwrap_or_else(|| match self.path.first() {
            Some(schema) => here(schema.clone()),
            None => name.clone(),
        })
    }

    pub fn table(&self, name: &QualifiedName) -> Option<&'a Table> {
        self.catalog.tables.get(name)
    }

    pub fn domain(&self, data_type: &DataType) -> Option<&'a Domain> {
        let domains = &self.catalog.domains;
        domains.get(&self.find(&data_type.name, |n| domains.contains_key(n)))
    }

    /// Whether it is a domain that not every value of its base fits, one of the server's own included.
    pub fn is_constrained(&self, data_type: &DataType) -> bool {
        let name = &data_type.name;
        match self.domain(data_type) {
            Some(domain) => domain.not_null || !domain.checks.is_empty(),
            None => {
                name.schema_str() == "information_schema"
                    && matches!(&*name.name, "cardinal_number" | "yes_or_no")
            }
        }
    }

    /// The table or materialized view of an index.
    pub fn relation_of_index(&self, name: &QualifiedName) -> Option<QualifiedName> {
        let catalog = self.catalog;
        let full = |schema: Option<&crate::model::Ident>| {
            let schema = schema.or(name.schema.as_ref());
            QualifiedName {
                schema: schema.cloned(),
                name: name.name.clone(),
            }
        };
        let candidates: Vec<QualifiedName> = match &name.schema {
            Some(_) => vec![name.clone()],
            None => self.path.iter().map(|s| full(Some(s))).collect(),
        };
        let among = |wanted: &QualifiedName| {
            let own = |t: &&Table| {
                t.name.schema == wanted.schema
                    && (t.index(&wanted.name).is_some()
                        || t.constraint(&wanted.name)
                            .is_some_and(Constraint::has_index))
            };
            let noted = self.kin.had(catalog, wanted).filter(own);
            let table = noted.or_else(|| catalog.tables.values().find(own));
            let table = table.map(|t| t.name.clone());
            table.or_else(|| {
                let mut views = catalog.views.values();
                let view = views.find(|v| {
                    v.name.schema == wanted.schema
                        && v.indexes.iter().any(|i| i.name == wanted.name)
                });
                view.map(|v| v.name.clone())
            })
        };
        candidates.iter().find_map(among)
    }

    /// Whether it is taken to be there, though the catalog does not know it.
    pub fn is_assumed(&self, relation: &QualifiedName) -> bool {
        let catalog = self.catalog;
        let known = catalog.tables.contains_key(relation)
            || catalog.views.contains_key(relation)
            || catalog.sequences.contains_key(relation);
        self.assume && !known && !self.is_fresh(relation)
    }

    /// The relation of an index, or the index itself where nobody knows whose it is.
    pub(super) fn relation_behind(&self, index: &QualifiedName) -> Option<QualifiedName> {
        let found = self.relation_of_index(index);
        found.or_else(|| self.assume.then(|| self.relation(index)))
    }

    /// A table with its partitions and inheritance children, all the way down.
    pub fn tree(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let mut found = vec![name.clone()];
        let mut at = 0;
        while at < found.len() {
            for child in self.kin.children(self.catalog, &found[at]) {
                if !found.contains(&child) {
                    found.push(child);
                }
            }
            at += 1;
        }
        found
    }

    /// Foreign keys of other tables, and of its own, to a table.
    pub fn references_to(&self, name: &QualifiedName) -> Vec<(&'a Table, &'a Constraint)> {
        let all = self.kin.referring(self.catalog, name).into_iter();
        all.flat_map(|t| t.constraints.iter().map(move |c| (t, c)))
            .filter(|(_, c)| c.as_foreign_key().is_some_and(|fk| fk.target == *name))
            .collect()
    }

    /// Tables that have columns of a type.
    pub(super) fn users_of_type(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let uses = |t: &&Table| t.columns.iter().any(|c| c.data_type.name == *name);
        let tables = self.catalog.tables.values().filter(uses);
        tables.map(|t| t.name.clone()).collect()
    }

    // -- what is told --------------------------------------------------------------------------

    pub fn is_fresh(&self, relation: &QualifiedName) -> bool {
        self.fresh.contains(relation)
    }

    pub(super) fn lock(&mut self, relation: &QualifiedName, mode: LockMode) {
        let known =
            self.catalog.tables.contains_key(relation) || self.catalog.views.contains_key(relation);
        let held = known || self.is_assumed(relation);
        if !held || self.is_fresh(relation) {
            return;
        }
        let locks = &mut self.facts.locks;
        match locks.binary_search_by(|l| l.relation.cmp(relation)) {
            Ok(at) => locks[at].mode = locks[at].mode.max(mode),
            Err(at) => locks.insert(
                at,
                Lock {
                    relation: relation.clone(),
                    mode,
                },
            ),
        }
    }

    pub(super) fn lock_tree(&mut self, relation: &QualifiedName, mode: LockMode) {
        for table in self.tree(relation) {
            self.lock(&table, mode);
        }
    }

    /// Whether a relation of this name holds rows of its own that were there before.
    pub(super) fn has_rows(&self, relation: &QualifiedName) -> bool {
        let stored = match self.table(relation) {
            Some(table) => table.partition_by.is_none() && table.foreign.is_none(),
            None => self
                .catalog
                .views
                .get(relation)
                .map_or(self.assume, |v| v.materialized),
        };
        stored && !self.is_fresh(relation)
    }

    pub(super) fn rewrite(&mut self, relation: &QualifiedName) {
        if !self.has_rows(relation) {
            return;
        }
        if let Err(at) = self.facts.rewrites.binary_search(relation) {
            self.facts.rewrites.insert(at, relation.clone());
        }
    }

    pub(super) fn scan(&mut self, relation: &QualifiedName, kind: ScanKind) {
        if !self.has_rows(relation) {
            return;
        }
        let scan = Scan {
            relation: relation.clone(),
            kind,
        };
        if let Err(at) = self.facts.scans.binary_search(&scan) {
            self.facts.scans.insert(at, scan);
        }
    }

    pub(super) fn destroy(&mut self, object: ObjectId) {
        if !self.is_fresh(&object.name) && !self.facts.destroys.contains(&object) {
            let what = format!("the data of {object}");
            self.facts.reverse = Reverse::Loses(what);
            self.facts.destroys.push(object);
        }
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        if let Err(at) = self.facts.effects.binary_search(&effect) {
            self.facts.effects.insert(at, effect);
        }
    }

    pub(super) fn depends_on_rows(&mut self, relation: &QualifiedName, how: String) {
        if !self.is_fresh(relation) {
            self.effect(Effect::DependsOnRows(how));
        }
    }

    pub(super) fn breaks_clients(&mut self, object: ObjectId) {
        if !self.is_fresh(&object.name) {
            self.effect(Effect::BreaksClients(object));
        }
    }

    /// It runs alone, waits for everybody, and leaves something behind where it fails.
    pub(super) fn outside_transactions(&mut self) {
        self.facts.transactional = false;
        self.facts.retry = false;
        self.facts.statement_timeout = Some(0);
        self.facts.precondition = Some(OLD_TRANSACTIONS.to_owned());
    }
}

/// What runs concurrently waits for every transaction that is older than itself.
const OLD_TRANSACTIONS: &str = "SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE \
     backend_xmin IS NOT NULL AND xact_start < pg_catalog.now() - interval '1 minute')";
