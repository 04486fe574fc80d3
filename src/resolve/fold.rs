//! The state of the fold, and which file handles which statement.

use std::collections::{HashMap, HashSet};

use super::names::{Names, created};
use super::presence::needed_relations;
use crate::diagnostic::{Diagnostic, Facet, SourceMap, Span};
use crate::dialect::{Capability, Dialect, TargetVersion, modifiers_of_extension};
use crate::model::{Catalog, DataType, Ident, ObjectId, ObjectKind, QualifiedName, Schema};
use crate::source::{AlterAction, Declaration, Part, SearchPath, Statement, Target};

/// A catalog in the making.
pub(super) struct Fold {
    pub(super) catalog: Catalog,
    pub(super) map: SourceMap,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) version: TargetVersion,
    pub(super) names: Names,
    /// Every name in `pg_class`, with its kind.
    pub(super) relations: HashMap<QualifiedName, ObjectKind>,
    /// The relation of each index that stands on its own.
    pub(super) index_owner: HashMap<QualifiedName, QualifiedName>,
    /// Names of constraints, by schema: the server keeps those it makes unique among them.
    pub(super) constraint_names: HashSet<QualifiedName>,
    /// How many constraints' indexes are attached to an index of a partitioned table.
    pub(super) attached_keys: std::collections::BTreeMap<QualifiedName, usize>,
    /// Who names what, from the first object that goes on.
    pub(super) mentions: Option<super::mentions::Mentions>,
    /// Every table that has, or had, partitions or inheritance children: most have none, and
    /// looking for them means going through all tables.
    pub(super) parents: HashSet<QualifiedName>,
    /// Types that could not be found, reported once each.
    pub(super) unknown_types: HashSet<QualifiedName>,
    /// Schemas that objects name and nobody declares.
    pub(super) undeclared_schemas: std::collections::BTreeMap<Ident, Span>,
    /// What IF EXISTS found missing.
    pub(super) passed_over: Vec<super::elsewhere::PassedOver>,
    /// What the privileges that are kept behind blocks are about.
    pub(super) behind_blocks: super::behind_blocks::BehindBlocks,
    /// What blocks have asked for.
    pub(super) answers: super::conditions::Answers,
    /// When keys and foreign keys were made.
    pub(super) made: super::referred_keys::Made,
    /// Whose owner, whom nobody names, was given something back in a migration.
    pub(super) given_back: HashSet<ObjectId>,
    pub(super) now: Now,
}

/// What the declaration at hand brings along.
#[derive(Clone)]
pub(super) struct Now {
    pub(super) span: Span,
    pub(super) path: SearchPath,
    pub(super) role: Option<Ident>,
    pub(super) parts: Vec<(Part, Span)>,
    pub(super) external: bool,
    pub(super) in_order: bool,
    /// `ALTER TABLE ONLY`.
    pub(super) only: bool,
    pub(super) text: Option<Box<str>>,
    /// What CASCADE is taking along.
    pub(super) going: Vec<ObjectId>,
}

