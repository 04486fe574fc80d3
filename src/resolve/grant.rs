//! GRANT, REVOKE and default privileges.

use super::fold::Fold;
use super::identity::identity_sequences;
use crate::dialect::{Capability, Dialect, TargetVersion};
use crate::model::{
    Acl, AclItem, DefaultPrivileges, Grantee, Ident, ObjectId, ObjectKind, QualifiedName,
};
use crate::source::Target;

/// The privileges that ALL stands for.
///
/// Source: PostgreSQL manual, table 5.2 (summary of access privileges), versions 15 and 17.
pub(super) fn all_privileges(kind: ObjectKind, version: TargetVersion) -> &'static [&'static str] {
    const OF_TABLES: [&str; 8] = [
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "TRUNCATE",
        "REFERENCES",
        "TRIGGER",
        "MAINTAIN",
    ];
    match kind {
        ObjectKind::Table
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::VirtualTable
            if version.has(Capability::Maintain) =>
        {
            &OF_TABLES
        }
        ObjectKind::Table
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::VirtualTable => &OF_TABLES[..7],
        ObjectKind::Column => &["SELECT", "INSERT", "UPDATE", "REFERENCES"],
        ObjectKind::Sequence => &["SELECT", "UPDATE", "USAGE"],
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => &["EXECUTE"],
        ObjectKind::Schema => &["CREATE", "USAGE"],
        _ => &["USAGE"],
    }
}

impl Fold {
    pub(super) fn grant(
        &mut self,
        targets: &[Target],
        items: &[AclItem],
        revoke: bool,
        only_option: bool,
        all_in_schemas: &[Ident],
    ) {
        if all_in_schemas.is_empty() {
            for target in targets {
                if self.locate(target).is_none() {
                    self.keep_for_others("grant", target);
                }
            }
        }
        let ids: Vec<ObjectId> = if all_in_schemas.is_empty() {
            targets.iter().filter_map(|t| self.locate(t)).collect()
        } else {
            let kinds: Vec<ObjectKind> = targets.iter().map(|t| t.kind).collect();
            self.all_in(all_in_schemas, &kinds)
        };
        for id in &ids {
            self.place_granted(id, items);
            self.grant_one(id, items, revoke, only_option);
        }
        match all_in_schemas {
            [] => self.keep_in_order(&ids, items, revoke),
            schemas => {
                let kinds: Vec<ObjectKind> = targets.iter().map(|t| t.kind).collect();
                self.keep_for_blocks(schemas, &kinds, items, revoke);
            }
        }
    }

    /// Every object of the kinds in the schemas, as far as it is declared by now.
    fn all_in(&self, schemas: &[Ident], kinds: &[ObjectKind]) -> Vec<ObjectId> {
        let inside =
            |name: &QualifiedName| name.schema.as_ref().is_some_and(|s| schemas.contains(s));
        let mut ids = Vec::new();
        for kind in kinds {
            match kind {
                ObjectKind::Table => {
                    ids.extend(
                        self.catalog
                            .tables
                            .keys()
                            .filter(|n| inside(n))
                            .map(ObjectId::table),
                    );
                    for view in self.catalog.views.values().filter(|v| inside(&v.name)) {
                        let kind = if view.materialized {
                            ObjectKind::MaterializedView
                        } else {
                            ObjectKind::View
                        };
                        ids.push(ObjectId::new(kind, view.name.clone()));
                    }
                }
                ObjectKind::Sequence => {
                    let names = self.catalog.sequences.keys().filter(|n| inside(n));
                    ids.extend(names.map(|n| ObjectId::new(ObjectKind::Sequence, n.clone())));
                    let tables = self.catalog.tables.values().filter(|t| inside(&t.name));
                    ids.extend(tables.flat_map(identity_sequences));
                }
                _ => {
                    let routines = self.catalog.routines.iter().filter(|((n, _), _)| inside(n));
                    ids.extend(routines.map(|((n, s), _)| {
                        ObjectId::overload(ObjectKind::Function, n.clone(), s.clone())
                    }));
                }
            }
        }
        ids
    }

