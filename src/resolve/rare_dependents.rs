//! What rests on routines, types, operators and dictionaries beside tables, views and routines: casts,
//! operators and their classes, ranges, text search, event triggers, what is foreign.
//!
//! Source: the dependencies that src/backend/catalog/pg_cast.c, pg_operator.c, src/backend/commands/opclasscmds.c,
//! typecmds.c, tsearchcmds.c, event_trigger.c and foreigncmds.c record.

use super::dependents::{Gone, Rest};
use super::fold::Fold;
use crate::expr::{name_of, types_made_of};
use crate::model::{
    Cast, CastMethod, DataType, Expr, ObjectId, ObjectKind, QualifiedName, RangeType,
    TextSearchKind,
};

impl Fold {
    /// What of these kinds rests on an object.
    pub(super) fn rare_rests(&mut self, id: &ObjectId) -> Vec<Rest> {
        let mut found = match id.kind {
            ObjectKind::Function => self.over_function(id),
            ObjectKind::Operator => self.over_operator(id),
            ObjectKind::OperatorFamily => self.in_family(id),
            ObjectKind::OperatorClass => self.ranges_with("subtype_opclass", &id.name),
            ObjectKind::Collation => self.ranges_with("collation", &id.name),
            ObjectKind::TextSearch => self.configurations_of(id),
            ObjectKind::ForeignServer => self.mappings_of(id),
            kind if kind.is_type() || kind.is_relation() => self.over_type(&id.name),
            _ => Vec::new(),
        };
        // The multirange of a range goes with it.
        if let Some(range) = self
            .catalog
            .ranges
            .get(&id.name)
            .filter(|_| id.kind == ObjectKind::Range)
        {
            let several = super::names::multirange_of(range, &range.name);
            let several = ObjectId::new(ObjectKind::Range, several);
            found.extend(self.over_type(&several.name));
            let rests = self.rests(&Gone::Object(several)).into_iter();
            return found.into_iter().map(Rest::Object).chain(rests).collect();
        }
        found.into_iter().map(Rest::Object).collect()
    }

    fn over_function(&self, id: &ObjectId) -> Vec<ObjectId> {
        let signature = id.signature.as_deref().unwrap_or_default();
        let c = &self.catalog;
        let cast = |cast: &&Cast| {
            let CastMethod::Function(name, types) = &cast.method else {
                return false;
            };
            let types: Vec<String> = types.iter().map(DataType::signature_text).collect();
            *name == id.name && types.join(", ") == signature
        };
        let casts = c.casts.values().filter(cast).map(cast_id);
        let named = |e: &Expr| self.is_routine_named(e, &id.name);
        let operators = c.operators.iter().filter(|(_, operator)| {
            let sides = [&operator.left, &operator.right].into_iter().flatten();
            let sides: Vec<String> = sides.map(DataType::signature_text).collect();
            let of = |key: &str| operator.options.get(key).and_then(Option::as_ref);
            let runs = of("function").or(of("procedure"));
            sides.join(", ") == signature && runs.is_some_and(named)
        });
        let operators = operators.map(|((name, sides), _)| {
            ObjectId::overload(ObjectKind::Operator, name.clone(), sides.clone())
        });
        let bare = |kind, name: &crate::model::Ident| {
            ObjectId::new(kind, QualifiedName::bare(name.clone()))
        };
        let triggers = c.event_triggers.values();
        let triggers = triggers.filter(|t| t.function == id.name && signature.is_empty());
        let triggers = triggers.map(|t| bare(ObjectKind::EventTrigger, &t.name));
        let wrappers = c.foreign_data_wrappers.values().filter(|w| {
            let mut functions = w.handler.iter().chain(&w.validator);
            functions.any(|f| *f == id.name)
        });
        let wrappers = wrappers.map(|w| bare(ObjectKind::ForeignDataWrapper, &w.name));
        let mut all: Vec<ObjectId> = casts.chain(operators).chain(types_made_of(c, id)).collect();
        all.extend(triggers.chain(wrappers));
        all.extend(self.classes_with("FUNCTION", &id.name));
        all
    }

    /// Whether an option is the routine, which stands there by its name alone.
    pub(super) fn is_routine_named(&self, option: &Expr, name: &QualifiedName) -> bool {
        name_of(option.text(), self.dialect()).is_some_and(|named| named == *name)
    }

    fn over_operator(&self, id: &ObjectId) -> Vec<ObjectId> {
        self.classes_with("OPERATOR", &id.name)
    }

    /// The operator classes that have an operator or function among their items, where the name says which
    /// one is meant.
    fn classes_with(&self, word: &str, name: &QualifiedName) -> Vec<ObjectId> {
        let overloads = match word {
            "OPERATOR" => self
                .catalog
                .operators
                .keys()
                .filter(|(n, _)| n == name)
                .count(),
            _ => self
                .catalog
                .routines
                .keys()
                .filter(|(n, _)| n == name)
                .count(),
        };
        let classes = self.catalog.operator_classes.values().filter(|class| {
            let mut items = class.items.iter().filter(|_| overloads == 1);
            items.any(|item| item_names(item.text(), word, name))
        });
        let ids = classes.map(|class| {
            let (name, method) = (class.name.clone(), class.method.as_str());
            ObjectId::overload(ObjectKind::OperatorClass, name, method)
        });
        ids.collect()
    }

