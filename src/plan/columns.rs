//! Columns of a table that stays: what ALTER COLUMN does to them.

use super::closure::Closure;
use super::using::{self, Casting};
use crate::ddl::{self, alter};
use crate::dialect::{Capability, Dialect, TargetVersion, identity_sequence};
use crate::model::{Column, DataType, Ident, ObjectId, Table};

/// A column that other objects cannot watch changing.
#[derive(Clone, Copy, Debug)]
pub(super) struct HardColumn<'a> {
    pub(super) name: &'a Ident,
    /// Whether expressions over the column mean the same as before.
    pub(super) keeps_operators: bool,
    /// Whether it is dropped (and perhaps added again).
    pub(super) goes: bool,
}

/// The columns that go or change their type; those of a swapped type do.
pub(super) fn hard<'a>(
    before: &'a Table,
    after: &Table,
    closure: &Closure,
    version: TargetVersion,
) -> Vec<HardColumn<'a>> {
    let mut all = Vec::new();
    for old in &before.columns {
        let name = &old.name;
        let (goes, keeps_operators) = match after.column(name) {
            None => (true, false),
            Some(new) if is_added_again(old, new, version) => (true, false),
            Some(_) if closure.is_recollated(old) => (false, false),
            Some(new) if closure.swapped.contains_key(&old.data_type.name) => {
                (false, old.data_type.name != new.data_type.name)
            }
            Some(new) if is_retyped(old, new) => (
                false,
                using::keeps_operators(&old.data_type, &new.data_type),
            ),
            Some(_) => continue,
        };
        all.push(HardColumn {
            name,
            keeps_operators,
            goes,
        });
    }
    all
}

pub(super) fn is_retyped(before: &Column, after: &Column) -> bool {
    before.data_type != after.data_type || before.collation != after.collation
}

/// Whether no ALTER COLUMN makes the one of the other: a plain column does not become a generated one, and
/// a generated one takes little.
pub(super) fn is_added_again(before: &Column, after: &Column, version: TargetVersion) -> bool {
    match (&before.generated, &after.generated) {
        (None, None) | (Some(_), None) => false,
        (None, Some(_)) => true,
        (Some(b), Some(a)) => {
            (b != a || is_retyped(before, after)) && regeneration(before, after, version).is_none()
        }
    }
}

/// How a stored generated column is altered where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Regeneration {
    /// Its values stay what they are, in another type.
    Type,
    /// They are computed anew.
    Expression,
}

/// The server casts what is stored to the new type, so the type may change only where that is what the
/// expression would give. Both at once would write the table twice.
fn regeneration(before: &Column, after: &Column, version: TargetVersion) -> Option<Regeneration> {
    let (old, new) = (before.generated.as_ref()?, after.generated.as_ref()?);
    let castable = before.collation == after.collation
        && using::keeps_operators(&before.data_type, &after.data_type);
    if !old.stored || !new.stored || !castable {
        return None;
    }
    if old == new && !crate::facts::narrows(&before.data_type, &after.data_type) {
        let families = !before.data_type.is_array() && is_whole_or_text(&before.data_type);
        if families {
            return Some(Regeneration::Type);
        }
    }
    let supported = version.has(Capability::SetExpression) && !is_retyped(before, after);
    supported.then_some(Regeneration::Expression)
}

/// SET EXPRESSION, in a statement of its own: beside ALTER COLUMN TYPE the server looks for the constraints
/// that it has made anew by then ("cache lookup failed for constraint", 17.10).
pub(super) fn computed_anew(
    table: &Table,
    before: &Column,
    after: &Column,
    version: TargetVersion,
) -> Option<String> {
    if regeneration(before, after, version) != Some(Regeneration::Expression)
        || before.generated == after.generated
    {
        return None;
    }
    let expression = &after.generated.as_ref()?.expression;
    let text = ddl::parenthesised(expression);
    let alter = ddl::alter_table(table, version.dialect);
    let column = version.dialect.quote(&after.name);
    Some(format!(
        "{alter} ALTER COLUMN {column} SET EXPRESSION AS {text}"
    ))
}

