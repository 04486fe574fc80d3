//! Findings that an author allows, with a reason and perhaps until a day.
//!
//! An allowance stands on an object and holds for its parts too: the one on a table is good for
//! its columns, constraints, indexes and policies; the one on a column for the keys and indexes
//! that consist of it. An allowance for a file holds for what is declared in the file.

use std::collections::BTreeMap;

use super::{Relations, Settings, find};
use crate::diagnostic::{Diagnostic, Facet, FileId, SourceMap, Span};
use crate::dialect::Dialect;
use crate::expr::{Lexer, TokenKind};
use crate::model::{Allow, Catalog, Ident, ObjectId, ObjectKind, QualifiedName};

/// An allowance that holds for a whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileAllow {
    pub allow: Allow,
    /// Of the directive; its file is the file it holds for.
    pub span: Span,
}

/// What an allowance holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Object(ObjectId),
    File(FileId),
    /// A statement of a migration.
    Statement(Span),
}

/// An allowance, and what became of it in this run.
#[derive(Clone, Debug)]
pub struct Suppression {
    pub scope: Scope,
    pub allow: Allow,
    pub span: Option<Span>,
    /// Whether there is a rule of its name.
    pub known: bool,
    /// Whether that rule ran.
    pub ran: bool,
    /// Whether its day has come, or cannot be read.
    pub expired: bool,
    /// Whether it kept a finding silent (or, if expired, would have).
    pub used: bool,
}

/// A finding that is kept silent, and why.
#[derive(Clone, Debug)]
pub struct Suppressed {
    pub diagnostic: Diagnostic,
    pub allow: Allow,
}

/// Every allowance of a run, by where it stands.
#[derive(Debug, Default)]
pub(super) struct Suppressions {
    pub(super) all: Vec<Suppression>,
    by_object: BTreeMap<ObjectId, Vec<usize>>,
    by_file: BTreeMap<FileId, Vec<usize>>,
    by_statement: Vec<(Span, usize)>,
}

impl Suppressions {
    pub(super) fn collect(
        catalog: &Catalog,
        source_map: &SourceMap,
        files: &[FileAllow],
        settings: &Settings,
    ) -> Self {
        let mut suppressions = Self::default();
        for (object, notes) in &catalog.notes {
            for (n, allow) in notes.allow.iter().enumerate() {
                let facet = Facet::Allow(u16::try_from(n).unwrap_or(u16::MAX));
                let span = source_map.facet_or_object(object, facet);
                let scope = Scope::Object(object.clone());
                suppressions.add(scope, allow.clone(), span, settings);
            }
        }
        suppressions.add_files(files, settings);
        for suppression in &mut suppressions.all {
            suppression.ran &= !is_about_migrations(&suppression.allow.rule);
        }
        suppressions
    }

    /// The allowances of a migration: those above its statements, each with the statement's span, and
    /// those of its files.
    pub(super) fn of_migration(
        statements: &[(FileAllow, Span)],
        files: &[FileAllow],
        settings: &Settings,
    ) -> Self {
        let mut suppressions = Self::default();
        for (found, statement) in statements {
            let scope = Scope::Statement(*statement);
            suppressions.add(scope, found.allow.clone(), Some(found.span), settings);
        }
        suppressions.add_files(files, settings);
        for suppression in &mut suppressions.all {
            suppression.ran &= is_about_migrations(&suppression.allow.rule);
        }
        suppressions
    }

    fn add_files(&mut self, files: &[FileAllow], settings: &Settings) {
        for file in files {
            let scope = Scope::File(file.span.file);
            self.add(scope, file.allow.clone(), Some(file.span), settings);
        }
    }

    fn add(&mut self, scope: Scope, allow: Allow, span: Option<Span>, settings: &Settings) {
        let place = self.all.len();
        match &scope {
            Scope::Object(id) => self.by_object.entry(id.clone()).or_default().push(place),
            Scope::File(file) => self.by_file.entry(*file).or_default().push(place),
            Scope::Statement(span) => self.by_statement.push((*span, place)),
        }
        let rule = find(&allow.rule);
        self.all.push(Suppression {
            scope,
            span,
            known: rule.is_some(),
            ran: rule.is_some_and(|rule| settings.runs(rule.info())),
            expired: is_expired(allow.until.as_deref(), settings.today.as_deref()),
            used: false,
            allow,
        });
    }

