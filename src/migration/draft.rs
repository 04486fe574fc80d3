//! A plan becomes the next migrations: files in a layout, each with its header and its way back.

use super::back::way_back;
use super::fingerprint::{Fingerprint, hash};
use super::fold;
use super::header::{Header, Link};
use super::layout::{Layout, Way};
use super::stretch::Stretch;
use crate::diagnostic::Diagnostic;
use crate::dialect::TargetVersion;
use crate::model::{Catalog, ObjectId, Pair};
use crate::plan::{self, Plan};

/// What the next migrations are made from.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// What the migrations so far make, and what the schema says.
    pub pair: Pair<&'a Catalog>,
    pub version: TargetVersion,
    pub layout: Layout,
    /// The version of the first file, in digits; the others count on from it.
    pub number: &'a str,
    pub name: &'a str,
    pub follows: Option<Link>,
    /// Whether tables that are in use stay so meanwhile.
    pub online: bool,
    /// What the header says of hazards, a line each.
    pub hazards: &'a [String],
    /// What else the header says, a line each.
    pub said: &'a [String],
}

/// A path within the migrations folder, and its text.
pub type File = (String, String);

/// Why a plan becomes no file.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// Folding the plan does not give what it should.
    Unproved(Box<Unproved>),
    /// The layout has no form for a step that no transaction may hold.
    Layout { layout: Layout, statement: String },
}

/// What is wrong with a plan.
#[derive(Clone, Debug, Default)]
pub struct Unproved {
    /// Whether it is the way back.
    pub down: bool,
    pub remaining: Vec<ObjectId>,
    pub diagnostics: Vec<Diagnostic>,
    pub sql: String,
}

impl Draft<'_> {
    /// The plan of the way up.
    pub fn plan(&self) -> Plan {
        plan::plan_with(self.pair, self.version, &self.options())
    }

    /// How plans are made.
    pub fn options(&self) -> plan::Options {
        plan::Options {
            online: self.online,
            ..plan::Options::default()
        }
    }

    /// The files of a plan, in the order in which they run.
    pub fn files(&self, plan: &Plan) -> Result<Vec<File>, Refusal> {
        proved(plan, false)?;
        let mut files = Vec::new();
        let mut state = self.pair.before.clone();
        let mut number = self.number.to_owned();
        let mut follows = self.follows.clone();
        let groups = Stretch::of(plan, self.layout.opens_transactions());
        let count = groups.len();
        for (n, group) in groups.into_iter().enumerate() {
            let next = fold::text(state.clone(), &group.sql, self.version);
            let next = next.map_err(|errors| unfolded(&group.sql, errors))?;
            let header = Header {
                before: Fingerprint::of(&state, self.version),
                after: Fingerprint::of(&next, self.version),
                follows,
            };
            let name = match count {
                1 => self.name.to_owned(),
                _ => format!("{}_{}", self.name, n + 1),
            };
            let label = format!("{number}_{name}");
            let pair = Pair::new(&state, &next);
            let down = way_back(pair, self.pair.after, self.version, self.layout, &label)?;
            let up = Way {
                text: self.up(&header, &group),
                transaction: group.transaction,
            };
            let written = self.layout.files(&number, &name, up, down);
            let written = written.map_err(|error| Refusal::Layout {
                layout: error.0,
                statement: group.sql.clone(),
            })?;
            follows = link(self.layout, &written);
            files.extend(written);
            number = following(&number);
            state = next;
        }
        Ok(files)
    }

    fn up(&self, header: &Header, group: &Stretch) -> String {
        let mut text = header.print();
        for hazard in self.hazards {
            text.push_str(&format!("-- hazard: {hazard}\n"));
        }
        for line in self.said {
            text.push_str(&format!("-- {line}\n"));
        }
        text.push('\n');
        text.push_str(&group.sql);
        text
    }
}

