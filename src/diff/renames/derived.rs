//! Names that were made from a name that is another now.
//!
//! A renamed table keeps `old_pkey` and `old_id_seq` in the server, and a fresh one has `new_pkey` and
//! `new_id_seq`; so these are renamed too, where both ends are there.

use std::collections::{HashMap, HashSet};

use super::{Rename, Renames};
use crate::dialect::constraint_name;
use crate::model::{
    Catalog, Constraint, ConstraintKind, Ident, Index, ObjectId, ObjectKind, Pair, QualifiedName,
    Table,
};

pub(super) fn derived(pair: Pair<&Catalog>, renames: &Renames) -> Vec<Rename> {
    let mut found = Vec::new();
    for (table, because) in touched(pair.before, renames) {
        let new_name = renames.new_name(ObjectKind::Table, &table.name);
        let Some(after) = pair.after.tables.get(&new_name) else {
            continue;
        };
        let naming = Naming {
            before: table,
            after,
            because,
            renames,
        };
        naming.constraints(&mut found);
        naming.indexes(&mut found);
        naming.triggers(&mut found);
        naming.sequences(pair, &mut found);
    }
    let taken: HashSet<ObjectId> = renames.list.iter().map(|r| r.was.clone()).collect();
    found.retain(|rename| !taken.contains(&rename.was));
    found
}

/// The tables that were renamed, or that have columns that were.
fn touched<'a>(before: &'a Catalog, renames: &Renames) -> Vec<(&'a Table, ObjectId)> {
    let mut touched: Vec<(&Table, ObjectId)> = Vec::new();
    let mut seen = HashSet::new();
    for rename in &renames.list {
        let named = matches!(rename.was.kind, ObjectKind::Table | ObjectKind::Column);
        let table = before.tables.get(&rename.was.name).filter(|_| named);
        if let Some(table) = table.filter(|t| seen.insert(&t.name)) {
            touched.push((table, rename.id.clone()));
        }
    }
    touched
}

/// The two tables whose made names are compared.
struct Naming<'a> {
    before: &'a Table,
    after: &'a Table,
    because: ObjectId,
    renames: &'a Renames,
}

