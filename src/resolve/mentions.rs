//! Which objects name which words: where to look for what rests on something that goes.
//!
//! Invariants: an upper bound, never missing an object that names a word; whoever asks looks again at
//! what the object says now. Made when the first object goes, and kept up from then on, so that many
//! DROPs cost one walk over the schema.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::dependents::Gone;
use super::fold::Fold;
use crate::model::{
    Catalog, DataType, Expr, Ident, Index, IndexElement, ObjectId, ObjectKind, Policy,
    QualifiedName, Returns, Routine, RoutineBody, Rule, Table, Trigger, View,
};
use crate::source::{AlterAction, Statement};

/// What holds the texts: a relation with all of its parts, or an object of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    Table(QualifiedName),
    View(QualifiedName),
    Routine((QualifiedName, Box<str>)),
    Domain(QualifiedName),
    Composite(QualifiedName),
    Range(QualifiedName),
}

/// Holders by the words that they name.
pub(super) struct Mentions {
    by_word: HashMap<u64, Vec<Holder>>,
}

impl Mentions {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut mentions = Self {
            by_word: HashMap::new(),
        };
        let tables = catalog.tables.keys().cloned().map(Holder::Table);
        let views = catalog.views.keys().cloned().map(Holder::View);
        let routines = catalog.routines.keys().cloned().map(Holder::Routine);
        let domains = catalog.domains.keys().cloned().map(Holder::Domain);
        let composites = catalog.composites.keys().cloned().map(Holder::Composite);
        let ranges = catalog.ranges.keys().cloned().map(Holder::Range);
        let types = domains.chain(composites).chain(ranges);
        for holder in tables.chain(views).chain(routines).chain(types) {
            mentions.add(catalog, holder);
        }
        mentions
    }

    /// Takes in what an object that has been created or altered says now.
    pub(super) fn renew(&mut self, catalog: &Catalog, id: &ObjectId) {
        let name = id.name.clone();
        let holder = match id.kind {
            ObjectKind::Function | ObjectKind::Procedure => {
                Holder::Routine((name, id.signature.clone().unwrap_or_default()))
            }
            ObjectKind::Domain => Holder::Domain(name),
            ObjectKind::Composite => Holder::Composite(name),
            ObjectKind::Range => Holder::Range(name),
            _ if catalog.tables.contains_key(&name) => Holder::Table(name),
            _ if catalog.views.contains_key(&name) => Holder::View(name),
            _ => return,
        };
        self.add(catalog, holder);
    }

    /// Everything that may name the object, in order.
    pub(super) fn holders(&self, name: &Ident) -> Vec<Holder> {
        let mut first = None;
        words(name, &mut |word| first = first.or(Some(word)));
        let mut holders = match first {
            Some(word) => self.by_word.get(&word).cloned().unwrap_or_default(),
            // A symbol may stand in any text.
            None => self.by_word.values().flatten().cloned().collect(),
        };
        holders.sort();
        holders.dedup();
        holders
    }

    fn add(&mut self, catalog: &Catalog, holder: Holder) {
        let mut found = Vec::new();
        texts(catalog, &holder, &mut |text| {
            words(text, &mut |word| found.push(word));
        });
        found.sort_unstable();
        found.dedup();
        for word in found {
            self.by_word.entry(word).or_default().push(holder.clone());
        }
    }
}

impl Fold {
    /// Where what rests on it may be.
    pub(super) fn holders(&mut self, gone: &Gone) -> Vec<Holder> {
        let catalog = &self.catalog;
        let mentions = self.mentions.get_or_insert_with(|| Mentions::of(catalog));
        let mut holders = mentions.holders(gone.name());
        if let Gone::Column(relation, column) = gone
            && catalog.composites.contains_key(relation)
        {
            // `(row).attribute` names no type.
            holders.extend(mentions.holders(column));
            holders.sort();
            holders.dedup();
        }
        if let Gone::Column(relation, _) = gone {
            holders.push(Holder::Table(relation.clone()));
        }
        holders
    }

    /// A table, and those that may refer to it.
    pub(super) fn tables_near(&mut self, table: &QualifiedName) -> Vec<QualifiedName> {
        let holders = self.holders(&Gone::Object(ObjectId::table(table)));
        let others = holders.into_iter().filter_map(|holder| match holder {
            Holder::Table(name) if name != *table => Some(name),
            _ => None,
        });
        std::iter::once(table.clone()).chain(others).collect()
    }

    /// Takes in what an object says that has been created or altered.
    pub(super) fn renew_mentions(&mut self, id: &ObjectId) {
        if let Some(mentions) = &mut self.mentions {
            let owner = self.index_owner.get(&id.name).map(ObjectId::table);
            mentions.renew(&self.catalog, owner.as_ref().unwrap_or(id));
        }
    }
}

