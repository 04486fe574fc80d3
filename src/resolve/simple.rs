//! Names and types within the kinds of object that need no more than that.

use std::collections::BTreeMap;

use super::create::Meeting;
use super::fold::Fold;
use super::names::created;
use crate::expr::{is_support_option, name_of};
use crate::model::{
    CastMethod, DataType, Expr, Object, ObjectId, ObjectKind, OperatorClass, OperatorFamily,
    QualifiedName, RangeType,
};
use crate::source::sql;

impl Fold {
    /// Whether the name of a type or another simple object is free; said where it is not.
    pub(super) fn is_free_type(&mut self, taken: bool, id: &ObjectId, meeting: Meeting) -> bool {
        // `public` is always there.
        let schema = self.catalog.schemas.get(&id.name.name);
        let given = id.kind == ObjectKind::Schema && schema.is_some_and(|s| s.implicit);
        if given && meeting.if_not_exists {
            return false;
        }
        if given {
            self.place(id);
            return true;
        }
        self.is_free(taken, id, meeting)
    }

    /// Qualifies the object's own name and the names in it.
    pub(super) fn resolve_simple(&mut self, mut object: Object) -> Object {
        let written = object.name_mut().map(|name| name.clone());
        if let Some(name) = object.name_mut() {
            let created = self.created_name(&name.clone());
            *name = created;
        }
        match &mut object {
            Object::Composite(o) => {
                for (_, data_type, collation) in &mut o.attributes {
                    self.resolve_type(data_type, None);
                    self.qualify_collation(collation);
                }
            }
            Object::Extension(o) if o.schema.as_deref() == self.dialect().default_schema() => {
                o.schema = None;
            }
            // Its objects go where any CREATE without a schema goes.
            Object::Extension(o) if o.schema.is_none() => {
                let default = self.dialect().default_schema();
                let first = self
                    .now
                    .path
                    .first()
                    .filter(|s| Some(s.as_str()) != default);
                o.schema = first.cloned();
            }
            Object::Range(o) => {
                self.resolve_type(&mut o.subtype, None);
                self.qualify_range(o);
            }
            Object::ShellType(o) => {
                let functions = o.options.iter_mut();
                for (_, function) in functions.filter(|(key, _)| is_support_option(key)) {
                    if let Some(text) = self.routine_text(function.text()) {
                        *function = Expr::new(text.clone(), text);
                    }
                }
            }
            Object::Collation(o) => self.qualify_collation(&mut o.from),
            Object::TextSearch(o) => self.qualify_text_search(o),
            Object::Conversion(o) => self.qualify_routine(&mut o.function),
            Object::Language(o) => {
                for function in o.handlers.values_mut() {
                    self.qualify_routine(function);
                }
            }
            Object::AccessMethod(o) => self.qualify_routine(&mut o.handler),
            Object::Aggregate(o) => {
                for argument in &mut o.arguments {
                    self.resolve_type(&mut argument.data_type, None);
                }
                self.qualify_options(&mut o.options);
            }
            Object::Operator(o) => {
                for side in [&mut o.left, &mut o.right].into_iter().flatten() {
                    self.resolve_type(side, None);
                }
                self.qualify_options(&mut o.options);
            }
            Object::OperatorClass(o) => {
                self.resolve_type(&mut o.data_type, None);
                self.resolve_family(o);
            }
            Object::Cast(o) => {
                self.resolve_type(&mut o.source, None);
                self.resolve_type(&mut o.target, None);
                if let CastMethod::Function(name, types) = &mut o.method {
                    self.qualify_routine(name);
                    types
                        .iter_mut()
                        .for_each(|t: &mut DataType| self.resolve_type(t, None));
                }
            }
            Object::Statistics(o) => o.table = self.relation_name(&o.table),
            Object::EventTrigger(o) => self.resolve_routine_name(&mut o.function),
            Object::Publication(o) => {
                for table in &mut o.tables {
                    table.name = self.relation_name(&table.name);
                }
            }
            Object::ForeignDataWrapper(o) => {
                for name in [&mut o.handler, &mut o.validator].into_iter().flatten() {
                    self.qualify_routine(name);
                }
            }
            Object::Opaque(o) => {
                if let Some(written) = written.filter(|w| w.schema.is_none()) {
                    for text in &mut o.statements {
                        *text = self.qualify_statement(text, &written.name, &o.name).into();
                    }
                }
                for id in &mut o.depends_on {
                    id.name = self.relation_name(&id.name);
                }
                if o.kind.ends_with("table") {
                    self.relations.insert(o.name.clone(), ObjectKind::Opaque);
                }
            }
            _ => {}
        }
        object
    }

