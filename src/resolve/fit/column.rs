//! Facts of a column that do not go together.
//!
//! Source: `CheckAttributeNamesTypes` in src/backend/catalog/heap.c, `transformColumnDefinition` in
//! src/backend/parser/parse_utilcmd.c, `cookDefault`, `ATExecSetStorage` and `ATPrepAlterColumnType`.

use super::sequence::{is_numbered, settled_sequence};
use super::text::Place;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, default_storage, is_builtin_type, serial_integer};
use crate::expr::{
    Conversion, Reader, ReferenceKind, conversion, is_pseudo_type, references_of_expression,
    unquote_string,
};
use crate::model::{Column, DataType, Expr, Ident, Pair, QualifiedName, Table};
use crate::resolve::defaults::nextval_argument;
use crate::resolve::fold::Fold;
use crate::source::{AlterAction, ColumnAction};

impl Fold {
    /// A column that a table gets; `others` are those that it has.
    pub(super) fn unfit_column_of(
        &self,
        table: &Table,
        column: &Column,
        others: &[Column],
    ) -> Option<Diagnostic> {
        let name = self.relation_name(&table.name);
        let serial = serial_integer(&column.data_type).is_some();
        let values = [
            serial || column.default.is_some(),
            column.identity.is_some(),
            column.generated.is_some(),
        ];
        if values.iter().filter(|has| **has).count() > 1 || serial && column.default.is_some() {
            return self.cannot(
                format!("column `{}` would get its values in two ways", column.name),
                "keep one of default, identity and generation",
            );
        }
        self.is_system_name(&column.name)
            .or_else(|| self.unfit_type_of_column(&name, &column.name, &column.data_type))
            .or_else(|| self.unfit_collation(&column.data_type, column.collation.as_ref()))
            .or_else(|| {
                let identity = column.identity.as_ref()?;
                let why = settled_sequence(&identity.options, &column.data_type)?;
                self.cannot(
                    format!("column `{}` cannot be an identity: {why}", column.name),
                    "give it a type and options that go together",
                )
            })
            .or_else(|| self.unfit_default(&column.data_type, column.default.as_ref()?))
            .or_else(|| {
                let text = &column.generated.as_ref()?.expression;
                self.unfit_generation(column, text, others)
            })
    }

    pub(super) fn is_system_name(&self, name: &Ident) -> Option<Diagnostic> {
        super::publication::SYSTEM
            .contains(&name.as_str())
            .then_some(())?;
        self.cannot(
            format!("`{name}` is the name of a system column"),
            "choose another name",
        )
    }

    fn unfit_type_of_column(
        &self,
        table: &QualifiedName,
        column: &Ident,
        data_type: &DataType,
    ) -> Option<Diagnostic> {
        let plain = data_type.name.schema.is_none() && is_builtin_type(&data_type.name.name);
        let of = self.dialect().print_type(data_type);
        if data_type.is_array() && serial_integer(data_type).is_some() {
            return self.cannot(
                format!("column `{column}` cannot be a list of {}", data_type.name),
                "name a type of numbers",
            );
        }
        if plain && is_pseudo_type(&data_type.name.name) {
            return self.cannot(
                format!("column `{column}` cannot be of type {of}, which has no values"),
                "name the type of its values",
            );
        }
        let named = self.names.data_type(&data_type.name, &self.now.path);
        if named.is_some_and(|n| n == *table && self.relations.contains_key(&n)) {
            return self.cannot(
                format!("column `{column}` would hold rows of `{table}` itself"),
                "refer to the row by a key",
            );
        }
        let numbers: Vec<i64> = data_type
            .modifiers
            .iter()
            .filter_map(|m| m.parse().ok())
            .collect();
        let fits = match (data_type.name.name.as_str(), numbers.as_slice()) {
            ("character varying" | "character" | "bit" | "bit varying", [length, ..]) => {
                *length > 0
            }
            ("numeric", [precision, ..]) => (1..=1000).contains(precision),
            _ => true,
        };
        if fits || !plain {
            return None;
        }
        self.cannot(
            format!("column `{column}` cannot be of type {of}"),
            "give the type a length that it can have",
        )
    }