    /// The allowance that keeps a finding silent, if there is one. Every one that would is marked
    /// as used: which of two is superfluous is for their author to say.
    pub(super) fn silence(
        &mut self,
        diagnostic: &Diagnostic,
        catalog: &Catalog,
        relations: &Relations<'_>,
    ) -> Option<Allow> {
        let mut silenced = None;
        for place in self.candidates(diagnostic, catalog, relations) {
            let suppression = &mut self.all[place];
            if *suppression.allow.rule != *diagnostic.rule {
                continue;
            }
            suppression.used = true;
            if !suppression.expired && silenced.is_none() {
                silenced = Some(suppression.allow.clone());
            }
        }
        silenced
    }

    fn candidates(
        &self,
        diagnostic: &Diagnostic,
        catalog: &Catalog,
        relations: &Relations<'_>,
    ) -> Vec<usize> {
        let mut places = Vec::new();
        if let Some(object) = &diagnostic.object
            && !self.by_object.is_empty()
        {
            for id in holders(object, catalog, relations) {
                places.extend(self.by_object.get(&id).into_iter().flatten());
            }
        }
        if let Some(label) = &diagnostic.primary {
            places.extend(self.by_file.get(&label.span.file).into_iter().flatten());
            let around = |s: &Span| {
                let same = s.file == label.span.file;
                same && s.start <= label.span.start && label.span.start < s.end
            };
            let statements = self.by_statement.iter().filter(|(span, _)| around(span));
            places.extend(statements.map(|(_, place)| *place));
        }
        places
    }
}

/// Whether a rule is one of those about migrations, which have runs of their own.
fn is_about_migrations(rule: &str) -> bool {
    rule.starts_with("migration-safety/")
}

/// Whether an allowance no longer counts. A day that cannot be read has come already: an allowance
/// nobody can date must not last for ever.
fn is_expired(until: Option<&str>, today: Option<&str>) -> bool {
    let Some(until) = until else { return false };
    // Days of this form are ordered as texts are.
    !is_day(until) || today.is_some_and(|today| until <= today)
}

/// Whether a text is a day as `YYYY-MM-DD`.
pub(super) fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize| {
        let plain = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<u16>().ok()).flatten()
    };
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|m| (1..=12).contains(&m))
        && number(day, 2).is_some_and(|d| (1..=31).contains(&d))
}

/// The objects whose allowances hold for an object: itself, the columns it consists of, and its
/// relation.
fn holders(object: &ObjectId, catalog: &Catalog, relations: &Relations<'_>) -> Vec<ObjectId> {
    let mut holders = vec![object.clone()];
    let (relation, columns): (&QualifiedName, Vec<&Ident>) = match object.kind {
        ObjectKind::Index => match relations.relation_of_index(&object.name) {
            Some(relation) => (relation, index_columns(catalog, relation, &object.name)),
            None => (&object.name, Vec::new()),
        },
        ObjectKind::Constraint => (&object.name, constraint_columns(catalog, object)),
        ObjectKind::Sequence => match catalog.sequences.get(&object.name) {
            Some(sequence) => match &sequence.owned_by {
                Some((table, column)) => (table, vec![column]),
                None => (&object.name, Vec::new()),
            },
            None => (&object.name, Vec::new()),
        },
        _ => (&object.name, Vec::new()),
    };
    holders.extend(columns.iter().map(|c| ObjectId::column(relation, c)));
    for kind in [
        ObjectKind::Table,
        ObjectKind::View,
        ObjectKind::MaterializedView,
        ObjectKind::VirtualTable,
        ObjectKind::Domain,
    ] {
        let holder = ObjectId::new(kind, relation.clone());
        if holder != *object {
            holders.push(holder);
        }
    }
    holders
}

fn index_columns<'a>(
    catalog: &'a Catalog,
    relation: &QualifiedName,
    index: &QualifiedName,
) -> Vec<&'a Ident> {
    let table = catalog.tables.get(relation);
    let index = table.and_then(|table| table.index(&index.name));
    let elements = index.map_or(&[][..], |index| &index.elements);
    elements.iter().filter_map(|e| e.column.as_ref()).collect()
}

fn constraint_columns<'a>(catalog: &'a Catalog, object: &ObjectId) -> Vec<&'a Ident> {
    let constraint = catalog
        .tables
        .get(&object.name)
        .zip(object.member.as_ref())
        .and_then(|(table, name)| table.constraint(name));
    constraint.map_or_else(Vec::new, |c| c.columns().iter().collect())
}