/// The words of a text, without regard to case: runs of what unquoted names consist of.
fn words(text: &str, word: &mut impl FnMut(u64)) {
    let runs = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
    for run in runs.filter(|run| !run.is_empty()) {
        let mut hasher = DefaultHasher::new();
        run.to_lowercase().hash(&mut hasher);
        word(hasher.finish());
    }
}

fn texts(catalog: &Catalog, holder: &Holder, say: &mut dyn FnMut(&str)) {
    match holder {
        Holder::Table(name) => {
            if let Some(table) = catalog.tables.get(name) {
                of_table(table, say);
            }
        }
        Holder::View(name) => {
            if let Some(view) = catalog.views.get(name) {
                of_view(view, say);
            }
        }
        Holder::Routine(key) => {
            if let Some(routine) = catalog.routines.get(key) {
                of_routine(routine, say);
            }
        }
        Holder::Domain(name) => {
            if let Some(domain) = catalog.domains.get(name) {
                of_type(&domain.base, say);
                of_exprs(domain.default.iter(), say);
                of_exprs(domain.checks.iter().map(|c| &c.expression), say);
            }
        }
        Holder::Composite(name) => {
            let composite = catalog.composites.get(name).into_iter();
            let attributes = composite.flat_map(|c| &c.attributes);
            attributes.for_each(|(_, data_type, _)| of_type(data_type, say));
        }
        Holder::Range(name) => {
            if let Some(range) = catalog.ranges.get(name) {
                of_type(&range.subtype, say);
            }
        }
    }
}

fn of_type(data_type: &DataType, say: &mut dyn FnMut(&str)) {
    say(&data_type.name.name);
}

fn of_exprs<'e>(exprs: impl Iterator<Item = &'e Expr>, say: &mut dyn FnMut(&str)) {
    exprs.for_each(|e| say(e.text()));
}

fn of_elements<'e>(elements: impl Iterator<Item = &'e IndexElement>, say: &mut dyn FnMut(&str)) {
    of_exprs(elements.filter_map(|e| e.expression.as_ref()), say);
}

fn of_table(table: &Table, say: &mut dyn FnMut(&str)) {
    for column in &table.columns {
        of_type(&column.data_type, say);
        of_exprs(column.default.iter(), say);
        of_exprs(column.generated.iter().map(|g| &g.expression), say);
    }
    for constraint in &table.constraints {
        let key = constraint.as_foreign_key();
        key.iter().for_each(|key| say(&key.target.name));
        of_exprs(constraint.expressions().into_iter(), say);
    }
    table.inherits.iter().for_each(|p| say(&p.name));
    table.of_type.iter().for_each(|t| say(&t.name));
    let keys = table.partition_by.iter().flat_map(|p| &p.keys);
    of_elements(keys, say);
    table.foreign.iter().for_each(|f| say(&f.server));
    of_parts(&table.indexes, &table.triggers, &table.rules, say);
    for policy in &table.policies {
        of_policy(policy, say);
    }
}

fn of_parts(indexes: &[Index], triggers: &[Trigger], rules: &[Rule], say: &mut dyn FnMut(&str)) {
    for index in indexes {
        of_exprs(index.expressions(), say);
    }
    for trigger in triggers {
        say(&trigger.function.name);
        trigger.update_of.iter().for_each(|c| say(c));
        of_exprs(trigger.when.iter(), say);
    }
    for rule in rules {
        of_exprs(rule.condition.iter(), say);
        say(rule.action.text());
    }
}

fn of_policy(policy: &Policy, say: &mut dyn FnMut(&str)) {
    of_exprs(policy.using.iter().chain(&policy.with_check), say);
}

fn of_view(view: &View, say: &mut dyn FnMut(&str)) {
    say(view.query.text());
    of_exprs(view.defaults.values(), say);
    of_parts(&view.indexes, &view.triggers, &view.rules, say);
}

fn of_routine(routine: &Routine, say: &mut dyn FnMut(&str)) {
    for argument in &routine.arguments {
        of_type(&argument.data_type, say);
        of_exprs(argument.default.iter(), say);
    }
    if let Some(Returns::Type(returned) | Returns::SetOf(returned)) = &routine.returns {
        of_type(returned, say);
    }
    if let RoutineBody::Standard(body) = &routine.body {
        say(body.text());
    }
}

/// Whether a statement gives something another name, and all that names it other words.
pub(super) fn renames(statement: &Statement) -> bool {
    let Statement::Alter { actions, .. } = statement else {
        return false;
    };
    let renames = |a: &AlterAction| {
        matches!(
            a,
            AlterAction::Rename(_)
                | AlterAction::SetSchema(_)
                | AlterAction::RenameConstraint { .. }
        )
    };
    actions.iter().any(renames)
}
