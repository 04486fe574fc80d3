//! What objects of the kinds need that few schemas have, and what others need of them.

use super::Strength;
use super::dependencies::Needs;
use crate::model::{Expr, Index, ObjectId, ObjectKind, ObjectRef, QualifiedName};

impl Needs<'_, '_, '_> {
    /// Kinds that few schemas have.
    pub(super) fn rare(&mut self, object: &ObjectRef<'_>) {
        match object {
            ObjectRef::Domain(o) => {
                self.data_type(&o.base);
                self.collation(o.collation.as_ref());
                o.default.iter().for_each(|e| self.expr(e));
                o.checks.iter().for_each(|c| self.expr(&c.expression));
            }
            ObjectRef::Composite(o) => {
                for (_, data_type, collation) in &o.attributes {
                    self.data_type(data_type);
                    self.collation(collation.as_ref());
                }
            }
            ObjectRef::Range(o) => {
                self.data_type(&o.subtype);
                o.options
                    .values()
                    .for_each(|e| self.called(e, Strength::Body));
            }
            ObjectRef::ShellType(o) => o
                .options
                .values()
                .for_each(|e| self.called(e, Strength::Body)),
            ObjectRef::Aggregate(o) => {
                o.arguments
                    .iter()
                    .for_each(|a| self.data_type(&a.data_type));
                o.options
                    .values()
                    .flatten()
                    .for_each(|e| self.called(e, Strength::Hard));
            }
            ObjectRef::Operator(o) => {
                o.left
                    .iter()
                    .chain(&o.right)
                    .for_each(|t| self.data_type(t));
                for word in ["function", "procedure", "restrict", "join"] {
                    if let Some(Some(e)) = o.options.get(word) {
                        self.called(e, Strength::Hard);
                    }
                }
            }
            ObjectRef::OperatorClass(o) => {
                self.data_type(&o.data_type);
                o.items.iter().for_each(|e| self.expr(e));
                if let Some(family) = &o.family {
                    let id = ObjectId::overload(
                        ObjectKind::OperatorFamily,
                        family.clone(),
                        o.method.as_str(),
                    );
                    self.hard(self.lookup.id(&id));
                }
            }
            ObjectRef::OperatorFamily(o) => o.items.iter().for_each(|e| self.expr(e)),
            ObjectRef::Cast(o) => {
                self.data_type(&o.source);
                self.data_type(&o.target);
                if let crate::model::CastMethod::Function(name, _) = &o.method {
                    self.routine(name, Strength::Hard);
                }
            }
            other => self.cluster(other),
        }
    }

    /// The function or type that an option names.
    fn called(&mut self, option: &Expr, strength: Strength) {
        let Some(name) = crate::expr::name_of(option.text(), self.lookup.dialect) else {
            return;
        };
        self.routine(&name, strength);
        self.edge(self.lookup.type_name(&name), strength);
    }

    fn cluster(&mut self, object: &ObjectRef<'_>) {
        match object {
            ObjectRef::Conversion(o) => self.routine(&o.function, Strength::Hard),
            ObjectRef::EventTrigger(o) => self.routine(&o.function, Strength::Hard),
            ObjectRef::AccessMethod(o) => self.routine(&o.handler, Strength::Hard),
            ObjectRef::Language(o) => o
                .handlers
                .values()
                .for_each(|f| self.routine(f, Strength::Hard)),
            ObjectRef::ForeignDataWrapper(o) => {
                o.handler
                    .iter()
                    .chain(&o.validator)
                    .for_each(|f| self.routine(f, Strength::Hard));
            }
            ObjectRef::ForeignServer(o) => self.bare(ObjectKind::ForeignDataWrapper, &o.wrapper),
            ObjectRef::UserMapping(o) => self.bare(ObjectKind::ForeignServer, &o.server),
            ObjectRef::TextSearch(o) => {
                for names in o
                    .options
                    .values()
                    .filter_map(|e| crate::expr::name_of(e.text(), self.lookup.dialect))
                {
                    self.text_search(&names);
                }
                o.mappings
                    .values()
                    .flatten()
                    .for_each(|d| self.text_search(d));
            }
            ObjectRef::Publication(o) => {
                for table in &o.tables {
                    self.relation(&table.name);
                    table.filter.iter().for_each(|e| self.expr(e));
                }
                o.schemas
                    .iter()
                    .for_each(|s| self.bare(ObjectKind::Schema, s));
            }
            ObjectRef::DefaultPrivileges(o) => {
                o.schema
                    .iter()
                    .for_each(|s| self.bare(ObjectKind::Schema, s));
            }
            _ => {}
        }
    }

    /// A text search object of any kind but a configuration, by name.
    fn text_search(&mut self, name: &QualifiedName) {
        for kind in ["parser", "template", "dictionary"] {
            let id = ObjectId::overload(ObjectKind::TextSearch, name.clone(), kind);
            self.hard(self.lookup.id(&id));
        }
    }

    pub(super) fn collation(&mut self, name: Option<&QualifiedName>) {
        if let Some(name) = name {
            let id = ObjectId::new(ObjectKind::Collation, name.clone());
            self.hard(self.lookup.id(&id));
        }
    }

    /// The operator classes of an index: those that it names, and those that are the default of a type.
    pub(super) fn operator_classes(&mut self, relation: &QualifiedName, index: &Index) {
        for element in &index.elements {
            if let Some(class) = &element.opclass {
                let method = index.method.as_str();
                let id = ObjectId::overload(ObjectKind::OperatorClass, class.clone(), method);
                self.hard(self.lookup.id(&id));
            } else if let Some(column) = &element.column {
                let found = self.lookup.default_class(relation, column, &index.method);
                self.hard(found);
            }
        }
    }
}
