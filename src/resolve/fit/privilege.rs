//! Privileges that a kind of object does not have.
//!
//! Source: `ExecGrant_Relation` and `string_to_privilege` in src/backend/catalog/aclchk.c.

use crate::diagnostic::Diagnostic;
use crate::model::{AclItem, Grantee, Ident, ObjectKind};
use crate::resolve::fold::Fold;
use crate::resolve::grant::all_privileges;
use crate::source::Target;

impl Fold {
    pub(super) fn unfit_privileges(
        &self,
        targets: &[Target],
        items: &[AclItem],
        revoke: bool,
    ) -> Option<Diagnostic> {
        let to_public = to_public(items).filter(|_| !revoke);
        if to_public.is_some() {
            return self.no_option_for_public();
        }
        targets.iter().find_map(|target| {
            let found = self.relation_kind(&target.name).map(|(_, kind)| kind);
            match (target.kind, found) {
                (ObjectKind::Table, Some(kind @ ObjectKind::Index)) => {
                    return self.cannot(
                        format!("`{}` is an {kind}, which has no privileges", target.name),
                        "grant on its table",
                    );
                }
                (ObjectKind::Sequence, Some(kind)) if kind != ObjectKind::Sequence => {
                    return self.of_other_kind(target);
                }
                // GRANT ON TABLE takes sequences as well, and passes over what only tables have.
                (ObjectKind::Table, Some(ObjectKind::Sequence)) => return None,
                (ObjectKind::Table, Some(ObjectKind::View | ObjectKind::MaterializedView)) => {
                    let mut columns = items.iter().filter_map(|i| i.column.as_ref());
                    let view = self.relation_name(&target.name);
                    let missing = columns.find_map(|c| self.missing_view_column(&view, c));
                    if missing.is_some() {
                        return missing;
                    }
                }
                _ => {}
            }
            self.unknown_privilege(target.kind, items)
        })
    }

    pub(super) fn unfit_defaults(
        &self,
        kind: ObjectKind,
        items: &[AclItem],
        schemas: &[Ident],
        revoke: bool,
    ) -> Option<Diagnostic> {
        if kind == ObjectKind::Schema && !schemas.is_empty() {
            return self.cannot(
                "privileges of schemas have no schema that they would be for".to_owned(),
                "leave IN SCHEMA out",
            );
        }
        if to_public(items).is_some_and(|_| !revoke) {
            return self.no_option_for_public();
        }
        self.unknown_privilege(kind, items)
    }

    fn no_option_for_public(&self) -> Option<Diagnostic> {
        self.cannot(
            "everybody cannot hold a grant option".to_owned(),
            "leave WITH GRANT OPTION out, or name roles",
        )
    }

    fn unknown_privilege(&self, kind: ObjectKind, items: &[AclItem]) -> Option<Diagnostic> {
        let known = matches!(
            kind,
            ObjectKind::Table
                | ObjectKind::Sequence
                | ObjectKind::Schema
                | ObjectKind::Function
                | ObjectKind::Procedure
                | ObjectKind::ShellType
                | ObjectKind::Domain
        );
        if !known {
            return None;
        }
        items.iter().find_map(|item| {
            let kind = match item.column {
                Some(_) => ObjectKind::Column,
                None => kind,
            };
            let all = all_privileges(kind, self.version);
            let has = &*item.privilege == "ALL" || all.contains(&&*item.privilege);
            if has {
                return None;
            }
            self.cannot(
                format!("a {kind} has no privilege {}", item.privilege),
                &format!("it has {}", all.join(", ")),
            )
        })
    }
}

fn to_public(items: &[AclItem]) -> Option<&AclItem> {
    let mut items = items.iter();
    items.find(|i| i.grant_option && i.grantee == Grantee::Public)
}
