//! Uniform access to the objects of a catalog by identity.

use super::*;

/// Calls a macro body for every kind of object that stands in a map of its own.
macro_rules! by_kind {
    ($object:expr, $o:ident => $full:expr, $b:ident => $bare:expr, $other:expr) => {
        match $object {
            Object::Collation($o) => $full,
            Object::ShellType($o) => $full,
            Object::Enum($o) => $full,
            Object::Domain($o) => $full,
            Object::Composite($o) => $full,
            Object::Range($o) => $full,
            Object::Sequence($o) => $full,
            Object::Routine($o) => $full,
            Object::Aggregate($o) => $full,
            Object::Operator($o) => $full,
            Object::OperatorFamily($o) => $full,
            Object::OperatorClass($o) => $full,
            Object::Conversion($o) => $full,
            Object::TextSearch($o) => $full,
            Object::Table($o) => $full,
            Object::VirtualTable($o) => $full,
            Object::View($o) => $full,
            Object::Statistics($o) => $full,
            Object::Opaque($o) => $full,
            Object::Schema($b) => $bare,
            Object::Extension($b) => $bare,
            Object::Language($b) => $bare,
            Object::AccessMethod($b) => $bare,
            Object::ForeignDataWrapper($b) => $bare,
            Object::ForeignServer($b) => $bare,
            Object::EventTrigger($b) => $bare,
            Object::Publication($b) => $bare,
            Object::Subscription($b) => $bare,
            _ => $other,
        }
    };
}

impl Object {
    /// The qualified name, where the kind has one of its own.
    pub fn name_mut(&mut self) -> Option<&mut QualifiedName> {
        by_kind!(self, o => Some(&mut o.name), _b => None, None)
    }

    /// The name of a kind that lives outside schemas.
    pub fn bare_name_mut(&mut self) -> Option<&mut Ident> {
        by_kind!(self, _o => None, b => Some(&mut b.name), None)
    }

    /// What kind of object it is.
    pub fn kind(&self) -> ObjectKind {
        match self {
            Self::Schema(_) => ObjectKind::Schema,
            Self::Extension(_) => ObjectKind::Extension,
            Self::Language(_) => ObjectKind::Language,
            Self::Collation(_) => ObjectKind::Collation,
            Self::ShellType(_) => ObjectKind::ShellType,
            Self::Enum(_) => ObjectKind::Enum,
            Self::Domain(_) => ObjectKind::Domain,
            Self::Composite(_) => ObjectKind::Composite,
            Self::Range(_) => ObjectKind::Range,
            Self::Sequence(_) => ObjectKind::Sequence,
            Self::Routine(o) if o.kind == RoutineKind::Procedure => ObjectKind::Procedure,
            Self::Routine(_) => ObjectKind::Function,
            Self::Aggregate(_) => ObjectKind::Aggregate,
            Self::Operator(_) => ObjectKind::Operator,
            Self::OperatorFamily(_) => ObjectKind::OperatorFamily,
            Self::OperatorClass(_) => ObjectKind::OperatorClass,
            Self::AccessMethod(_) => ObjectKind::AccessMethod,
            Self::Cast(_) => ObjectKind::Cast,
            Self::Conversion(_) => ObjectKind::Conversion,
            Self::TextSearch(_) => ObjectKind::TextSearch,
            Self::ForeignDataWrapper(_) => ObjectKind::ForeignDataWrapper,
            Self::ForeignServer(_) => ObjectKind::ForeignServer,
            Self::UserMapping(_) => ObjectKind::UserMapping,
            Self::Table(_) => ObjectKind::Table,
            Self::VirtualTable(_) => ObjectKind::VirtualTable,
            Self::View(o) if o.materialized => ObjectKind::MaterializedView,
            Self::View(_) => ObjectKind::View,
            Self::Index(..) => ObjectKind::Index,
            Self::Statistics(_) => ObjectKind::Statistics,
            Self::Rule(..) => ObjectKind::Rule,
            Self::Trigger(..) => ObjectKind::Trigger,
            Self::Policy(..) => ObjectKind::Policy,
            Self::EventTrigger(_) => ObjectKind::EventTrigger,
            Self::Publication(_) => ObjectKind::Publication,
            Self::Subscription(_) => ObjectKind::Subscription,
            Self::Opaque(_) => ObjectKind::Opaque,
        }
    }

