//! Why a column that stays is dropped and added again.
//!
//! Invariant: a column that both sides have goes and comes again only with a note that says what
//! ALTER TABLE cannot do. Source: manual, ALTER TABLE (`DROP EXPRESSION` and, from 17 on,
//! `SET EXPRESSION`), section 5.4 (a generated column reads no generated one).

use super::columns::is_added_again;
use super::step::Step;
use crate::dialect::{Capability, Dialect, TargetVersion};
use crate::model::{Catalog, Column, Pair, Table};

/// Says it at the step that adds the column.
pub(super) fn tell(steps: &mut [Step], pair: Pair<&Catalog>, version: TargetVersion) {
    for step in steps {
        let altered = step.sql.starts_with("ALTER TABLE") || step.sql.starts_with("ALTER FOREIGN");
        if !altered || !step.sql.contains("ADD COLUMN ") {
            continue;
        }
        let Pair { before, after } = pair.map(|catalog| catalog.tables.get(&step.object.name));
        let (Some(before), Some(after)) = (before, after) else {
            continue;
        };
        let reasons = reasons(&step.sql, before, after, version);
        if !reasons.is_empty() {
            let all = step.facts.note.take().into_iter().chain(reasons);
            step.facts.note = Some(all.collect::<Vec<_>>().join("; "));
        }
    }
}

fn reasons(sql: &str, before: &Table, after: &Table, version: TargetVersion) -> Vec<String> {
    let mut all = Vec::new();
    for new in &after.columns {
        let added = format!("ADD COLUMN {} ", Dialect::Postgres.quote(&new.name));
        if let Some(old) = before.column(&new.name)
            && sql.contains(&added)
        {
            all.push(format!(
                "column {} is made anew: {}",
                new.name,
                reason(old, new, version)
            ));
        }
    }
    all
}

fn reason(old: &Column, new: &Column, version: TargetVersion) -> &'static str {
    match (&old.generated, &new.generated) {
        _ if !is_added_again(old, new, version) => "what it is computed from is replaced",
        (None, _) => "no ALTER TABLE makes a column that holds values a generated one",
        (Some(b), Some(a)) if b == a => {
            "a generated column takes another type with its expression only"
        }
        (Some(b), Some(a)) if b.stored != a.stored => {
            "no ALTER TABLE makes a stored column virtual, or a virtual one stored"
        }
        (Some(_), Some(_)) if version.has(Capability::SetExpression) => {
            "a stored column gets another type or another expression, never both at once, and a virtual one \
             has no values that are lost"
        }
        (Some(_), _) => {
            "no ALTER TABLE before PostgreSQL 17 gives a generated column another expression"
        }
    }
}
