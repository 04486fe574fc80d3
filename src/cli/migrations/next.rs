//! The next migration: made where the migrations give another catalog than the schema, and nothing
//! speaks against it.

use super::safety::Safety;
use super::{FIRST, History, State, Stop};
use crate::check::glob;
use crate::cli::clock::Moment;
use crate::cli::failure::Failure;
use crate::cli::project::Project;
use crate::cli::report::changes;
use crate::diagnostic::Diagnostic;
use crate::dialect::Capability;
use crate::diff::{self, Comparison, Options};
use crate::facts::hazard::Allowance;
use crate::migration::{self, Draft, File, Fingerprint, Link, Loss, Migration};
use crate::model::{Catalog, ObjectId, Pair};
use crate::plan::{self, Expansion, Obstacle, Plan};
use crate::render::{Report, migration as printed};

/// What the command line says about the next migration.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::cli) struct Asked<'a> {
    /// What it is called; made from the changes where nobody says.
    pub name: Option<&'a str>,
    /// Its version, instead of the time of day.
    pub version: Option<&'a str>,
    /// Whether columns that are two become one again.
    pub contract: bool,
    /// Hazards that it may have, beside those of the configuration.
    pub allow: &'a [String],
}

/// What becomes of the migrations.
pub(in crate::cli) enum Next {
    /// They give the schema.
    Current,
    /// They do not, and nobody wants the next one written.
    Behind,
    /// The first one.
    First(Vec<File>),
    /// The next one, and what it does in a few words.
    Following {
        files: Vec<File>,
        what: String,
        safety: Safety,
    },
    /// Nothing is written, for a reason.
    Stopped(Stop),
}

impl Next {
    /// What is to be written.
    pub(in crate::cli) fn files(&self) -> &[File] {
        match self {
            Self::First(files) | Self::Following { files, .. } => files,
            Self::Current | Self::Behind | Self::Stopped(_) => &[],
        }
    }

    /// Keeps the paths of the files, once their texts are elsewhere.
    pub(in crate::cli) fn forget_texts(&mut self) {
        if let Self::First(files) | Self::Following { files, .. } = self {
            for (_, text) in files {
                *text = String::new();
            }
        }
    }

    /// Makes what follows the state of the folder.
    pub(in crate::cli) fn of(
        state: State,
        project: &Project,
        report: &Report<'_>,
        asked: Asked<'_>,
    ) -> Result<Self, Failure> {
        Ok(match state {
            State::Current => Self::Current,
            State::Broken(stop) => Self::Stopped(stop),
            State::None => match first(project, report, asked)? {
                Ok(files) => Self::First(files),
                Err(stop) => Self::Stopped(stop),
            },
            State::Behind(history) => following(project, &history, asked)?,
        })
    }
}

/// The files of the first migration.
fn first(
    project: &Project,
    report: &Report<'_>,
    asked: Asked<'_>,
) -> Result<Result<Vec<File>, Stop>, Failure> {
    let number = version(asked.version, &[])?;
    // One after the other: side by side they would hold the catalog's objects twice.
    report.script();
    let after = Fingerprint::of(&project.loaded.catalog, project.config.version);
    let pair = printed::initial(report)?;
    let name = asked.name.unwrap_or(FIRST);
    let files = migration::first(
        after,
        project.config.version,
        project.config.migrations.layout,
        (&number, name),
        (pair.up, pair.down),
    );
    Ok(files.map_err(Stop::from))
}

/// The files of the migration after those that are there.
fn following(project: &Project, history: &History, asked: Asked<'_>) -> Result<Next, Failure> {
    let target = project.config.version;
    let number = version(asked.version, &history.migrations)?;
    let catalogs = [&history.catalog, &project.loaded.catalog].map(|catalog: &Catalog| {
        let catalog = catalog.clone();
        match target.has(Capability::CommentOn) {
            true => catalog,
            false => catalog.without_comments(),
        }
    });
    let pending = history.pending(target.dialect);
    let (ending, staying) = match asked.contract {
        true => (&pending[..], &[][..]),
        false => (&[][..], &pending[..]),
    };
    let goal = plan::expanded(&catalogs[0], &catalogs[1], staying, ending, target);
    let pair = Pair::new(&catalogs[0], &goal.catalog);
    let comparison = diff::compare(pair, &Options::new(target.dialect));
    let refused = plan::refused_renames(pair);
    if !comparison.questions.is_empty() || !refused.is_empty() {
        let stop = Stop::questions(project, &comparison, refused);
        return Ok(Next::Stopped(stop));
    }
    let made = migration::of_changes(&comparison.changes);
    let mut draft = Draft {
        pair,
        version: target,
        layout: history.layout,
        number: &number,
        name: asked.name.unwrap_or(&made),
        follows: history.migrations.last().map(link),
        online: project.config.migrations.online,
        hazards: &[],
        said: &migration::said(&goal.new, ending, target.dialect),
    };
    let (mut plan, copied) = match ending {
        [] => (draft.plan(), Vec::new()),
        ending => plan::contract(pair, ending, target, &draft.options()),
    };
    plan::fill(&mut plan, pair.after, &goal.new, target);
    let obstacles = obstacles(&plan, &allowances(project, asked)?);
    if !obstacles.is_empty() {
        return Ok(Next::Stopped(Stop::obstacles(project, obstacles)));
    }
    let (allowed, mut refused) = losses(project, pair, &plan, asked)?;
    // The other column has what they hold.
    let of = |e: &Expansion, id: &ObjectId| {
        let columns = [&e.from, &e.into, &e.name];
        id.name == e.table && id.member.as_ref().is_some_and(|m| columns.contains(&m))
    };
    let both = |id: &ObjectId| copied.contains(id) || ending.iter().any(|e| of(e, id));
    refused.retain(|loss| !both(&loss.object));
    if !refused.is_empty() {
        return Ok(Next::Stopped(Stop::Losses {
            losses: refused,
            sql: plan.sql(),
        }));
    }
    let hazards: Vec<String> = allowed.iter().map(line).collect();
    draft.hazards = &hazards;
    Ok(match draft.files(&plan) {
        Ok(files) => Next::Following {
            safety: Safety::of_files(
                project,
                pair.before,
                history.layout,
                &files,
                &allowances(project, asked)?,
            ),
            files,
            what: what(&comparison),
        },
        Err(refusal) => Next::Stopped(refusal.into()),
    })
}

