//! A text, statement by statement: each with its facts, over the catalog that those before it left.

use std::collections::{BTreeSet, HashMap};

use super::followers::{self, Coming};
use super::kin::{Change, Kin};
use super::scene::Scene;
use super::skipped::{self, Words};
use super::{Facts, LockMode, objects, table};
use crate::diagnostic::FileId;
use crate::dialect::{Dialect, TargetVersion};
use crate::expr::{Lexer, TokenKind, unquote_identifier};
use crate::model::{Catalog, Ident, Object, ObjectKind, QualifiedName};
use crate::resolve::{Replay, Resolved};
use crate::source::sql::{read, statement_spans};
use crate::source::{AlterAction, Declaration, SearchPath, SourceFile, SourceKind, Statement};

/// A statement of a text and what running it means.
#[derive(Clone, Debug)]
pub struct Told {
    /// Where it stands in the text, without its semicolon.
    pub start: usize,
    pub end: usize,
    /// Where the `DO` block begins that it is a statement of.
    pub block: Option<usize>,
    /// What it does to the catalog; `None` where nothing.
    pub statement: Option<Statement>,
    /// Its first words, in lower case.
    pub words: Vec<String>,
    pub facts: Facts,
}

/// A transaction waits this long for a lock, in milliseconds, while everybody else waits behind it.
pub const LOCK_TIMEOUT: u32 = 3000;

/// Tells all statements of a text that runs over a catalog, and what becomes of that.
pub fn tell(catalog: &Catalog, text: &str, version: TargetVersion) -> (Vec<Told>, Resolved) {
    let file = SourceFile {
        id: FileId(0),
        path: "plan.sql".to_owned(),
        kind: SourceKind::Sql,
        text: text.to_owned(),
        external: false,
    };
    let mut all = Vec::new();
    let mut reading = Reading::new(version);
    let resolved = tell_each(catalog.clone(), &file, &mut reading, |_, told| {
        all.push(told)
    });
    (all, resolved)
}

/// How texts are told that run one after the other.
#[derive(Clone, Debug)]
pub struct Reading {
    pub version: TargetVersion,
    /// Whether relations that the catalog does not know are there all the same.
    pub assume: bool,
    /// Relations that the texts so far have created.
    pub fresh: BTreeSet<QualifiedName>,
}

impl Reading {
    pub fn new(version: TargetVersion) -> Self {
        Self {
            version,
            assume: false,
            fresh: BTreeSet::new(),
        }
    }
}

