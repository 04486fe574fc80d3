//! ALTER of the kinds that few schemas have: routines, event triggers, replication, foreign data,
//! text search, operators.

use super::alter_table::change_options;
use super::fold::Fold;
use crate::model::{
    Ident, ObjectId, ObjectKind, Parameters, Publication, Returns, Routine, RoutineKind, TextSearch,
};
use crate::source::AlterAction;

impl Fold {
    /// ALTER of the kinds that few schemas have.
    pub(super) fn alter_rare(&mut self, id: &ObjectId, action: AlterAction) {
        if matches!(
            action,
            AlterAction::Nothing | AlterAction::DependsOnExtension { .. }
        ) {
            return;
        }
        let bare: &str = &id.name.name;
        let done = match id.kind {
            ObjectKind::Function | ObjectKind::Procedure => self.alter_routine(id, action),
            ObjectKind::EventTrigger => {
                let found = self.catalog.event_triggers.get_mut(bare);
                match (found, action) {
                    (Some(o), AlterAction::EventTriggerEnabled(state)) => {
                        o.enabled = state;
                        true
                    }
                    _ => false,
                }
            }
            ObjectKind::Extension => match (self.catalog.extensions.get_mut(bare), action) {
                (Some(o), AlterAction::Version(version)) => {
                    o.version = version;
                    true
                }
                _ => false,
            },
            ObjectKind::Statistics => match (self.catalog.statistics.get_mut(&id.name), action) {
                (Some(o), AlterAction::StatisticsTarget(target)) => {
                    o.target = Some(target).filter(|t| *t >= 0);
                    true
                }
                _ => false,
            },
            ObjectKind::Publication => self.alter_publication(bare, action),
            ObjectKind::Subscription => self.alter_subscription(bare, action),
            ObjectKind::ForeignDataWrapper
            | ObjectKind::ForeignServer
            | ObjectKind::UserMapping => self.alter_foreign(id, action),
            ObjectKind::TextSearch => self.alter_text_search(id, action),
            ObjectKind::Operator | ObjectKind::OperatorFamily => self.alter_operator(id, action),
            _ => false,
        };
        if !done {
            self.unsupported(id.kind.as_str());
        }
    }

    fn alter_routine(&mut self, id: &ObjectId, action: AlterAction) -> bool {
        let AlterAction::Routine {
            routine: new,
            given,
            reset,
        } = action
        else {
            return false;
        };
        let key = (id.name.clone(), id.signature.clone().unwrap_or_default());
        let Some(routine) = self.catalog.routines.get_mut(&key) else {
            return false;
        };
        if let Some(why) = against_change(routine, &given) {
            let headline = format!("{id} cannot be altered: {why}");
            self.refuse("resolve/unsupported-alter", headline);
            return true;
        }
        change_routine(routine, *new, &given);
        for name in reset {
            if &*name == "all" {
                routine.settings.clear();
            } else {
                routine.settings.remove(&name);
            }
        }
        super::defaults::clear_default_costs(routine);
        true
    }

    fn alter_publication(&mut self, name: &str, action: AlterAction) -> bool {
        match action {
            AlterAction::Publication {
                verb,
                mut publication,
            } => {
                for table in &mut publication.tables {
                    table.name = self.relation_name(&table.name);
                }
                let Some(found) = self.catalog.publications.get_mut(name) else {
                    return false;
                };
                change_publication(found, &verb, *publication);
                true
            }
            AlterAction::SetStorage(pairs) => {
                let Some(found) = self.catalog.publications.get_mut(name) else {
                    return false;
                };
                found.options.extend(pairs);
                true
            }
            _ => false,
        }
    }

    fn alter_subscription(&mut self, name: &str, action: AlterAction) -> bool {
        let Some(found) = self.catalog.subscriptions.get_mut(name) else {
            return false;
        };
        match action {
            AlterAction::Connection(text) => found.connection = text,
            AlterAction::SetStorage(pairs) => found.options.extend(pairs),
            AlterAction::SubscriptionPublications { verb, names } => match &*verb {
                "ADD" => found.publications.extend(names),
                "DROP" => found.publications.retain(|p| !names.contains(p)),
                _ => found.publications = names,
            },
            _ => return false,
        }
        true
    }

    fn alter_foreign(&mut self, id: &ObjectId, action: AlterAction) -> bool {
        let bare: &str = &id.name.name;
        match action {
            AlterAction::Options(changes) => match self.foreign_options(id) {
                Some(options) => {
                    change_options(options, changes);
                    true
                }
                None => false,
            },
            AlterAction::ServerVersion(version) => match self.catalog.foreign_servers.get_mut(bare)
            {
                Some(server) => {
                    server.version = version;
                    true
                }
                None => false,
            },
            AlterAction::Handler { word, function } => {
                match self.catalog.foreign_data_wrappers.get_mut(bare) {
                    Some(wrapper) if word == "handler" => wrapper.handler = function,
                    Some(wrapper) => wrapper.validator = function,
                    None => return false,
                }
                true
            }
            _ => false,
        }
    }

    fn foreign_options(&mut self, id: &ObjectId) -> Option<&mut Parameters> {
        let bare: &str = &id.name.name;
        match id.kind {
            ObjectKind::ForeignDataWrapper => {
                let found = self.catalog.foreign_data_wrappers.get_mut(bare);
                found.map(|o| &mut o.options)
            }
            ObjectKind::ForeignServer => {
                let found = self.catalog.foreign_servers.get_mut(bare);
                found.map(|o| &mut o.options)
            }
            _ => self.catalog.user_mapping_mut(id).map(|o| &mut o.options),
        }
    }