    /// Its identity, as [`Catalog::objects`] gives it; `None` for what is part of a relation.
    pub fn id(&self) -> Option<ObjectId> {
        let kind = self.kind();
        let signature: Option<Box<str>> = match self {
            Self::Routine(o) => Some(o.signature().into()),
            Self::Aggregate(o) => Some(o.signature().into()),
            Self::Operator(o) => Some(o.signature().into()),
            Self::OperatorFamily(o) => Some(o.method.as_str().into()),
            Self::OperatorClass(o) => Some(o.method.as_str().into()),
            Self::TextSearch(o) => Some(o.kind.as_sql().to_ascii_lowercase().into()),
            Self::Opaque(o) => Some(o.kind.clone()),
            _ => None,
        };
        let name = by_kind!(self, o => Some(o.name.clone()), b => Some(QualifiedName::bare(b.name.clone())), None);
        match (self, name) {
            (_, Some(name)) => Some(ObjectId {
                kind,
                name,
                member: None,
                signature,
            }),
            (Self::Cast(o), _) => {
                let text = format!(
                    "{} AS {}",
                    o.source.signature_text(),
                    o.target.signature_text()
                );
                Some(ObjectId::overload(kind, QualifiedName::default(), text))
            }
            (Self::UserMapping(o), _) => {
                let user = grantee_name(&o.user);
                Some(ObjectId::member(
                    kind,
                    QualifiedName::bare(o.server.clone()),
                    user,
                ))
            }
            _ => None,
        }
    }
}

fn grantee_name(grantee: &Grantee) -> Ident {
    match grantee {
        Grantee::Public => Ident::new("public"),
        Grantee::Role(role) => role.clone(),
    }
}

impl Catalog {
    /// Puts an object in its place; one of the same identity is replaced. What is part of a
    /// relation is added to it.
    pub fn insert(&mut self, object: Object) {
        match object {
            Object::Schema(o) => drop(self.schemas.insert(o.name.clone(), o)),
            Object::Extension(o) => drop(self.extensions.insert(o.name.clone(), o)),
            Object::Language(o) => drop(self.languages.insert(o.name.clone(), o)),
            Object::Collation(o) => drop(self.collations.insert(o.name.clone(), o)),
            Object::ShellType(o) => drop(self.shell_types.insert(o.name.clone(), o)),
            Object::Enum(o) => drop(self.enums.insert(o.name.clone(), o)),
            Object::Domain(o) => drop(self.domains.insert(o.name.clone(), o)),
            Object::Composite(o) => drop(self.composites.insert(o.name.clone(), o)),
            Object::Range(o) => drop(self.ranges.insert(o.name.clone(), o)),
            Object::Sequence(o) => drop(self.sequences.insert(o.name.clone(), o)),
            Object::Routine(o) => {
                self.routines
                    .insert((o.name.clone(), o.signature().into()), *o);
            }
            Object::Aggregate(o) => {
                self.aggregates
                    .insert((o.name.clone(), o.signature().into()), *o);
            }
            Object::Operator(o) => {
                self.operators
                    .insert((o.name.clone(), o.signature().into()), o);
            }
            Object::OperatorFamily(o) => {
                self.operator_families
                    .insert((o.name.clone(), o.method.clone()), o);
            }
            Object::OperatorClass(o) => {
                self.operator_classes
                    .insert((o.name.clone(), o.method.clone()), o);
            }
            Object::AccessMethod(o) => drop(self.access_methods.insert(o.name.clone(), o)),
            Object::Cast(o) => drop(self.casts.insert((o.source.clone(), o.target.clone()), o)),
            Object::Conversion(o) => drop(self.conversions.insert(o.name.clone(), o)),
            Object::TextSearch(o) => drop(self.text_search.insert((o.kind, o.name.clone()), o)),
            Object::ForeignDataWrapper(o) => {
                drop(self.foreign_data_wrappers.insert(o.name.clone(), o))
            }
            Object::ForeignServer(o) => drop(self.foreign_servers.insert(o.name.clone(), o)),
            Object::UserMapping(o) => {
                self.user_mappings
                    .insert((o.server.clone(), o.user.clone()), o);
            }
            Object::Table(o) => drop(self.tables.insert(o.name.clone(), *o)),
            Object::VirtualTable(o) => drop(self.virtual_tables.insert(o.name.clone(), o)),
            Object::View(o) => drop(self.views.insert(o.name.clone(), *o)),
            Object::Statistics(o) => drop(self.statistics.insert(o.name.clone(), o)),
            Object::EventTrigger(o) => drop(self.event_triggers.insert(o.name.clone(), o)),
            Object::Publication(o) => drop(self.publications.insert(o.name.clone(), o)),
            Object::Subscription(o) => drop(self.subscriptions.insert(o.name.clone(), o)),
            Object::Opaque(o) => drop(self.opaque.insert((o.kind.clone(), o.name.clone()), o)),
            part => self.insert_part(part),
        }
    }

