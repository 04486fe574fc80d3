//! A column's new type or name in two acts: `strategy: expand-contract`.
//!
//! The first act adds a column beside the old one, a trigger that writes both, and fills it in batches;
//! programs move on their own time. The second one builds what the new column needs, and then, in one
//! transaction, puts it in the old one's place. Between the two the schema that a plan goes to is the one
//! that the author wrote with the first act's objects added, so that nothing else has to know of them.

mod contract;
mod dependents;
mod expand;
mod texts;

pub use contract::contract;
pub use expand::{Expanded, expanded, fill};

use crate::dialect::{Dialect, cut_identifier};
use crate::expr::{Lexer, TokenKind, unquote_identifier};
use crate::model::{Ident, QualifiedName};

/// A column that two columns stand for at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    pub table: QualifiedName,
    /// The column that was there before.
    pub from: Ident,
    /// The one that is filled from it.
    pub into: Ident,
    /// What the column is called in the end: one of the two.
    pub name: Ident,
}

impl Expansion {
    /// Whether the column keeps its name, and the two change places in the end.
    fn is_swapped(&self) -> bool {
        self.from == self.name
    }

    /// The name of the function and of the trigger.
    fn made_name(&self, dialect: Dialect) -> QualifiedName {
        let name = format!("{}_{}_expand", self.table.name, self.into);
        self.table.sibling(cut_identifier(dialect, &name))
    }

    /// As a migration's header has it: `public.t (old, new, name)`.
    pub fn print(&self, dialect: Dialect) -> String {
        let [from, into, name] = [&self.from, &self.into, &self.name].map(|n| dialect.quote(n));
        let table = dialect.quote_name(&self.table);
        format!("{table} ({from}, {into}, {name})")
    }

    /// Reads what was printed.
    pub fn parse(text: &str, dialect: Dialect) -> Option<Self> {
        let tokens = Lexer::tokens(text, dialect).ok()?;
        let names: Vec<Ident> = tokens
            .iter()
            .filter_map(|token| match token.kind {
                TokenKind::Word => Some(Ident::new(token.text(text))),
                TokenKind::QuotedIdent => Some(Ident::from(unquote_identifier(token.text(text)))),
                _ => None,
            })
            .collect();
        let (table, columns) = match names.as_slice() {
            [schema, table, columns @ ..] if columns.len() == 3 => {
                (QualifiedName::new(schema.clone(), table.clone()), columns)
            }
            [table, columns @ ..] if columns.len() == 3 => {
                (QualifiedName::bare(table.clone()), columns)
            }
            _ => return None,
        };
        Some(Self {
            table,
            from: columns[0].clone(),
            into: columns[1].clone(),
            name: columns[2].clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read() {
        for table in [
            QualifiedName::new("public", "t"),
            QualifiedName::new("a B", "c.d"),
        ] {
            let expansion = Expansion {
                table,
                from: Ident::new("old"),
                into: Ident::new("New one"),
                name: Ident::new("old"),
            };
            let text = expansion.print(Dialect::Postgres);
            assert_eq!(
                Expansion::parse(&text, Dialect::Postgres),
                Some(expansion),
                "{text}"
            );
        }
        assert_eq!(Expansion::parse("public.t (a)", Dialect::Postgres), None);
    }
}