    fn alter_text_search(&mut self, id: &ObjectId, mut action: AlterAction) -> bool {
        let kind = self.catalog.text_search_mut(id).map(|found| found.kind);
        match (&mut action, kind) {
            (AlterAction::Definition(options), Some(kind)) => {
                for (option, value) in options {
                    let Some(value) = value else { continue };
                    *value = self.text_search_option(kind, option, value);
                }
            }
            (
                AlterAction::Mapping {
                    dictionaries,
                    replaced,
                    ..
                },
                _,
            ) => {
                let names = dictionaries.iter_mut().chain(replaced);
                names.for_each(|name| self.qualify_dictionary(name));
            }
            _ => {}
        }
        let Some(found) = self.catalog.text_search_mut(id) else {
            return false;
        };
        match action {
            AlterAction::Definition(options) => {
                for (name, value) in options {
                    match value {
                        Some(value) => found.options.insert(name, value),
                        None => found.options.remove(&name),
                    };
                }
            }
            AlterAction::Mapping {
                verb,
                tokens,
                dictionaries,
                replaced,
            } => change_mappings(found, &verb, &tokens, &dictionaries, replaced.as_ref()),
            _ => return false,
        }
        true
    }

    fn alter_operator(&mut self, id: &ObjectId, action: AlterAction) -> bool {
        let signature = id.signature.clone().unwrap_or_default();
        match action {
            AlterAction::Definition(options) => {
                let key = (id.name.clone(), signature);
                let Some(operator) = self.catalog.operators.get_mut(&key) else {
                    return false;
                };
                for (name, value) in options {
                    match value {
                        Some(value) => operator.options.insert(name, Some(value)),
                        None => operator.options.remove(&name),
                    };
                }
            }
            AlterAction::AddItems(items) => {
                let key = (id.name.clone(), Ident::new(&signature));
                let Some(family) = self.catalog.operator_families.get_mut(&key) else {
                    return false;
                };
                family.items.extend(items);
            }
            AlterAction::DropItems(items) => {
                let key = (id.name.clone(), Ident::new(&signature));
                let Some(family) = self.catalog.operator_families.get_mut(&key) else {
                    return false;
                };
                // DROP names the strategy and the types, ADD names the operator or function too.
                family.items.retain(|item| {
                    let dropped = |d: &crate::model::Expr| same_item(item.key(), d.key());
                    !items.iter().any(dropped)
                });
            }
            _ => return false,
        }
        true
    }
}

/// Whether `FUNCTION 1 (a, b) f(a, b)` is what `FUNCTION 1 (a, b)` drops.
fn same_item(item: &str, dropped: &str) -> bool {
    let word_and_number = |text: &str| -> Vec<String> {
        text.split_whitespace()
            .take(2)
            .map(|w| w.split('(').next().unwrap_or("").to_owned())
            .collect()
    };
    let types = |text: &str| text.find('(').map(|n| text[n..].replace(' ', ""));
    let same_types = match (types(item), types(dropped)) {
        (Some(item), Some(dropped)) => item.contains(&dropped),
        _ => true,
    };
    word_and_number(item) == word_and_number(dropped) && same_types
}

/// What only functions have, or only those that return rows.
fn against_change(routine: &Routine, given: &[&str]) -> Option<String> {
    let common = |word: &&&str| matches!(**word, "security" | "set");
    let of_functions = given.iter().find(|word| !common(word));
    if routine.kind == RoutineKind::Procedure {
        return of_functions.map(|word| format!("a procedure has no {}", word.to_uppercase()));
    }
    let many = matches!(routine.returns, Some(Returns::SetOf(_) | Returns::Table));
    let rows = given.contains(&"rows") && !many;
    rows.then(|| "it returns one row".to_owned())
}

fn change_routine(routine: &mut Routine, new: Routine, given: &[&str]) {
    for word in given {
        match *word {
            "strict" => routine.strict = new.strict,
            "volatility" => routine.volatility = new.volatility,
            "leakproof" => routine.leakproof = new.leakproof,
            "security" => routine.security_definer = new.security_definer,
            "parallel" => routine.parallel = new.parallel,
            "cost" => routine.cost = new.cost.clone(),
            "rows" => routine.rows = new.rows.clone(),
            "support" => routine.support = new.support.clone(),
            "set" => routine.settings.extend(new.settings.clone()),
            _ => {}
        }
    }
}

fn change_publication(found: &mut Publication, verb: &str, new: Publication) {
    match verb {
        "SET" => {
            found.tables = new.tables;
            found.schemas = new.schemas;
            found.all_tables = new.all_tables;
        }
        "DROP" => {
            found
                .tables
                .retain(|t| !new.tables.iter().any(|n| n.name == t.name));
            found.schemas.retain(|s| !new.schemas.contains(s));
        }
        _ => {
            found.tables.extend(new.tables);
            found.schemas.extend(new.schemas);
        }
    }
}

fn change_mappings(
    found: &mut TextSearch,
    verb: &str,
    tokens: &[Box<str>],
    dictionaries: &[crate::model::QualifiedName],
    replaced: Option<&crate::model::QualifiedName>,
) {
    match verb {
        "ADD" | "ALTER" => {
            for token in tokens {
                found.mappings.insert(token.clone(), dictionaries.to_vec());
            }
        }
        "DROP" => found.mappings.retain(|token, _| !tokens.contains(token)),
        _ => {
            for (token, list) in &mut found.mappings {
                if !tokens.is_empty() && !tokens.contains(token) {
                    continue;
                }
                for dictionary in list.iter_mut().filter(|d| Some(&**d) == replaced) {
                    if let Some(new) = dictionaries.first() {
                        *dictionary = new.clone();
                    }
                }
            }
        }
    }
}