/// The types of which a wider one holds the same values: what is rounded is rounded alike, and what does
/// not fit was refused.
fn is_whole_or_text(data_type: &DataType) -> bool {
    matches!(
        &*using::name(data_type),
        "smallint" | "integer" | "bigint" | "character varying" | "text"
    )
}

/// What a column change has to respect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances<'a> {
    pub(super) casting: Casting<'a>,
    /// The default is gone already.
    pub(super) default_gone: bool,
    /// The type is replaced by another one of the same name.
    pub(super) swapped: bool,
    /// The collation is replaced by another one of the same name.
    pub(super) recollated: bool,
    /// The table is foreign: its rows are not ours to cast.
    pub(super) foreign: bool,
}

/// The actions that make the one column of the other, in the order in which they can be taken.
pub(super) fn actions(
    table: &Table,
    before: &Column,
    after: &Column,
    circumstances: Circumstances<'_>,
) -> Vec<String> {
    let dialect = circumstances.casting.version.dialect;
    let column = dialect.quote(&after.name);
    let alter = |what: String| format!("ALTER COLUMN {column} {what}");
    let mut out = Vec::new();
    let anew = circumstances.swapped || circumstances.recollated;
    let retyped = anew || is_retyped(before, after);
    let keeps = !circumstances.swapped
        && using::keeps_operators(&before.data_type, &after.data_type)
        && before.collation == after.collation;
    let mut default = before
        .default
        .as_ref()
        .filter(|_| !circumstances.default_gone);
    if after.not_null && !before.not_null {
        out.push(alter("SET NOT NULL".to_owned()));
    }
    // The server would have to cast a default along with the type, and often cannot.
    if default.is_some() && (after.default.is_none() || (retyped && !keeps)) {
        out.push(alter("DROP DEFAULT".to_owned()));
        default = None;
    }
    if before.generated.is_some() && after.generated.is_none() {
        out.push(alter("DROP EXPRESSION".to_owned()));
    }
    // With a default of its own it has gone early.
    if before.identity.is_some() && after.identity.is_none() && after.default.is_none() {
        out.push(alter("DROP IDENTITY".to_owned()));
    }
    if before.not_null && !after.not_null {
        out.push(alter("DROP NOT NULL".to_owned()));
    }
    if retyped {
        out.push(alter(type_words(table, before, after, circumstances)));
    }
    out.extend(
        identity(table, before, after, dialect)
            .into_iter()
            .map(alter),
    );
    // A literal was cast to the type that the column had.
    let again = retyped && !circumstances.swapped;
    if let Some(new) = after
        .default
        .as_ref()
        .filter(|d| again || default != Some(*d))
    {
        let text = ddl::default_expression(new, dialect);
        out.push(alter(format!("SET DEFAULT {text}")));
    }
    out.extend(settings(before, after, dialect).into_iter().map(alter));
    out
}

fn type_words(
    table: &Table,
    before: &Column,
    after: &Column,
    circumstances: Circumstances<'_>,
) -> String {
    let casting = circumstances.casting;
    let dialect = casting.version.dialect;
    let printed = dialect.print_type(&after.data_type);
    let mut text = format!("TYPE {printed}");
    if let Some(collation) = &after.collation {
        text.push_str(&format!(" COLLATE {}", dialect.quote_name(collation)));
    }
    let column = dialect.quote(&after.name);
    let said = casting.said(&ObjectId::column(&table.name, &after.name));
    let expression = match (said, circumstances.swapped) {
        (Some(said), _) => Some(said.to_owned()),
        (None, true) => Some(swapped(&column, &printed, (before, after), casting)),
        (None, false) => casting.using(&column, &printed, &before.data_type, &after.data_type),
    };
    if let Some(expression) = expression.filter(|_| !circumstances.foreign) {
        text.push_str(&format!(" USING {expression}"));
    }
    text
}

