//! COMMENT ON.

use super::fold::Fold;
use crate::diagnostic::Facet;
use crate::model::{ObjectId, ObjectKind};
use crate::source::Target;

impl Fold {
    pub(super) fn comment(&mut self, target: &Target, text: Option<Box<str>>) {
        let Some(id) = self.locate(target) else {
            return self.keep_for_others("comment", target);
        };
        // Every database is born with this one.
        let born = id.kind == ObjectKind::Schema && id.name.name == "public";
        let text = match text.as_deref() {
            Some("standard public schema") if born => None,
            None if born => Some(Box::from("")),
            _ => text,
        };
        // Only where somebody may have to find it again: most comments link to nothing.
        if text.as_ref().is_some_and(|text| text.contains("[[")) {
            let span = self.now.span;
            self.map.insert(id.clone(), Facet::Comment, span);
        }
        let place = match id.kind {
            ObjectKind::Column => self.column_comment(&id, text),
            ObjectKind::Constraint
            | ObjectKind::Index
            | ObjectKind::Trigger
            | ObjectKind::Rule
            | ObjectKind::Policy => self.member_comment(&id).map(|place| *place = text),
            ObjectKind::Sequence => self.facets_of(&id).map(|f| f.comment = text),
            _ => self.catalog.comment_mut(&id).map(|place| *place = text),
        };
        if place.is_none() {
            self.keep_for_others("comment", target);
        }
    }

    fn column_comment(&mut self, id: &ObjectId, text: Option<Box<str>>) -> Option<()> {
        let member = id.member.clone()?;
        if let Some(table) = self.catalog.tables.get_mut(&id.name) {
            let Some(column) = table.column_mut(&member) else {
                let headline = format!("column `{member}` of `{}` does not exist", id.name);
                let known: Vec<String> = table.columns.iter().map(|c| c.name.to_string()).collect();
                let near = crate::diagnostic::nearest(&member, known.iter().map(String::as_str));
                let help = near.map(|n| format!("did you mean `{n}`?"));
                self.refuse("resolve/unknown-column", headline).help = help;
                return Some(());
            };
            column.comment = text;
            return Some(());
        }
        if let Some(view) = self.catalog.views.get_mut(&id.name) {
            match text {
                Some(text) => view.column_comments.insert(member, text),
                None => view.column_comments.remove(&member),
            };
            return Some(());
        }
        let composite = self.catalog.composites.get_mut(&id.name)?;
        match text {
            Some(text) => composite.attribute_comments.insert(member, text),
            None => composite.attribute_comments.remove(&member),
        };
        Some(())
    }

    fn member_comment(&mut self, id: &ObjectId) -> Option<&mut Option<Box<str>>> {
        if id.kind == ObjectKind::Index {
            return self.index_comment(id);
        }
        let member = id.member.as_ref()?;
        if id.kind == ObjectKind::Constraint && self.catalog.domains.contains_key(&id.name) {
            let domain = self.catalog.domains.get_mut(&id.name)?;
            return domain
                .checks
                .iter_mut()
                .find(|c| c.name == *member)
                .map(|c| &mut c.comment);
        }
        let table = self.catalog.tables.get_mut(&id.name);
        let view = self.catalog.views.get_mut(&id.name);
        match (id.kind, table, view) {
            (ObjectKind::Constraint, Some(t), _) => t
                .constraints
                .iter_mut()
                .find(|c| c.name == *member)
                .map(|c| &mut c.comment),
            (ObjectKind::Policy, Some(t), _) => t
                .policies
                .iter_mut()
                .find(|p| p.name == *member)
                .map(|p| &mut p.comment),
            (ObjectKind::Trigger, Some(t), _) => t
                .triggers
                .iter_mut()
                .find(|x| x.name == *member)
                .map(|x| &mut x.comment),
            (ObjectKind::Trigger, None, Some(v)) => v
                .triggers
                .iter_mut()
                .find(|x| x.name == *member)
                .map(|x| &mut x.comment),
            (ObjectKind::Rule, Some(t), _) => t
                .rules
                .iter_mut()
                .find(|r| r.name == *member)
                .map(|r| &mut r.comment),
            (ObjectKind::Rule, None, Some(v)) => v
                .rules
                .iter_mut()
                .find(|r| r.name == *member)
                .map(|r| &mut r.comment),
            _ => None,
        }
    }

    /// The comment of an index, a constraint's index included.
    fn index_comment(&mut self, id: &ObjectId) -> Option<&mut Option<Box<str>>> {
        let name = id.name.name.clone();
        let owner = self.index_owner.get(&id.name).cloned();
        if let Some(owner) = owner {
            if let Some(table) = self.catalog.tables.get_mut(&owner) {
                return table
                    .indexes
                    .iter_mut()
                    .find(|i| i.name == name)
                    .map(|i| &mut i.comment);
            }
            let view = self.catalog.views.get_mut(&owner)?;
            return view
                .indexes
                .iter_mut()
                .find(|i| i.name == name)
                .map(|i| &mut i.comment);
        }
        let mut tables = self.catalog.tables.values_mut();
        tables.find_map(|t| {
            let same_schema = t.name.schema == id.name.schema;
            t.constraints
                .iter_mut()
                .find(|c| same_schema && c.has_index() && c.name == name)
                .map(|c| &mut c.index_comment)
        })
    }
}