/// Hands each statement of a file on, with the catalog that those before it left; what becomes of the
/// catalog is returned.
pub fn tell_each(
    catalog: Catalog,
    file: &SourceFile,
    reading: &mut Reading,
    mut each: impl FnMut(&Scene<'_>, Told),
) -> Resolved {
    let version = reading.version;
    let said = read(file, version);
    let coming = Coming::of(&said.declarations);
    let mut replay = Replay::new(catalog, &said.declarations, version);
    let mut kin = Kin::default();
    let mut declared: HashMap<usize, Declaration> = HashMap::new();
    for declaration in said.declarations {
        declared.insert(declaration.span.start as usize, declaration);
    }
    let default = version.dialect.default_schema().map(Ident::new);
    let mut path: SearchPath = default.into_iter().collect();
    for place in statement_spans(&file.text, version) {
        let (start, end) = (place.start, place.end);
        let of = declared.remove(&start);
        // What is not known to be there may be.
        if !reading.assume && of.as_ref().is_some_and(|d| !replay.runs(d)) {
            // The question has been asked all the same.
            of.into_iter().for_each(|d| replay.apply(d));
            continue;
        }
        if let Some(declaration) = &of {
            path = declaration.search_path.clone();
        }
        let mut scene = Scene {
            catalog: replay.catalog(),
            path: &path,
            fresh: &reading.fresh,
            version,
            assume: reading.assume,
            kin: &kin,
            facts: Facts::default(),
        };
        let statement = of.as_ref().map(|d| d.statement.clone());
        let statement = statement.filter(|s| !matches!(s, Statement::SetValue(_)));
        let words = words(&file.text[start..end], version.dialect);
        if version.dialect == Dialect::Postgres {
            facts(&mut scene, statement.as_ref(), &Words(&words));
            if let Some(statement) = &statement {
                followers::follow(&mut scene, statement, &coming);
            }
        }
        let relation = statement.as_ref().and_then(|s| created(&scene, s));
        let change = Change::of(&scene, statement.as_ref());
        let mut facts = std::mem::take(&mut scene.facts);
        finish(&mut facts);
        let told = Told {
            start,
            end,
            block: place.block,
            statement,
            words,
            facts,
        };
        each(&scene, told);
        reading.fresh.extend(relation);
        if let Some(declaration) = of {
            replay.apply(declaration);
            kin.note(replay.catalog(), &change);
        }
    }
    let mut resolved = replay.finish();
    resolved.diagnostics.splice(0..0, said.diagnostics);
    resolved
}

/// Statements have at least this many words that say what they are.
const WORDS: usize = 24;

/// Names as the catalog has them, all else in lower case.
fn words(statement: &str, dialect: Dialect) -> Vec<String> {
    let mut lexer = Lexer::new(statement, dialect);
    let mut words = Vec::new();
    while let Ok(Some(token)) = lexer.next_token() {
        let text = token.text(statement);
        match token.kind {
            TokenKind::Comment => continue,
            TokenKind::QuotedIdent => words.push(unquote_identifier(text).to_string()),
            _ => words.push(text.to_lowercase()),
        }
        if words.len() == WORDS {
            break;
        }
    }
    words
}

/// The relation that is new, or has a new name and was new.
fn created(scene: &Scene<'_>, statement: &Statement) -> Option<QualifiedName> {
    let here = |name: &QualifiedName| match (&name.schema, scene.path.first()) {
        (None, Some(schema)) => QualifiedName::new(schema.clone(), name.name.clone()),
        _ => name.clone(),
    };
    match statement {
        Statement::Create {
            object: Object::Table(table),
            ..
        } => {
            let name = here(&table.name);
            (!scene.catalog.tables.contains_key(&name)).then_some(name)
        }
        Statement::Create {
            object: Object::View(view),
            ..
        } => {
            let name = here(&view.name);
            (!scene.catalog.views.contains_key(&name)).then_some(name)
        }
        Statement::Alter {
            target, actions, ..
        } => {
            let old = scene.relation(&target.name);
            if !scene.is_fresh(&old) {
                return None;
            }
            actions.iter().find_map(|action| match action {
                AlterAction::Rename(new) => Some(old.sibling(new.clone())),
                AlterAction::SetSchema(schema) => {
                    Some(QualifiedName::new(schema.clone(), old.name.clone()))
                }
                _ => None,
            })
        }
        _ => None,
    }
}

fn facts(scene: &mut Scene<'_>, statement: Option<&Statement>, words: &Words<'_>) {
    let head = Words(&words.0[..words.0.len().min(4)]);
    let concurrently = head.has("concurrently");
    match statement {
        Some(Statement::Create {
            object, or_replace, ..
        }) => {
            objects::create(scene, object, *or_replace, concurrently);
        }
        Some(Statement::Alter {
            target,
            only,
            actions,
            ..
        }) => {
            let detaches = actions
                .iter()
                .any(|a| matches!(a, AlterAction::DetachPartition { .. }));
            if detaches && words.has("concurrently") {
                scene.outside_transactions();
            }
            if target.kind == ObjectKind::Collation && words.has("refresh") {
                objects::refreshed_collation(scene, &target.name);
            }
            match target.kind {
                ObjectKind::Table => table::alter(scene, &target.name, *only, actions),
                _ => objects::alter(scene, target, actions),
            }
        }
        Some(Statement::Drop {
            targets, cascade, ..
        }) => {
            for target in targets {
                objects::drop(scene, target, concurrently, *cascade);
            }
        }
        Some(Statement::Comment { target, .. }) => comment(scene, target),
        Some(Statement::Grant { targets, .. }) => {
            for target in targets {
                let name = scene.relation(&target.name);
                if !scene.is_fresh(&name) {
                    let id = crate::model::ObjectId::new(target.kind, name);
                    scene.effect(super::Effect::ChangesAccess(id));
                }
            }
        }
        _ => skipped::tell(scene, words),
    }
}

/// The relation that a comment is about is kept from changing meanwhile.
fn comment(scene: &mut Scene<'_>, target: &crate::source::Target) {
    let relation = match target.kind {
        ObjectKind::Index => return,
        ObjectKind::Table
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Column => scene.relation(&target.name),
        _ => return,
    };
    scene.lock(&relation, LockMode::ShareUpdateExclusive);
}

/// What follows from the locks.
fn finish(facts: &mut Facts) {
    if !facts.transactional {
        // It waits for old transactions, and leaves an invalid index behind where it gives up.
        facts.lock_timeout = Some(0);
    } else if facts.locks.iter().any(|l| l.mode.blocks_writes()) {
        facts.lock_timeout = Some(LOCK_TIMEOUT);
    }
    if !facts.scans.is_empty() || !facts.rewrites.is_empty() {
        facts.statement_timeout = Some(0);
    }
}
