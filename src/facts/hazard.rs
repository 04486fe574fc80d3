//! Hazards: what of a statement's facts somebody has to know before it runs.
//!
//! Invariant: they are a view of the facts and nothing else, by the one function below, so that a
//! plan, a migration written by hand and a rule say the same of the same statement.

use std::fmt;

use super::{Effect, Facts, Reverse, ScanKind};
use crate::model::ObjectId;

macro_rules! hazards {
    ($($(#[$doc:meta])* $variant:ident => $name:literal,)+) => {
        /// A kind of hazard, by the name that `--allow` takes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Hazard {
            $($(#[$doc])* $variant,)+
        }

        impl Hazard {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

hazards! {
    /// Rows or values are gone afterwards.
    DeletesData => "deletes-data",
    /// Values are cut or rounded.
    NarrowsData => "narrows-data",
    /// Nobody reads a table while it is read whole or written again.
    BlocksReadsAndWrites => "blocks-reads-and-writes",
    /// Nobody writes to a table while it is read whole.
    BlocksWrites => "blocks-writes",
    IndexBuild => "index-build",
    /// Queries that use the index get slow.
    IndexDropped => "index-dropped",
    /// What runs now knows it under its old name.
    BreaksRunningClients => "breaks-running-clients",
    BreaksReplication => "breaks-replication",
    /// Between two transactions somebody sees what neither end shows them.
    ExposesData => "exposes-data",
    ChangesAccess => "changes-access",
    /// An index, a generated column or a check holds what a function said before it changed.
    StaleDerivedData => "stale-derived-data",
    /// A materialized view is filled again.
    Recomputes => "recomputes",
    /// It fails where rows do not satisfy it.
    RowDependent => "row-dependent",
    UntrackedDependency => "untracked-dependency",
    Irreversible => "irreversible",
}

impl Hazard {
    /// The hazard of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|h| h.as_str() == name)
    }

    /// Whether a plan that has it is not written until somebody allows it.
    pub fn is_data_loss(self) -> bool {
        matches!(self, Self::DeletesData | Self::NarrowsData)
    }
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// `HAZARD[:object-glob]`: what may happen, and to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    pub hazard: Hazard,
    pub objects: Option<String>,
}

impl Allowance {
    /// How it is written.
    pub const FORM: &str = "write a hazard such as `deletes-data` or `narrows-data`, with `:GLOB` for the \
                            objects that a glob matches, such as `deletes-data:public.tasks.note`";

    pub fn parse(text: &str) -> Option<Self> {
        let (hazard, objects) = match text.split_once(':') {
            Some((hazard, objects)) => (hazard, Some(objects.to_owned())),
            None => (text, None),
        };
        let hazard = Hazard::parse(hazard)?;
        (objects.as_deref() != Some("")).then_some(Self { hazard, objects })
    }

    /// Whether something that happens to an object is allowed; `matches` says whether a glob names it.
    pub fn covers(
        &self,
        hazard: Hazard,
        object: &ObjectId,
        matches: impl Fn(&str, &ObjectId) -> bool,
    ) -> bool {
        let named = self.objects.as_ref();
        self.hazard == hazard && named.is_none_or(|glob| matches(glob, object))
    }
}

/// A hazard of one statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub hazard: Hazard,
    /// The path of the object that it is about: `public.tasks.title`.
    pub object: String,
    /// One clause in words.
    pub what: String,
}

/// The hazards of a statement, sorted.
pub fn hazards(facts: &Facts) -> Vec<Found> {
    let mut found = Vec::new();
    for object in &facts.destroys {
        let what = format!("the data of {object} is gone");
        found.push(Found::new(Hazard::DeletesData, object.path(), what));
    }
    found.extend(facts.effects.iter().map(of_effect));
    found.extend(blocked(facts));
    for scan in facts
        .scans
        .iter()
        .filter(|s| s.kind == ScanKind::BuildIndex)
    {
        let what = format!("an index on {} is built of all its rows", scan.relation);
        found.push(Found::new(
            Hazard::IndexBuild,
            scan.relation.to_string(),
            what,
        ));
    }
    if let Reverse::Impossible(why) = facts.reverse {
        found.push(Found::new(
            Hazard::Irreversible,
            String::new(),
            why.to_owned(),
        ));
    }
    found.sort();
    found.dedup();
    found
}

impl Found {
    fn new(hazard: Hazard, object: String, what: String) -> Self {
        Self {
            hazard,
            object,
            what,
        }
    }
}

fn of_effect(effect: &Effect) -> Found {
    match effect {
        Effect::Narrows(object) => Found::new(
            Hazard::NarrowsData,
            object.path(),
            format!("values of {object} are cut, rounded or refused"),
        ),
        Effect::DependsOnRows(how) => Found::new(Hazard::RowDependent, String::new(), how.clone()),
        Effect::BreaksClients(object) => Found::new(
            Hazard::BreaksRunningClients,
            object.path(),
            format!("programs that use {object} as it is fail or misread it"),
        ),
        Effect::BreaksReplication(what) => {
            Found::new(Hazard::BreaksReplication, String::new(), what.clone())
        }
        Effect::Exposes { object, what } => Found::new(
            Hazard::ExposesData,
            object.path(),
            format!("until a later transaction of {object}: {what}"),
        ),
        Effect::ChangesAccess(object) => Found::new(
            Hazard::ChangesAccess,
            object.path(),
            format!("{object} decides about access"),
        ),
        Effect::DropsIndex(name) => Found::new(
            Hazard::IndexDropped,
            name.to_string(),
            format!("queries that use index {name} get slow"),
        ),
        Effect::StaleDerivedData(what) => {
            Found::new(Hazard::StaleDerivedData, String::new(), what.clone())
        }
        Effect::Recomputes(name) => Found::new(
            Hazard::Recomputes,
            name.to_string(),
            format!("{name} is filled again"),
        ),
        Effect::Untracked(what) => {
            Found::new(Hazard::UntrackedDependency, String::new(), what.clone())
        }
    }
}

/// Locks that last as long as reading or writing a table does.
fn blocked(facts: &Facts) -> Vec<Found> {
    let long = !facts.rewrites.is_empty() || !facts.scans.is_empty();
    let mut found = Vec::new();
    for lock in facts.locks.iter().filter(|_| long) {
        let relation = &lock.relation;
        let why = match (facts.rewrites.first(), facts.scans.first()) {
            (Some(table), _) => format!("while {table} is written again"),
            (None, Some(scan)) => format!("while {} is read whole", scan.relation),
            (None, None) => continue,
        };
        let (hazard, who) = if lock.mode.blocks_reads() {
            (Hazard::BlocksReadsAndWrites, "nobody reads or writes")
        } else if lock.mode.blocks_writes() {
            (Hazard::BlocksWrites, "nobody writes to")
        } else {
            continue;
        };
        found.push(Found::new(
            hazard,
            relation.to_string(),
            format!("{who} {relation} {why}"),
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Lock, LockMode, Scan};
    use crate::model::QualifiedName;

    #[test]
    fn a_strong_lock_is_a_hazard_only_while_rows_are_read() {
        let table = QualifiedName::new("public", "t");
        let mut facts = Facts {
            locks: vec![Lock {
                relation: table.clone(),
                mode: LockMode::AccessExclusive,
            }],
            ..Facts::default()
        };
        assert!(hazards(&facts).is_empty());
        facts.scans.push(Scan {
            relation: table,
            kind: ScanKind::Verify,
        });
        let names: Vec<&str> = hazards(&facts).iter().map(|f| f.hazard.as_str()).collect();
        assert_eq!(names, ["blocks-reads-and-writes"]);
    }

    #[test]
    fn allowances_are_read_and_match() {
        let object = ObjectId::table(&QualifiedName::new("public", "t"));
        let covers = |text: &str| {
            let allowance = Allowance::parse(text).unwrap();
            let matches = |glob: &str, object: &ObjectId| glob == object.path();
            allowance.covers(Hazard::DeletesData, &object, matches)
        };
        assert!(covers("deletes-data") && covers("deletes-data:public.t"));
        assert!(!covers("deletes-data:public.u") && !covers("narrows-data"));
        assert_eq!(Allowance::parse("drops"), None);
        assert_eq!(Allowance::parse("deletes-data:"), None);
    }

    #[test]
    fn every_name_leads_back_to_its_hazard() {
        for hazard in Hazard::ALL {
            assert_eq!(Hazard::parse(hazard.as_str()), Some(*hazard));
        }
    }
}
