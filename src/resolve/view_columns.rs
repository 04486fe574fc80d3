//! ALTER VIEW ... RENAME COLUMN: the names of a view's columns are a list beside its query.

use super::fold::Fold;
use crate::diagnostic::nearest;
use crate::expr::Reader;
use crate::model::{Ident, QualifiedName, View};

impl Fold {
    pub(super) fn rename_view_column(&mut self, name: &QualifiedName, from: &Ident, to: Ident) {
        let Some(names) = self.names_of_columns(name) else {
            return self.unsupported("a view whose columns are not known");
        };
        let Some(at) = names.iter().position(|n| n == from) else {
            let headline = format!("column `{from}` of `{name}` does not exist");
            let near = nearest(from, names.iter().map(Ident::as_str));
            let help = near.map(|n| format!("did you mean `{n}`?"));
            self.refuse("resolve/unknown-column", headline).help = help;
            return;
        };
        if names.contains(&to) {
            let headline = format!("`{name}` has a column `{to}` already");
            self.refuse("resolve/duplicate", headline);
            return;
        }
        self.respell_column(std::slice::from_ref(name), from, &to);
        self.follow_column(name, from, &to);
        if let Some(view) = self.catalog.views.get_mut(name) {
            view.columns = names;
            view.columns[at] = to.clone();
            rename_in_view(view, from, &to);
        }
    }

    /// The names of a view's columns; `None` where its query is not understood.
    pub(super) fn names_of_columns(&self, name: &QualifiedName) -> Option<Vec<Ident>> {
        let view = self.catalog.views.get(name)?;
        let found = Reader::new(&self.catalog).names_of_columns(view)?;
        let found = found.into_iter().map(Ident::from);
        let listed = view.columns.iter().cloned();
        let rest = found.skip(view.columns.len());
        Some(listed.chain(rest).collect())
    }
}

fn rename_in_view(view: &mut View, from: &Ident, to: &Ident) {
    if let Some(comment) = view.column_comments.remove(from) {
        view.column_comments.insert(to.clone(), comment);
    }
    if let Some(default) = view.defaults.remove(from) {
        view.defaults.insert(to.clone(), default);
    }
    if let Some(target) = view.column_statistics.remove(from) {
        view.column_statistics.insert(to.clone(), target);
    }
    for index in &mut view.indexes {
        let columns = index.elements.iter_mut().filter_map(|e| e.column.as_mut());
        columns.filter(|c| *c == from).for_each(|c| *c = to.clone());
    }
}