    /// A class without a family is put into the one of its name, which is made where there is none.
    ///
    /// Source: `DefineOpClass`, src/backend/commands/opclasscmds.c.
    fn resolve_family(&mut self, class: &mut OperatorClass) {
        let method = class.method.clone();
        let families = &mut self.catalog.operator_families;
        match &mut class.family {
            Some(family) if family.schema.is_none() => {
                let mut places = self.now.path.iter().map(|schema| QualifiedName {
                    schema: Some(schema.clone()),
                    name: family.name.clone(),
                });
                let found = places.find(|n| families.contains_key(&(n.clone(), method.clone())));
                if let Some(found) = found {
                    *family = found;
                }
            }
            Some(_) => {}
            None => {
                let name = class.name.clone();
                class.family = Some(name.clone());
                let key = (name.clone(), method.clone());
                families.entry(key).or_insert_with(|| OperatorFamily {
                    name,
                    method,
                    ..OperatorFamily::default()
                });
            }
        }
    }

    /// Functions and types in the definition of an aggregate or operator.
    fn qualify_options(&mut self, options: &mut BTreeMap<Box<str>, Option<Expr>>) {
        let dialect = self.dialect();
        for (key, value) in options {
            let Some(text) = value.as_ref().map(|v| v.text().to_owned()) else {
                continue;
            };
            let qualified = match &**key {
                "stype" | "mstype" => sql::data_type(&text, self.version).ok().map(|mut t| {
                    self.resolve_type(&mut t, None);
                    dialect.print_type(&t)
                }),
                "function" | "procedure" | "restrict" | "join" => self.routine_text(&text),
                _ if key.ends_with("func") => self.routine_text(&text),
                _ => None,
            };
            if let Some(text) = qualified {
                *value = Some(Expr::new(text.clone(), text));
            }
        }
    }

    /// What the options of a range type name.
    fn qualify_range(&self, range: &mut RangeType) {
        let dialect = self.dialect();
        for (option, value) in &mut range.options {
            let kind = match &**option {
                "collation" => ObjectKind::Collation,
                "subtype_opclass" => ObjectKind::OperatorClass,
                "multirange_type_name" => {
                    if let Some(name) = name_of(value.text(), dialect) {
                        let text = dialect.quote_name(&created(&name, &self.now.path));
                        *value = Expr::new(text.clone(), text);
                    }
                    continue;
                }
                "subtype_diff" | "canonical" => {
                    if let Some(text) = self.routine_text(value.text()) {
                        *value = Expr::new(text.clone(), text);
                    }
                    continue;
                }
                _ => continue,
            };
            if let Some(mut name) = name_of(value.text(), dialect) {
                self.qualify_named(kind, "", &mut name);
                let text = dialect.quote_name(&name);
                *value = Expr::new(text.clone(), text);
            }
        }
    }

    pub(super) fn routine_text(&self, text: &str) -> Option<String> {
        let name = name_of(text, self.dialect())?;
        let found = self.names.routine(&name, &self.now.path)?;
        Some(self.dialect().quote_name(&found))
    }

    fn qualify_routine(&self, name: &mut QualifiedName) {
        match self.names.routine(name, &self.now.path) {
            Some(found) => *name = found,
            None if name.schema.as_deref() == Some("pg_catalog") => name.schema = None,
            None => {}
        }
    }
}
