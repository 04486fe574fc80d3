//! Why no migration is written, and how that is said.

use serde_json::{Value, json};

use crate::cli::Outcome;
use crate::cli::project::Project;
use crate::cli::report::{self, Format};
use crate::cli::sources::Sources;
use crate::diagnostic::Diagnostic;
use crate::diff::Comparison;
use crate::migration::{Layout, Loss, Refusal, Unproved};
use crate::model::{Ident, ObjectId, ObjectKind, Question};

/// A reason to write no migration.
pub(in crate::cli) enum Stop {
    /// Those that are there cannot be replayed.
    Broken {
        sources: Box<Sources>,
        diagnostics: Vec<Diagnostic>,
    },
    /// They do not follow one another.
    Unchained {
        sources: Box<Sources>,
        diagnostics: Vec<Diagnostic>,
    },
    /// Something may be a rename, or a loss.
    Questions(Vec<Diagnostic>),
    /// Something has to be decided, in the schema.
    Obstacles(Vec<Diagnostic>),
    /// Data would be lost, and nobody has allowed it.
    Losses {
        losses: Vec<Loss>,
        sql: String,
    },
    Unproved(Box<Unproved>),
    Layout {
        layout: Layout,
        statement: String,
    },
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unproved(unproved) => Self::Unproved(unproved),
            Refusal::Layout { layout, statement } => Self::Layout { layout, statement },
        }
    }
}

impl Stop {
    /// The questions of a comparison, and the answers that cannot be, at their places.
    pub(super) fn questions(
        project: &Project,
        comparison: &Comparison,
        refused: Vec<Diagnostic>,
    ) -> Self {
        let answered = |q: &&Question| {
            refused
                .iter()
                .any(|r| r.object.as_ref() == Some(&q.created))
        };
        let open = comparison.questions.iter().filter(|q| !answered(q));
        let mut said: Vec<Diagnostic> = open.map(|q| question(project, q)).collect();
        said.extend(located(project, refused));
        Self::Questions(said)
    }

    /// What stands in the way of a plan, at the places where it is decided.
    pub(super) fn obstacles(project: &Project, found: Vec<Diagnostic>) -> Self {
        Self::Obstacles(located(project, found))
    }

    pub(in crate::cli) fn outcome(&self) -> Outcome {
        match self {
            // It is ours, and not the schema's.
            Self::Unproved(_) => Outcome::Refused,
            _ => Outcome::Findings,
        }
    }

    /// For people. `folder` is that of the migrations, `command` what was run.
    pub(in crate::cli) fn text(&self, project: &Project, folder: &str, command: &str) -> String {
        match self {
            Self::Broken {
                sources,
                diagnostics,
            } => {
                report::findings(diagnostics, &sources.files, Format::Human)
                    + &format!(
                        "the migrations in {folder}/ cannot be replayed, so it is not known whether \
                         they make this schema\n"
                    )
            }
            Self::Unchained {
                sources,
                diagnostics,
            } => {
                report::findings(diagnostics, &sources.files, Format::Human)
                    + &format!(
                        "the migrations in {folder}/ do not follow one another; no migration was \
                         written\n"
                    )
            }
            Self::Questions(diagnostics) => {
                report::findings(diagnostics, &project.sources.files, Format::Human)
                    + "a rename or not? no migration was written\n"
            }
            Self::Obstacles(diagnostics) => {
                report::findings(diagnostics, &project.sources.files, Format::Human)
                    + "no migration was written\n"
            }
            Self::Losses { losses, sql } => lost(losses, sql, command),
            Self::Unproved(unproved) => unproved_text(unproved),
            Self::Layout { layout, statement } => no_form(*layout, statement),
        }
    }

    /// For programs.
    pub(in crate::cli) fn json(&self, project: &Project) -> Value {
        let findings = |diagnostics: &[Diagnostic], sources: &Sources| {
            report::json_value(diagnostics, &sources.files)
        };
        match self {
            Self::Broken {
                sources,
                diagnostics,
            } => json!({ "state": "broken", "findings": findings(diagnostics, sources) }),
            Self::Unchained {
                sources,
                diagnostics,
            } => json!({ "state": "unchained", "findings": findings(diagnostics, sources) }),
            Self::Questions(diagnostics) => {
                json!({ "state": "ambiguous", "findings": findings(diagnostics, &project.sources) })
            }
            Self::Obstacles(diagnostics) => {
                json!({ "state": "undecided", "findings": findings(diagnostics, &project.sources) })
            }
            Self::Losses { losses, sql } => {
                let list = losses.iter().map(|loss| {
                    json!({
                        "hazard": loss.hazard.as_str(),
                        "object": loss.object.path(),
                        "what": loss.what,
                        "allow": loss.allowance(),
                    })
                });
                json!({ "state": "refused", "hazards": list.collect::<Vec<_>>(), "sql": sql })
            }
            Self::Unproved(unproved) => {
                let remaining = unproved.remaining.iter().map(|id| id.to_string());
                json!({
                    "state": "unproved",
                    "way": if unproved.down { "down" } else { "up" },
                    "remaining": remaining.collect::<Vec<_>>(),
                    "errors": errors(unproved),
                    "sql": unproved.sql,
                })
            }
            Self::Layout { layout, statement } => json!({
                "state": "no-form",
                "layout": layout.as_str(),
                "statement": statement,
            }),
        }
    }
}

