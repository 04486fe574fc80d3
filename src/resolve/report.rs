//! What the fold says about declarations that it refuses.

use super::fold::Fold;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Ident, ObjectId, ObjectKind, QualifiedName};
use crate::source::Part;

impl Fold {
    pub(super) fn refuse(
        &mut self,
        rule: &'static str,
        headline: impl Into<String>,
    ) -> &mut Diagnostic {
        let diagnostic = Diagnostic::error(rule, headline).at(self.now.span, "in this statement");
        self.diagnostics.push(diagnostic);
        self.diagnostics
            .last_mut()
            .expect("a diagnostic was just pushed")
    }

    /// Why a statement is refused that has not begun, and the way out.
    pub(super) fn refusal(
        &self,
        rule: &'static str,
        headline: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        let diagnostic = Diagnostic::error(rule, headline).at(self.now.span, "in this statement");
        diagnostic.help(help)
    }

    /// Says that a part of an object cannot be renamed, because another one has the name.
    pub(super) fn refuse_taken(&mut self, kind: &str, of: &QualifiedName, name: &str) {
        let headline = format!("{kind} `{name}` of `{of}` exists already");
        let help = "choose a name that is free, or rename or drop the other one first";
        self.refuse("resolve/duplicate", headline).help = Some(help.to_owned());
    }

    /// Says that something exists already, naming both places.
    pub(super) fn refuse_duplicate(&mut self, id: &ObjectId) {
        let first = self.map.of(id);
        let now = self.now.span;
        let mut diagnostic =
            Diagnostic::error("resolve/duplicate", format!("{id} is declared twice"))
                .at(now, "declared again here")
                .note("an object is declared in one place, in YAML or in SQL")
                .help("remove one of the two, or rename one");
        if let Some(first) = first {
            diagnostic = diagnostic.and_at(first, "first declared here");
        }
        self.diagnostics.push(diagnostic);
    }

    /// A relation is a type as well, its row: a type of the same name is refused, as by the server.
    pub(super) fn has_namesake(&mut self, kind: ObjectKind, name: &QualifiedName) -> bool {
        let has_row = |kind: ObjectKind| {
            matches!(
                kind,
                ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView
            )
        };
        let other = if has_row(kind) {
            name.schema.as_ref().and_then(|_| self.locate_type(name))
        } else {
            let relation = self.relations.get(name).filter(|k| has_row(**k));
            relation.map(|kind| ObjectId::new(*kind, name.clone()))
        };
        let Some(other) = other.filter(|o| o.kind != ObjectKind::Composite) else {
            return false;
        };
        let first = self.map.of(&other);
        let mut diagnostic = Diagnostic::error(
            "resolve/duplicate",
            format!(
                "{} has the name of {other}",
                ObjectId::new(kind, name.clone())
            ),
        )
        .at(self.now.span, "in this statement")
        .note("every table and view is a type too, that of its rows")
        .help("rename one of the two");
        if let Some(first) = first {
            diagnostic = diagnostic.and_at(first, "first declared here");
        }
        self.diagnostics.push(diagnostic);
        true
    }

    pub(super) fn report_unknown_type(&mut self, name: &QualifiedName, column: Option<&Ident>) {
        let span = column.and_then(|c| {
            self.part(&Part::ColumnType(c.clone()))
                .or_else(|| self.part(&Part::Column(c.clone())))
        });
        if let Some(extension) = crate::dialect::extension_of_type(&name.name) {
            let quoted = self.dialect().quote(extension).into_owned();
            let headline =
                format!("type `{name}` comes from extension `{extension}`, which is not declared");
            self.diagnostics.push(
                Diagnostic::new("resolve/undeclared-extension", Severity::Warning, headline)
                    .at(span.unwrap_or(self.now.span), "used here")
                    .note("nothing will install it, so it must be there where this is applied")
                    .help(format!("add `CREATE EXTENSION {quoted};`")),
            );
            return;
        }
        let known: Vec<String> = self
            .names
            .types
            .iter()
            .map(|n| n.name.to_string())
            .chain(
                crate::dialect::builtin_types()
                    .iter()
                    .map(|s| (*s).to_owned()),
            )
            .collect();
        let mut known: Vec<&str> = known.iter().map(String::as_str).collect();
        known.sort_unstable();
        let help = match crate::diagnostic::nearest(&name.name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "declare the type, or the extension that brings it".to_owned(),
        };
        self.diagnostics.push(
            Diagnostic::error(
                "resolve/unknown-type",
                format!("type `{name}` does not exist"),
            )
            .at(span.unwrap_or(self.now.span), "used here")
            .note("no source declares it, and no extension is declared that could bring it")
            .help(help),
        );
    }
}
