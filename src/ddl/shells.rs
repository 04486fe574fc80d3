//! Base and range types that exist as shells until their functions do.

use std::collections::{BTreeSet, HashSet};

use super::assembly::Assembly;
use super::{create_statement, types};
use crate::model::{Expr, ObjectId, ObjectKind, QualifiedName};

/// A base or range type of which only the shell exists.
pub(super) struct Shell {
    pub(super) id: ObjectId,
    /// The functions that complete it.
    waits_for: BTreeSet<ObjectId>,
    /// What else depends on the type, and cannot be made with a shell.
    awaited_by: HashSet<ObjectId>,
}

impl Assembly<'_, '_> {
    /// A type whose functions take or return it exists as a shell until they do.
    pub(super) fn shell<'e>(
        &mut self,
        id: &ObjectId,
        name: &QualifiedName,
        functions: impl IntoIterator<Item = &'e Expr>,
    ) {
        let names: BTreeSet<String> = functions
            .into_iter()
            .map(|f| f.text().replace('"', ""))
            .collect();
        let waits_for: BTreeSet<ObjectId> = self
            .cx
            .catalog
            .routines
            .keys()
            .filter(|(n, _)| names.contains(&n.to_string()) || names.contains(n.name.as_str()))
            .map(|(n, signature)| {
                ObjectId::overload(ObjectKind::Function, n.clone(), signature.clone())
            })
            .filter(|function| !self.is_done(function))
            .collect();
        if waits_for.is_empty() {
            self.complete(id);
        } else {
            self.push(id, types::create_shell(name, self.cx.dialect));
            let edges = self.cx.graph.edges().filter(|(_, on)| *on == id);
            let others = edges.filter(|(from, _)| !waits_for.contains(*from));
            let awaited_by = others.map(|(from, _)| from.clone()).collect();
            self.shells.push(Shell {
                id: id.clone(),
                waits_for,
                awaited_by,
            });
        }
    }

    /// Completes the shells of the types that an object depends on.
    pub(super) fn complete_for(&mut self, id: &ObjectId) {
        let needed = self.shells.iter().filter(|s| s.awaited_by.contains(id));
        let functions: Vec<ObjectId> = needed.flat_map(|s| s.waits_for.clone()).collect();
        for function in functions {
            self.object(&function);
        }
    }

    pub(super) fn routine_exists(&mut self, routine: &ObjectId) {
        for shell in &mut self.shells {
            shell.waits_for.remove(routine);
        }
        let ready = |shell: &mut Shell| shell.waits_for.is_empty();
        let ready: Vec<Shell> = self.shells.extract_if(.., ready).collect();
        for shell in ready {
            self.complete(&shell.id);
        }
    }

    pub(super) fn complete(&mut self, id: &ObjectId) {
        if let Some(object) = self.find(id) {
            let sql = create_statement(&self.cx, object);
            self.push_all(id, sql);
            self.tail(id, object);
        }
    }
}
