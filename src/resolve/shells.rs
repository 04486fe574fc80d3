//! Types that are declared before they are defined: the shell that functions name, and what completes it.
//!
//! Invariant: a shell is a base type without options. Whatever defines a type of its name takes its place.
//!
//! Source: `DefineType` and `DefineRange` in src/backend/commands/typecmds.c, `TypeCreate` in
//! src/backend/catalog/pg_type.c.

use std::collections::BTreeMap;

use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::expr::{is_support_option, name_of};
use crate::model::{Expr, Facets, Object, ObjectId, ObjectKind, QualifiedName, ShellType};
use crate::source::{AlterAction, Target};

impl Fold {
    fn is_shell(&self, name: &QualifiedName) -> bool {
        let found = self.catalog.shell_types.get(name);
        found.is_some_and(|t| t.options.is_empty())
    }

    /// Takes the shell whose place a new type takes, or a table's row type; gives what was said of it.
    pub(super) fn complete_shell(&mut self, name: &QualifiedName) -> Option<Facets> {
        if !self.is_shell(name) {
            return None;
        }
        let id = ObjectId::new(ObjectKind::ShellType, name.clone());
        self.catalog.notes.remove(&id);
        { self.catalog.shell_types.remove(name) }.map(|shell| shell.facets)
    }

    /// The shell that an object completes, if it is a type.
    pub(super) fn shell_of_type(&mut self, object: &Object, id: &ObjectId) -> Option<Facets> {
        let defines = match object {
            Object::ShellType(base) => !base.options.is_empty(),
            _ => id.kind.is_type(),
        };
        if defines {
            self.complete_shell(&id.name)
        } else {
            None
        }
    }

    /// Whether the statement declares the shell of a type that another file defines, which may be read
    /// before.
    pub(super) fn is_shell_of_other(&self, object: &Object) -> bool {
        let Object::ShellType(new) = object else {
            return false;
        };
        let here = |id: &ObjectId| self.map.of(id).is_none_or(|s| s.file == self.now.span.file);
        let found = self.locate_type(&new.name);
        !self.now.in_order && new.options.is_empty() && found.is_some_and(|id| !here(&id))
    }

    /// A base type is created in two steps, of which the first is missing.
    pub(super) fn missing_shell(&self, new: &ShellType) -> Option<Diagnostic> {
        let full = self.names.data_type(&new.name, &self.now.path);
        let full = full.unwrap_or_else(|| new.name.clone());
        let there = self.locate_type(&full).is_some() || self.is_mentioned(&full.name);
        if new.options.is_empty() || there {
            return None;
        }
        let headline = format!("type `{full}` has not been declared as a shell before");
        let help = format!("write `CREATE TYPE {full};` first, then its functions, then this");
        Some(self.refusal("resolve/unknown-object", headline, help))
    }

    /// A function that a base type or a range is made of.
    pub(super) fn missing_support(&self, options: &BTreeMap<Box<str>, Expr>) -> Option<Diagnostic> {
        let is_function = |option: &str| {
            is_support_option(option) || matches!(option, "canonical" | "subtype_diff")
        };
        let functions = options.iter().filter(|(option, _)| is_function(option));
        { functions }.find_map(|(_, function)| {
            let named = name_of(function.text(), self.dialect())?;
            let name = self.names.routine(&named, &self.now.path)?;
            let there = self.has_routine(&name) || self.is_mentioned(&name.name);
            (!there).then(|| self.not_yet("function", &name))
        })
    }

    /// A shell has no values.
    pub(super) fn only_a_shell(&self, name: &QualifiedName) -> Option<Diagnostic> {
        let full = self.names.data_type(name, &self.now.path)?;
        self.is_shell(&full).then(|| {
            let headline = format!("type `{full}` is only a shell here");
            let help = "move the statement behind the one that defines the type";
            self.refusal("resolve/unknown-object", headline, help)
        })
    }
    /// A shell keeps its name and its schema.
    pub(super) fn renamed_shell(
        &self,
        target: &Target,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let named = matches!(action, AlterAction::Rename(_) | AlterAction::SetSchema(_));
        let named = named && target.kind.is_type();
        self.only_a_shell(&target.name).filter(|_| named)
    }
}
