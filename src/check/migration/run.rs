//! Runs the rules over a migration.

use super::about::About;
use super::act::{Act, At, Migration};
use super::allows::allows;
use super::hazards;
use super::session::Session;
use crate::check::run::{at_its_level, rules_that_run, run_rule, sort};
use crate::check::suppression::Suppressions;
use crate::check::{Input, Relations, Rule, Ruling, Settings, Suppressed, glob};
use crate::diagnostic::{Diagnostic, Severity, SourceMap, Span};
use crate::dialect::TargetVersion;
use crate::facts::hazard::Allowance;
use crate::facts::{Reading, Scene, Told, tell_each};
use crate::graph::Graph;
use crate::model::Catalog;
use crate::source::SourceFile;

/// A file of a migration.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    pub file: &'a SourceFile,
    pub sent: Sent,
}

/// How a file reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Within a transaction that the tool opens around it.
    InTransaction,
    /// All of it in one message: several statements are one transaction, unless the file opens its own.
    AsOne,
    /// Statement by statement, as psql sends it.
    OneByOne,
}

/// A migration to be checked, and how.
#[derive(Clone, Copy)]
pub struct MigrationInput<'a> {
    /// The state that it runs over.
    pub before: &'a Catalog,
    /// Whether there are relations that `before` does not know.
    pub assume: bool,
    pub scripts: &'a [Script<'a>],
    pub version: TargetVersion,
    pub settings: &'a Settings,
    /// Hazards that somebody has allowed by name.
    pub allowed: &'a [Allowance],
}

/// What became of a migration.
#[derive(Clone, Debug, Default)]
pub struct MigrationOutcome {
    /// By file, position, rule, object.
    pub findings: Vec<Diagnostic>,
    pub suppressed: Vec<Suppressed>,
    /// What its statements run into; the findings are about the rest.
    pub errors: Vec<Diagnostic>,
    /// The state behind it.
    pub after: Catalog,
}

/// Runs every rule of `migration-safety/` that is on.
pub fn check_migration(input: &MigrationInput<'_>) -> MigrationOutcome {
    let mut outcome = MigrationOutcome::default();
    let mut found = Vec::new();
    let rules: Vec<&'static dyn Rule> = rules_that_run(input.settings, false)
        .filter(|rule| rule.info().group() == "migration-safety")
        .collect();
    let acts = read(input, &rules, &mut outcome, &mut found);
    let about = About::of(&acts);
    let all = Migration {
        about: &about,
        version: input.version,
        before: input.before,
        after: &outcome.after,
        acts: &acts,
    };
    for rule in &rules {
        run(*rule, input, &mut found, |cx, out| {
            rule.check_migration(cx, &all, out);
        });
    }
    sort(&mut found);
    found.dedup();
    let mut suppressions = suppressions(input, &acts);
    let nothing = Catalog::default();
    let relations = Relations::of(&nothing);
    for diagnostic in found {
        let allowed = suppressions.silence(&diagnostic, &nothing, &relations);
        match allowed {
            Some(allow) => outcome.suppressed.push(Suppressed { diagnostic, allow }),
            None if is_allowed(&diagnostic, input.allowed) => {}
            None => outcome.findings.push(diagnostic),
        }
    }
    about_allowances(input, &suppressions, &mut outcome.findings);
    sort(&mut outcome.findings);
    outcome
}

/// Reads all files, statement by statement, and runs the rules on each.
fn read<'a>(
    input: &MigrationInput<'a>,
    rules: &[&'static dyn Rule],
    outcome: &mut MigrationOutcome,
    found: &mut Vec<Diagnostic>,
) -> Vec<Act<'a>> {
    let mut acts: Vec<Act<'a>> = Vec::new();
    let mut state = input.before.clone();
    let mut reading = Reading::new(input.version);
    reading.assume = input.assume;
    let mut transactions = 0;
    for script in input.scripts {
        let mut session = Session::begin(transactions, script.sent == Sent::InTransaction);
        let tools = session.transaction;
        let resolved = tell_each(state, script.file, &mut reading, |scene, told| {
            let act = act(script, scene, told, &mut session, tools);
            let at = At {
                scene,
                act: &act,
                before: input.before,
                earlier: &acts,
            };
            for rule in rules {
                run(*rule, input, found, |cx, out| {
                    rule.check_statement(cx, &at, out);
                });
            }
            acts.push(act);
        });
        transactions = session.count();
        state = resolved.catalog;
        let errors = resolved.diagnostics.into_iter();
        outcome
            .errors
            .extend(errors.filter(|d| d.severity == Severity::Error));
    }
    outcome.after = state;
    acts
}