/// The first migration: the whole schema, as it is printed, behind which a database is `after`. That
/// is taken and not made here, as what it takes to make it need not stand beside the texts.
pub fn first(
    after: Fingerprint,
    version: TargetVersion,
    layout: Layout,
    named: (&str, &str),
    ways: (String, String),
) -> Result<Vec<File>, Refusal> {
    let header = Header {
        before: Fingerprint::of(&Catalog::default(), version),
        after,
        follows: None,
    };
    let (number, name) = named;
    let (mut up, down) = ways;
    if layout.opens_transactions() {
        hold_settings(&mut up);
    }
    // In place: the first migration of a large schema is as large as the schema.
    up.insert_str(0, &header.print());
    let files = layout.files(number, name, Way::new(up), Way::new(down));
    files.map_err(|error| Refusal::Layout {
        layout: error.0,
        statement: String::new(),
    })
}

/// Settings before the first statement end with the transaction that a tool opens around the file:
/// what it runs next, in the same session, is to find its own.
fn hold_settings(text: &mut String) {
    let mut at = 0;
    while let Some(line) = text[at..].split_inclusive('\n').next() {
        let is_setting = line.starts_with("SET ") && !line.starts_with("SET LOCAL ");
        if !is_setting && !line.trim().is_empty() && !line.starts_with("--") {
            return;
        }
        at += line.len();
        if is_setting {
            let from = at - line.len() + "SET ".len();
            text.insert_str(from, "LOCAL ");
            at += "LOCAL ".len();
        }
    }
}

/// The migration that the next one follows, of its files.
fn link(layout: Layout, files: &[File]) -> Option<Link> {
    let (path, text) = files.first()?;
    let up = layout.up_file(path)?;
    Some(Link {
        label: up.label().to_owned(),
        hash: hash(layout.up_part(text)),
    })
}

pub(super) fn proved(plan: &Plan, down: bool) -> Result<(), Refusal> {
    if plan.is_proved() {
        return Ok(());
    }
    Err(Refusal::Unproved(Box::new(Unproved {
        down,
        remaining: plan.remaining.clone(),
        diagnostics: plan.diagnostics.clone(),
        sql: plan.sql(),
    })))
}

fn unfolded(sql: &str, diagnostics: Vec<Diagnostic>) -> Refusal {
    Refusal::Unproved(Box::new(Unproved {
        diagnostics,
        sql: sql.to_owned(),
        ..Unproved::default()
    }))
}

