//! Views that cannot be as they are, or not in the place of the one before.
//!
//! Source: `checkViewTupleDesc` and `DefineView` in src/backend/commands/view.c, `view_query_is_auto_updatable`
//! in src/backend/rewrite/rewriteHandler.c.

use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::expr::{Lexer, Reader};
use crate::model::{Object, ObjectKind, QualifiedName, View};
use crate::resolve::fold::Fold;
use crate::source::{AlterAction, ColumnAction};

/// What makes a query one whose rows are none of a table's.
const GATHERS: [&str; 12] = [
    "group",
    "having",
    "distinct",
    "limit",
    "offset",
    "fetch",
    "union",
    "intersect",
    "except",
    "with",
    "join",
    "window",
];

impl Fold {
    pub(super) fn unfit_view(&self, view: &View, or_replace: bool) -> Option<Diagnostic> {
        let kind = match view.materialized {
            true => ObjectKind::MaterializedView,
            false => ObjectKind::View,
        };
        let method = view.access_method.as_deref().unwrap_or_default();
        let options = view.options.iter().map(|(n, v)| (&**n, &**v));
        let check = view.check_option.iter().map(|v| ("check_option", &**v));
        let view = View {
            query: self.qualify_query(&view.query),
            ..view.clone()
        };
        self.unfit_parameters(kind, method, options.chain(check))
            .or_else(|| {
                view.check_option.as_ref()?;
                self.unfit_check_option(&view)
            })
            .or_else(|| {
                let names = Reader::new(&self.catalog).names_of_columns(&view)?;
                (!view.recursive && view.columns.len() > names.len()).then_some(())?;
                self.cannot(
                    format!("view `{}` names more columns than its query has", view.name),
                    "name as many",
                )
            })
            .or_else(|| {
                or_replace.then_some(())?;
                self.unfit_successor(&view)
            })
    }

    fn unfit_check_option(&self, view: &View) -> Option<Diagnostic> {
        let text = view.query.text();
        let tokens = Lexer::tokens(text, Dialect::Postgres).ok()?;
        let mut depth = 0;
        let found = tokens.iter().map(|t| t.text(text)).find(|word| {
            match *word {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth == 0 && GATHERS.contains(&word.to_ascii_lowercase().as_str())
        })?;
        self.cannot(
            format!(
                "view `{}` cannot have a check option: {} keeps rows from being written through it",
                view.name,
                found.to_uppercase()
            ),
            "leave the option out",
        )
    }

    /// What takes the place of a view has its columns, and others only behind them.
    fn unfit_successor(&self, view: &View) -> Option<Diagnostic> {
        let name = crate::resolve::names::created(&view.name, &self.now.path);
        let old = self.catalog.views.get(&name)?;
        let reader = Reader::new(&self.catalog);
        let new = reader.columns_of_view(view)?;
        let old = reader.columns_of_view(old)?;
        // What is known of a type's modifiers may be too little.
        let plain = |of: &str| match of.split_once('(') {
            Some((name, rest)) => {
                let (_, rest) = rest.split_once(')').unwrap_or_default();
                format!("{name}{rest}")
            }
            None => of.to_owned(),
        };
        let why = if new.len() < old.len() {
            format!("column `{}` would be gone", old[new.len()].0)
        } else {
            let pairs = old.iter().zip(&new);
            let other = pairs.into_iter().find_map(|(old, new)| {
                if old.0 != new.0 {
                    return Some(format!("column `{}` would be `{}`", old.0, new.0));
                }
                let other = plain(&old.1) != plain(&new.1);
                other.then(|| format!("column `{}` would be of type {}", old.0, new.1))
            });
            other?
        };
        self.cannot(
            format!("view `{name}` cannot be replaced: {why}"),
            "add columns behind the others, rename them by ALTER VIEW, or drop the view before",
        )
    }

    pub(super) fn unfit_view_change(
        &self,
        name: &QualifiedName,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let view = self.catalog.views.get(name)?;
        let kind = match view.materialized {
            true => ObjectKind::MaterializedView,
            false => ObjectKind::View,
        };
        match action {
            AlterAction::SetStorage(pairs) => {
                let method = view.access_method.as_deref().unwrap_or_default();
                let options = pairs.iter().map(|(n, v)| (&**n, &**v));
                let checks = pairs.iter().any(|(n, _)| &**n == "check_option");
                self.unfit_parameters(kind, method, options).or_else(|| {
                    checks.then_some(())?;
                    self.unfit_check_option(view)
                })
            }
            AlterAction::ClusterOn(Some(index)) => self.unfit_for_cluster(name, index),
            AlterAction::Column {
                name: column,
                action,
            } => self.missing_view_column(name, column).or_else(|| {
                let ColumnAction::Default(Some(default)) = action else {
                    return None;
                };
                let columns = Reader::new(&self.catalog).columns(name)?;
                let found = columns.into_iter().find(|(n, _)| *n == **column)?;
                self.unfit_default(&found.1?, default)
            }),
            _ => None,
        }
    }

    /// What is wrong with the kinds that have few rules of their own.
    pub(super) fn unfit_rare(&self, object: &Object) -> Option<Diagnostic> {
        match object {
            Object::Publication(publication) => self.unfit_publication(publication),
            Object::Statistics(statistics) => self.unfit_statistics(statistics),
            _ => None,
        }
    }
}