/// From a type that has another name meanwhile to the one that has its name: by way of strings, or of
/// what a domain is made of, where that is another type.
fn swapped(
    column: &str,
    printed: &str,
    (before, after): (&Column, &Column),
    casting: Casting<'_>,
) -> String {
    let bases = casting
        .catalogs
        .map(|c| c.domains.get(&after.data_type.name));
    if let (Some(old), Some(new)) = (bases.before, bases.after)
        && old.base.name != new.base.name
        && !before.data_type.is_array()
        && casting.has_cast(&old.base, &new.base)
    {
        let base = casting.version.dialect.print_type(&new.base);
        return format!("{column}::{base}::{printed}");
    }
    format!("{column}::text{}::{printed}", brackets(&after.data_type))
}

/// Arrays of a type are cast by way of arrays of strings.
fn brackets(data_type: &DataType) -> &'static str {
    if data_type.is_array() { "[]" } else { "" }
}

fn identity(table: &Table, before: &Column, after: &Column, dialect: Dialect) -> Vec<String> {
    let Some(new) = &after.identity else {
        return Vec::new();
    };
    let Some(old) = &before.identity else {
        let clause = ddl::identity_clause(table, after, new, dialect);
        return vec![format!("ADD {clause}")];
    };
    let mut words = Vec::new();
    if old.always != new.always {
        let when = if new.always { "ALWAYS" } else { "BY DEFAULT" };
        words.push(format!("SET GENERATED {when}"));
    }
    let mut options = (old.options.clone(), new.options.clone());
    // The type of the sequence follows the column's.
    (options.0.data_type, options.1.data_type) = (None, None);
    let mut changed = alter::changed_options(&options.0, &options.1, dialect);
    let _ = alter::into_bounds("", &options.0, &options.1, &mut changed);
    let restart = changed
        .iter()
        .position(|w| w == "RESTART")
        .map(|n| changed.remove(n));
    words.extend(changed.into_iter().map(|w| format!("SET {w}")));
    words.extend(restart);
    if words.is_empty() {
        return Vec::new();
    }
    vec![words.join(" ")]
}

/// The sequence of an identity column that stays gets the name that it is to have.
pub(super) fn renamed_sequence(
    (before, old): (&Table, &Column),
    (after, new): (&Table, &Column),
    dialect: Dialect,
) -> Option<String> {
    let (was, is) = (
        identity_sequence(&before.name, old),
        identity_sequence(&after.name, new),
    );
    let stays = old.identity.is_some() && new.identity.is_some();
    if !stays || was == is || was.schema != is.schema {
        return None;
    }
    let (from, to) = (dialect.quote_name(&was), dialect.quote(&is.name));
    Some(format!("ALTER SEQUENCE {from} RENAME TO {to}"))
}

/// What has to be done before the bounds of an identity column's sequence can be changed.
pub(super) fn into_bounds(
    table: &Table,
    before: &Column,
    after: &Column,
    dialect: Dialect,
) -> Option<String> {
    let (old, new) = (before.identity.as_ref()?, after.identity.as_ref()?);
    let sequence = dialect.quote_name(&identity_sequence(&table.name, after));
    alter::into_bounds(&sequence, &old.options, &new.options, &mut Vec::new())
}

/// Storage, compression, statistics target and options.
fn settings(before: &Column, after: &Column, dialect: Dialect) -> Vec<String> {
    let mut out = Vec::new();
    if before.storage != after.storage {
        match &after.storage {
            Some(storage) => out.push(format!("SET STORAGE {}", storage.to_ascii_uppercase())),
            None => out.push(format!(
                "SET STORAGE {}",
                crate::dialect::default_storage(&after.data_type).to_ascii_uppercase()
            )),
        }
    }
    if before.compression != after.compression {
        let method = after.compression.as_deref().unwrap_or("DEFAULT");
        out.push(format!("SET COMPRESSION {method}"));
    }
    if before.statistics_target != after.statistics_target {
        let target = after.statistics_target.unwrap_or(-1);
        out.push(format!("SET STATISTICS {target}"));
    }
    out.extend(alter::parameter_actions(
        &before.options,
        &after.options,
        dialect,
    ));
    let (old, new) = (&before.foreign_options, &after.foreign_options);
    out.extend(alter::option_changes(old, new, dialect));
    out
}
