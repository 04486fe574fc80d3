//! Owner, comment and privileges of an object by its identity.

use super::*;

impl Catalog {
    pub fn user_mapping_mut(&mut self, id: &ObjectId) -> Option<&mut UserMapping> {
        let key = self.user_mapping_key(id)?;
        self.user_mappings.get_mut(&key)
    }

    pub fn text_search_mut(&mut self, id: &ObjectId) -> Option<&mut TextSearch> {
        let key = self.text_search_key(id)?;
        self.text_search.get_mut(&key)
    }

    /// Owner, comment and privileges of an object that has them; of a column, its table's.
    pub fn facets_mut(&mut self, id: &ObjectId) -> Option<&mut Facets> {
        let bare: &str = &id.name.name;
        let overload = || (id.name.clone(), id.signature.clone().unwrap_or_default());
        let by_method = || {
            (
                id.name.clone(),
                Ident::new(id.signature.as_deref().unwrap_or("")),
            )
        };
        Some(match id.kind {
            ObjectKind::Schema => &mut self.schemas.get_mut(bare)?.facets,
            ObjectKind::Language => &mut self.languages.get_mut(bare)?.facets,
            ObjectKind::ForeignDataWrapper => &mut self.foreign_data_wrappers.get_mut(bare)?.facets,
            ObjectKind::ForeignServer => &mut self.foreign_servers.get_mut(bare)?.facets,
            ObjectKind::EventTrigger => &mut self.event_triggers.get_mut(bare)?.facets,
            ObjectKind::Publication => &mut self.publications.get_mut(bare)?.facets,
            ObjectKind::Subscription => &mut self.subscriptions.get_mut(bare)?.facets,
            ObjectKind::Collation => &mut self.collations.get_mut(&id.name)?.facets,
            ObjectKind::ShellType => &mut self.shell_types.get_mut(&id.name)?.facets,
            ObjectKind::Enum => &mut self.enums.get_mut(&id.name)?.facets,
            ObjectKind::Domain => &mut self.domains.get_mut(&id.name)?.facets,
            ObjectKind::Composite => &mut self.composites.get_mut(&id.name)?.facets,
            ObjectKind::Range => &mut self.ranges.get_mut(&id.name)?.facets,
            ObjectKind::Sequence => &mut self.sequences.get_mut(&id.name)?.facets,
            ObjectKind::Function | ObjectKind::Procedure => {
                &mut self.routines.get_mut(&overload())?.facets
            }
            ObjectKind::Aggregate => &mut self.aggregates.get_mut(&overload())?.facets,
            ObjectKind::Operator => &mut self.operators.get_mut(&overload())?.facets,
            ObjectKind::OperatorFamily => &mut self.operator_families.get_mut(&by_method())?.facets,
            ObjectKind::OperatorClass => &mut self.operator_classes.get_mut(&by_method())?.facets,
            ObjectKind::Conversion => &mut self.conversions.get_mut(&id.name)?.facets,
            ObjectKind::TextSearch => {
                let key = self.text_search_key(id)?;
                &mut self.text_search.get_mut(&key)?.facets
            }
            ObjectKind::Table | ObjectKind::Column if self.tables.contains_key(&id.name) => {
                &mut self.tables.get_mut(&id.name)?.facets
            }
            ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Column => {
                &mut self.views.get_mut(&id.name)?.facets
            }
            ObjectKind::Statistics => &mut self.statistics.get_mut(&id.name)?.facets,
            _ => return None,
        })
    }

    /// Where the comment of an object that stands in a map of its own is kept.
    pub fn comment_mut(&mut self, id: &ObjectId) -> Option<&mut Option<Box<str>>> {
        let bare: &str = &id.name.name;
        match id.kind {
            ObjectKind::Extension => self.extensions.get_mut(bare).map(|o| &mut o.comment),
            ObjectKind::AccessMethod => self.access_methods.get_mut(bare).map(|o| &mut o.comment),
            ObjectKind::VirtualTable => self
                .virtual_tables
                .get_mut(&id.name)
                .map(|o| &mut o.comment),
            ObjectKind::Cast => {
                let wanted = id.signature.as_deref()?;
                self.casts
                    .values_mut()
                    .find(|o| {
                        format!(
                            "{} AS {}",
                            o.source.signature_text(),
                            o.target.signature_text()
                        ) == wanted
                    })
                    .map(|o| &mut o.comment)
            }
            _ => self.facets_mut(id).map(|f| &mut f.comment),
        }
    }
}

impl<'a> ObjectRef<'a> {
    /// Owner, comment and privileges, of what has them.
    pub fn facets(self) -> Option<&'a Facets> {
        Some(match self {
            ObjectRef::Schema(o) => &o.facets,
            ObjectRef::Language(o) => &o.facets,
            ObjectRef::Collation(o) => &o.facets,
            ObjectRef::ShellType(o) => &o.facets,
            ObjectRef::Enum(o) => &o.facets,
            ObjectRef::Domain(o) => &o.facets,
            ObjectRef::Composite(o) => &o.facets,
            ObjectRef::Range(o) => &o.facets,
            ObjectRef::Sequence(o) => &o.facets,
            ObjectRef::Routine(o) => &o.facets,
            ObjectRef::Aggregate(o) => &o.facets,
            ObjectRef::Operator(o) => &o.facets,
            ObjectRef::OperatorFamily(o) => &o.facets,
            ObjectRef::OperatorClass(o) => &o.facets,
            ObjectRef::Conversion(o) => &o.facets,
            ObjectRef::TextSearch(o) => &o.facets,
            ObjectRef::ForeignDataWrapper(o) => &o.facets,
            ObjectRef::ForeignServer(o) => &o.facets,
            ObjectRef::Table(o) => &o.facets,
            ObjectRef::View(o) => &o.facets,
            ObjectRef::Statistics(o) => &o.facets,
            ObjectRef::EventTrigger(o) => &o.facets,
            ObjectRef::Publication(o) => &o.facets,
            ObjectRef::Subscription(o) => &o.facets,
            ObjectRef::Extension(_)
            | ObjectRef::AccessMethod(_)
            | ObjectRef::Cast(_)
            | ObjectRef::UserMapping(_)
            | ObjectRef::VirtualTable(_)
            | ObjectRef::Constraint(..)
            | ObjectRef::Index(..)
            | ObjectRef::Rule(..)
            | ObjectRef::Trigger(..)
            | ObjectRef::Policy(..)
            | ObjectRef::DefaultPrivileges(_)
            | ObjectRef::Opaque(_) => return None,
        })
    }
}