    fn in_family(&self, id: &ObjectId) -> Vec<ObjectId> {
        let method = id.signature.as_deref().unwrap_or_default();
        let classes = self.catalog.operator_classes.values();
        let of = classes.filter(|c| *c.method == *method && c.family.as_ref() == Some(&id.name));
        let ids = of.map(|c| ObjectId::overload(ObjectKind::OperatorClass, c.name.clone(), method));
        ids.collect()
    }

    fn ranges_with(&self, option: &str, name: &QualifiedName) -> Vec<ObjectId> {
        let named = |range: &&RangeType| {
            let value = range.options.get(option);
            value.is_some_and(|v| self.is_routine_named(v, name))
        };
        let ranges = self.catalog.ranges.values().filter(named);
        ranges
            .map(|r| ObjectId::new(ObjectKind::Range, r.name.clone()))
            .collect()
    }

    /// Casts, operators, classes and aggregates of a type.
    fn over_type(&self, name: &QualifiedName) -> Vec<ObjectId> {
        let c = &self.catalog;
        let is = |of: &DataType| of.name == *name;
        let casts = c.casts.values().filter(|c| is(&c.source) || is(&c.target));
        let casts = casts.map(cast_id);
        let operators = c.operators.iter().filter(|(_, o)| {
            let mut sides = [&o.left, &o.right].into_iter().flatten();
            sides.any(is)
        });
        let operators = operators.map(|((name, sides), _)| {
            ObjectId::overload(ObjectKind::Operator, name.clone(), sides.clone())
        });
        let classes = c.operator_classes.values().filter(|c| is(&c.data_type));
        let classes = classes.map(|c| {
            ObjectId::overload(ObjectKind::OperatorClass, c.name.clone(), c.method.as_str())
        });
        let aggregates = c.aggregates.iter().filter(|(_, a)| {
            let state = a.options.get("stype").and_then(Option::as_ref);
            let state = state.and_then(|s| name_of(s.text(), self.dialect()));
            a.arguments.iter().any(|a| is(&a.data_type)) || state.as_ref() == Some(name)
        });
        let aggregates = aggregates.map(|((name, signature), _)| {
            ObjectId::overload(ObjectKind::Aggregate, name.clone(), signature.clone())
        });
        casts
            .chain(operators)
            .chain(classes)
            .chain(aggregates)
            .collect()
    }

    /// The configurations that a dictionary is part of.
    fn configurations_of(&self, id: &ObjectId) -> Vec<ObjectId> {
        let kind = id
            .signature
            .as_deref()
            .and_then(super::locate::text_search_kind);
        let objects = self.catalog.text_search.values();
        let of = objects.filter(|o| {
            let option = match kind {
                Some(TextSearchKind::Dictionary) => {
                    return o.mappings.values().flatten().any(|d| *d == id.name);
                }
                Some(TextSearchKind::Parser) => "parser",
                Some(TextSearchKind::Template) => "template",
                _ => return false,
            };
            let named = o.options.get(option);
            named.is_some_and(|v| self.is_routine_named(v, &id.name))
        });
        let ids = of.map(|o| {
            let word = o.kind.as_sql().to_lowercase();
            ObjectId::overload(ObjectKind::TextSearch, o.name.clone(), word)
        });
        ids.collect()
    }

    fn mappings_of(&self, id: &ObjectId) -> Vec<ObjectId> {
        let objects = self.catalog.objects().into_iter().map(|(id, _)| id);
        let of = |o: &ObjectId| o.kind == ObjectKind::UserMapping && o.name.name == id.name.name;
        objects.filter(of).collect()
    }
}

/// Whether an item of a class, `OPERATOR 1 s.<(t, t)` or `FUNCTION 1 (t, t) s.f(t, t)`, is of this name.
fn item_names(item: &str, word: &str, name: &QualifiedName) -> bool {
    let Some((first, rest)) = item.trim_start().split_once(char::is_whitespace) else {
        return false;
    };
    let Some((_, rest)) = rest.trim_start().split_once(char::is_whitespace) else {
        return false;
    };
    // The types that a function is for stand before its name.
    let rest = match rest.trim_start().strip_prefix('(') {
        Some(types) => types.split_once(')').map_or("", |(_, behind)| behind),
        None => rest,
    };
    let named = rest.split('(').next().unwrap_or_default().trim();
    let (schema, bare) = match named.split_once('.') {
        Some((schema, bare)) => (Some(schema), bare),
        None => (None, named),
    };
    let of_schema = schema.is_none_or(|s| s.trim_matches('"') == name.schema_str());
    first.eq_ignore_ascii_case(word) && of_schema && bare.trim_matches('"') == name.name.as_str()
}

fn cast_id(cast: &Cast) -> ObjectId {
    let signature = format!(
        "{} AS {}",
        cast.source.signature_text(),
        cast.target.signature_text()
    );
    ObjectId::overload(ObjectKind::Cast, QualifiedName::default(), signature)
}
