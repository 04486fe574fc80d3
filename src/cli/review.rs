//! `schemagen diff --format markdown`: what a reviewer is told.

use std::collections::BTreeMap;

use super::diff::Compared;
use super::migration_sql::plan_of;
use super::project::Project;
use crate::check::baseline::fingerprint;
use crate::diagnostic::Diagnostic;
use crate::model::Pair;
use crate::review;

/// The comment on a pull request.
pub(super) fn markdown(sides: &Pair<Project>, compared: &Compared, online: bool) -> String {
    let version = sides.after.config.version;
    let plan = plan_of(compared, version, false, online);
    let (found, gone) = news(&sides.before.check(None), sides.after.check(None));
    review::markdown(&review::Change {
        dialect: version.dialect,
        catalogs: Pair::new(&compared.catalogs.before, &compared.catalogs.after),
        comparison: &compared.comparison,
        plan: &plan,
        found: &found,
        gone,
    })
}

/// The findings that were not there before, and how many of before are gone.
fn news(before: &[Diagnostic], after: Vec<Diagnostic>) -> (Vec<Diagnostic>, usize) {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for finding in before {
        *known.entry(fingerprint(finding)).or_default() += 1;
    }
    let mut found = Vec::new();
    for finding in after {
        match known.get_mut(&fingerprint(&finding)) {
            Some(left) if *left > 0 => *left -= 1,
            _ => found.push(finding),
        }
    }
    (found, known.values().sum())
}