    /// A default that cannot be stored in its column.
    pub(super) fn unfit_default(&self, data_type: &DataType, default: &Expr) -> Option<Diagnostic> {
        let default = self.qualify(default);
        let unfit = self.unfit_text(&default, Place::of("a default"));
        if unfit.is_some() {
            return unfit;
        }
        if let Some(sequence) = nextval_argument(default.text(), self.dialect()) {
            return self.missing_sequence(&sequence);
        }
        let mut data_type = data_type.clone();
        if let Some(full) = self.names.data_type(&data_type.name, &self.now.path) {
            data_type.name = full;
        } else if !is_builtin_type(&data_type.name.name) {
            // That of a parent's column, or one that an extension brings.
            return None;
        }
        let unfit = self.unfit_literals(&default, &data_type);
        if unfit.is_some() {
            return unfit;
        }
        let of = self.dialect().print_type(&data_type);
        // With a cast behind it the text is more than a string.
        let bare = default.text().starts_with('\'') && default.text().ends_with('\'');
        if let Some(value) =
            unquote_string(default.text()).filter(|_| is_numbered(&data_type) && bare)
        {
            let number = value.trim().replace('_', "");
            let number = number.strip_prefix('+').unwrap_or(&number);
            let based = number.len() > 2 && number.trim_start_matches('-').starts_with('0');
            return match based || number.parse::<i64>().is_ok() {
                true => None,
                false => self.cannot(
                    format!("{} is no value of type {of}", default.text()),
                    "write a number",
                ),
            };
        }
        let found = Reader::new(&self.catalog).type_of_nothing(default.text())?;
        let catalogs = Pair::new(&self.catalog, &self.catalog);
        match conversion(catalogs, (&found, &data_type), self.version) {
            Conversion::Explicit | Conversion::None => {
                let found = self.dialect().print_type(&found);
                self.cannot(
                    format!("a default of type {found} cannot be stored as {of}"),
                    "write a cast",
                )
            }
            _ => None,
        }
    }

    fn missing_sequence(&self, sequence: &QualifiedName) -> Option<Diagnostic> {
        let full = self.relation_name(sequence);
        let ours = full.schema.as_ref().is_some_and(|s| self.names.declares(s));
        let there = self.relations.contains_key(&full) || self.catalog.relation(&full).is_some();
        let unknown = self.others_bring_relations() || self.is_mentioned(&full.name);
        (ours && !there && !unknown).then(|| self.no_such_relation(&full))
    }

    fn unfit_generation(
        &self,
        column: &Column,
        text: &Expr,
        others: &[Column],
    ) -> Option<Diagnostic> {
        let place = Place::of("the expression of a generated column");
        let unfit = self.unfit_text(text, place);
        let unfit = unfit.or_else(|| self.unfit_computed(text, place, others));
        if unfit.is_some() {
            return unfit;
        }
        let references = references_of_expression(text.text(), Dialect::Postgres);
        let mut named = references
            .iter()
            .filter(|r| r.kind == ReferenceKind::Column)
            .map(|r| &r.name.name);
        let generated = |name: &&Ident| {
            let mut others = others.iter();
            **name == column.name || others.any(|c| c.name == **name && c.generated.is_some())
        };
        let found = named.find(generated)?;
        self.cannot(
            format!(
                "generated column `{}` cannot be computed from `{found}`, which is generated too",
                column.name
            ),
            "write out what that is computed from",
        )
    }

