//! `schemagen diff --format markdown` and `html`: what a reviewer is told.

use std::collections::BTreeMap;

use super::diff::Compared;
use super::failure::Failure;
use super::migration_sql::plan_of;
use super::project::Project;
use crate::check::baseline::fingerprint;
use crate::diagnostic::Diagnostic;
use crate::model::Pair;
use crate::render::erd::{Detail, Selection};
use crate::render::{html, svg};
use crate::review;

/// The comment on a pull request, or all of it as a page.
pub(super) fn text(
    sides: &Pair<Project>,
    compared: &Compared,
    online: bool,
    page: bool,
) -> Result<String, Failure> {
    let version = sides.after.config.version;
    let plan = plan_of(compared, version, false, online);
    let (found, gone) = news(&sides.before.check(None), sides.after.check(None));
    let change = review::Change {
        dialect: version.dialect,
        catalogs: Pair::new(&compared.catalogs.before, &compared.catalogs.after),
        comparison: &compared.comparison,
        plan: &plan,
        found: &found,
        gone,
    };
    if !page {
        return Ok(review::markdown(&change));
    }
    let templates = sides.after.templates()?;
    let tables = review::changed_tables(&change);
    let picture = match tables.is_empty() {
        true => String::new(),
        false => {
            let report = sides.after.report(&[], &templates);
            svg::svg(&report, &Selection { tables }, Detail::Full)
        }
    };
    let text = review::unabridged(&change);
    Ok(html::comment_page(&templates, &text, &picture)?)
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
