//! Base and range types that exist as shells until their functions do.

use std::collections::BTreeSet;

use super::assembly::Assembly;
use super::{create_statement, types};
use crate::model::{Expr, ObjectId, ObjectKind, QualifiedName};

/// A base or range type of which only the shell exists, and the functions it waits for.
pub(super) struct Shell {
    pub(super) id: ObjectId,
    pub(super) waits_for: BTreeSet<ObjectId>,
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
            self.shells.push(Shell {
                id: id.clone(),
                waits_for,
            });
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