    pub(super) fn unfit_column_change(
        &self,
        table: &Table,
        name: &Ident,
        action: &ColumnAction,
        all: &[AlterAction],
    ) -> Option<Diagnostic> {
        let column = table.column(name)?;
        let told = |why: String, help: &str| {
            self.cannot(format!("column `{name}` of `{}`: {why}", table.name), help)
        };
        let same = all.iter().filter(|a| {
            matches!(a, AlterAction::Column { name: n, action: other }
            if n == name && std::mem::discriminant(other) == std::mem::discriminant(action))
        });
        let several = same.count() > 1;
        let alone = || {
            let of =
                |a: &&AlterAction| matches!(a, AlterAction::Column { name: n, .. } if n == name);
            all.iter().filter(of).count() == 1
        };
        match action {
            ColumnAction::Type { .. } if several => {
                told("its type would change twice".to_owned(), "change it once")
            }
            ColumnAction::Type {
                data_type,
                collation,
                using,
            } => {
                if using.is_some() && column.generated.is_some() {
                    let why = "USING does not go with a generated column".to_owned();
                    return told(why, "leave it out: the column is computed anew");
                }
                if column.identity.is_some() && alone() && !is_numbered(data_type) {
                    let why = "an identity is smallint, integer or bigint".to_owned();
                    return told(why, "DROP IDENTITY before");
                }
                self.unfit_type_of_column(&table.name, name, data_type)
                    .or_else(|| self.unfit_collation(data_type, collation.as_ref()))
                    .or_else(|| self.missing_in_using(&table.name, using.as_ref()?))
            }
            ColumnAction::Default(None) if column.generated.is_some() && alone() => {
                told("it is generated".to_owned(), "say DROP EXPRESSION")
            }
            ColumnAction::Default(Some(default)) if alone() => {
                self.unfit_default(&column.data_type, default)
            }
            ColumnAction::DropExpression { if_exists: false } if column.generated.is_none() => {
                told("it is not generated".to_owned(), "leave it out")
            }
            ColumnAction::DropIdentity { if_exists: false } if column.identity.is_none() => {
                told("it is no identity column".to_owned(), "leave it out")
            }
            ColumnAction::AddIdentity(identity) if alone() || !is_numbered(&column.data_type) => {
                let retyped = all.iter().any(|a| matches!(a, AlterAction::Column { name: n, action: ColumnAction::Type { .. } } if n == name));
                (!retyped).then_some(())?;
                let given = identity.sequence.as_ref();
                let given = given.map(|n| crate::resolve::names::created(n, &self.now.path));
                if let Some(taken) = given.filter(|n| self.relations.contains_key(n)) {
                    return Some(self.taken("relation", &taken.to_string()));
                }
                let why = settled_sequence(&identity.options, &column.data_type)?;
                told(why, "give it a type and options that go together")
            }
            _ => self.unfit_storage(column, action, &told),
        }
    }

    /// How values are stored: only those of types that may be long are stored in more than one way.
    fn unfit_storage(
        &self,
        column: &Column,
        action: &ColumnAction,
        told: &dyn Fn(String, &str) -> Option<Diagnostic>,
    ) -> Option<Diagnostic> {
        const STORAGE: [&str; 5] = ["plain", "external", "extended", "main", "default"];
        const METHODS: [&str; 3] = ["pglz", "lz4", "default"];
        let plain = column.data_type.name.schema.is_none()
            && is_builtin_type(&column.data_type.name.name)
            && default_storage(&column.data_type).eq_ignore_ascii_case("plain");
        match action {
            ColumnAction::Storage(Some(word)) => {
                let word = word.to_ascii_lowercase();
                if !STORAGE.contains(&&*word) {
                    let help = "the ways are plain, external, extended and main";
                    return told(format!("there is no storage {word}"), help);
                }
                let fits = !plain || matches!(&*word, "plain" | "default");
                (!fits).then_some(())?;
                told(
                    "values of its type are stored plain".to_owned(),
                    "leave it out",
                )
            }
            ColumnAction::Compression(Some(word)) => {
                let word = word.to_ascii_lowercase();
                if !METHODS.contains(&&*word) {
                    return told(format!("there is no compression {word}"), "use pglz or lz4");
                }
                (plain && word != "default").then_some(())?;
                told(
                    "values of its type are not compressed".to_owned(),
                    "leave it out",
                )
            }
            ColumnAction::Statistics(Some(target)) if *target < -1 => told(
                format!("its statistics target is {target}"),
                "-1 is the default",
            ),
            ColumnAction::SetOptions(pairs) => pairs.iter().find_map(|(name, value)| {
                let known = matches!(&**name, "n_distinct" | "n_distinct_inherited");
                let fits = value
                    .trim_matches('\'')
                    .parse::<f64>()
                    .is_ok_and(|n| n >= -1.0);
                (!known || !fits).then_some(())?;
                let help = "the options are n_distinct and n_distinct_inherited, both numbers";
                told(format!("it cannot have `{name} = {value}`"), help)
            }),
            _ => None,
        }
    }

    fn missing_in_using(&self, table: &QualifiedName, using: &Expr) -> Option<Diagnostic> {
        let using = self.qualify(using);
        let reader = Reader::new(&self.catalog);
        let unknown = reader.unknown(|r| r.of_columns(table, using.text()));
        self.wrong_name(Some(table), unknown.first()?)
    }
}
