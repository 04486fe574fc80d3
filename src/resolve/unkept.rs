//! What is written and means nothing: the server does not keep it, so that catalogs do not either.

use std::collections::{BTreeMap, HashSet};

use super::fold::Fold;
use crate::dialect::{Dialect, is_default_operator_class};
use crate::expr::unquote_identifier;
use crate::model::{
    Acl, Argument, ArgumentMode, DataType, Expr, Extension, Facets, Ident, IndexElement,
    QualifiedName, Returns, Table,
};

impl Fold {
    /// What is written and not kept: the modifiers of a routine's types (manual, CREATE FUNCTION), that it
    /// returns its OUT arguments, and the extension that every database has.
    pub(super) fn forget_what_the_server_does(&mut self) {
        self.languages_are_extensions();
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

    /// `CREATE LANGUAGE` without a handler is `CREATE EXTENSION` (manual, CREATE LANGUAGE).
    fn languages_are_extensions(&mut self) {
        let languages = &mut self.catalog.languages;
        let bare = languages.values();
        // An extension's owner is not compared, and neither is that of its members.
        let said = |f: &Facets| f.comment.is_some() || f.acl != Acl::default();
        let bare = bare.filter(|l| l.handlers.is_empty() && !said(&l.facets));
        let names: Vec<Ident> = bare.map(|l| l.name.clone()).collect();
        for name in names {
            languages.remove(&name);
            let extension = Extension {
                name: name.clone(),
                ..Extension::default()
            };
            self.catalog.extensions.entry(name).or_insert(extension);
        }
    }

    /// Columns before expressions, in the order of their table (statscmds.c, `CreateStatistics`).
    fn sort_statistics(&mut self) {
        let tables = &self.catalog.tables;
        for statistics in self.catalog.statistics.values_mut() {
            let Some(table) = tables.get(&statistics.table) else {
                continue;
            };
            let place = |e: &Expr| {
                let name = unquote_identifier(e.text());
                let at = table.columns.iter().position(|c| *c.name == *name);
                at.unwrap_or(table.columns.len())
            };
            statistics.elements.sort_by_key(place);
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
        for table in self.catalog.tables.values_mut() {
            forget_default_classes(table);
        }
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
        for subscription in self.catalog.subscriptions.values_mut() {
            // Without a connection nothing is enabled, made or copied (manual, CREATE SUBSCRIPTION).
            let options = &mut subscription.options;
            let off = |value: &str| matches!(value, "false" | "off" | "0");
            if options.get("connect").is_some_and(off) {
                let follows = ["enabled", "create_slot", "copy_data"];
                options.retain(|name, value| !(follows.contains(&&**name) && off(value)));
            }
        }
        for collation in self.catalog.collations.values_mut() {
            // Those that every server has alike; what others hold is not known from a text.
            if let Some(copied) = collation
                .from
                .take_if(|f| matches!(&*f.name, "C" | "POSIX"))
            {
                let locale = Dialect::Postgres.literal(&copied.name);
                collation
                    .options
                    .insert("locale".into(), Expr::new(locale.as_str(), locale.as_str()));
            }
            unify_locale(&mut collation.options);
        }
        let builtin = |option: &mut Expr| {
            if let Some(name) = option.text().strip_prefix("pg_catalog.") {
                *option = Expr::new(name, name);
            }
        };
        for operator in self.catalog.operators.values_mut() {
            let schema = operator.name.schema.clone();
            for (option, value) in &mut operator.options {
                let (Some(value), Some(schema)) = (value, &schema) else {
                    continue;
                };
                builtin(value);
                let named = matches!(&**option, "commutator" | "negator");
                // Unqualified it is one of the schema that the operator is made in.
                if named && !value.text().to_ascii_uppercase().starts_with("OPERATOR") {
                    let text = format!("OPERATOR({schema}.{})", value.text());
                    *value = Expr::new(text.as_str(), text.as_str());
                }
            }
        }
        self.sort_statistics();
        for aggregate in self.catalog.aggregates.values_mut() {
            aggregate.options.values_mut().flatten().for_each(builtin);
        }
        for range in self.catalog.ranges.values_mut() {
            range.options.values_mut().for_each(builtin);
            let name = super::names::multirange_name(&range.name.name);
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

/// Operator classes that an index takes by itself.
fn forget_default_classes(table: &mut Table) {
    let columns = &table.columns;
    for index in &mut table.indexes {
        for element in &mut index.elements {
            let of = |name: &Ident| columns.iter().find(|c| c.name == *name);
            let (Some(class), Some(column)) =
                (&element.opclass, element.column.as_ref().and_then(of))
            else {
                continue;
            };
            let builtin = matches!(class.schema.as_deref(), None | Some("pg_catalog"));
            if builtin
                && element.opclass_parameters.is_empty()
                && is_default_operator_class(&index.method, &class.name, &column.data_type)
            {
                element.opclass = None;
            }
        }
    }
}

/// libc is the provider where none is named, LOCALE the same as both of its parts (manual, CREATE COLLATION).
fn unify_locale(options: &mut BTreeMap<Box<str>, Expr>) {
    if options
        .get("provider")
        .is_some_and(|p| p.text().eq_ignore_ascii_case("libc"))
    {
        options.remove("provider");
    }
    if let (Some(collate), Some(ctype)) = (options.get("lc_collate"), options.get("lc_ctype"))
        && collate == ctype
        && !options.contains_key("locale")
    {
        let locale = collate.clone();
        options.remove("lc_collate");
        options.remove("lc_ctype");
        options.insert("locale".into(), locale);
    }
}
