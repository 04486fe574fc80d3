//! From what a statement names to the object that is meant.

use super::fold::Fold;
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::{
    Argument, Ident, ObjectId, ObjectKind, QualifiedName, RoutineKind, TextSearchKind,
};
use crate::source::Target;

impl Fold {
    /// The object of a target, if it is there.
    pub(super) fn locate(&mut self, target: &Target) -> Option<ObjectId> {
        let bare = |kind| {
            Some(ObjectId::new(
                kind,
                QualifiedName::bare(target.name.name.clone()),
            ))
        };
        let key: &str = &target.name.name;
        let c = &self.catalog;
        match target.kind {
            ObjectKind::Schema => bare(ObjectKind::Schema).filter(|_| c.schemas.contains_key(key)),
            ObjectKind::Extension => {
                bare(ObjectKind::Extension).filter(|_| c.extensions.contains_key(key))
            }
            ObjectKind::Language => {
                bare(ObjectKind::Language).filter(|_| c.languages.contains_key(key))
            }
            ObjectKind::AccessMethod => {
                bare(ObjectKind::AccessMethod).filter(|_| c.access_methods.contains_key(key))
            }
            ObjectKind::EventTrigger => {
                bare(ObjectKind::EventTrigger).filter(|_| c.event_triggers.contains_key(key))
            }
            ObjectKind::Publication => {
                bare(ObjectKind::Publication).filter(|_| c.publications.contains_key(key))
            }
            ObjectKind::Subscription => {
                bare(ObjectKind::Subscription).filter(|_| c.subscriptions.contains_key(key))
            }
            ObjectKind::ForeignDataWrapper => bare(ObjectKind::ForeignDataWrapper)
                .filter(|_| c.foreign_data_wrappers.contains_key(key)),
            ObjectKind::ForeignServer => {
                bare(ObjectKind::ForeignServer).filter(|_| c.foreign_servers.contains_key(key))
            }
            ObjectKind::UserMapping => {
                let id = ObjectId::member(
                    ObjectKind::UserMapping,
                    QualifiedName::bare(target.name.name.clone()),
                    target.member.clone().unwrap_or_default(),
                );
                self.catalog.objects_of_user_mapping(&id).then_some(id)
            }
            ObjectKind::Table
            | ObjectKind::VirtualTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence => self.locate_relation(target),
            ObjectKind::Column => self.locate_column(target),
            ObjectKind::Constraint
            | ObjectKind::Trigger
            | ObjectKind::Rule
            | ObjectKind::Policy => self.locate_member(target),
            ObjectKind::ShellType
            | ObjectKind::Domain
            | ObjectKind::Enum
            | ObjectKind::Composite
            | ObjectKind::Range => self.locate_type(&target.name),
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                self.locate_routine(target)
            }
            _ => self.locate_rare(target),
        }
    }

    fn locate_relation(&self, target: &Target) -> Option<ObjectId> {
        let name = self.relation_name(&target.name);
        let kind = *self.relations.get(&name)?;
        Some(ObjectId::new(kind, name))
    }

    fn locate_column(&self, target: &Target) -> Option<ObjectId> {
        let name = self.relation_name(&target.name);
        self.relations.get(&name)?;
        Some(ObjectId::column(&name, target.member.as_ref()?))
    }

    fn locate_member(&mut self, target: &Target) -> Option<ObjectId> {
        let member = target.member.clone()?;
        if target.detail.as_deref() == Some("domain") {
            let id = self.locate_type(&target.name)?;
            return Some(ObjectId::member(ObjectKind::Constraint, id.name, member));
        }
        if target.name.name.is_empty() {
            // SQLite's DROP TRIGGER names no table.
            let owner = self
                .catalog
                .tables
                .iter()
                .find(|(_, t)| t.triggers.iter().any(|x| x.name == member));
            return owner.map(|(name, _)| ObjectId::member(target.kind, name.clone(), member));
        }
        let name = self.relation_name(&target.name);
        let table = self.catalog.tables.get(&name);
        let view = self.catalog.views.get(&name);
        let found = match target.kind {
            ObjectKind::Constraint => table.is_some_and(|t| t.constraint(&member).is_some()),
            ObjectKind::Policy => {
                table.is_some_and(|t| t.policies.iter().any(|p| p.name == member))
            }
            ObjectKind::Trigger => {
                table.is_some_and(|t| t.triggers.iter().any(|x| x.name == member))
                    || view.is_some_and(|v| v.triggers.iter().any(|x| x.name == member))
            }
            _ => {
                table.is_some_and(|t| t.rules.iter().any(|r| r.name == member))
                    || view.is_some_and(|v| v.rules.iter().any(|r| r.name == member))
            }
        };
        found.then(|| ObjectId::member(target.kind, name, member))
    }

    /// A type of any kind.
    pub(super) fn locate_type(&self, name: &QualifiedName) -> Option<ObjectId> {
        let candidates: Vec<QualifiedName> = match name.schema {
            Some(_) => vec![name.clone()],
            None => {
                let path = self.now.path.iter();
                path.map(|s| QualifiedName::new(s.clone(), name.name.clone()))
                    .collect()
            }
        };
        let c = &self.catalog;
        candidates.into_iter().find_map(|name| {
            let kind = if c.enums.contains_key(&name) {
                ObjectKind::Enum
            } else if c.domains.contains_key(&name) {
                ObjectKind::Domain
            } else if c.composites.contains_key(&name) {
                ObjectKind::Composite
            } else if c.ranges.contains_key(&name) {
                ObjectKind::Range
            } else if c.shell_types.contains_key(&name) {
                ObjectKind::ShellType
            } else {
                return None;
            };
            Some(ObjectId::new(kind, name))
        })
    }

    /// A routine by name and arguments, or by name alone where only one has it.
    fn locate_routine(&mut self, target: &Target) -> Option<ObjectId> {
        let name = match &target.name.schema {
            Some(_) => target.name.clone(),
            None => self.names.routine(&target.name, &self.now.path)?,
        };
        let Some(arguments) = &target.arguments else {
            return self.only_routine(&name);
        };
        let full = self.signature_of(arguments);
        // DROP FUNCTION f(int, OUT text) may list the output arguments or leave them out.
        let every: Vec<Argument> = arguments
            .iter()
            .map(|a| Argument {
                mode: crate::model::ArgumentMode::In,
                ..a.clone()
            })
            .collect();
        let every = self.signature_of(&every);
        // The word VARIADIC may be left out as well.
        let mut variadic = arguments.clone();
        if let Some(last) = variadic.last_mut() {
            last.mode = crate::model::ArgumentMode::Variadic;
        }
        let variadic = self.signature_of(&variadic);
        [full, every, variadic]
            .iter()
            .find_map(|signature| self.routine_id(&name, signature))
    }

    fn routine_id(&self, name: &QualifiedName, signature: &str) -> Option<ObjectId> {
        let key = (name.clone(), Box::from(signature));
        if let Some(routine) = self.catalog.routines.get(&key) {
            let kind = match routine.kind {
                RoutineKind::Function => ObjectKind::Function,
                RoutineKind::Procedure => ObjectKind::Procedure,
            };
            return Some(ObjectId::overload(kind, key.0, key.1));
        }
        self.catalog
            .aggregates
            .contains_key(&key)
            .then(|| ObjectId::overload(ObjectKind::Aggregate, key.0, key.1))
    }

    fn only_routine(&self, name: &QualifiedName) -> Option<ObjectId> {
        let routines = self
            .catalog
            .routines
            .keys()
            .filter(|(n, _)| n == name)
            .map(|(_, s)| s);
        let aggregates = self
            .catalog
            .aggregates
            .keys()
            .filter(|(n, _)| n == name)
            .map(|(_, s)| s);
        let mut all = routines.chain(aggregates);
        let first = all.next()?;
        all.next().is_none().then(|| self.routine_id(name, first))?
    }

    /// The signature of arguments, their types resolved.
    pub(super) fn signature_of(&mut self, arguments: &[Argument]) -> String {
        let mut resolved = arguments.to_vec();
        for argument in &mut resolved {
            self.resolve_type(&mut argument.data_type, None);
        }
        let routine = crate::model::Routine {
            arguments: resolved,
            ..Default::default()
        };
        routine.signature()
    }

    fn locate_rare(&mut self, target: &Target) -> Option<ObjectId> {
        let name = super::names::created(&target.name, &self.now.path);
        let detail = target.detail.clone().unwrap_or_default();
        let c = &self.catalog;
        match target.kind {
            ObjectKind::Collation => c
                .collations
                .contains_key(&name)
                .then(|| ObjectId::new(target.kind, name)),
            ObjectKind::Conversion => c
                .conversions
                .contains_key(&name)
                .then(|| ObjectId::new(target.kind, name)),
            ObjectKind::Statistics => c
                .statistics
                .contains_key(&name)
                .then(|| ObjectId::new(target.kind, name)),
            ObjectKind::OperatorClass => c
                .operator_classes
                .contains_key(&(name.clone(), Ident::new(&detail)))
                .then(|| ObjectId::overload(target.kind, name, detail)),
            ObjectKind::OperatorFamily => c
                .operator_families
                .contains_key(&(name.clone(), Ident::new(&detail)))
                .then(|| ObjectId::overload(target.kind, name, detail)),
            ObjectKind::TextSearch => {
                let kind = text_search_kind(&detail)?;
                c.text_search
                    .contains_key(&(kind, name.clone()))
                    .then(|| ObjectId::overload(target.kind, name, detail))
            }
            ObjectKind::Operator => {
                let signature = self.operator_signature(target)?;
                let key = (name.clone(), Box::from(signature.as_str()));
                self.catalog
                    .operators
                    .contains_key(&key)
                    .then(|| ObjectId::overload(target.kind, name, signature))
            }
            ObjectKind::Cast => {
                let [source, to] = target.arguments.as_deref()? else {
                    return None;
                };
                let (mut source, mut to) = (source.data_type.clone(), to.data_type.clone());
                self.resolve_type(&mut source, None);
                self.resolve_type(&mut to, None);
                let signature = format!("{} AS {}", source.signature_text(), to.signature_text());
                self.catalog
                    .casts
                    .contains_key(&(source, to))
                    .then(|| ObjectId::overload(target.kind, QualifiedName::default(), signature))
            }
            _ => None,
        }
    }

    fn operator_signature(&mut self, target: &Target) -> Option<String> {
        let [left, right] = target.arguments.as_deref()? else {
            return None;
        };
        let mut sides = [left.data_type.clone(), right.data_type.clone()];
        for side in &mut sides {
            self.resolve_type(side, None);
        }
        let text = sides.map(|s| {
            if s.name.name.is_empty() {
                "NONE".to_owned()
            } else {
                s.signature_text()
            }
        });
        Some(text.join(", "))
    }

    /// The error where a target is not there; `None` where it is, or belongs to others.
    pub(super) fn missing_target(&mut self, target: &Target) -> Option<Diagnostic> {
        if self.locate(target).is_some() || self.belongs_to_others(target) {
            return None;
        }
        if target.member.is_none() && is_relation(target.kind) {
            let name = self.relation_name(&target.name);
            return Some(self.no_such_relation(&name));
        }
        let what = match &target.member {
            Some(member) => format!("{} `{member}` of `{}`", target.kind, target.name),
            None => format!("{} `{}`", target.kind, target.name),
        };
        Some(
            Diagnostic::error("resolve/unknown-object", format!("{what} does not exist"))
                .at(self.now.span, "named here")
                .help("declare it, or take this statement out"),
        )
    }

    /// Objects of extensions, of the server and of schemas nobody declares are not ours to know.
    pub(super) fn belongs_to_others(&self, target: &Target) -> bool {
        let schema = target.name.schema_str();
        let others = matches!(schema, "pg_catalog" | "information_schema" | "pg_toast")
            || (!schema.is_empty()
                && !self.names.declares(schema)
                && !self
                    .names
                    .relations
                    .iter()
                    .any(|r| r.schema_str() == schema));
        let opaque = self
            .catalog
            .opaque
            .keys()
            .any(|(_, n)| n.name == target.name.name);
        let by_extension = self.names.has_extensions()
            && !matches!(
                target.kind,
                ObjectKind::Table
                    | ObjectKind::Column
                    | ObjectKind::Constraint
                    | ObjectKind::Index
                    | ObjectKind::Policy
                    | ObjectKind::Trigger
            );
        let builtin = matches!(
            target.kind,
            ObjectKind::Language | ObjectKind::Schema | ObjectKind::Extension
        ) || (target.kind == ObjectKind::ForeignServer);
        others || opaque || by_extension || builtin
    }

    pub(super) fn no_such_relation(&self, name: &QualifiedName) -> Diagnostic {
        let mut known: Vec<&str> = self
            .names
            .relations
            .iter()
            .map(|n| n.name.as_str())
            .collect();
        known.sort_unstable();
        let help = match nearest(&name.name, known) {
            Some(near) if near != name.name.as_str() => format!("did you mean `{near}`?"),
            _ => "declare it, or name the schema it is in".to_owned(),
        };
        Diagnostic::error(
            "resolve/unknown-relation",
            format!("relation `{name}` does not exist"),
        )
        .at(self.now.span, "named here")
        .note("no source declares a table, view or sequence of this name")
        .help(help)
    }
}

fn is_relation(kind: ObjectKind) -> bool {
    kind.is_relation() || kind == ObjectKind::Column
}

pub(super) fn text_search_kind(word: &str) -> Option<TextSearchKind> {
    Some(match word {
        "configuration" => TextSearchKind::Configuration,
        "dictionary" => TextSearchKind::Dictionary,
        "parser" => TextSearchKind::Parser,
        "template" => TextSearchKind::Template,
        _ => return None,
    })
}
