//! What a table is beside one of its own: temporary, of a type, a partition, foreign; and what
//! follows its CREATE in statements of their own.

use super::column::texts;
use super::draft::Draft;
use super::names::qualified;
use super::node::Node;
use super::reader::{Document, Reader, Said, create};
use crate::diagnostic::Span;
use crate::model::{
    Constraint, ForeignTableSpec, Ident, Index, Object, ObjectKind, PartitionOf, Persistence,
    QualifiedName,
};
use crate::source::{AlterAction, Part, Statement, Target};

impl<'a> Reader<'a> {
    /// What decides how the columns of a table are read.
    pub(super) fn origin(&mut self, draft: &mut Draft<'a>, node: &Node) {
        let is = |key: &str| node.get(key).and_then(Node::boolean) == Some(true);
        let text = |node: Option<&Node>| node.and_then(Node::text).map(str::to_owned);
        if is("unlogged") {
            draft.table.persistence = Persistence::Unlogged;
        }
        if is("temporary") {
            draft.table.persistence = Persistence::Temporary;
        }
        let parents = self.names(node.get("inherits"));
        draft.table.inherits = parents.iter().map(|parent| qualified(parent)).collect();
        draft.table.of_type = text(node.get("of")).map(|name| qualified(&name));
        if let Some(entry) = node.entry("partition_of")
            && let Some(parent) = text(entry.value.get("parent"))
            && let Some(bound) = self.bound(entry)
        {
            let parent = qualified(&parent);
            draft.table.partition_of = Some(PartitionOf { parent, bound });
        }
        if let Some(foreign) = node.get("foreign") {
            draft.table.foreign = Some(ForeignTableSpec {
                server: Ident::new(foreign.get("server").and_then(Node::text).unwrap_or("")),
                options: texts(foreign.get("options")),
            });
        }
    }

    /// The statements behind CREATE TABLE: a partition that lists its columns with their types is
    /// made first and attached then, an owner takes over what columns own, and a constraint that is
    /// not valid can only be added.
    pub(super) fn after_create(&mut self, draft: &mut Draft<'a>, span: Span) -> Vec<Statement> {
        let name = draft.table.name.clone();
        let alter = |table: QualifiedName, action: AlterAction| Statement::Alter {
            target: Target::new(ObjectKind::Table, table),
            if_exists: false,
            only: false,
            actions: vec![action],
        };
        let mut out = Vec::new();
        let typed = draft
            .table
            .columns
            .iter()
            .any(|c| !c.data_type.name.name.is_empty());
        if typed && let Some(of) = draft.table.partition_of.take() {
            let partition = name.clone();
            let bound = Some(of.bound);
            out.push(alter(
                of.parent,
                AlterAction::AttachPartition { partition, bound },
            ));
        }
        if let Some(owner) = draft.table.facets.owner.take() {
            out.push(alter(name.clone(), AlterAction::Owner(owner)));
        }
        for (constraint, _) in self.take_not_valid(draft, span) {
            let action = AlterAction::AddConstraint(Box::new(constraint));
            out.push(alter(name.clone(), action));
        }
        out
    }

    /// Takes the constraints out that do not hold for every row; the places of the others follow
    /// their numbers.
    fn take_not_valid(&self, draft: &mut Draft<'a>, span: Span) -> Vec<(Constraint, Span)> {
        let mut taken = Vec::new();
        let mut n = 0;
        while let Some(constraint) = draft.table.constraints.get(n) {
            if !constraint.not_valid || !self.has_schemas() {
                n += 1;
                continue;
            }
            let constraint = draft.table.constraints.remove(n);
            let at = u16::try_from(n).unwrap_or(u16::MAX);
            let mut place = span;
            draft.said.parts.retain(|(part, span)| {
                let own = *part == Part::Constraint(at);
                if own {
                    place = *span;
                }
                !own
            });
            draft
                .said
                .notes
                .retain(|(part, _)| *part != Part::Constraint(at));
            let spans = &mut draft.said.note_spans;
            spans.retain(|(part, ..)| *part != Part::Constraint(at));
            let parts = draft.said.parts.iter_mut().map(|(part, _)| part);
            let notes = draft.said.notes.iter_mut().map(|(part, _)| part);
            let spans = draft.said.note_spans.iter_mut().map(|(part, ..)| part);
            for part in parts.chain(notes).chain(spans) {
                if let Part::Constraint(m) = part
                    && *m > at
                {
                    *m -= 1;
                }
            }
            taken.push((constraint, place));
        }
        taken
    }

    /// An index, and the index of the partitioned table that it becomes a part of.
    pub(super) fn declare_index(
        &mut self,
        document: &Document<'a>,
        relation: &QualifiedName,
        mut index: Index,
        said: Said,
        span: Span,
    ) {
        let parent = index.parent.take();
        let partition = relation.sibling(index.name.clone());
        let object = Object::Index(relation.clone(), Box::new(index));
        self.declare_with(document, create(object), span, said);
        if let Some(parent) = parent {
            let bound = None;
            let statement = Statement::Alter {
                target: Target::new(ObjectKind::Index, parent),
                if_exists: false,
                only: false,
                actions: vec![AlterAction::AttachPartition { partition, bound }],
            };
            self.declare(document, statement, span);
        }
    }
}
