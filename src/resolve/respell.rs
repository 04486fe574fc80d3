//! RENAME, in the texts that read what is renamed; and names in texts that nothing has.
//!
//! The server refuses a view, a check or a policy over a column that does not exist, and so does this.
//! Where a statement that is kept verbatim may have made it, nothing is said.

use super::fold::Fold;
use crate::diagnostic::{Diagnostic, nearest};
use crate::dialect::Dialect;
use crate::expr::{
    Names, Unknown, UnknownColumn, Unread, Wrong, mentions, rename_column_in_text, respell,
};
use crate::model::{Ident, ObjectId, QualifiedName};

impl Fold {
    /// Before a column of these relations is renamed.
    pub(super) fn respell_column(&mut self, relations: &[QualifiedName], from: &Ident, to: &Ident) {
        let dialect = self.dialect();
        let name = from.to_lowercase();
        let unread = |text: &str| match dialect {
            Dialect::Postgres => {
                rename_column_in_text(text, from, to, dialect).map_or(Unread::Same, Unread::New)
            }
            // A command that is not understood may fill the column.
            Dialect::Sqlite if mentions(text, from, dialect) => Unread::Left,
            Dialect::Sqlite => Unread::Same,
        };
        let left = respell(
            &mut self.catalog,
            Names {
                concerns: &|text| text.contains(&name) || text.contains('*'),
                relation: &|_| None,
                column: &|relation, column| {
                    let renamed = column == from && relations.contains(relation);
                    renamed.then(|| to.clone())
                },
                value: &|_, _| None,
                spelled_out: &|_| false,
                unread: &unread,
                keeps_names: dialect == Dialect::Postgres,
            },
            dialect,
        );
        for id in left {
            self.refuse_unfollowed(&id, "column", from);
        }
    }

    /// Before relations are renamed, or go into another schema; `part` is in the name of each.
    pub(super) fn respell_relations(
        &mut self,
        part: &Ident,
        moved: &dyn Fn(&QualifiedName) -> Option<QualifiedName>,
    ) {
        let (dialect, name) = (self.dialect(), part.to_lowercase());
        respell(
            &mut self.catalog,
            Names {
                concerns: &|text| text.contains(&name),
                relation: moved,
                column: &|_, _| None,
                value: &|_, _| None,
                spelled_out: &|_| false,
                unread: &|_| Unread::Same,
                keeps_names: true,
            },
            dialect,
        );
    }

    /// Before a value of an enum is renamed.
    pub(super) fn respell_value(&mut self, of: &QualifiedName, from: &str, to: &str) {
        let dialect = self.dialect();
        let literal = dialect.literal(from).to_lowercase();
        let name = literal.trim_matches('\'');
        let left = respell(
            &mut self.catalog,
            Names {
                concerns: &|text| text.contains(name),
                relation: &|_| None,
                column: &|_, _| None,
                value: &|found, value| (found == of && value == from).then(|| to.to_owned()),
                spelled_out: &|_| false,
                unread: &|_| Unread::Same,
                keeps_names: true,
            },
            dialect,
        );
        for id in left {
            self.refuse_unfollowed(&id, "value", from);
        }
    }

    /// Before a table gets another column: a view over all columns of before goes on having those.
    pub(super) fn spell_out_columns(&mut self, tables: &[QualifiedName]) {
        let names: Vec<String> = tables.iter().map(|t| t.name.to_lowercase()).collect();
        let concerns = |text: &str| {
            let reads_all = text.contains('*') || text.contains("table");
            reads_all && names.iter().any(|name| text.contains(name))
        };
        let mut views = self.catalog.views.values();
        let any = views.any(|v| concerns(&v.query.text().to_lowercase()));
        if !any || self.dialect() != Dialect::Postgres {
            return;
        }
        let names = Names {
            concerns: &concerns,
            relation: &|_| None,
            column: &|_, _| None,
            value: &|_, _| None,
            spelled_out: &|relation| tables.contains(relation),
            unread: &|_| Unread::Same,
            keeps_names: true,
        };
        respell(&mut self.catalog, names, Dialect::Postgres);
    }

    fn refuse_unfollowed(&mut self, id: &ObjectId, what: &str, name: &str) {
        let headline = format!("{id} reads {what} `{name}` in a way that a new name cannot follow");
        let diagnostic = self.refuse("resolve/unsupported-rename", headline);
        let note = "a join by USING or NATURAL, a `*` within the query, or a list of columns names it there";
        diagnostic.note = Some(note.to_owned());
        let help = format!("drop it before the {what} is renamed, and create it anew behind that");
        diagnostic.help = Some(help);
    }

    /// Names in expressions and queries that mean nothing.
    pub(super) fn report_unknown_names(&mut self, unknown: Vec<Unknown>) {
        for (id, column) in unknown {
            let name = column.name.rsplit('.').next().unwrap_or_default();
            // That is said of a statement, where all that was there before it is known.
            if matches!(column.what, Wrong::Unfit | Wrong::Value) {
                continue;
            }
            if !self.catalog.is_external(&id.name) && !self.is_mentioned(name) {
                self.report_unknown_name(&id, &column);
            }
        }
    }

    fn report_unknown_name(&mut self, id: &ObjectId, column: &UnknownColumn) {
        let name = &column.name;
        let known = column.known.iter().map(String::as_str);
        let last = name.rsplit('.').next().unwrap_or_default();
        let (headline, help) = match column.what {
            Wrong::Twice => (
                format!("two columns of {id} are called `{name}`"),
                "give one of them another name with AS".to_owned(),
            ),
            Wrong::Relation => (
                format!("{id} names `{name}`, and no relation of that name stands in its FROM"),
                "name one of the relations that it reads, by its alias where it has one".to_owned(),
            ),
            Wrong::Column | Wrong::Unfit | Wrong::Value => {
                let help = match nearest(last, known.clone()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if column.known.is_empty() => "no columns can be named there".to_owned(),
                    None => format!("the columns there are: {}", listed(known)),
                };
                (
                    format!("{id} names column `{name}`, which does not exist"),
                    help,
                )
            }
        };
        let mut diagnostic = Diagnostic::error("resolve/unknown-column", headline)
            .about(id.clone())
            .help(help);
        let owner = ObjectId::table(&id.name);
        if let Some(span) = self.map.of(id).or_else(|| self.map.of(&owner)) {
            diagnostic = diagnostic.at(span, "declared here");
        }
        self.diagnostics.push(diagnostic);
    }
}

/// The first names, and how many more there are.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const SHOWN: usize = 12;
    // A join has columns of one name on both sides.
    let mut all: Vec<&str> = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    let more = all.len().saturating_sub(SHOWN);
    let shown = &all[..all.len() - more];
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
