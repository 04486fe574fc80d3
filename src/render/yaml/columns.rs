//! Columns: in short form where SQL says it all, in long form where there is more to say.

use super::names::Names;
use super::said;
use super::value::{Map, Value};
use crate::ddl;
use crate::model::{
    Column, Constraint, ConstraintKind, Deferral, ForeignKey, Identity, Index, MatchType, ObjectId,
    ReferentialAction, SequenceOptions, Table,
};

/// How the columns of a table are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typing {
    /// With their types.
    Own,
    /// Their types are another's: of a partitioned table, of a type.
    Taken,
}

impl Names<'_> {
    pub(super) fn column(&self, table: &Table, column: &Column, typing: Typing) -> Value {
        let id = ObjectId::column(&table.name, &column.name);
        let plain = column.comment.is_none()
            && column.storage.is_none()
            && column.compression.is_none()
            && column.statistics_target.is_none()
            && column.options.is_empty()
            && column.foreign_options.is_empty()
            && typing == Typing::Own
            && !self.has_notes(&id);
        if plain {
            return self.short(table, column).into();
        }
        let mut map = Map::inline();
        self.definition(&mut map, table, column, typing);
        map.put_some("storage", column.storage.as_deref());
        map.put_some("compression", column.compression.as_deref());
        map.put_some(
            "statistics",
            column.statistics_target.map(|n| Value::Integer(n.into())),
        );
        map.put_filled("options", &column.options);
        map.put_filled("foreign_options", &column.foreign_options);
        said::describe(&mut map, column.comment.as_deref());
        self.notes(&mut map, &id);
        self.shape(&mut map, &id);
        map.into()
    }

    /// `varchar(200) not null default 'x'`: what SQL has behind the name.
    fn short(&self, table: &Table, column: &Column) -> String {
        let serial = self.serial(table, column);
        let mut text = match serial {
            Some(serial) => serial.to_owned(),
            None => self.data_type(&column.data_type),
        };
        let mut word = |word: &str| {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        };
        if let Some(collation) = &column.collation {
            word(&format!("collate {}", self.dialect.quote_name(collation)));
        }
        if let Some(identity) = &column.identity {
            word(&self.identity_words(table, column, identity));
        }
        if let Some(generated) = &column.generated {
            let kind = if generated.stored {
                "stored"
            } else {
                "virtual"
            };
            let expression = ddl::parenthesised(&generated.expression);
            word(&format!("generated always as {expression} {kind}"));
        }
        let constraints = self.of_column(table, column);
        let key = constraints.iter().any(|c| c.is_primary_key());
        let says = key && self.dialect.primary_key_is_not_null();
        if column.not_null && column.identity.is_none() && serial.is_none() && !says {
            word("not null");
        }
        let (references, keys): (Vec<_>, Vec<_>) = constraints
            .into_iter()
            .partition(|c| c.as_foreign_key().is_some());
        for constraint in keys {
            word(&self.column_constraint(constraint, column.autoincrement));
        }
        if let Some(default) = column.default.as_ref().filter(|_| serial.is_none()) {
            let default = ddl::default_expression(default, self.dialect);
            word(&format!("default {default}"));
        }
        for constraint in references {
            word(&self.column_constraint(constraint, false));
        }
        text
    }

    fn identity_words(&self, table: &Table, column: &Column, identity: &Identity) -> String {
        let text = ddl::identity_clause(table, column, identity, self.dialect);
        if text.contains('"') {
            text
        } else {
            text.to_ascii_lowercase()
        }
    }

    fn column_constraint(&self, constraint: &Constraint, autoincrement: bool) -> String {
        let mut text = match &constraint.kind {
            ConstraintKind::PrimaryKey { .. } if autoincrement => {
                "primary key autoincrement".into()
            }
            ConstraintKind::PrimaryKey { .. } => "primary key".to_owned(),
            ConstraintKind::ForeignKey(key) => self.references(key),
            _ => "unique".to_owned(),
        };
        text.push_str(match constraint.deferral {
            Deferral::NotDeferrable => "",
            Deferral::Immediate => " deferrable",
            Deferral::Deferred => " deferrable initially deferred",
        });
        text
    }

    fn references(&self, key: &ForeignKey) -> String {
        let mut text = format!("references {}", self.sql(&key.target));
        if let [column] = key.target_columns.as_slice() {
            text.push_str(&format!(" ({})", self.dialect.quote(column)));
        }
        text.push_str(match key.match_type {
            MatchType::Simple => "",
            MatchType::Full => " match full",
            MatchType::Partial => " match partial",
        });
        for (word, action) in [("update", key.on_update), ("delete", key.on_delete)] {
            if action != ReferentialAction::NoAction {
                let action = action.as_sql().to_ascii_lowercase();
                text.push_str(&format!(" on {word} {action}"));
            }
        }
        text
    }

    /// The constraints of a table that stand at one of its columns.
    pub(super) fn of_column<'t>(&self, table: &'t Table, column: &Column) -> Vec<&'t Constraint> {
        table
            .constraints
            .iter()
            .filter(|c| *c.columns() == [column.name.clone()] && self.is_inline(table, c))
            .collect()
    }

    /// Whether a constraint stands at its only column: nothing is to be said of it but its kind.
    pub(super) fn is_inline(&self, table: &Table, constraint: &Constraint) -> bool {
        let [name] = constraint.columns() else {
            return false;
        };
        let simple = match &constraint.kind {
            ConstraintKind::PrimaryKey {
                include,
                storage,
                tablespace,
                ..
            } => include.is_empty() && storage.is_empty() && tablespace.is_none(),
            ConstraintKind::Unique {
                include,
                storage,
                tablespace,
                nulls_not_distinct,
                ..
            } => {
                include.is_empty()
                    && storage.is_empty()
                    && tablespace.is_none()
                    && !nulls_not_distinct
            }
            ConstraintKind::ForeignKey(key) => {
                key.on_delete_columns.is_empty() && !key.period && key.target_columns.len() == 1
            }
            _ => false,
        };
        let id = ObjectId::constraint(&table.name, &constraint.name);
        let own = table.column(name).is_some_and(|c| !c.inherited);
        let first =
            |c: &&Constraint| c.rank() == constraint.rank() && c.columns() == constraint.columns();
        let immediate = constraint.deferral == Deferral::NotDeferrable;
        simple
            && (immediate || constraint.as_foreign_key().is_some())
            && own
            && !constraint.not_valid
            && !constraint.not_enforced
            && !constraint.no_inherit
            && !constraint.only
            && constraint.comment.is_none()
            && constraint.index_comment.is_none()
            && self.is_made(table, constraint)
            && !self.has_notes(&id)
            && table.constraints.iter().find(first) == Some(constraint)
    }

    /// The long form, but for what is beside the definition.
    fn definition(&self, map: &mut Map, table: &Table, column: &Column, typing: Typing) {
        let serial = self.serial(table, column);
        if typing == Typing::Own {
            let data_type = match serial {
                Some(serial) => serial.to_owned(),
                None => self.data_type(&column.data_type),
            };
            if !data_type.is_empty() {
                map.put("type", data_type);
            }
        }
        map.put_some("collation", column.collation.as_ref().map(|c| self.full(c)));
        let constraints = self.of_column(table, column);
        let key = constraints.iter().find(|c| c.is_primary_key());
        map.put_flag("primary_key", key.is_some());
        map.put_flag("autoincrement", column.autoincrement);
        map.put_flag("unique", constraints.iter().any(|c| c.is_unique()));
        for constraint in &constraints {
            if let Some(key) = constraint.as_foreign_key() {
                self.put_reference(map, table, key, constraint.deferral);
            }
        }
        if let Some(identity) = &column.identity {
            map.put("identity", identity_value(self, table, column, identity));
        }
        if let Some(generated) = &column.generated {
            let text = generated.expression.text();
            if generated.stored {
                map.put("generated", text);
            } else {
                let mut inner = Map::inline();
                inner.put("expression", text);
                inner.put("stored", Value::Boolean(false));
                map.put("generated", inner);
            }
        }
        let says = key.is_some() && self.dialect.primary_key_is_not_null();
        if serial.is_none() {
            if column.not_null && column.identity.is_none() && !says {
                map.put("nullable", Value::Boolean(false));
            }
            let default = column.default.as_ref();
            map.put_some(
                "default",
                default.map(|d| Value::Literal(d.text().to_owned())),
            );
        }
    }

    fn put_reference(&self, map: &mut Map, table: &Table, key: &ForeignKey, deferral: Deferral) {
        map.put("references", self.target(&key.target, &key.target_columns));
        reference_words(map, key, deferral);
        if !is_led_by(table, key) {
            map.put("index", Value::Boolean(false));
        }
    }
}

