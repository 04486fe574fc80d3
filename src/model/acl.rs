//! Privileges: what was granted, and what was revoked from the server's defaults.

use std::collections::BTreeSet;

use super::{Ident, ObjectKind};

/// Who holds a privilege.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grantee {
    Public,
    Role(Ident),
}

/// A single privilege, upper case: `SELECT`, `INSERT`, `USAGE`, `EXECUTE`, `ALL`.
///
/// `resolve/` expands `ALL` to the list that the object's kind has.
pub type Privilege = Box<str>;

/// One granted (or revoked) privilege.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AclItem {
    pub grantee: Grantee,
    /// Present for a column privilege.
    pub column: Option<Ident>,
    pub privilege: Privilege,
    pub grant_option: bool,
}

/// The access privileges of one object, as the difference to what a fresh object has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acl {
    pub granted: BTreeSet<AclItem>,
    /// Privileges that `PUBLIC`, the owner or default privileges would hold and that were revoked.
    pub revoked: BTreeSet<AclItem>,
}

impl Acl {
    pub fn is_empty(&self) -> bool {
        self.granted.is_empty() && self.revoked.is_empty()
    }

    /// The new owner has what the old one had, and what he was granted becomes part of it. Before, he had
    /// nothing by being the owner that could have been taken from him.
    ///
    /// Source: `aclnewowner` in `src/backend/utils/adt/acl.c`.
    pub fn change_hands(&mut self, from: &Ident, to: &Ident) {
        if from == to {
            return;
        }
        let is = |item: &AclItem, who: &Ident| matches!(&item.grantee, Grantee::Role(role) if role == who);
        // What the old owner was granted he had by being the owner.
        self.granted.retain(|item| {
            let by_owning = item.grant_option || !is(item, to);
            item.column.is_some() || by_owning && !is(item, from)
        });
        let mut revoked = std::mem::take(&mut self.revoked);
        revoked.retain(|item| !is(item, to));
        let handed = revoked.into_iter().map(|item| match is(&item, from) {
            true => AclItem {
                grantee: Grantee::Role(to.clone()),
                ..item
            },
            false => item,
        });
        self.revoked = handed.collect();
    }
}

/// `ALTER DEFAULT PRIVILEGES`: one entry for each role, schema and kind of object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultPrivileges {
    /// `FOR ROLE`; `None` is the executor.
    pub role: Option<Ident>,
    /// `IN SCHEMA`; `None` is all.
    pub schema: Option<Ident>,
    /// `Table`, `Sequence`, `Function`, `ShellType` (types) or `Schema`.
    pub kind: ObjectKind,
    pub acl: Acl,
}