const DIRECTIVE: &str = "schemagen:allow-file";

/// The allowances for a whole SQL file: `-- schemagen:allow-file rule[, rule]: reason`.
pub fn sql_file_allows(file: FileId, text: &str, dialect: Dialect) -> Vec<FileAllow> {
    let mut allows = Vec::new();
    // Most files have none, and the lexer need not run over those.
    if !text.contains(DIRECTIVE) {
        return allows;
    }
    let mut lexer = Lexer::new(text, dialect);
    // What cannot be lexed is reported by the reader of the file.
    while let Ok(Some(token)) = lexer.next_token() {
        if token.kind == TokenKind::Comment {
            let span = Span::new(file, token.start as usize, token.end as usize);
            read_directive(token.text(text).trim_start_matches("--"), span, &mut allows);
        }
    }
    allows
}

/// The allowances for a whole YAML file: `# schemagen:allow-file rule[, rule]: reason`, from the
/// first column of a line on.
pub fn yaml_file_allows(file: FileId, text: &str) -> Vec<FileAllow> {
    let mut allows = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end().len();
        if let Some(comment) = line.strip_prefix('#') {
            read_directive(comment, Span::new(file, start, end), &mut allows);
        }
        start += line.len();
    }
    allows
}

fn read_directive(comment: &str, span: Span, allows: &mut Vec<FileAllow>) {
    if let Some(rest) = comment.trim().strip_prefix(DIRECTIVE) {
        read_allows(rest, span, allows);
    }
}

/// `rule[, rule] [until DAY]: reason`
pub(super) fn read_allows(rest: &str, span: Span, allows: &mut Vec<FileAllow>) {
    let (rules, reason) = match rest.split_once(':') {
        Some((rules, reason)) => (rules, Some(reason.trim()).filter(|r| !r.is_empty())),
        None => (rest, None),
    };
    let (rules, until) = match rules.split_once(" until ") {
        Some((rules, day)) => (rules, Some(day.trim())),
        None => (rules, None),
    };
    for rule in rules.split(',') {
        let allow = Allow {
            rule: rule.trim().into(),
            reason: reason.map(Into::into),
            until: until.map(Into::into),
        };
        allows.push(FileAllow { allow, span });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        assert!(is_day("2027-01-31"));
        for bad in [
            "2027-1-31",
            "2027-13-01",
            "2027-01",
            "soon",
            "2027-01-00",
            "",
        ] {
            assert!(!is_day(bad), "{bad}");
        }
    }

    #[test]
    fn expiry_is_on_the_day_itself() {
        let today = Some("2026-05-01");
        assert!(is_expired(Some("2026-05-01"), today));
        assert!(is_expired(Some("2026-04-30"), today));
        assert!(!is_expired(Some("2026-05-02"), today));
        assert!(!is_expired(Some("2026-04-30"), None));
        assert!(!is_expired(None, today));
        assert!(is_expired(Some("next year"), None));
    }

    #[test]
    fn file_directives_of_sql() {
        let text = "-- schemagen:allow-file naming/case, type/no-char until 2027-01-01: imported\n\
                    SELECT '-- schemagen:allow-file x: no comment';\n\
                    -- schemagen:allow-file naming/case\n";
        let allows = sql_file_allows(FileId(3), text, Dialect::Postgres);
        let rules: Vec<&str> = allows.iter().map(|a| &*a.allow.rule).collect();
        assert_eq!(rules, ["naming/case", "type/no-char", "naming/case"]);
        assert_eq!(allows[1].allow.reason.as_deref(), Some("imported"));
        assert_eq!(allows[1].allow.until.as_deref(), Some("2027-01-01"));
        assert_eq!(allows[2].allow.reason, None);
        assert_eq!(allows[2].span.file, FileId(3));
    }

    #[test]
    fn file_directives_of_yaml() {
        let text = "schema: app\n# schemagen:allow-file naming/case: imported\n  # schemagen:allow-file x: y\n";
        let allows = yaml_file_allows(FileId(0), text);
        assert_eq!(allows.len(), 1);
        let Span { start, end, .. } = allows[0].span;
        let shown = &text[start as usize..end as usize];
        assert_eq!(shown, "# schemagen:allow-file naming/case: imported");
    }
}
