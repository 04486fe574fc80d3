//! Runs the rules over a catalog and brings their findings into order.

use super::suppression::Suppressions;
use super::{
    Context, FileAllow, Level, RULES, Relations, Rule, RuleInfo, Ruling, Settings, Suppressed,
    Suppression,
};
use crate::diagnostic::{Diagnostic, SourceMap};
use crate::dialect::TargetVersion;
use crate::graph::Graph;
use crate::model::Catalog;
use crate::parallel;

/// What is checked, and how.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    pub catalog: &'a Catalog,
    pub graph: &'a Graph,
    pub source_map: &'a SourceMap,
    pub version: TargetVersion,
    pub settings: &'a Settings,
    /// Of every source: see [`super::sql_file_allows`] and [`super::yaml_file_allows`].
    pub file_allows: &'a [FileAllow],
}

/// What the checks found.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// By file, position, rule, object.
    pub findings: Vec<Diagnostic>,
    /// What an author allows, in the same order.
    pub suppressed: Vec<Suppressed>,
}

/// Runs every rule that is on; the rules about suppressions last, when it is known which were used.
pub fn check(input: &Input<'_>) -> Outcome {
    let relations = Relations::of(input.catalog);
    let mut suppressions = Suppressions::collect(
        input.catalog,
        input.source_map,
        input.file_allows,
        input.settings,
    );
    let mut outcome = Outcome::default();
    let mut found = Vec::new();
    let rules: Vec<&dyn Rule> = rules_that_run(input.settings, false).collect();
    let of_rule = |rule: &&dyn Rule| {
        let mut found = Vec::new();
        run_rule(*rule, input, &relations, &[], &mut found);
        found
    };
    found.extend(parallel::map(&rules, of_rule).into_iter().flatten());
    sort(&mut found);
    for diagnostic in found {
        match suppressions.silence(&diagnostic, input.catalog, &relations) {
            Some(allow) => outcome.suppressed.push(Suppressed { diagnostic, allow }),
            None => outcome.findings.push(diagnostic),
        }
    }
    for rule in rules_that_run(input.settings, true) {
        let all = &suppressions.all;
        run_rule(rule, input, &relations, all, &mut outcome.findings);
    }
    sort(&mut outcome.findings);
    outcome
}

pub(super) fn rules_that_run(
    settings: &Settings,
    meta: bool,
) -> impl Iterator<Item = &'static dyn Rule> {
    RULES.iter().copied().filter(move |rule| {
        let info = rule.info();
        (info.group() == "meta") == meta && settings.runs(info)
    })
}

pub(super) fn run_rule(
    rule: &dyn Rule,
    input: &Input<'_>,
    relations: &Relations<'_>,
    suppressions: &[Suppression],
    out: &mut Vec<Diagnostic>,
) {
    let info = rule.info();
    let context = Context {
        catalog: input.catalog,
        graph: input.graph,
        source_map: input.source_map,
        dialect: input.version.dialect,
        version: input.version,
        relations,
        ruling: Ruling {
            info,
            settings: input.settings,
        },
        suppressions,
    };
    let mut found = Vec::new();
    rule.check(&context, &mut found);
    let leveled = |d| at_its_level(info, input.settings, d);
    out.extend(found.into_iter().filter_map(leveled));
}

/// The finding at the level that the user wants for its object; `None` where that is off.
pub(super) fn at_its_level(
    info: &RuleInfo,
    settings: &Settings,
    mut diagnostic: Diagnostic,
) -> Option<Diagnostic> {
    match settings.level_for(info.id, diagnostic.object.as_ref()) {
        Some(level) => diagnostic.severity = level.severity()?,
        None if settings.level(info) == Level::Off => return None,
        None => {}
    }
    Some(diagnostic)
}

/// By file, position, rule, object, and at last by what is said, so that no tie is left to the
/// order in which rules ran. What has no position comes last.
pub(super) fn sort(findings: &mut [Diagnostic]) {
    findings.sort_by(|a, b| {
        let place = |d: &Diagnostic| {
            let span = d.primary.as_ref().map(|label| label.span);
            (span.is_none(), span)
        };
        place(a)
            .cmp(&place(b))
            .then_with(|| a.rule.cmp(b.rule))
            .then_with(|| a.object.cmp(&b.object))
            .then_with(|| a.discriminator.cmp(&b.discriminator))
            .then_with(|| a.headline.cmp(&b.headline))
    });
}