    fn default_schema_grants(&self) -> &'static [&'static str] {
        match self.version.major < 15 {
            true => &["CREATE", "USAGE"],
            false => &["USAGE"],
        }
    }

    /// Whose the schema is that every database begins with, from version 15 on.
    pub(super) fn born_owner(&self, id: &ObjectId) -> Option<Ident> {
        let schema = self.catalog.schemas.get(&id.name.name)?;
        let born = id.kind == ObjectKind::Schema && schema.implicit && self.version.major >= 15;
        (born && self.dialect().default_schema() == Some(&*schema.name))
            .then(|| Ident::new(Dialect::DEFAULT_SCHEMA_OWNER))
    }

    /// Made anew after a DROP, the default schema has nothing of what initdb gave everybody.
    pub(super) fn close_default_schema(&mut self, name: &Ident) {
        let given = self.default_schema_grants().iter();
        let revoked = given.map(|privilege| AclItem {
            grantee: Grantee::Public,
            column: None,
            privilege: Box::from(*privilege),
            grant_option: false,
        });
        let revoked: Vec<AclItem> = revoked.collect();
        if let Some(schema) = self.catalog.schemas.get_mut(name) {
            schema.facets.acl.revoked.extend(revoked);
        }
    }

    fn grant_one(&mut self, id: &ObjectId, items: &[AclItem], revoke: bool, only_option: bool) {
        let owner = self.catalog.facets_mut(id).and_then(|f| f.owner.clone());
        let owner = owner.or_else(|| self.born_owner(id));
        // What is taken back behind a block was given there, and not by being the owner.
        let given = self.behind_blocks.touches(std::slice::from_ref(id), items);
        let public_has: &[&str] = match id.kind {
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => &["EXECUTE"],
            k if k.is_type() => &["USAGE"],
            ObjectKind::Language => &["USAGE"],
            // What initdb gives everybody on the schema that every database begins with.
            ObjectKind::Schema if Some(&*id.name.name) == self.dialect().default_schema() => {
                self.default_schema_grants()
            }
            _ => &[],
        };
        let version = self.version;
        // GRANT ON TABLE takes a sequence, and passes over what it does not have.
        let known = all_privileges(ObjectKind::Sequence, version);
        let sequence = id.kind == ObjectKind::Sequence;
        let has =
            |i: &&AclItem| !sequence || &*i.privilege == "ALL" || known.contains(&&*i.privilege);
        let items: Vec<AclItem> = items.iter().filter(has).cloned().collect();
        let given_back = self.given_back.contains(id);
        if self.now.in_order && owner.is_none() && !revoke && items.iter().any(is_to_executor) {
            self.given_back.insert(id.clone());
        }
        let Some(facets) = self.facets_of(id) else {
            return;
        };
        let change = Change {
            given_back,
            revoke,
            only_option,
            // Whoever runs the statements owns what has no owner, and may be this role.
            is_owner: &|role| owner.as_ref().map_or(!given, |o| o == role),
            ownerless: owner.is_none() && !given,
            public_has,
            version,
        };
        change.apply(&mut facets.acl, id.kind, &items);
    }

    pub(super) fn default_privileges(
        &mut self,
        roles: &[Ident],
        schemas: &[Ident],
        kind: ObjectKind,
        items: &[AclItem],
        (revoke, only_option): (bool, bool),
    ) {
        let or_none = |list: &[Ident]| -> Vec<Option<Ident>> {
            if list.is_empty() {
                vec![None]
            } else {
                list.iter().cloned().map(Some).collect()
            }
        };
        let public_has: &[&str] = match kind {
            ObjectKind::Function => &["EXECUTE"],
            ObjectKind::ShellType => &["USAGE"],
            _ => &[],
        };
        let roles = match or_none(roles) {
            roles if roles == [None] => vec![self.now.role.clone()],
            roles => roles,
        };
        for role in roles {
            for schema in or_none(schemas) {
                let key = (role.clone(), schema.clone(), kind);
                let entry = self
                    .catalog
                    .default_privileges
                    .entry(key.clone())
                    .or_insert_with(|| DefaultPrivileges {
                        role: role.clone(),
                        schema: schema.clone(),
                        kind,
                        acl: Acl::default(),
                    });
                let public = if schema.is_none() { public_has } else { &[] };
                let change = Change {
                    given_back: false,
                    revoke,
                    only_option,
                    is_owner: &|grantee| role.as_ref() == Some(grantee),
                    ownerless: false,
                    public_has: public,
                    version: self.version,
                };
                change.apply(&mut entry.acl, kind, items);
                if entry.acl.is_empty() {
                    self.catalog.default_privileges.remove(&key);
                }
            }
        }
    }

    /// What default privileges give a fresh object, as GRANT statements would.
    pub(super) fn apply_default_privileges(&mut self, id: &ObjectId) {
        let kind = match id.kind {
            ObjectKind::View | ObjectKind::MaterializedView => ObjectKind::Table,
            ObjectKind::Procedure | ObjectKind::Aggregate => ObjectKind::Function,
            k if k.is_type() => ObjectKind::ShellType,
            k => k,
        };
        let mut acls: Vec<Acl> = Vec::new();
        for schema in [None, id.name.schema.clone()] {
            let key = (self.now.role.clone(), schema, kind);
            if let Some(found) = self.catalog.default_privileges.get(&key) {
                acls.push(found.acl.clone());
            }
        }
        if let Some(facets) = self.facets_of(id) {
            for acl in acls {
                for item in acl.granted {
                    grant_one(&mut facets.acl, item, false);
                }
                facets.acl.revoked.extend(acl.revoked);
            }
        }
    }
}