/// What is said about objects of the schema, with the places where they are declared.
pub(in crate::cli) fn located(project: &Project, said: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let said = said.into_iter();
    said.map(|said| at_its_place(project, said)).collect()
}

fn at_its_place(project: &Project, said: Diagnostic) -> Diagnostic {
    let map = &project.loaded.source_map;
    let span = said.object.as_ref().and_then(|id| {
        let whole = |kind| ObjectId::new(kind, id.name.clone());
        let kinds = [
            id.kind,
            ObjectKind::Table,
            ObjectKind::Domain,
            ObjectKind::View,
        ];
        let mut wholes = kinds.into_iter().filter(|_| id.member.is_some()).map(whole);
        map.of(id)
            .or_else(|| wholes.find_map(|whole| map.of(&whole)))
    });
    match span {
        Some(span) => said.at(span, "declared here"),
        None => said,
    }
}

fn question(project: &Project, question: &Question) -> Diagnostic {
    let Question { dropped, created } = question;
    let old: &Ident = question.old();
    let headline = format!(
        "{} may be {} renamed, or a new one",
        spoken(created),
        spoken(dropped)
    );
    let said = Diagnostic::error("migration/rename", headline)
        .about(created.clone())
        .note("a rename keeps the data; a drop and a creation lose it")
        .help(format!(
            "write `renamed_from: {old}` where it is a rename and `replaces: {old}` where it is not; in \
             SQL `-- schemagen:renamed-from {old}` or `-- schemagen:replaces {old}`"
        ));
    at_its_place(project, said)
}

/// An object as it stands in a sentence.
fn spoken(id: &ObjectId) -> String {
    match (&id.member, id.kind) {
        (Some(value), ObjectKind::Enum) => format!("value `{value}` of enum {}", id.name),
        _ => id.to_string(),
    }
}

fn lost(losses: &[Loss], sql: &str, command: &str) -> String {
    let mut text = String::from(
        "\x1b[1m\x1b[31merror\x1b[0m\x1b[1m: the next migration would lose data\x1b[0m\n",
    );
    for loss in losses {
        let object = &loss.object;
        text.push_str(&format!("  {object} {}\n", loss.what));
    }
    text.push('\n');
    for line in sql.lines() {
        text.push_str(&format!("    {line}\n").replace("    \n", "\n"));
    }
    text.push_str("\nno migration was written\n  help: where it is meant, allow it by name: ");
    let allow = losses.iter().map(|l| format!("--allow {}", l.allowance()));
    let allow = allow.collect::<Vec<_>>().join(" ");
    text.push_str(&format!(
        "`schemagen {command} {allow}`, or under `migrations: {{ allow: [...] }}` in schemagen.yaml\n"
    ));
    text
}

fn errors(unproved: &Unproved) -> Vec<String> {
    let said = unproved.diagnostics.iter();
    said.map(|d| format!("{}: {}", d.rule, d.headline))
        .collect()
}

fn unproved_text(unproved: &Unproved) -> String {
    let way = if unproved.down { "back" } else { "there" };
    let mut text = format!(
        "\x1b[1m\x1b[31merror\x1b[0m\x1b[1m: schemagen did not find the way {way}: its own statements \
         do not lead where they should\x1b[0m\n"
    );
    for id in &unproved.remaining {
        text.push_str(&format!("  {id} would still differ\n"));
    }
    for error in errors(unproved) {
        text.push_str(&format!("  {error}\n"));
    }
    text.push_str(
        "\nno migration was written\n  help: this is a fault of schemagen's and not of the schema; please \
         report it, with both schemas as `schemagen render sql` prints them. Until then write this \
         migration by hand (`schemagen migrate new NAME --empty`)\n",
    );
    text
}

fn no_form(layout: Layout, statement: &str) -> String {
    let able: Vec<&str> = Layout::without_transactions().map(Layout::as_str).collect();
    format!(
        "\x1b[1m\x1b[31merror\x1b[0m\x1b[1m: the layout {} has no form for a statement that no \
         transaction may hold\x1b[0m\n\n    {}\n\nno migration was written\n  help: {} have one; name one \
         of them under `migrations: {{ layout: ... }}`, or take the short forms with `online: false` there\n",
        layout.as_str(),
        statement.trim_end().replace('\n', "\n    "),
        able.join(", "),
    )
}