    fn insert_part(&mut self, part: Object) {
        match part {
            Object::Index(relation, o) => {
                if let Some(table) = self.tables.get_mut(&relation) {
                    table.indexes.push(*o);
                } else if let Some(view) = self.views.get_mut(&relation) {
                    view.indexes.push(*o);
                }
            }
            Object::Trigger(relation, o) => {
                if let Some(table) = self.tables.get_mut(&relation) {
                    table.triggers.push(*o);
                } else if let Some(view) = self.views.get_mut(&relation) {
                    view.triggers.push(*o);
                }
            }
            Object::Rule(relation, o) => {
                if let Some(table) = self.tables.get_mut(&relation) {
                    table.rules.push(*o);
                } else if let Some(view) = self.views.get_mut(&relation) {
                    view.rules.push(*o);
                }
            }
            Object::Policy(relation, o) => {
                if let Some(table) = self.tables.get_mut(&relation) {
                    table.policies.push(*o);
                }
            }
            _ => {}
        }
    }

    /// Whether an object of the same identity is there.
    pub fn holds(&self, object: &Object) -> bool {
        match object {
            Object::Schema(o) => self.schemas.contains_key(&o.name),
            Object::Extension(o) => self.extensions.contains_key(&o.name),
            Object::Language(o) => self.languages.contains_key(&o.name),
            Object::Collation(o) => self.collations.contains_key(&o.name),
            Object::ShellType(o) => self.shell_types.contains_key(&o.name),
            Object::Enum(o) => self.enums.contains_key(&o.name),
            Object::Domain(o) => self.domains.contains_key(&o.name),
            Object::Composite(o) => self.composites.contains_key(&o.name),
            Object::Range(o) => self.ranges.contains_key(&o.name),
            Object::Sequence(o) => self.sequences.contains_key(&o.name),
            Object::Routine(o) => self
                .routines
                .contains_key(&(o.name.clone(), o.signature().into())),
            Object::Aggregate(o) => self
                .aggregates
                .contains_key(&(o.name.clone(), o.signature().into())),
            Object::Operator(o) => self
                .operators
                .contains_key(&(o.name.clone(), o.signature().into())),
            Object::OperatorFamily(o) => self
                .operator_families
                .contains_key(&(o.name.clone(), o.method.clone())),
            Object::OperatorClass(o) => self
                .operator_classes
                .contains_key(&(o.name.clone(), o.method.clone())),
            Object::AccessMethod(o) => self.access_methods.contains_key(&o.name),
            Object::Cast(o) => self
                .casts
                .contains_key(&(o.source.clone(), o.target.clone())),
            Object::Conversion(o) => self.conversions.contains_key(&o.name),
            Object::TextSearch(o) => self.text_search.contains_key(&(o.kind, o.name.clone())),
            Object::ForeignDataWrapper(o) => self.foreign_data_wrappers.contains_key(&o.name),
            Object::ForeignServer(o) => self.foreign_servers.contains_key(&o.name),
            Object::UserMapping(o) => self
                .user_mappings
                .contains_key(&(o.server.clone(), o.user.clone())),
            Object::Table(o) => self.tables.contains_key(&o.name),
            Object::VirtualTable(o) => self.virtual_tables.contains_key(&o.name),
            Object::View(o) => self.views.contains_key(&o.name),
            Object::Statistics(o) => self.statistics.contains_key(&o.name),
            Object::EventTrigger(o) => self.event_triggers.contains_key(&o.name),
            Object::Publication(o) => self.publications.contains_key(&o.name),
            Object::Subscription(o) => self.subscriptions.contains_key(&o.name),
            Object::Opaque(o) => self.opaque.contains_key(&(o.kind.clone(), o.name.clone())),
            Object::Index(..) | Object::Rule(..) | Object::Trigger(..) | Object::Policy(..) => {
                false
            }
        }
    }

