//! A statement says what kind of relation it is about, and the relation is one of another.
//!
//! Source: `DropErrorMsgWrongType` and `RangeVarCallbackForAlterRelation` in
//! src/backend/commands/tablecmds.c, `get_relation_by_qualified_name` in src/backend/catalog/objectaddress.c.

use crate::diagnostic::Diagnostic;
use crate::model::{ObjectKind, QualifiedName};
use crate::resolve::fold::Fold;
use crate::source::{AlterAction, Target};

impl Fold {
    /// ALTER TABLE takes any relation, and so does the renaming of an index.
    pub(super) fn altered_as_other(
        &self,
        target: &Target,
        actions: &[AlterAction],
    ) -> Option<Diagnostic> {
        let renames = matches!(actions, [AlterAction::Rename(_)]);
        match target.kind {
            ObjectKind::Table => None,
            ObjectKind::Index if renames => None,
            _ => self.of_other_kind(target),
        }
    }

    /// Whether a statement calls a relation what it is not.
    pub(super) fn of_other_kind(&self, target: &Target) -> Option<Diagnostic> {
        let said = target.kind;
        if target.member.is_some() || !is_told_apart(said) {
            return None;
        }
        let (name, is) = self.relation_kind(&target.name)?;
        if is == said || !is_told_apart(is) {
            return None;
        }
        self.cannot(
            format!("`{name}` is a {is}, and no {said}"),
            &format!("say {} in place of {}", upper(is), upper(said)),
        )
    }

    /// What a relation is, where it is one of ours.
    pub(super) fn relation_kind(
        &self,
        name: &QualifiedName,
    ) -> Option<(QualifiedName, ObjectKind)> {
        let full = self.relation_name(name);
        let kind = *self.relations.get(&full)?;
        (!self.catalog.is_external(&full)).then_some((full, kind))
    }

    /// A column that a comment is about and that its relation does not have, or cannot have one of.
    pub(super) fn unfit_column(&self, target: &Target) -> Option<Diagnostic> {
        if target.kind != ObjectKind::Column {
            return None;
        }
        let (name, kind) = self.relation_kind(&target.name)?;
        match kind {
            ObjectKind::Sequence | ObjectKind::Index => self.cannot(
                format!("a column of `{name}`, a {kind}, has no comment"),
                "comment on what it is part of",
            ),
            _ => self.missing_view_column(&name, target.member.as_ref()?),
        }
    }

    /// A column that a view does not have, where all of its columns are known.
    pub(super) fn missing_view_column(
        &self,
        view: &QualifiedName,
        column: &str,
    ) -> Option<Diagnostic> {
        let names = self.names_of_columns(view)?;
        let there = names.iter().any(|n| n.as_str() == column);
        (!there && !self.is_mentioned(column)).then(|| self.no_column(view, column))
    }
}

fn is_told_apart(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence
            | ObjectKind::Index
    )
}

fn upper(kind: ObjectKind) -> String {
    kind.as_str().to_uppercase()
}
