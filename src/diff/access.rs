//! Owners, comments and privileges.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::differ::{Differ, Differences};
use crate::model::{
    Acl, AclItem, Facets, Grantee, Ident, ObjectId, ObjectKind, Property, QualifiedName, Value,
};

impl Differ<'_> {
    /// What every owned object has.
    pub(super) fn facets(&mut self, d: &mut Differences, before: &Facets, after: &Facets) {
        if before == after {
            return;
        }
        d.compare(Property::Comment, &before.comment, &after.comment);
        self.owner(d, before.owner.as_ref(), after.owner.as_ref());
        let (before, after) = (self.held(before), self.held(after));
        self.acl(d, &before, &after);
    }

    /// What others than the owner hold: the owner holds everything, and a database says nothing of it.
    fn held<'f>(&self, facets: &'f Facets) -> Cow<'f, Acl> {
        let owner = match &self.options.executor {
            Some(executor) => facets.owner.as_ref().unwrap_or(executor),
            None => return Cow::Borrowed(&facets.acl),
        };
        let is_owner =
            |item: &AclItem| matches!(&item.grantee, Grantee::Role(role) if role == owner);
        // A role that is not the owner has nothing to begin with that could be taken from it.
        let is_told = |item: &AclItem| item.grantee == Grantee::Public || is_owner(item);
        let acl = &facets.acl;
        if !acl.granted.iter().any(is_owner) && acl.revoked.iter().all(is_told) {
            return Cow::Borrowed(acl);
        }
        let mut acl = acl.clone();
        // What was taken from the owner and given to him again.
        let granted = std::mem::take(&mut acl.granted);
        acl.revoked.retain(|item| {
            let same = |g: &AclItem| g.grantee == item.grantee && g.privilege == item.privilege;
            !(is_owner(item) && granted.iter().any(|g| g.column.is_none() && same(g)))
        });
        acl.granted = granted;
        acl.granted.retain(|item| !is_owner(item));
        acl.revoked.retain(is_told);
        Cow::Owned(acl)
    }

    fn owner(&mut self, d: &mut Differences, before: Option<&Ident>, after: Option<&Ident>) {
        let said = |owner: Option<&Ident>| -> Option<Ident> {
            let executor = self.options.executor.as_ref();
            owner.filter(|owner| Some(*owner) != executor).cloned()
        };
        let (before, after) = (said(before), said(after));
        if before == after {
            return;
        }
        if self.options.managed.owners {
            d.compare(Property::Owner, &before, &after);
        } else {
            self.left_out.owners += 1;
        }
    }

    fn acl(&mut self, d: &mut Differences, before: &Acl, after: &Acl) {
        if before == after {
            return;
        }
        let mut privileges = BTreeSet::new();
        for acl in [before, after] {
            privileges.extend(acl.granted.iter().chain(&acl.revoked).map(privilege));
        }
        let (before, after) = (states(before), states(after));
        for privilege in privileges {
            let (before, after) = (before.get(&privilege), after.get(&privilege));
            if before == after {
                continue;
            }
            if self.options.managed.privileges {
                let value = |state: Option<&State>| state.map_or(Value::Absent, State::value);
                d.push(privilege, value(before), value(after));
            } else {
                self.left_out.privileges += 1;
            }
        }
    }

    pub(super) fn default_privileges(&mut self) {
        if !self.options.managed.privileges {
            let (before, after) = (
                &self.pair.before.default_privileges,
                &self.pair.after.default_privileges,
            );
            if before != after {
                self.left_out.privileges += 1;
            }
            return;
        }
        self.objects(
            |c| &c.default_privileges,
            |o| {
                let name = QualifiedName {
                    schema: o.schema.clone(),
                    name: o.role.clone().unwrap_or_default(),
                };
                ObjectId::overload(ObjectKind::DefaultPrivileges, name, o.kind.as_str())
            },
            |differ, id, before, after| {
                let mut d = differ.differences();
                differ.acl(&mut d, &before.acl, &after.acl);
                differ.altered(id, d);
            },
        );
    }

    /// A tablespace, which counts where tablespaces do.
    pub(super) fn tablespace(
        &mut self,
        d: &mut Differences,
        before: Option<&Ident>,
        after: Option<&Ident>,
    ) {
        if self.options.managed.tablespaces {
            d.compare(Property::Tablespace, &before, &after);
        } else if before != after {
            self.left_out.tablespaces += 1;
        }
    }
}

/// What is said about one privilege: it may be granted with and without the grant option, and revoked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State {
    granted: bool,
    with_grant_option: bool,
    revoked: bool,
    /// `REVOKE GRANT OPTION FOR`.
    option_revoked: bool,
}

impl State {
    fn value(&self) -> Value {
        // Whoever owns the object without being named has what was granted to them after a REVOKE.
        let mut said = match (self.revoked, self.granted || self.with_grant_option) {
            (true, true) if self.with_grant_option => vec!["revoked and granted with grant option"],
            (true, true) => vec!["revoked and granted again"],
            (true, false) => vec!["revoked"],
            (false, true) if self.with_grant_option => vec!["granted with grant option"],
            (false, true) => vec!["granted"],
            (false, false) => Vec::new(),
        };
        if self.option_revoked {
            said.push("grant option revoked");
        }
        Value::Text(said.join(", ").into())
    }
}

fn privilege(item: &AclItem) -> Property {
    Property::Privilege {
        grantee: item.grantee.clone(),
        column: item.column.clone(),
        privilege: item.privilege.clone(),
    }
}

fn states(acl: &Acl) -> BTreeMap<Property, State> {
    let mut states: BTreeMap<Property, State> = BTreeMap::new();
    for item in &acl.granted {
        let state = states.entry(privilege(item)).or_default();
        state.granted |= !item.grant_option;
        state.with_grant_option |= item.grant_option;
    }
    for item in &acl.revoked {
        let state = states.entry(privilege(item)).or_default();
        state.revoked |= !item.grant_option;
        state.option_revoked |= item.grant_option;
    }
    states
}