/// The version behind a version of digits: of the same width, where that is enough.
pub fn following(number: &str) -> String {
    let mut digits: Vec<u8> = number.bytes().collect();
    for digit in digits.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
            continue;
        }
        *digit += 1;
        return String::from_utf8_lossy(&digits).into_owned();
    }
    format!("1{}", String::from_utf8_lossy(&digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::testing::{catalog, version};
    use crate::plan::Step;

    fn draft<'a>(pair: Pair<&'a Catalog>, layout: Layout) -> Draft<'a> {
        Draft {
            pair,
            version: version(),
            layout,
            number: "0009",
            name: "change",
            follows: None,
            online: false,
            hazards: &[],
            said: &[],
        }
    }

    /// A table, and an index on it that no transaction may hold.
    fn in_two_groups(after: &Catalog) -> Plan {
        let mut plan = plan::plan(Pair::new(&Catalog::default(), after), version());
        let index = plan.steps.iter_mut().find(|s| s.sql.contains("INDEX"));
        let index: &mut Step = index.unwrap();
        index.sql = index
            .sql
            .replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY");
        index.facts.transactional = false;
        index.group = 1;
        plan
    }

    const INDEXED: &str = "CREATE TABLE t (a int); CREATE INDEX i ON t (a);";

    #[test]
    fn a_file_outside_of_a_transaction_holds_one_statement() {
        let (before, after) = (Catalog::default(), catalog(INDEXED));
        let marks = [
            (
                Layout::Sqlx,
                "0010_change_2.up.sql",
                "-- no-transaction\n-- schemagen",
            ),
            (
                Layout::Dbmate,
                "0010_change_2.sql",
                "-- migrate:up transaction:false\n",
            ),
            (
                Layout::Diesel,
                "0010_change_2/metadata.toml",
                "run_in_transaction = false\n",
            ),
            (
                Layout::Flyway,
                "V0010__change_2.sql.conf",
                "executeInTransaction=false\n",
            ),
        ];
        for (layout, path, beginning) in marks {
            let files = draft(Pair::new(&before, &after), layout);
            let files = files.files(&in_two_groups(&after)).unwrap();
            let (_, text) = files.iter().find(|(p, _)| p == path).expect(path);
            assert!(text.starts_with(beginning), "{layout:?}: {text}");
            let up = files
                .iter()
                .find(|(_, text)| text.contains("CONCURRENTLY"))
                .unwrap();
            let up = layout.up_part(&up.1);
            assert_eq!(up.matches(';').count(), 1, "{up}");
            let second = Header::read(up).unwrap();
            let first = Header::read(&files[0].1).unwrap();
            assert_eq!(first.after, second.before);
            assert_eq!(second.follows, link(layout, &files));
        }
    }

    #[test]
    fn a_layout_without_a_form_says_so() {
        let (before, after) = (Catalog::default(), catalog(INDEXED));
        let files = draft(Pair::new(&before, &after), Layout::Supabase);
        let Err(Refusal::Layout { layout, statement }) = files.files(&in_two_groups(&after)) else {
            panic!("it is refused");
        };
        assert_eq!(layout, Layout::Supabase);
        assert!(statement.contains("CONCURRENTLY"), "{statement}");
    }

    #[test]
    fn a_plan_that_is_not_proved_becomes_no_file() {
        let (before, after) = (Catalog::default(), catalog(INDEXED));
        let mut plan = plan::plan(Pair::new(&before, &after), version());
        let table = plan.steps[0].object.clone();
        plan.remaining.push(table.clone());
        let files = draft(Pair::new(&before, &after), Layout::Sqlx).files(&plan);
        let Err(Refusal::Unproved(unproved)) = files else {
            panic!("{files:?}");
        };
        assert_eq!(unproved.remaining, [table]);
        assert!(!unproved.down && unproved.sql.contains("CREATE TABLE"));
    }

    #[test]
    fn timeouts_are_those_of_the_transaction() {
        let (before, after) = (Catalog::default(), catalog("CREATE TABLE t (a int);"));
        let mut plan = plan::plan(Pair::new(&before, &after), version());
        plan.steps[0].facts.lock_timeout = Some(3000);
        let files = draft(Pair::new(&before, &after), Layout::Sqlx)
            .files(&plan)
            .unwrap();
        assert!(
            files[0]
                .1
                .contains("\nSET LOCAL lock_timeout = '3000ms';\n"),
            "{}",
            files[0].1
        );
        let files = draft(Pair::new(&before, &after), Layout::Supabase)
            .files(&plan)
            .unwrap();
        assert!(
            files[0].1.contains("\nSET lock_timeout = '3000ms';\n"),
            "{}",
            files[0].1
        );
    }

    #[test]
    fn settings_of_the_first_migration_end_with_it() {
        let text =
            "-- all\n\nSET check_function_bodies = false;\n\nCREATE TABLE t ();\nSET x = 1;\n";
        let after = Fingerprint::of(&Catalog::default(), version());
        let made = |layout| {
            let ways = (text.to_owned(), String::new());
            first(after.clone(), version(), layout, ("1", "a"), ways).unwrap()
        };
        let up = &made(Layout::Sqlx)[0].1;
        assert!(
            up.contains("\nSET LOCAL check_function_bodies = false;\n"),
            "{up}"
        );
        assert!(up.contains("\nSET x = 1;\n"), "{up}");
        let up = &made(Layout::Supabase)[0].1;
        assert!(
            up.contains("\nSET check_function_bodies = false;\n"),
            "{up}"
        );
    }

    #[test]
    fn versions_count_on() {
        assert_eq!(following("0009"), "0010");
        assert_eq!(following("99"), "100");
        assert_eq!(following("20260101000059"), "20260101000060");
    }
}
