//! What is written and means nothing: the server does not keep it, so that catalogs do not either.

use std::collections::HashSet;

use super::fold::Fold;
use crate::model::{Argument, ArgumentMode, DataType, IndexElement, QualifiedName, Returns};

impl Fold {
    /// What is written and not kept: the modifiers of a routine's types (manual, CREATE FUNCTION), that it
    /// returns its OUT arguments, and the extension that every database has.
    pub(super) fn forget_what_the_server_does(&mut self) {
        self.catalog.extensions.remove("plpgsql");
        for routine in self.catalog.routines.values_mut() {
            for argument in &mut routine.arguments {
                argument.data_type.modifiers.clear();
            }
            if let Some(Returns::Type(of) | Returns::SetOf(of)) = &mut routine.returns {
                of.modifiers.clear();
            }
            let output = |a: &&Argument| matches!(a.mode, ArgumentMode::Out | ArgumentMode::InOut);
            let mut outputs = routine.arguments.iter().filter(output);
            let implied = match (outputs.next(), outputs.next()) {
                (Some(one), None) => Some(Returns::Type(one.data_type.clone())),
                (Some(_), Some(_)) => Some(Returns::Type(DataType::builtin("record"))),
                (None, _) => None,
            };
            if implied.is_some() && routine.returns == implied {
                routine.returns = None;
            }
        }
    }

    /// Operator classes of extensions stand in the default schema: nothing is said by naming it. ONLY says
    /// nothing of a table that has no children.
    pub(super) fn unify_names_of_extensions(&mut self) {
        let default = self.version.dialect.default_schema();
        let declared: HashSet<QualifiedName> = self
            .catalog
            .operator_classes
            .keys()
            .map(|(n, _)| n.clone())
            .collect();
        let unify = |element: &mut IndexElement| {
            let foreign =
                |n: &&mut QualifiedName| n.schema.as_deref() == default && !declared.contains(&**n);
            if let Some(name) = element.opclass.as_mut().filter(foreign) {
                name.schema = None;
            }
        };
        let tables = self.catalog.tables.values_mut().map(|t| &mut t.indexes);
        let views = self.catalog.views.values_mut().map(|v| &mut v.indexes);
        for index in tables.chain(views).flatten() {
            index.elements.iter_mut().for_each(unify);
        }
        let parents: HashSet<&QualifiedName> = self
            .catalog
            .tables
            .values()
            .flat_map(|t| &t.inherits)
            .collect();
        for publication in self.catalog.publications.values_mut() {
            for table in publication
                .tables
                .iter_mut()
                .filter(|t| !parents.contains(&t.name))
            {
                table.only = false;
            }
        }
    }

    /// What options say that holds anyway: all that a publication publishes, the name that a multirange
    /// gets by itself (typecmds.c, `makeMultirangeTypeName`).
    pub(super) fn clear_default_parameters(&mut self) {
        for publication in self.catalog.publications.values_mut() {
            publication.options.retain(|name, value| match &**name {
                "publish" => {
                    let mut all: Vec<&str> = value.split(',').map(str::trim).collect();
                    all.sort_unstable();
                    all != ["delete", "insert", "truncate", "update"]
                }
                "publish_via_partition_root" => **value != *"false",
                _ => true,
            });
        }
        for range in self.catalog.ranges.values_mut() {
            let name = match range.name.name.split_once("range") {
                Some((before, after)) => format!("{before}multirange{after}"),
                None => format!("{}_multirange", range.name.name),
            };
            let implied = [
                self.version.dialect.quote(&name).into_owned(),
                range.name.sibling(name).to_string(),
            ];
            range.options.retain(|option, value| {
                &**option != "multirange_type_name" || !implied.iter().any(|n| n == value.text())
            });
        }
    }
}