/// What a GRANT or REVOKE does to the access control list of one object.
struct Change<'a> {
    revoke: bool,
    /// `REVOKE GRANT OPTION FOR`.
    only_option: bool,
    is_owner: &'a dyn Fn(&Ident) -> bool,
    /// Whether nobody says whose it is: what a role may have had by being the owner, and was taken from
    /// it, stays taken when it is granted something again.
    ownerless: bool,
    /// Whether the owner, whom nobody names, was given something back before: a role that it may be loses
    /// that with the next REVOKE.
    given_back: bool,
    /// What everybody has from the start: granting it says nothing.
    public_has: &'a [&'a str],
    version: TargetVersion,
}

impl Change<'_> {
    fn apply(&self, acl: &mut Acl, kind: ObjectKind, items: &[AclItem]) {
        for item in items {
            let kind = match item.column {
                Some(_) => ObjectKind::Column,
                None => kind,
            };
            let all = all_privileges(kind, self.version);
            let expanded: Vec<Box<str>> = match &*item.privilege {
                "ALL" => all.iter().map(|p| Box::from(*p)).collect(),
                _ => vec![item.privilege.clone()],
            };
            for privilege in expanded {
                self.apply_one(
                    acl,
                    AclItem {
                        privilege,
                        ..item.clone()
                    },
                );
            }
        }
    }

    fn apply_one(&self, acl: &mut Acl, item: AclItem) {
        let whole = item.column.is_none();
        let public_has =
            item.grantee == Grantee::Public && whole && self.public_has.contains(&&*item.privilege);
        if self.revoke {
            let by_default = match &item.grantee {
                Grantee::Public => public_has,
                Grantee::Role(role) => whole && (self.is_owner)(role),
            };
            let had = revoke_one(acl, &item, self.only_option);
            if by_default && (!had || self.given_back) && !self.only_option {
                acl.revoked.insert(item);
            }
        } else if public_has {
            acl.revoked.remove(&item);
        } else if !(self.ownerless && to_executor(acl, &item)) {
            grant_one(acl, item, self.ownerless);
        }
    }
}

/// GRANT to whoever runs the statement gives the owner, who was not named, what was taken from him;
/// whether anything was.
fn to_executor(acl: &mut Acl, item: &AclItem) -> bool {
    if !is_to_executor(item) || item.grant_option || item.column.is_some() {
        return false;
    }
    let before = acl.revoked.len();
    acl.revoked
        .retain(|i| i.grantee == Grantee::Public || i.privilege != item.privilege);
    acl.revoked.len() < before
}

fn grant_one(acl: &mut Acl, item: AclItem, ownerless: bool) {
    let other = AclItem {
        grant_option: !item.grant_option,
        ..item.clone()
    };
    let plain = AclItem {
        grant_option: false,
        ..item.clone()
    };
    let keeps = ownerless && item.grantee != Grantee::Public && item.column.is_none();
    let was_revoked = !keeps && acl.revoked.remove(&plain);
    // What everybody has from the start needs no grant again.
    if was_revoked && item.grantee == Grantee::Public {
        return;
    }
    if item.grant_option {
        acl.granted.remove(&other);
    } else if acl.granted.contains(&other) {
        return;
    }
    acl.granted.insert(item);
}

fn is_to_executor(item: &AclItem) -> bool {
    item.grantee == Grantee::Role(Ident::new("current_user"))
}

/// Whether there was something to take.
fn revoke_one(acl: &mut Acl, item: &AclItem, only_option: bool) -> bool {
    let with_option = AclItem {
        grant_option: true,
        ..item.clone()
    };
    let plain = AclItem {
        grant_option: false,
        ..item.clone()
    };
    if only_option {
        if acl.granted.remove(&with_option) {
            acl.granted.insert(plain);
        }
        return true;
    }
    let had = acl.granted.remove(&with_option) | acl.granted.remove(&plain);
    if plain.column.is_none() {
        // What is taken from the whole is taken from each of its columns.
        let same = |i: &AclItem| i.grantee == plain.grantee && i.privilege == plain.privilege;
        acl.granted.retain(|i| i.column.is_none() || !same(i));
    }
    had
}