/// What a plan destroys: what may be, and what may not.
pub(in crate::cli) fn losses(
    project: &Project,
    pair: Pair<&Catalog>,
    plan: &Plan,
    asked: Asked<'_>,
) -> Result<(Vec<Loss>, Vec<Loss>), Failure> {
    let allowed = allowances(project, asked)?;
    let version = project.config.version;
    let changes = diff::compare(pair, &Options::new(version.dialect)).changes;
    let losses = migration::losses(pair.before, plan, &changes, version);
    Ok(losses
        .into_iter()
        .partition(|loss| is_allowed(loss, &allowed)))
}

/// What stands in the way of a plan and is not allowed.
fn obstacles(plan: &Plan, allowed: &[Allowance]) -> Vec<Diagnostic> {
    let free = |o: &&Obstacle| {
        let loss = o.unless.as_ref();
        loss.is_some_and(|(hazard, id)| {
            allowed.iter().any(|a| a.covers(*hazard, id, glob::matches))
        })
    };
    let found = plan.obstacles.iter().filter(|o| !free(o));
    found.map(|o| o.said.clone()).collect()
}

fn what(comparison: &Comparison) -> String {
    changes::summary(comparison)
}

fn line(loss: &Loss) -> String {
    let object = &loss.object;
    format!(
        "{}: {} {} {}",
        loss.hazard,
        object.kind,
        object.path(),
        loss.what
    )
}

fn is_allowed(loss: &Loss, allowed: &[Allowance]) -> bool {
    let covers = |a: &Allowance| a.covers(loss.hazard, &loss.object, glob::matches);
    allowed.iter().any(covers)
}

/// What may be lost, by the command line and by the configuration.
pub(in crate::cli) fn allowances(
    project: &Project,
    asked: Asked<'_>,
) -> Result<Vec<Allowance>, Failure> {
    let mut allowed = project.config.migrations.allow.clone();
    for text in asked.allow {
        let Some(allowance) = Allowance::parse(text) else {
            return Err(Failure::request(
                format!("`{text}` is not a hazard of migrations"),
                Allowance::FORM,
            ));
        };
        allowed.push(allowance);
    }
    Ok(allowed)
}

fn link(migration: &Migration) -> Link {
    Link {
        label: migration.label.clone(),
        hash: migration.hash.clone(),
    }
}

/// Versions from here on are dates; those below are counted.
const FIRST_DATE: u128 = 10_000_000;

/// The version of a migration after those that are there: what is asked for, the next number where
/// they are counted, or the time of day.
pub(in crate::cli) fn version(asked: Option<&str>, there: &[Migration]) -> Result<String, Failure> {
    let last = there.last();
    let after = |number: &str| {
        let number = number.parse::<u128>().ok();
        last.is_none_or(|last| number.is_some_and(|n| vec![n] > last.version))
    };
    if let Some(version) = asked {
        let digits = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
        if !digits || version.parse::<u128>().is_err() {
            return Err(Failure::request(
                format!("`{version}` is not a version of a migration"),
                "give it digits, such as 20260131120000",
            ));
        }
        if !after(version) {
            let last = last.map_or("", |m| m.label.as_str());
            return Err(Failure::request(
                format!("version {version} does not come after {last}"),
                "give a later one: migrations run in the order of their versions",
            ));
        }
        return Ok(version.to_owned());
    }
    let Some(last) = last else {
        return Ok(Moment::now().version());
    };
    let counted = last.version.first().is_some_and(|n| *n < FIRST_DATE);
    let now = Moment::now().version();
    if !counted && after(&now) {
        return Ok(now);
    }
    let digits = last.label.trim_start_matches('V');
    let end = digits.find(|c: char| !c.is_ascii_digit());
    Ok(migration::following(&digits[..end.unwrap_or(digits.len())]))
}
