//! All statements of a catalog in an order in which they run.
//!
//! The graph's order rules; an object's own comment, owner and privileges follow it at once. What
//! waits for something else waits here: foreign keys that rest on an index, base types until their
//! functions exist, default privileges and event triggers until everything else does.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::kept::{KeptPlace, kept_place};
use super::settings::{alterations, part_comments};
use super::shells::Shell;
use super::subject::{comment, comment_statement, has, name_in_schema, owner_statement};
use super::{Context, Ddl, acl, constraints, create_statement, identity, indexes};
use super::{sequences, tables, views};
use crate::dialect::{Capability, Dialect};
use crate::graph::Graph;
use crate::model::{
    Catalog, Constraint, Ident, Index, ObjectId, ObjectKind, ObjectRef, QualifiedName,
    ReplicaIdentity, Sequence, Table,
};

/// Every statement that makes the catalog in an empty database, in order.
pub fn statements(catalog: &Catalog, graph: &Graph, dialect: Dialect) -> Vec<Ddl> {
    let mut statements = Vec::new();
    each_statement(catalog, graph, dialect, &mut |ddl| statements.push(ddl));
    statements
}

/// The same, one after the other: those of a large schema take more memory than the schema.
pub fn each_statement(
    catalog: &Catalog,
    graph: &Graph,
    dialect: Dialect,
    out: &mut dyn FnMut(Ddl),
) {
    let cx = Context {
        catalog,
        graph,
        dialect,
    };
    Assembly::new(cx, out).run();
}

/// An object of the catalog.
struct Known<'a> {
    object: ObjectRef<'a>,
    /// Whether its statements are out.
    done: bool,
}

pub(crate) struct Assembly<'a, 'o> {
    pub(super) cx: Context<'a>,
    objects: HashMap<ObjectId, Known<'a>>,
    /// Sequences by the table whose column owns them.
    pub(super) owned: BTreeMap<&'a QualifiedName, Vec<&'a Sequence>>,
    /// Attached indexes by the index they are attached to.
    pub(super) attached: BTreeMap<&'a QualifiedName, Vec<ObjectId>>,
    pub(super) shells: Vec<Shell>,
    out: &'o mut dyn FnMut(Ddl),
    pub(super) late: Vec<Ddl>,
    /// What is there already, and its parts with it.
    pub(super) existing: HashSet<ObjectId>,
}

impl<'a, 'o> Assembly<'a, 'o> {
    fn new(cx: Context<'a>, out: &'o mut dyn FnMut(Ddl)) -> Self {
        let mut assembly = Self {
            cx,
            objects: HashMap::new(),
            owned: BTreeMap::new(),
            attached: BTreeMap::new(),
            shells: Vec::new(),
            out,
            late: Vec::new(),
            existing: HashSet::new(),
        };
        let objects = cx.catalog.objects();
        assembly.objects.reserve(objects.len());
        for (id, object) in objects {
            match object {
                ObjectRef::Sequence(s) => {
                    if let Some((table, _)) = &s.owned_by {
                        assembly.owned.entry(table).or_default().push(s);
                    }
                }
                ObjectRef::Index(_, index) => {
                    if let Some(parent) = &index.parent {
                        assembly
                            .attached
                            .entry(parent)
                            .or_default()
                            .push(id.clone());
                    }
                }
                _ => {}
            }
            let done = false;
            assembly.objects.insert(id, Known { object, done });
        }
        assembly
    }

    /// For objects beside others that are there already; see [`Self::object`] and [`Self::flush`].
    pub(crate) fn beside(
        cx: Context<'a>,
        existing: HashSet<ObjectId>,
        out: &'o mut dyn FnMut(Ddl),
    ) -> Self {
        let mut assembly = Self::new(cx, out);
        assembly.existing = existing;
        assembly
    }

