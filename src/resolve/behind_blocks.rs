//! Privileges of what blocks make: a GRANT on all tables of a schema is also about those that a `DO`
//! block has made before, which nobody else knows.
//!
//! Invariants: such a statement is folded over what is declared and kept behind the block as well. What
//! is kept runs last, so each later statement that gives or takes some of the same is kept behind it, in
//! the author's order: otherwise the end would not be what the author's statements end in.

use super::fold::Fold;
use crate::model::{AclItem, Grantee, Ident, KeptStatement, ObjectId, ObjectKind};

/// What the statements kept behind blocks are about.
#[derive(Debug, Default)]
pub(super) struct BehindBlocks {
    touched: Vec<Touched>,
    /// The file and place of each statement that is kept.
    places: Vec<(u32, u32)>,
}

/// One schema's objects of one kind, for one grantee.
#[derive(Debug, PartialEq, Eq)]
struct Touched {
    schema: Option<Ident>,
    kind: ObjectKind,
    grantee: Grantee,
}

impl BehindBlocks {
    pub(super) fn touches(&self, ids: &[ObjectId], items: &[AclItem]) -> bool {
        self.touched.iter().any(|touched| {
            let same = |id: &ObjectId| {
                id.name.schema == touched.schema && kind_of_all(id.kind) == touched.kind
            };
            items.iter().any(|i| i.grantee == touched.grantee) && ids.iter().any(same)
        })
    }
}

/// The kind that ON ALL names for an object of this kind.
fn kind_of_all(kind: ObjectKind) -> ObjectKind {
    match kind {
        ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::VirtualTable => {
            ObjectKind::Table
        }
        ObjectKind::Procedure | ObjectKind::Aggregate => ObjectKind::Function,
        kind => kind,
    }
}

impl Fold {
    /// Keeps a statement about all of some schemas, where a block may have made some of it.
    pub(super) fn keep_for_blocks(
        &mut self,
        schemas: &[Ident],
        kinds: &[ObjectKind],
        items: &[AclItem],
        revoke: bool,
    ) {
        let makes =
            |k: &KeptStatement| k.verb == "do" && k.text.to_ascii_lowercase().contains("create");
        if !self.catalog.kept.iter().any(makes) || !self.keep_grant(revoke) {
            return;
        }
        for schema in schemas {
            for kind in kinds {
                for item in items {
                    let touched = Touched {
                        schema: Some(schema.clone()),
                        kind: kind_of_all(*kind),
                        grantee: item.grantee.clone(),
                    };
                    if !self.behind_blocks.touched.contains(&touched) {
                        self.behind_blocks.touched.push(touched);
                    }
                }
            }
        }
    }

    /// Keeps a statement about single objects, where what is kept already is about them too.
    pub(super) fn keep_in_order(&mut self, ids: &[ObjectId], items: &[AclItem], revoke: bool) {
        if self.behind_blocks.touches(ids, items) {
            self.keep_grant(revoke);
        }
    }

    /// The statement at hand, verbatim, under its search path; whether it has a text.
    fn keep_grant(&mut self, revoke: bool) -> bool {
        let Some(text) = self.now.text.clone() else {
            return false;
        };
        let kept = KeptStatement {
            text,
            verb: Ident::new(if revoke { "revoke" } else { "grant" }),
            search_path: Vec::new(),
        };
        self.keep(kept);
        true
    }

    /// What is not qualified in the statement is of the search path that it was written under.
    pub(super) fn keep(&mut self, mut kept: KeptStatement) {
        let default = self.dialect().default_schema();
        if self.now.path.iter().map(Ident::as_str).ne(default) {
            kept.search_path = self.now.path.to_vec();
        }
        self.keep_in_place(kept);
    }

    /// Behind what stands before it in its file: a statement that has waited for another file's object
    /// comes late. Migrations run as they are read.
    pub(super) fn keep_in_place(&mut self, kept: KeptStatement) {
        let list = &mut self.catalog.kept;
        if self.now.in_order {
            return list.push(kept);
        }
        let (file, start) = (self.now.span.file.0, self.now.span.start);
        let places = &mut self.behind_blocks.places;
        let mut at = places.len().min(list.len());
        while at > 0 && places[at - 1].0 == file && places[at - 1].1 > start {
            at -= 1;
        }
        places.insert(at, (file, start));
        list.insert(at, kept);
    }
}
