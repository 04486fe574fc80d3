//! What names types, servers, wrappers, dictionaries and schemas beside tables, views and routines, and
//! follows them to another name.

use std::collections::BTreeMap;

use super::fold::Fold;
use super::names::multirange_of;
use crate::expr::{expression, name_of, rename_in_text};
use crate::model::{
    CastMethod, DataType, Expr, Ident, ObjectId, ObjectKind, QualifiedName, RoutineBody,
};

impl Fold {
    /// Casts, operators, classes, aggregates and ranges of a type, and what defaults and bodies call it.
    pub(super) fn follow_type(&mut self, old: &QualifiedName, new: &QualifiedName) {
        let change = |of: &mut DataType| {
            if of.name == *old {
                of.name = new.clone();
            }
        };
        let casts = std::mem::take(&mut self.catalog.casts);
        for mut cast in casts.into_values() {
            change(&mut cast.source);
            change(&mut cast.target);
            if let CastMethod::Function(_, types) = &mut cast.method {
                types.iter_mut().for_each(change);
            }
            let key = (cast.source.clone(), cast.target.clone());
            self.catalog.casts.insert(key, cast);
        }
        let operators = std::mem::take(&mut self.catalog.operators);
        for mut operator in operators.into_values() {
            let sides = [&mut operator.left, &mut operator.right];
            sides.into_iter().flatten().for_each(change);
            let key = (operator.name.clone(), operator.signature().into());
            self.catalog.operators.insert(key, operator);
        }
        let classes = self.catalog.operator_classes.values_mut();
        classes.for_each(|class| change(&mut class.data_type));
        let ranges = self.catalog.ranges.values_mut();
        ranges.for_each(|range| change(&mut range.subtype));
        self.follow_in_aggregates(old, new);
        self.follow_in_texts(old, new);
    }

    fn follow_in_aggregates(&mut self, old: &QualifiedName, new: &QualifiedName) {
        let dialect = self.dialect();
        let aggregates = std::mem::take(&mut self.catalog.aggregates);
        for mut aggregate in aggregates.into_values() {
            let types = aggregate.arguments.iter_mut().map(|a| &mut a.data_type);
            for of in types.filter(|of| of.name == *old) {
                of.name = new.clone();
            }
            let states = ["stype", "mstype"];
            let options = aggregate.options.iter_mut();
            for (_, value) in options.filter(|(key, _)| states.contains(&&***key)) {
                let named = value.as_ref().and_then(|v| name_of(v.text(), dialect));
                if named.as_ref() == Some(old) {
                    let text = dialect.quote_name(new);
                    *value = Some(Expr::new(text.clone(), text));
                }
            }
            let key = (aggregate.name.clone(), aggregate.signature().into());
            self.catalog.aggregates.insert(key, aggregate);
        }
    }

    /// Domains, and the defaults and parsed bodies of routines.
    fn follow_in_texts(&mut self, old: &QualifiedName, new: &QualifiedName) {
        let dialect = self.dialect();
        let rewrite = |e: &mut Expr| {
            if let Some(text) = rename_in_text(e.text(), old, new, dialect) {
                *e = expression(&text, dialect);
            }
        };
        for domain in self.catalog.domains.values_mut() {
            let checks = domain.checks.iter_mut().map(|c| &mut c.expression);
            checks.chain(domain.default.as_mut()).for_each(rewrite);
        }
        for routine in self.catalog.routines.values_mut() {
            let arguments = routine.arguments.iter_mut();
            arguments
                .filter_map(|a| a.default.as_mut())
                .for_each(rewrite);
            if let RoutineBody::Standard(body) = &mut routine.body {
                rewrite(body);
            }
        }
    }

    /// Before a range gets another name: its multirange keeps the one that it has.
    pub(super) fn keep_multirange_name(&mut self, id: &ObjectId) {
        let dialect = self.dialect();
        if let Some(range) = self.catalog.ranges.get_mut(&id.name) {
            let text = dialect.quote_name(&multirange_of(range, &id.name));
            let option = Expr::new(text.clone(), text);
            range.options.insert("multirange_type_name".into(), option);
        }
    }

    /// What is of a wrapper or a server, or named after a dictionary, a parser or a template.
    pub(super) fn follow_rare(&mut self, id: &ObjectId, old: &QualifiedName, new: &QualifiedName) {
        match id.kind {
            ObjectKind::ForeignDataWrapper => {
                let servers = self.catalog.foreign_servers.values_mut();
                for server in servers.filter(|s| s.wrapper == old.name) {
                    server.wrapper = new.name.clone();
                }
            }
            ObjectKind::ForeignServer => self.follow_server(&old.name, &new.name),
            ObjectKind::TextSearch => self.follow_text_search(old, new),
            ObjectKind::OperatorFamily => {
                let method = id.signature.as_deref().unwrap_or_default();
                let classes = self.catalog.operator_classes.values_mut();
                let of = classes.filter(|c| *c.method == *method);
                for class in of.filter(|c| c.family.as_ref() == Some(old)) {
                    class.family = Some(new.clone());
                }
            }
            _ => {}
        }
    }

    fn follow_server(&mut self, old: &Ident, new: &Ident) {
        let tables = self.catalog.tables.values_mut();
        let foreign = tables.filter_map(|t| t.foreign.as_mut());
        for table in foreign.filter(|f| f.server == *old) {
            table.server = new.clone();
        }
        let mappings = std::mem::take(&mut self.catalog.user_mappings);
        for ((_, user), mut mapping) in mappings {
            if mapping.server == *old {
                mapping.server = new.clone();
            }
            let key = (mapping.server.clone(), user);
            self.catalog.user_mappings.insert(key, mapping);
        }
    }

    fn follow_text_search(&mut self, old: &QualifiedName, new: &QualifiedName) {
        let dialect = self.dialect();
        for object in self.catalog.text_search.values_mut() {
            let named = object.mappings.values_mut().flatten();
            for name in named.filter(|name| *name == old) {
                *name = new.clone();
            }
            let options = object.options.iter_mut();
            let named = options.filter(|(key, _)| matches!(&***key, "parser" | "template"));
            for (_, value) in named {
                if name_of(value.text(), dialect).as_ref() == Some(old) {
                    let text = dialect.quote_name(new);
                    *value = Expr::new(text.clone(), text);
                }
            }
        }
    }

    /// What new objects of a schema are given.
    pub(super) fn follow_default_privileges(&mut self, from: &Ident, to: &Ident) {
        let all = std::mem::take(&mut self.catalog.default_privileges);
        let moved = all.into_iter().map(|((role, schema, kind), mut given)| {
            if given.schema.as_ref() == Some(from) {
                given.schema = Some(to.clone());
            }
            let schema = schema.map(|s| if s == *from { to.clone() } else { s });
            ((role, schema, kind), given)
        });
        self.catalog.default_privileges = moved.collect::<BTreeMap<_, _>>();
    }
}
