//! Domains: what is added to them is verified in every table that uses them, which nobody writes to
//! meanwhile.

use super::online::Work;
use crate::plan::step::Step;
use crate::source::AlterAction;

/// A check that holds for new values first, and for those that are there in a transaction of its own; NOT
/// NULL, which has no such form, in a transaction of its own.
pub(super) fn alter(work: &mut Work<'_>, step: &Step, action: &AlterAction) -> bool {
    let mut used = step.facts.locks.iter();
    if !used.any(|l| !work.is_offline(&l.relation)) {
        return false;
    }
    match action {
        AlterAction::AddConstraint(check) if !check.not_valid && !check.name.is_empty() => {
            let mut first = step.clone();
            first.sql.push_str(" NOT VALID");
            work.stays(first);
            let dialect = work.dialect();
            let domain = dialect.quote_name(&step.object.name);
            let name = dialect.quote(&check.name);
            let validate = format!("ALTER DOMAIN {domain} VALIDATE CONSTRAINT {name}");
            work.late(&step.object, validate, true, true);
            true
        }
        AlterAction::DomainNotNull(true) | AlterAction::ValidateConstraint(_) => {
            work.late(&step.object, step.sql.clone(), true, true);
            true
        }
        _ => false,
    }
}