impl Naming<'_> {
    fn column(&self, old: &Ident) -> Ident {
        let id = ObjectId::column(&self.before.name, old);
        self.renames.new_member(&id).unwrap_or(old).clone()
    }

    /// The name that was made, and the one that is made now.
    fn made(&self, columns: &[&Ident], label: &str) -> (String, String) {
        let of = |table: &QualifiedName, columns: &[&str]| {
            constraint_name(&table.name, columns, label, |_| false)
        };
        let new: Vec<Ident> = columns.iter().map(|c| self.column(c)).collect();
        let old: Vec<&str> = columns.iter().map(|c| c.as_str()).collect();
        let new: Vec<&str> = new.iter().map(Ident::as_str).collect();
        (of(&self.before.name, &old), of(&self.after.name, &new))
    }

    /// The new name of one that may have been made over some list of columns.
    fn renamed<'c>(
        &self,
        name: &Ident,
        lists: impl IntoIterator<Item = Vec<&'c Ident>>,
        label: &str,
        taken: &HashSet<&Ident>,
        wanted: &HashSet<&Ident>,
    ) -> Option<Ident> {
        if wanted.contains(name) {
            return None;
        }
        let mut lists = lists.into_iter();
        let made = lists.find_map(|columns| {
            let (old, new) = self.made(&columns, label);
            (*name == *old.as_str()).then(|| Ident::from(new))
        });
        let by_prefix = || {
            let (old, new) = (&self.before.name.name, &self.after.name.name);
            let rest = name.strip_prefix(old.as_str())?;
            (rest.starts_with('_') && old != new).then(|| Ident::from(format!("{new}{rest}")))
        };
        let new = made.or_else(by_prefix)?;
        (wanted.contains(&new) && !taken.contains(&new)).then_some(new)
    }

    fn constraints(&self, found: &mut Vec<Rename>) {
        let of_rank = |table: &'_ Table, rank: u8| -> HashSet<Ident> {
            let list = table.constraints.iter().filter(|c| c.rank() == rank);
            list.map(|c| c.name.clone()).collect()
        };
        for constraint in self
            .before
            .constraints
            .iter()
            .filter(|c| !c.name.is_empty())
        {
            let (taken, wanted) = (
                of_rank(self.before, constraint.rank()),
                of_rank(self.after, constraint.rank()),
            );
            let (lists, label) = self.lists(constraint);
            let new = self.renamed(
                &constraint.name,
                lists,
                label,
                &taken.iter().collect(),
                &wanted.iter().collect(),
            );
            if let Some(new) = new {
                found.push(Rename {
                    was: ObjectId::constraint(&self.before.name, &constraint.name),
                    id: ObjectId::constraint(&self.after.name, &new),
                    because: Some(self.because.clone()),
                });
            }
        }
    }

    /// The columns that a constraint's name may have been made of.
    fn lists<'c>(&'c self, constraint: &'c Constraint) -> (Vec<Vec<&'c Ident>>, &'static str) {
        match &constraint.kind {
            ConstraintKind::PrimaryKey { .. } => (vec![Vec::new()], "pkey"),
            ConstraintKind::Unique {
                columns, include, ..
            } => (vec![columns.iter().chain(include).collect()], "key"),
            ConstraintKind::ForeignKey(fk) => (vec![fk.columns.iter().collect()], "fkey"),
            ConstraintKind::Exclusion { elements, .. } => {
                let columns = elements.iter().filter_map(|e| e.element.column.as_ref());
                (vec![columns.collect()], "excl")
            }
            ConstraintKind::Check { .. } => {
                let single = self.before.columns.iter().map(|c| vec![&c.name]);
                (single.chain([Vec::new()]).collect(), "check")
            }
        }
    }

    fn indexes(&self, found: &mut Vec<Rename>) {
        let taken: HashSet<&Ident> = self.before.indexes.iter().map(|i| &i.name).collect();
        let wanted: HashSet<&Ident> = self.after.indexes.iter().map(|i| &i.name).collect();
        for index in &self.before.indexes {
            let columns = |index: &'_ Index| -> Vec<Ident> {
                let keys = index.elements.iter().filter_map(|e| e.column.clone());
                keys.chain(index.include.iter().cloned()).collect()
            };
            let columns = columns(index);
            let list = vec![columns.iter().collect::<Vec<_>>()];
            if let Some(new) = self.renamed(&index.name, list, "idx", &taken, &wanted) {
                found.push(Rename {
                    was: ObjectId::index(&self.before.name.sibling(index.name.clone())),
                    id: ObjectId::index(&self.after.name.sibling(new)),
                    because: Some(self.because.clone()),
                });
            }
        }
    }

    /// Triggers of YAML's `on_update:` and `audit:` are named after their table.
    fn triggers(&self, found: &mut Vec<Rename>) {
        let taken: HashSet<&Ident> = self.before.triggers.iter().map(|t| &t.name).collect();
        let wanted: HashSet<&Ident> = self.after.triggers.iter().map(|t| &t.name).collect();
        for trigger in &self.before.triggers {
            let new = self.renamed(&trigger.name, [], "", &taken, &wanted);
            if let Some(new) = new {
                let id = |table: &QualifiedName, name: &Ident| {
                    ObjectId::member(ObjectKind::Trigger, table.clone(), name.clone())
                };
                found.push(Rename {
                    was: id(&self.before.name, &trigger.name),
                    id: id(&self.after.name, &new),
                    because: Some(self.because.clone()),
                });
            }
        }
    }

    /// The sequences of serial columns.
    fn sequences(&self, pair: Pair<&Catalog>, found: &mut Vec<Rename>) {
        let made: HashMap<QualifiedName, QualifiedName> = self
            .before
            .columns
            .iter()
            .map(|column| {
                let new = self.column(&column.name);
                let name = crate::dialect::sequence_name;
                (
                    name(&self.before.name, &column.name),
                    name(&self.after.name, &new),
                )
            })
            .collect();
        let mut made: Vec<_> = made.into_iter().collect();
        made.sort();
        for (old, new) in made {
            let owned = |catalog: &Catalog, name: &QualifiedName, table: &QualifiedName| {
                let sequence = catalog.sequences.get(name);
                let by = sequence.and_then(|s| s.owned_by.as_ref());
                by.is_some_and(|(owner, _)| owner == table)
            };
            if old != new
                && owned(pair.before, &old, &self.before.name)
                && owned(pair.after, &new, &self.after.name)
                && !pair.before.sequences.contains_key(&new)
                && !pair.after.sequences.contains_key(&old)
            {
                found.push(Rename {
                    was: ObjectId::new(ObjectKind::Sequence, old),
                    id: ObjectId::new(ObjectKind::Sequence, new),
                    because: Some(self.because.clone()),
                });
            }
        }
    }
}