fn act<'a>(
    script: &Script<'a>,
    scene: &Scene<'_>,
    told: Told,
    session: &mut Session,
    tools: Option<u32>,
) -> Act<'a> {
    session.enter_block(told.block);
    let before = session.transaction;
    session.run(&told.words);
    // What ends a transaction runs within it, and so does what begins one.
    let transaction = before.or(session.transaction);
    Act {
        file: script.file.id,
        text: &script.file.text[told.start..told.end],
        remark: remark(&script.file.text[..told.start]),
        transaction,
        opened_by_tool: transaction.is_some() && transaction == tools,
        sent: script.sent,
        timeouts: session.timeouts(),
        path: scene.path.clone(),
        dialect: scene.version.dialect,
        told,
    }
}

/// The comment lines that end a text.
fn remark(text: &str) -> &str {
    let lines = text.split_inclusive('\n').rev();
    let comments = lines.take_while(|line| line.trim_start().starts_with("--"));
    let length: usize = comments.map(str::len).sum();
    &text[text.len() - length..]
}

fn run(
    rule: &dyn Rule,
    input: &MigrationInput<'_>,
    found: &mut Vec<Diagnostic>,
    check: impl FnOnce(&Ruling<'_>, &mut Vec<Diagnostic>),
) {
    let info = rule.info();
    let ruling = Ruling {
        info,
        settings: input.settings,
    };
    let mut out = Vec::new();
    check(&ruling, &mut out);
    let leveled = out.into_iter();
    found.extend(leveled.filter_map(|d| at_its_level(info, input.settings, d)));
}

fn suppressions(input: &MigrationInput<'_>, acts: &[Act<'_>]) -> Suppressions {
    let (mut statements, mut files) = (Vec::new(), Vec::new());
    for script in input.scripts {
        let file = script.file;
        let dialect = input.version.dialect;
        let (of_statements, of_file) = allows(file.id, &file.text, dialect, acts);
        statements.extend(of_statements);
        files.extend(of_file);
    }
    Suppressions::of_migration(&statements, &files, input.settings)
}

fn is_allowed(diagnostic: &Diagnostic, allowed: &[Allowance]) -> bool {
    let hazards = hazards::of_rule(diagnostic.rule);
    allowed.iter().any(|allowance| {
        let named = allowance.objects.as_ref();
        let object = diagnostic.object.as_ref();
        hazards.contains(&allowance.hazard)
            && named.is_none_or(|g| object.is_some_and(|object| glob::matches(g, object)))
    })
}

/// What is to be said of the allowances themselves.
fn about_allowances(
    input: &MigrationInput<'_>,
    suppressions: &Suppressions,
    findings: &mut Vec<Diagnostic>,
) {
    let spans: Vec<Span> = suppressions.all.iter().filter_map(|s| s.span).collect();
    if spans.is_empty() {
        return;
    }
    let nothing = Catalog::default();
    let empty = Input {
        catalog: &nothing,
        graph: &Graph::default(),
        source_map: &SourceMap::default(),
        version: input.version,
        settings: input.settings,
        file_allows: &[],
    };
    let relations = Relations::of(&nothing);
    let mut found = Vec::new();
    for rule in rules_that_run(input.settings, true) {
        run_rule(rule, &empty, &relations, &suppressions.all, &mut found);
    }
    // What is wrong with the configuration is said where the schema is checked.
    let ours = |d: &Diagnostic| d.primary.as_ref().is_some_and(|l| spans.contains(&l.span));
    findings.extend(found.into_iter().filter(ours));
}
