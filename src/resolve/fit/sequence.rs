//! Options of sequences that contradict each other, and what cannot own a sequence.
//!
//! Source: `init_params` and `process_owned_by` in src/backend/commands/sequence.c.

use crate::diagnostic::Diagnostic;
use crate::model::{DataType, Ident, ObjectKind, QualifiedName, Sequence, SequenceOptions};
use crate::resolve::defaults::clear_default_options;
use crate::resolve::fold::Fold;
use crate::resolve::identity::identity_sequences;
use crate::source::{AlterAction, Target};

/// A sequence as the server keeps it: every option has a value.
struct Settled {
    data_type: DataType,
    start: i64,
    increment: i64,
    min: i64,
    max: i64,
    cache: i64,
    cycle: bool,
}

/// The least and the greatest number of a type.
fn bounds(data_type: &DataType) -> Option<(i64, i64)> {
    let plain = data_type.name.schema.is_none() && !data_type.is_array();
    match data_type.name.name.as_str() {
        _ if !plain => None,
        "smallint" => Some((i64::from(i16::MIN), i64::from(i16::MAX))),
        "integer" => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
        "bigint" => Some((i64::MIN, i64::MAX)),
        _ => None,
    }
}

/// Whether numbers of the type can come from a sequence.
pub(super) fn is_numbered(data_type: &DataType) -> bool {
    bounds(data_type).is_some()
}

impl Settled {
    fn of(options: &SequenceOptions, default_type: &DataType) -> Option<Self> {
        let data_type = options.data_type.clone();
        let data_type = data_type.unwrap_or_else(|| default_type.clone());
        let (low, high) = bounds(&data_type)?;
        let increment = options.increment.unwrap_or(1);
        let (min, max) = match increment > 0 {
            true => (1, high),
            false => (low, -1),
        };
        let min = options.min_value.unwrap_or(min);
        let max = options.max_value.unwrap_or(max);
        let start = if increment > 0 { min } else { max };
        Some(Self {
            start: options.start.unwrap_or(start),
            cache: options.cache.unwrap_or(1),
            cycle: options.cycle,
            data_type,
            increment,
            min,
            max,
        })
    }

    /// Takes over what ALTER gives: bounds that were those of the type become those of the new one, and what
    /// is not given stays as it was.
    fn change(&mut self, new: &SequenceOptions, given: &[&str]) -> Option<()> {
        let was = bounds(&self.data_type)?;
        let mut reset = (false, false);
        if given.contains(&"as") {
            let data_type = new.data_type.clone();
            self.data_type = data_type.unwrap_or_else(|| DataType::builtin("bigint"));
            reset = (self.min == was.0, self.max == was.1);
        }
        let (low, high) = bounds(&self.data_type)?;
        if given.contains(&"increment") {
            self.increment = new.increment.unwrap_or(1);
        }
        let ascends = self.increment > 0;
        if reset.0 || given.contains(&"minvalue") {
            let min = new.min_value.filter(|_| given.contains(&"minvalue"));
            self.min = min.unwrap_or(if ascends { 1 } else { low });
        }
        if reset.1 || given.contains(&"maxvalue") {
            let max = new.max_value.filter(|_| given.contains(&"maxvalue"));
            self.max = max.unwrap_or(if ascends { high } else { -1 });
        }
        if given.contains(&"start") {
            self.start = new
                .start
                .unwrap_or(if ascends { self.min } else { self.max });
        }
        if given.contains(&"cache") {
            self.cache = new.cache.unwrap_or(1);
        }
        if given.contains(&"cycle") {
            self.cycle = new.cycle;
        }
        Some(())
    }

    fn options(self) -> SequenceOptions {
        SequenceOptions {
            data_type: Some(self.data_type),
            start: Some(self.start),
            increment: Some(self.increment),
            min_value: Some(self.min),
            max_value: Some(self.max),
            cache: Some(self.cache),
            cycle: self.cycle,
        }
    }

    /// What contradicts something else.
    fn conflict(&self) -> Option<String> {
        let (low, high) = bounds(&self.data_type)?;
        let of = &self.data_type.name.name;
        let (min, max, start) = (self.min, self.max, self.start);
        let outside = |value: i64| value < low || value > high;
        if self.increment == 0 {
            return Some("its INCREMENT is zero".to_owned());
        }
        if self.cache < 1 {
            return Some(format!("its CACHE is {}", self.cache));
        }
        if outside(max) {
            return Some(format!("MAXVALUE {max} is no {of}"));
        }
        if outside(min) {
            return Some(format!("MINVALUE {min} is no {of}"));
        }
        if min >= max {
            return Some(format!("MINVALUE {min} is not less than MAXVALUE {max}"));
        }
        if start < min {
            return Some(format!("START {start} is less than MINVALUE {min}"));
        }
        (start > max).then(|| format!("START {start} is greater than MAXVALUE {max}"))
    }
}

/// The options of a sequence after ALTER, which the server changes as it keeps them; those that say what
/// holds anyway are cleared.
pub(in crate::resolve) fn altered_sequence(
    options: &SequenceOptions,
    default_type: &DataType,
    new: &SequenceOptions,
    given: &[&str],
) -> Option<SequenceOptions> {
    let mut settled = Settled::of(options, default_type)?;
    settled.change(new, given)?;
    let mut options = settled.options();
    clear_default_options(&mut options, default_type);
    Some(options)
}