impl Fold {
    pub(super) fn new(declarations: &[Declaration], version: TargetVersion) -> Self {
        let mut catalog = Catalog {
            zone: version.zone,
            extracts_floats: !version.has(Capability::NumericExtract),
            ..Catalog::default()
        };
        if let Some(name) = version.dialect.default_schema() {
            let schema = Schema {
                name: Ident::new(name),
                implicit: true,
                ..Schema::default()
            };
            catalog.schemas.insert(Ident::new(name), schema);
        }
        Self {
            catalog,
            map: SourceMap::default(),
            diagnostics: Vec::new(),
            version,
            names: Names::of(declarations),
            relations: HashMap::new(),
            index_owner: HashMap::new(),
            constraint_names: HashSet::new(),
            attached_keys: Default::default(),
            mentions: None,
            parents: HashSet::new(),
            unknown_types: HashSet::new(),
            undeclared_schemas: std::collections::BTreeMap::new(),
            passed_over: Vec::new(),
            behind_blocks: Default::default(),
            answers: Default::default(),
            made: Default::default(),
            given_back: HashSet::new(),
            now: Now {
                span: Span::new(crate::diagnostic::FileId(0), 0, 0),
                path: SearchPath::from([]),
                role: None,
                parts: Vec::new(),
                external: false,
                in_order: false,
                only: false,
                text: None,
                going: Vec::new(),
            },
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.version.dialect
    }

    /// Folds one declaration whose object is there.
    pub(super) fn fold(&mut self, declaration: Declaration) {
        self.now = Now {
            span: declaration.span,
            path: declaration.search_path.clone(),
            role: declaration.role,
            parts: declaration.parts,
            external: declaration.external,
            in_order: declaration.in_order,
            only: false,
            text: declaration.text,
            going: Vec::new(),
        };
        let renames = super::mentions::renames(&declaration.statement);
        let id = self.create_or_change(declaration.statement);
        if renames {
            self.made.renamed();
            self.mentions = None;
        }
        if let Some(id) = id {
            self.renew_mentions(&id);
            if self.now.external {
                self.mark_external(&id);
            }
            self.annotate(&id, declaration.notes, declaration.note_spans);
        }
    }

    /// The object that was created or changed, for annotations.
    fn create_or_change(&mut self, statement: Statement) -> Option<ObjectId> {
        match statement {
            Statement::Create {
                object,
                or_replace,
                if_not_exists,
                like,
            } => return self.create(object, or_replace, if_not_exists, like),
            Statement::Alter {
                target,
                if_exists,
                only,
                actions,
            } => {
                self.now.only = only;
                let altered = self.alter(&target, if_exists, actions);
                self.now.only = false;
                return altered;
            }
            Statement::Drop {
                targets,
                if_exists,
                cascade,
            } => {
                self.drop_targets(&targets, if_exists, cascade);
            }
            Statement::Comment { target, text } => self.comment(&target, text),
            Statement::Grant {
                targets,
                items,
                revoke,
                only_option,
                all_in_schemas,
            } => self.grant(&targets, &items, revoke, only_option, &all_in_schemas),
            Statement::DefaultPrivileges {
                roles,
                schemas,
                kind,
                items,
                revoke,
                only_option,
            } => self.default_privileges(&roles, &schemas, kind, &items, (revoke, only_option)),
            Statement::AlterOpaque { kind, name, text } => self.alter_opaque(&kind, name, text),
            // What a `--setup` file does is done already.
            Statement::Kept(_) if self.now.external => {}
            Statement::Kept(kept) => self.keep(kept),
            Statement::SetValue(_) => {}
        }
        None
    }

    /// Objects of a `--setup` file exist already, but what else their schema holds is ours.
    fn mark_external(&mut self, id: &ObjectId) {
        match id.kind {
            ObjectKind::Schema => {
                if let Some(schema) = self.catalog.schemas.get_mut(&id.name.name) {
                    schema.implicit = true;
                }
            }
            _ if id.member.is_none() => {
                self.catalog.external.insert(id.name.clone());
            }
            _ => {}
        }
    }

    fn annotate(
        &mut self,
        id: &ObjectId,
        notes: Vec<(Part, crate::model::Notes)>,
        spans: Vec<(Part, bool, u16, Span)>,
    ) {
        let whose = |part: &Part| match part {
            Part::Column(column) => ObjectId::column(&id.name, column),
            Part::NamedConstraint(name) => ObjectId::constraint(&id.name, name),
            _ => id.clone(),
        };
        for (part, notes) in notes {
            self.catalog.notes.insert(whose(&part), notes);
        }
        for (part, dependency, n, span) in spans {
            let facet = if dependency {
                Facet::Dependency(n)
            } else {
                Facet::Allow(n)
            };
            self.map.insert(whose(&part), facet, span);
        }
    }

    // -- names ---------------------------------------------------------------------------------

    /// Where a new object goes.
    pub(super) fn created_name(&mut self, name: &QualifiedName) -> QualifiedName {
        let name = created(name, &self.now.path);
        if let Some(schema) = &name.schema
            && !self.names.declares(schema)
        {
            let span = self.now.span;
            self.undeclared_schemas
                .entry(schema.clone())
                .or_insert(span);
        }
        name
    }

    /// The relation that a name stands for.
    pub(super) fn relation_name(&self, name: &QualifiedName) -> QualifiedName {
        if name.schema.is_none() {
            let folded = self
                .now
                .path
                .iter()
                .map(|s| QualifiedName::new(s.clone(), name.name.clone()));
            if let Some(found) = folded.into_iter().find(|n| self.relations.contains_key(n)) {
                return found;
            }
        }
        self.fold_case(self.names.relation(name, &self.now.path))
    }

    /// SQLite compares names without regard to case: the spelling of the declaration wins.
    pub(super) fn fold_case(&self, name: QualifiedName) -> QualifiedName {
        if self.dialect() == Dialect::Postgres || self.relations.contains_key(&name) {
            return name;
        }
        let same = |n: &&QualifiedName| n.name.eq_ignore_ascii_case(&name.name);
        self.relations.keys().find(same).cloned().unwrap_or(name)
    }

    /// Qualifies a type; one that does not exist is reported.
    pub(super) fn resolve_type(&mut self, data_type: &mut DataType, of: Option<&Ident>) {
        if self.dialect() == Dialect::Sqlite || data_type.name.name.is_empty() {
            return;
        }
        if let Some(modifiers) = modifiers_of_extension(&data_type.name.name, &data_type.modifiers)
        {
            data_type.modifiers = modifiers;
        }
        let name = &data_type.name;
        if name.schema.is_none() && super::names::is_known_type(&name.name) {
            return;
        }
        if let Some(found) = self.names.data_type(name, &self.now.path) {
            data_type.name = found;
            return;
        }
        let brought = self.names.brings_type(&name.name);
        let external = match &name.schema {
            Some(schema) => !self.names.declares(schema) || brought,
            None => brought,
        };
        // Those of extensions stand in the default schema: nothing is said by naming it.
        if brought && data_type.name.schema.as_deref() == self.dialect().default_schema() {
            data_type.name.schema = None;
            return;
        }
        let name = name.clone();
        if !external && !self.is_mentioned(&name.name) && self.unknown_types.insert(name.clone()) {
            self.report_unknown_type(&name, of);
        }
    }

    // -- positions -----------------------------------------------------------------------------

    pub(super) fn part(&self, part: &Part) -> Option<Span> {
        self.now
            .parts
            .iter()
            .find(|(p, _)| p == part)
            .map(|(_, span)| *span)
    }

    /// Remembers where an object was declared.
    pub(super) fn place(&mut self, id: &ObjectId) {
        self.map.insert(id.clone(), Facet::Whole, self.now.span);
        if let Some(span) = self.part(&Part::Name) {
            self.map.insert(id.clone(), Facet::Name, span);
        }
        if let Some(span) = self.part(&Part::Comment) {
            self.map.insert(id.clone(), Facet::Comment, span);
        }
    }

    /// What must be there before a declaration can be folded, as the error it would be.
    pub(super) fn missing(&mut self, declaration: &Declaration) -> Option<Diagnostic> {
        self.now.path = declaration.search_path.clone();
        self.now.span = declaration.span;
        match &declaration.statement {
            Statement::Create { object, like, .. } => {
                let needed = needed_relations(object);
                let likes = like.iter().map(|l| &l.source);
                needed
                    .into_iter()
                    .chain(likes)
                    .find_map(|name| self.missing_relation(name))
            }
            Statement::Alter {
                target, actions, ..
            } => self
                .missing_altered(target, declaration.in_order)
                .or_else(|| {
                    actions.iter().find_map(|action| match action {
                        AlterAction::AttachPartition { partition, .. } => {
                            self.missing_relation(partition)
                        }
                        AlterAction::Inherit(parent) => self.missing_relation(parent),
                        _ => self.missing_part(target, action, declaration.in_order),
                    })
                }),
            Statement::Comment { target, .. } => self.missing_target(target),
            Statement::Drop {
                targets,
                if_exists: false,
                ..
            } => targets.iter().find_map(|t| self.missing_target(t)),
            Statement::Grant {
                targets,
                all_in_schemas,
                ..
            } if all_in_schemas.is_empty() => targets.iter().find_map(|t| self.missing_target(t)),
            _ => None,
        }
    }

    pub(super) fn missing_altered(
        &mut self,
        target: &Target,
        in_order: bool,
    ) -> Option<Diagnostic> {
        self.now.in_order = in_order;
        let missing = self.missing_target(target)?;
        let given = self.locate_given_index(target);
        given.is_none().then_some(missing)
    }

    fn missing_relation(&self, name: &QualifiedName) -> Option<Diagnostic> {
        let resolved = self.relation_name(name);
        let present = self.relations.contains_key(&resolved);
        let foreign = resolved
            .schema
            .as_ref()
            .is_some_and(|s| !self.names.declares(s) && !self.names.relations.contains(&resolved));
        if present || foreign {
            return None;
        }
        Some(self.no_such_relation(&resolved))
    }
}