/// `on_delete`, `on_update`, `match`, `deferrable`.
pub(super) fn reference_words(map: &mut Map, key: &ForeignKey, deferral: Deferral) {
    for (word, action) in [("on_delete", key.on_delete), ("on_update", key.on_update)] {
        if action != ReferentialAction::NoAction {
            map.put(word, action.as_sql().to_ascii_lowercase());
        }
    }
    match key.match_type {
        MatchType::Simple => {}
        MatchType::Full => map.put("match", "full"),
        MatchType::Partial => map.put("match", "partial"),
    }
    put_deferral(map, deferral);
}

pub(super) fn put_deferral(map: &mut Map, deferral: Deferral) {
    match deferral {
        Deferral::NotDeferrable => {}
        Deferral::Immediate => map.put("deferrable", "immediate"),
        Deferral::Deferred => map.put("deferrable", "deferred"),
    }
}

/// Whether a key or an index of the table has the columns first: none is made then.
pub(super) fn is_led_by(table: &Table, key: &ForeignKey) -> bool {
    let wanted = &key.columns;
    let leads = |columns: &[&crate::model::Ident]| {
        columns.len() >= wanted.len() && columns[..wanted.len()].iter().all(|c| wanted.contains(c))
    };
    let by_key = |c: &Constraint| {
        (c.is_primary_key() || c.is_unique())
            && !c.not_valid
            && leads(&c.columns().iter().collect::<Vec<_>>())
    };
    let by_index = |index: &Index| {
        let columns: Vec<_> = index
            .elements
            .iter()
            .map_while(|e| e.column.as_ref())
            .collect();
        index.predicate.is_none() && index.method == "btree" && leads(&columns)
    };
    table.constraints.iter().any(by_key) || table.indexes.iter().any(by_index)
}

fn identity_value(names: &Names<'_>, table: &Table, column: &Column, identity: &Identity) -> Value {
    let generated = if identity.always {
        "always"
    } else {
        "by default"
    };
    let mut map = Map::inline();
    map.put("generated", generated);
    if let Some(sequence) = &identity.sequence {
        let made = crate::dialect::sequence_name(&table.name, &column.name);
        if *sequence != made {
            map.put("sequence", names.full(sequence));
        }
    }
    put_options(&mut map, &identity.options);
    if map.entries.len() == 1 {
        generated.into()
    } else {
        map.into()
    }
}

/// `start`, `increment`, ...: what sequences and identity columns share.
pub(super) fn put_options(map: &mut Map, options: &SequenceOptions) {
    let numbers = [
        ("start", options.start),
        ("increment", options.increment),
        ("min", options.min_value),
        ("max", options.max_value),
        ("cache", options.cache),
    ];
    for (key, number) in numbers {
        map.put_some(key, number.map(Value::Integer));
    }
    map.put_flag("cycle", options.cycle);
}