/// Why a sequence cannot have the options.
pub(super) fn settled_sequence(
    options: &SequenceOptions,
    default_type: &DataType,
) -> Option<String> {
    match Settled::of(options, default_type) {
        Some(settled) => settled.conflict(),
        None => Some("its numbers would be none of smallint, integer and bigint".to_owned()),
    }
}

impl Fold {
    pub(super) fn unfit_sequence(&self, sequence: &Sequence) -> Option<Diagnostic> {
        let bigint = DataType::builtin("bigint");
        if let Some(why) = settled_sequence(&sequence.options, &bigint) {
            return self.conflict_of(&sequence.name, &why);
        }
        let (table, column) = sequence.owned_by.as_ref()?;
        let name = crate::resolve::names::created(&sequence.name, &self.now.path);
        self.unfit_owner(&name, table, column)
    }

    pub(super) fn unfit_sequence_change(
        &self,
        target: &Target,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let (name, kind) = self.relation_kind(&target.name)?;
        if kind != ObjectKind::Sequence {
            return None;
        }
        let found = self.catalog.sequences.get(&name);
        match (action, found) {
            (AlterAction::Sequence { options, given }, Some(found)) => {
                let bigint = DataType::builtin("bigint");
                let mut settled = Settled::of(&found.options, &bigint)?;
                let why = match settled.change(options, given) {
                    Some(()) => settled.conflict()?,
                    None => "its numbers would be none of smallint, integer and bigint".to_owned(),
                };
                self.conflict_of(&name, &why)
            }
            (AlterAction::OwnedBy(Some((table, column))), Some(found)) => self
                .unfit_owner(&name, table, column)
                .or_else(|| self.owned_by_others(found, table)),
            (AlterAction::OwnedBy(_), None) => self.is_of_identity(&name, "get another owner"),
            (AlterAction::SetSchema(_), None) => self.is_of_identity(&name, "leave it"),
            (AlterAction::SetSchema(schema), Some(found))
                if name.schema.as_ref() != Some(schema) =>
            {
                self.goes_with_its_table(found)
            }
            (AlterAction::Owner(owner), Some(found)) => {
                // Nobody may have said that it is this role's already.
                let other = found.facets.owner.as_ref().is_some_and(|o| o != owner);
                self.goes_with_its_table(found).filter(|_| other)
            }
            _ => None,
        }
    }

    fn conflict_of(&self, name: &QualifiedName, why: &str) -> Option<Diagnostic> {
        self.cannot(
            format!("sequence `{name}` cannot be so: {why}"),
            "give it options that go together",
        )
    }

    /// The column that a sequence is to belong to: one of a table in its own schema.
    fn unfit_owner(
        &self,
        sequence: &QualifiedName,
        table: &QualifiedName,
        column: &Ident,
    ) -> Option<Diagnostic> {
        let (owner, kind) = self.relation_kind(table)?;
        match kind {
            ObjectKind::Table | ObjectKind::View => {}
            ObjectKind::Sequence | ObjectKind::Index | ObjectKind::MaterializedView => {
                return self.cannot(
                    format!("`{sequence}` cannot belong to `{owner}`, a {kind}"),
                    "name a column of a table",
                );
            }
            _ => return None,
        }
        if owner.schema != sequence.schema {
            return self.cannot(
                format!("`{sequence}` cannot belong to `{owner}`, which is in another schema"),
                "move one of the two before",
            );
        }
        self.missing_column(&owner, column, &Default::default())
    }

    fn owned_by_others(&self, found: &Sequence, table: &QualifiedName) -> Option<Diagnostic> {
        let table = self.catalog.tables.get(&self.relation_name(table))?;
        match (&found.facets.owner, &table.facets.owner) {
            (Some(own), Some(other)) if own != other => {}
            _ => return None,
        }
        self.cannot(
            format!(
                "`{}` cannot belong to `{}`, which has another owner",
                found.name, table.name
            ),
            "give both to one role before",
        )
    }

    /// The sequence of an identity column goes with the identity alone.
    pub(super) fn kept_by_identity(&self, target: &Target) -> Option<Diagnostic> {
        let (name, kind) = self.relation_kind(&target.name)?;
        (kind == ObjectKind::Sequence && target.member.is_none()).then_some(())?;
        self.is_of_identity(&name, "be dropped by itself")
    }

    fn is_of_identity(&self, name: &QualifiedName, what: &str) -> Option<Diagnostic> {
        let tables = self.catalog.tables.values();
        let mut tables = tables.filter(|t| t.name.schema == name.schema);
        let table = tables.find(|t| identity_sequences(t).iter().any(|id| id.name == *name))?;
        self.cannot(
            format!(
                "`{name}` cannot {what}: it numbers an identity column of `{}`",
                table.name
            ),
            "alter the column, or DROP IDENTITY before",
        )
    }

    fn goes_with_its_table(&self, found: &Sequence) -> Option<Diagnostic> {
        let (table, _) = found.owned_by.as_ref()?;
        self.cannot(
            format!(
                "`{}` belongs to `{table}`, and goes where it goes",
                found.name
            ),
            "say it of the table, or OWNED BY NONE before",
        )
    }
}