    pub(super) fn find(&self, id: &ObjectId) -> Option<ObjectRef<'a>> {
        self.objects.get(id).map(|known| known.object)
    }

    /// Whether it is made, or was there before.
    pub(super) fn is_done(&self, id: &ObjectId) -> bool {
        self.objects.get(id).is_some_and(|known| known.done) || self.existing.contains(id)
    }

    fn finish(&mut self, id: &ObjectId) {
        if let Some(known) = self.objects.get_mut(id) {
            known.done = true;
        }
    }

    /// What waited for everything else.
    pub(crate) fn flush(&mut self) {
        for shell in std::mem::take(&mut self.shells) {
            self.complete(&shell.id);
        }
        let late = std::mem::take(&mut self.late);
        self.extend(late);
    }

    fn run(mut self) {
        let graph = self.cx.graph;
        // Whoever hands in a graph that misses an object gets it printed nevertheless.
        let missed = self.missed(graph);
        let order = || graph.order.iter().chain(&missed);
        let last = |id: &ObjectId| {
            matches!(
                id.kind,
                ObjectKind::DefaultPrivileges | ObjectKind::EventTrigger
            )
        };
        self.kept(|place| place == KeptPlace::First);
        let mut types_made = false;
        for id in order().filter(|id| !last(id)) {
            let namespace = matches!(id.kind, ObjectKind::Schema | ObjectKind::Extension);
            if !namespace && !types_made {
                types_made = true;
                self.kept(|place| place == KeptPlace::BeforeTypes);
            }
            self.object(id);
        }
        self.flush();
        self.kept(|place| {
            place == KeptPlace::Last || (!types_made && place == KeptPlace::BeforeTypes)
        });
        // Default privileges would change what is made after them, and event triggers would fire.
        for kind in [ObjectKind::DefaultPrivileges, ObjectKind::EventTrigger] {
            for id in order().filter(|id| id.kind == kind) {
                self.object(id);
            }
        }
    }

    /// The objects that a graph does not have, in the order of their names.
    fn missed(&self, graph: &Graph) -> Vec<ObjectId> {
        let known: HashSet<&ObjectId> = graph.order.iter().collect();
        let missed = self.objects.keys().filter(|id| !known.contains(id));
        let mut missed: Vec<ObjectId> = missed.cloned().collect();
        missed.sort_unstable();
        missed
    }

    fn extend(&mut self, statements: impl IntoIterator<Item = Ddl>) {
        for ddl in statements {
            (self.out)(ddl);
        }
    }

    fn kept(&mut self, place: impl Fn(KeptPlace) -> bool) {
        for (n, kept) in self.cx.catalog.kept.iter().enumerate() {
            if place(kept_place(kept, self.cx.catalog)) {
                let name = QualifiedName::bare(format!("{}", n + 1));
                let id = ObjectId::new(ObjectKind::Kept, name);
                let sql = super::kept::print(kept, self.cx.dialect);
                self.push(&id, sql);
            }
        }
    }

    pub(super) fn push(&mut self, id: &ObjectId, sql: String) {
        (self.out)(Ddl {
            object: id.clone(),
            sql,
        });
    }

    pub(super) fn push_all(&mut self, id: &ObjectId, statements: impl IntoIterator<Item = String>) {
        for sql in statements {
            self.push(id, sql);
        }
    }

    /// The statements of an object that is not there yet.
    pub(crate) fn object(&mut self, id: &ObjectId) {
        let Some(object) = self.find(id) else {
            return;
        };
        if self.is_done(id) {
            return;
        }
        self.finish(id);
        self.complete_for(id);
        if self.is_external(object) {
            return;
        }
        match object {
            ObjectRef::Schema(schema) if schema.implicit => {}
            ObjectRef::Sequence(sequence) => return self.sequence(id, sequence),
            ObjectRef::Constraint(table, constraint) => {
                return self.constraint(id, table, constraint);
            }
            ObjectRef::ShellType(o) if !o.options.is_empty() => {
                return self.shell(id, &o.name, o.options.values());
            }
            ObjectRef::Range(o) if o.options.contains_key("canonical") => {
                return self.shell(id, &o.name, o.options.get("canonical"));
            }
            ObjectRef::Index(relation, index) => return self.index(id, relation, index),
            ObjectRef::DefaultPrivileges(o) => {
                return self.push_all(id, acl::default_privileges(o, self.cx.dialect));
            }
            ObjectRef::Opaque(o) => {
                let statements = o.statements.iter();
                let closed = statements.map(|s| super::fragments::closed(s).into_owned());
                return self.push_all(id, closed);
            }
            _ => {
                let sql = create_statement(&self.cx, object);
                self.push_all(id, sql);
            }
        }
        self.tail(id, object);
        if matches!(object, ObjectRef::Routine(_)) {
            self.routine_exists(id);
        }
    }

    /// What belongs to a schema of somebody else's is there already.
    fn is_external(&self, object: ObjectRef<'_>) -> bool {
        let catalog = self.cx.catalog;
        match object {
            ObjectRef::Schema(schema) => schema.external,
            ObjectRef::Extension(o) => catalog.is_external(&QualifiedName::bare(o.name.clone())),
            ObjectRef::Constraint(table, _) => catalog.is_external(&table.name),
            ObjectRef::Index(relation, _)
            | ObjectRef::Rule(relation, _)
            | ObjectRef::Trigger(relation, _)
            | ObjectRef::Policy(relation, _) => catalog.is_external(relation),
            // Default privileges are the executor's own, wherever they apply.
            ObjectRef::DefaultPrivileges(_) => false,
            other => name_in_schema(other).is_some_and(|name| catalog.is_external(name)),
        }
    }

    /// What follows the CREATE statement: settings, comments, owner, privileges.
    pub(super) fn tail(&mut self, id: &ObjectId, object: ObjectRef<'a>) {
        self.push_all(id, alterations(&self.cx, object));
        if let ObjectRef::Table(table) = object {
            self.after_table(id, table);
        }
        self.describe(id, object);
        if let ObjectRef::Table(table) = object {
            self.push_all(id, identity::statements(table, self.cx.dialect));
            for sequence in self.owned.get(&table.name).cloned().unwrap_or_default() {
                let sequence_id = ObjectId::new(ObjectKind::Sequence, sequence.name.clone());
                if self.is_done(&sequence_id) || self.is_serial(sequence) {
                    self.finish(&sequence_id);
                    self.describe(id, ObjectRef::Sequence(sequence));
                }
            }
        }
    }

    /// Comments, owner and privileges.
    pub(super) fn describe(&mut self, id: &ObjectId, object: ObjectRef<'a>) {
        let dialect = self.cx.dialect;
        let text = comment(object);
        let sql = text.and_then(|text| comment_statement(object, Some(text), dialect));
        self.push_all(id, sql);
        self.push_all(id, part_comments(object, dialect));
        let Some(facets) = object.facets() else {
            return;
        };
        // The owner of an owned sequence is its table's.
        let owned = matches!(object, ObjectRef::Sequence(s) if s.owned_by.is_some());
        if let Some(owner) = facets.owner.as_ref().filter(|_| !owned) {
            self.push_all(id, owner_statement(object, owner, dialect));
        }
        self.push_all(id, acl::privileges(object, &facets.acl, dialect));
    }

    fn after_table(&mut self, id: &ObjectId, table: &'a Table) {
        let dialect = self.cx.dialect;
        for sequence in self.owned.get(&table.name).cloned().unwrap_or_default() {
            let sequence_id = ObjectId::new(ObjectKind::Sequence, sequence.name.clone());
            if self.is_done(&sequence_id) && !self.is_serial(sequence) {
                self.push_all(id, sequences::owned_by(sequence, dialect));
            }
        }
        for mark in marked(table) {
            let marks = tables::marks(table, mark, dialect);
            if table.constraint(mark).is_some() {
                self.push_all(id, marks);
            } else if table.index(mark).is_none() {
                // The index of a partition that its parent's brings.
                let object = id.clone();
                self.late.extend(marks.into_iter().map(|sql| Ddl {
                    object: object.clone(),
                    sql,
                }));
            }
        }
    }

    fn constraint(&mut self, id: &ObjectId, table: &'a Table, constraint: &'a Constraint) {
        let dialect = self.cx.dialect;
        let object = ObjectRef::Constraint(table, constraint);
        let mut made = Vec::new();
        let added = self.existing.contains(&ObjectId::table(&table.name));
        if added || !constraints::is_inline(&self.cx, table, constraint) {
            made.push(constraints::add(table, constraint, dialect));
        }
        let text = constraint.comment.as_deref();
        made.extend(text.and_then(|t| comment_statement(object, Some(t), dialect)));
        let text = constraint.index_comment.as_deref();
        made.extend(
            text.and_then(|_| constraints::comment_on_index(table, constraint, text, dialect)),
        );
        let late = constraints::rests_on_index(&self.cx, constraint);
        let made = made.into_iter().map(|sql| Ddl {
            object: id.clone(),
            sql,
        });
        if late && has(dialect, Capability::AddConstraint) {
            self.late.extend(made);
        } else {
            self.extend(made);
        }
    }

    fn index(&mut self, id: &ObjectId, relation: &'a QualifiedName, index: &'a Index) {
        let dialect = self.cx.dialect;
        let name = relation.sibling(index.name.clone());
        // Left to itself, CREATE INDEX on a partitioned table would take or make indexes of the
        // partitions; where theirs are named, they are attached one by one.
        let only = index.only || self.attached.contains_key(&name);
        self.push(id, indexes::create_on(relation, index, only, dialect));
        if let Some(parent) = &index.parent {
            self.object(&ObjectId::index(parent));
            self.push(id, indexes::attach(relation, index, parent, dialect));
        }
        if let Some(table) = self.cx.catalog.tables.get(relation) {
            self.push_all(id, tables::marks(table, &index.name, dialect));
        }
        if let Some(view) = self.cx.catalog.views.get(relation) {
            self.push_all(id, views::marks(view, &index.name, dialect));
        }
        self.push_all(id, indexes::alterations(relation, index, dialect));
        self.describe(id, ObjectRef::Index(relation, index));
    }
}

/// The index or constraint names that a table marks.
fn marked(table: &Table) -> BTreeSet<&Ident> {
    let replica = match &table.replica_identity {
        ReplicaIdentity::Index(index) => Some(index),
        _ => None,
    };
    replica.into_iter().chain(&table.cluster_on).collect()
}
