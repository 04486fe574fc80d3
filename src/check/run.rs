//! Runs the rules over a catalog and brings their findings into order.

use super::{Context, Level, RULES, Relations, Settings};
use crate::diagnostic::{Diagnostic, SourceMap};
use crate::dialect::TargetVersion;
use crate::graph::Graph;
use crate::model::Catalog;

/// What is checked, and how.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    pub catalog: &'a Catalog,
    pub graph: &'a Graph,
    pub source_map: &'a SourceMap,
    pub version: TargetVersion,
    pub settings: &'a Settings,
}

/// What the checks found.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// By file, position, rule, object.
    pub findings: Vec<Diagnostic>,
}

/// Runs every rule that is on.
pub fn check(input: &Input<'_>) -> Outcome {
    let relations = Relations::of(input.catalog);
    let mut findings = Vec::new();
    for rule in RULES {
        let info = rule.info();
        if !input.settings.runs(info) {
            continue;
        }
        let context = Context {
            catalog: input.catalog,
            graph: input.graph,
            source_map: input.source_map,
            dialect: input.version.dialect,
            version: input.version,
            relations: &relations,
            info,
            settings: input.settings,
        };
        let mut found = Vec::new();
        rule.check(&context, &mut found);
        findings.extend(found.into_iter().filter_map(|d| leveled(&context, d)));
    }
    sort(&mut findings);
    Outcome { findings }
}

/// The finding at the level that the user wants for its object; `None` where that is off.
fn leveled(context: &Context<'_>, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
    let wanted = context
        .settings
        .level_for(diagnostic.rule, diagnostic.object.as_ref());
    match wanted {
        Some(level) => diagnostic.severity = level.severity()?,
        None if context.level() == Level::Off => return None,
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