    /// Takes an object out of its map; parts of relations stay.
    pub fn take(&mut self, id: &ObjectId) -> Option<Object> {
        let bare: &str = &id.name.name;
        let overload = || (id.name.clone(), id.signature.clone().unwrap_or_default());
        let by_method = || {
            (
                id.name.clone(),
                Ident::new(id.signature.as_deref().unwrap_or("")),
            )
        };
        Some(match id.kind {
            ObjectKind::Schema => Object::Schema(self.schemas.remove(bare)?),
            ObjectKind::Extension => Object::Extension(self.extensions.remove(bare)?),
            ObjectKind::Language => Object::Language(self.languages.remove(bare)?),
            ObjectKind::AccessMethod => Object::AccessMethod(self.access_methods.remove(bare)?),
            ObjectKind::ForeignDataWrapper => {
                Object::ForeignDataWrapper(self.foreign_data_wrappers.remove(bare)?)
            }
            ObjectKind::ForeignServer => Object::ForeignServer(self.foreign_servers.remove(bare)?),
            ObjectKind::EventTrigger => Object::EventTrigger(self.event_triggers.remove(bare)?),
            ObjectKind::Publication => Object::Publication(self.publications.remove(bare)?),
            ObjectKind::Subscription => Object::Subscription(self.subscriptions.remove(bare)?),
            ObjectKind::Collation => Object::Collation(self.collations.remove(&id.name)?),
            ObjectKind::ShellType => Object::ShellType(self.shell_types.remove(&id.name)?),
            ObjectKind::Enum => Object::Enum(self.enums.remove(&id.name)?),
            ObjectKind::Domain => Object::Domain(self.domains.remove(&id.name)?),
            ObjectKind::Composite => Object::Composite(self.composites.remove(&id.name)?),
            ObjectKind::Range => Object::Range(self.ranges.remove(&id.name)?),
            ObjectKind::Sequence => Object::Sequence(self.sequences.remove(&id.name)?),
            ObjectKind::Function | ObjectKind::Procedure => {
                Object::Routine(Box::new(self.routines.remove(&overload())?))
            }
            ObjectKind::Aggregate => {
                Object::Aggregate(Box::new(self.aggregates.remove(&overload())?))
            }
            ObjectKind::Operator => Object::Operator(self.operators.remove(&overload())?),
            ObjectKind::OperatorFamily => {
                Object::OperatorFamily(self.operator_families.remove(&by_method())?)
            }
            ObjectKind::OperatorClass => {
                Object::OperatorClass(self.operator_classes.remove(&by_method())?)
            }
            ObjectKind::Cast => Object::Cast(self.take_cast(id)?),
            ObjectKind::Conversion => Object::Conversion(self.conversions.remove(&id.name)?),
            ObjectKind::TextSearch => {
                let key = self.text_search_key(id)?;
                Object::TextSearch(self.text_search.remove(&key)?)
            }
            ObjectKind::UserMapping => {
                let key = self.user_mapping_key(id)?;
                Object::UserMapping(self.user_mappings.remove(&key)?)
            }
            ObjectKind::Table => Object::Table(Box::new(self.tables.remove(&id.name)?)),
            ObjectKind::VirtualTable => Object::VirtualTable(self.virtual_tables.remove(&id.name)?),
            ObjectKind::View | ObjectKind::MaterializedView => {
                Object::View(Box::new(self.views.remove(&id.name)?))
            }
            ObjectKind::Statistics => Object::Statistics(self.statistics.remove(&id.name)?),
            ObjectKind::Opaque => {
                let key = (id.signature.clone().unwrap_or_default(), id.name.clone());
                Object::Opaque(self.opaque.remove(&key)?)
            }
            _ => return None,
        })
    }

    /// Removes an object that stands in a map of its own.
    pub fn remove(&mut self, id: &ObjectId) {
        drop(self.take(id));
    }

    fn take_cast(&mut self, id: &ObjectId) -> Option<Cast> {
        let wanted = id.signature.as_deref()?;
        let key = self
            .casts
            .keys()
            .find(|(s, t)| format!("{} AS {}", s.signature_text(), t.signature_text()) == wanted)?
            .clone();
        self.casts.remove(&key)
    }

    pub(super) fn text_search_key(&self, id: &ObjectId) -> Option<(TextSearchKind, QualifiedName)> {
        let word = id.signature.as_deref()?.to_ascii_uppercase();
        let same = |k: &&(TextSearchKind, QualifiedName)| k.1 == id.name && k.0.as_sql() == word;
        self.text_search.keys().find(same).cloned()
    }

    pub(super) fn user_mapping_key(&self, id: &ObjectId) -> Option<(Ident, Grantee)> {
        let member = id.member.as_ref()?;
        let same = |k: &&(Ident, Grantee)| k.0 == id.name.name && grantee_name(&k.1) == *member;
        self.user_mappings.keys().find(same).cloned()
    }

    /// Whether the user mapping is there.
    pub fn objects_of_user_mapping(&self, id: &ObjectId) -> bool {
        self.user_mapping_key(id).is_some()
    }
}
