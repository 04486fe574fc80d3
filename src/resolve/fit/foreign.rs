//! What foreign tables cannot have, and options that are there already or are not.
//!
//! Source: `transformColumnDefinition` and `transformTableConstraint` in src/backend/parser/parse_utilcmd.c,
//! `transformGenericOptions` in src/backend/commands/foreigncmds.c.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::model::{
    Constraint, ConstraintKind, GenericOptions, Grantee, ObjectKind, QualifiedName, Table,
};
use crate::resolve::fold::Fold;
use crate::source::{AlterAction, Target};

/// The verb, the name and the value of each.
type Changes = [(Box<str>, Box<str>, Box<str>)];

impl Fold {
    /// A key of rows that are kept elsewhere.
    pub(super) fn unfit_foreign_constraint(
        &self,
        table: &Table,
        constraint: &Constraint,
    ) -> Option<Diagnostic> {
        table.foreign.as_ref()?;
        let what = match &constraint.kind {
            ConstraintKind::PrimaryKey { .. } => "primary keys",
            ConstraintKind::Unique { .. } => "unique constraints",
            ConstraintKind::ForeignKey(_) => "foreign keys",
            ConstraintKind::Exclusion { .. } => "exclusion constraints",
            ConstraintKind::Check { .. } => return None,
        };
        self.cannot(
            format!(
                "`{}` is a foreign table, and cannot have {what}",
                table.name
            ),
            "declare it where the rows are kept",
        )
    }

    pub(super) fn unfit_foreign_index(&self, name: &QualifiedName) -> Option<Diagnostic> {
        let table = self.catalog.tables.get(name)?;
        table.foreign.as_ref()?;
        self.cannot(
            format!("`{name}`, a foreign table, cannot have indexes"),
            "create it where the rows are kept",
        )
    }

    /// A statement about foreign tables that names another one, which has to be said otherwise.
    pub(super) fn unfit_foreign(&self, target: &Target) -> Option<Diagnostic> {
        let foreign = target.detail.as_deref() == Some("foreign");
        (foreign && target.kind == ObjectKind::Table).then_some(())?;
        let (name, kind) = self.relation_kind(&target.name)?;
        let table = self.catalog.tables.get(&name);
        if table.is_some_and(|t| t.foreign.is_some()) {
            return None;
        }
        self.cannot(
            format!("`{name}` is a {kind}, and no foreign table"),
            "leave FOREIGN out",
        )
    }

    /// DROP TABLE drops no foreign one.
    pub(super) fn dropped_as_own(&self, target: &Target) -> Option<Diagnostic> {
        let own = target.kind == ObjectKind::Table && target.detail.is_none();
        let name = self.relation_name(&target.name);
        let table = self.catalog.tables.get(&name).filter(|_| own)?;
        table.foreign.as_ref()?;
        self.cannot(
            format!("`{name}` is a foreign table"),
            "say DROP FOREIGN TABLE",
        )
    }

    /// Options of a wrapper, a server, a user mapping or a foreign table.
    pub(super) fn unfit_options(
        &self,
        target: &Target,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let AlterAction::Options(changes) = action else {
            return None;
        };
        let options = self.options_of(target)?;
        let why = why_not_changed(options, changes)?;
        self.cannot(
            format!("{} `{}`: {why}", target.kind, target.name),
            "ADD what is not there, SET or DROP what is",
        )
    }

    fn options_of(&self, target: &Target) -> Option<&GenericOptions> {
        let catalog = &self.catalog;
        let bare = &target.name.name;
        match target.kind {
            ObjectKind::ForeignDataWrapper => {
                catalog.foreign_data_wrappers.get(bare).map(|o| &o.options)
            }
            ObjectKind::ForeignServer => catalog.foreign_servers.get(bare).map(|o| &o.options),
            ObjectKind::UserMapping => {
                let user = target.member.as_ref()?;
                let mut mappings = catalog.user_mappings.values();
                let of = mappings.find(|m| {
                    let same = match &m.user {
                        Grantee::Public => user == "public",
                        Grantee::Role(role) => role == user,
                    };
                    m.server == *bare && same
                });
                of.map(|o| &o.options)
            }
            _ => {
                let table = catalog.tables.get(&self.relation_name(&target.name))?;
                table.foreign.as_ref().map(|o| &o.options)
            }
        }
    }
}

fn why_not_changed(options: &GenericOptions, changes: &Changes) -> Option<String> {
    let mut there: BTreeSet<&str> = options.iter().map(|(name, _)| &**name).collect();
    changes.iter().find_map(|(verb, name, _)| {
        let fits = match &**verb {
            "drop" => there.remove(&**name),
            "set" => there.contains(&**name),
            _ => there.insert(name),
        };
        (!fits).then(|| match &**verb {
            "drop" | "set" => format!("it has no option `{name}`"),
            _ => format!("it has option `{name}` already"),
        })
    })
}
