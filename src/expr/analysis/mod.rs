//! The normal form of PostgreSQL's expressions and queries: what its parser makes of them.
//!
//! The server does not keep what an author wrote. It analyses it, keeps the tree and prints that anew
//! (`pg_get_expr`, `pg_get_viewdef`), with every conversion spelled out that it has decided on. Here
//! both texts, the author's and the server's, are analysed by the same rules, and a key is printed with
//! every decision spelled out: two texts have one key where the server keeps one tree for them, or
//! two that cannot differ in what they do. What is not known (a function of an unknown extension) is
//! written as it stands: then the key says too much, and never too little.
//!
//! | What | Rule | Where |
//! |---|---|---|
//! | parentheses, precedence | section 4.1.6 | `tree/expression.rs` |
//! | BETWEEN, IN, LIKE, SIMILAR, `AT TIME ZONE`, EXTRACT, TRIM ... | as gram.y writes them | `tree/` |
//! | AND, OR | one list each, in their order | `tree/expression.rs` |
//! | operators, functions | chapter 10: chosen by type | `choice.rs` |
//! | casts, written or meant | the same thing; to the own type: nothing | `typed.rs` |
//! | literals | as the output function of their type prints them | `value.rs` |
//! | columns | by the number of their relation in FROM; `*` is every column | `scope.rs`, `from.rs` |
//! | names of columns | as FigureColname makes them | `names.rs` |
//! | columns of INSERT, values of columns | as analyze.c transforms them | `command.rs`, `merge.rs` |
//! | old and new of RETURNING, MERGE | which rows a name may mean, there | `merge.rs` |
//! | JSON_TABLE | paths and behaviours as ruleutils.c prints them | `json_table.rs` |
//! | SQL/XML, TABLESAMPLE | words as they stand, literals by their place | `syntax.rs` |
//! | ordinals of GROUP BY and ORDER BY | the expression that they stand for | `query.rs` |

mod calls;
mod choice;
mod columns;
mod command;
mod compound;
mod from;
mod interval;
mod json;
mod json_table;
mod literal;
mod merge;
mod moment;
mod mutable;
mod names;
mod node;
mod operators;
mod query;
mod reads;
mod respell;
mod scope;
mod syntax;
mod typed;
mod types;
mod unfit;
mod unknown;
mod value;
mod world;

pub use reads::Reads;
pub(in crate::expr) use respell::Edits;
pub use respell::{Names, Unread};
pub use unknown::{UnknownColumn, Wrong};
pub(in crate::expr) use world::World;

use scope::{Entry, Scope};
use types::Type;
use world::Output;

use super::tree;
use crate::dialect::is_builtin_type;
use crate::model::{ArgumentMode, Column, DataType, QualifiedName, Routine};

/// What an expression stands in: the columns that it may name.
pub(in crate::expr) struct Context<'w, 'c> {
    world: &'w World<'c>,
    scopes: Vec<Scope>,
}

/// An analysis at work: queries within queries see the scopes of those around them.
pub(super) struct Analysis<'w, 'c> {
    world: &'w World<'c>,
    /// The innermost last.
    scopes: Vec<Scope>,
    /// Relations of FROM so far.
    relations: u32,
    depth: u32,
}

impl<'w, 'c> Context<'w, 'c> {
    /// An expression that names no columns.
    pub(in crate::expr) fn empty(world: &'w World<'c>) -> Self {
        Self {
            world,
            scopes: Vec::new(),
        }
    }

    fn of_entry(world: &'w World<'c>, entry: Entry) -> Self {
        let scope = Scope {
            entries: vec![entry],
            ..Scope::default()
        };
        Self {
            world,
            scopes: vec![scope],
        }
    }

    /// An expression of a table: a check, a default, an index, a policy.
    pub(in crate::expr) fn table(world: &'w World<'c>, table: &QualifiedName) -> Self {
        let mut entry = match world.columns_of(table) {
            Some(columns) => {
                let columns = columns.into_iter().map(|c| (c.name, c.data_type));
                Entry::of_columns("", &table.name, columns)
            }
            None => Entry {
                alias: table.name.to_string(),
                ..Entry::default()
            },
        };
        entry.schema = table.schema.as_ref().map(ToString::to_string);
        entry.row = Some(Type::new(table.to_string()));
        entry.own_name = Some(table.clone());
        entry.originate(world, table);
        Self::of_entry(world, entry)
    }

    /// An expression over columns that are declared, of a table that need not be there yet.
    pub(in crate::expr) fn columns(world: &'w World<'c>, columns: &[Column]) -> Self {
        let of = |c: &Column| (c.name.to_string(), Some(world.declared_type(&c.data_type)));
        let entry = Entry::of_columns("", "", columns.iter().map(of));
        Self::of_entry(world, entry)
    }

    /// The condition of a trigger or a rule: NEW and OLD are rows of the table.
    pub(in crate::expr) fn rows(world: &'w World<'c>, table: &QualifiedName) -> Self {
        let columns = world.columns_of(table);
        let entry = |name: &str| match &columns {
            Some(columns) => {
                let columns = columns
                    .iter()
                    .map(|c| (c.name.clone(), c.data_type.clone()));
                let mut entry = Entry::of_columns(name, name, columns);
                entry.row = Some(Type::new(table.to_string()));
                entry.originate(world, table);
                entry
            }
            None => Entry {
                label: name.to_owned(),
                alias: name.to_owned(),
                ..Entry::default()
            },
        };
        let scope = Scope {
            entries: vec![entry("new"), entry("old")],
            ..Scope::default()
        };
        Self {
            world,
            scopes: vec![scope],
        }
    }

    /// The check of a domain: VALUE is of its base type.
    pub(in crate::expr) fn domain(world: &'w World<'c>, base: &DataType) -> Self {
        let value = ("value".to_owned(), Some(world.declared_type(base)));
        let entry = Entry::of_columns("", "", std::iter::once(value));
        Self::of_entry(world, entry)
    }

    /// The body of a routine: its arguments are named like columns, also behind the routine's name.
    pub(in crate::expr) fn arguments(world: &'w World<'c>, routine: &Routine) -> Self {
        let mut position = 0;
        let named = routine.arguments.iter().filter_map(|a| {
            let is_input = !matches!(a.mode, ArgumentMode::Out | ArgumentMode::Table);
            position += usize::from(is_input);
            // What has no name is known by its place.
            let name = match &a.name {
                Some(name) => name.to_string(),
                None if is_input => format!("${position}"),
                None => return None,
            };
            Some((name, Some(world.declared_type(&a.data_type))))
        });
        let entry = Entry::of_columns("", &routine.name.name, named);
        Self::of_entry(world, entry)
    }

    fn analysis(&self) -> Analysis<'w, 'c> {
        Analysis {
            world: self.world,
            scopes: self.scopes.clone(),
            relations: 0,
            depth: 0,
        }
    }

    /// The key of an expression; `None` where the grammar does not know it.
    pub(in crate::expr) fn expression(&self, text: &str) -> Option<String> {
        let node = tree::expression(text)?;
        let mut analysis = self.analysis();
        let typed = analysis.node(&node)?;
        Some(analysis.settled(typed).key)
    }

    /// The type of an expression, where it is one of the server's.
    pub(in crate::expr) fn type_of(&self, text: &str) -> Option<DataType> {
        let node = tree::expression(text)?;
        let name = self.analysis().node(&node)?.data_type?.name;
        let mut found = DataType::builtin(name.trim_end_matches("[]"));
        found.dimensions = u8::from(name.ends_with("[]"));
        is_builtin_type(&found.name.name).then_some(found)
    }

    /// The column, and the collation, that an index key in parentheses comes down to.
    pub(in crate::expr) fn plain_column(&self, text: &str) -> Option<(String, Vec<String>)> {
        let (node, collation) = match tree::expression(text)? {
            tree::Node::Collate(inner, name) => (*inner, name),
            node => (node, Vec::new()),
        };
        let key = self.analysis().node(&node)?.key;
        let columns = self.scopes.first()?.entries.first()?.columns.as_ref()?;
        let found = columns.iter().find(|c| c.key == key)?;
        Some((found.name.clone(), collation))
    }

    /// The key of a condition: of a check, a predicate, a policy.
    pub(in crate::expr) fn condition(&self, text: &str) -> Option<String> {
        let node = tree::expression(text)?;
        let mut analysis = self.analysis();
        let typed = analysis.node(&node)?;
        Some(analysis.world.coerce(typed, &Type::new("boolean")).key)
    }

    /// The key of a value that is stored as a type: of a default, a generated column, a bound.
    pub(in crate::expr) fn value(&self, text: &str, of: &DataType) -> Option<String> {
        let node = tree::expression(text)?;
        let mut analysis = self.analysis();
        let typed = analysis.node(&node)?;
        let of = analysis.world.declared_type(of);
        Some(analysis.world.coerce(typed, &of).key)
    }

    /// The key of a bound of a partition: a number is a literal of the key's type too.
    pub(in crate::expr) fn bound(&self, text: &str, of: &DataType) -> Option<String> {
        let node = match tree::expression(text)? {
            tree::Node::Number(digits) => tree::Node::text(digits),
            node => node,
        };
        let mut analysis = self.analysis();
        let typed = analysis.node(&node)?;
        let of = analysis.world.declared_type(of);
        Some(analysis.world.coerce(typed, &of.without_modifier()).key)
    }

    pub(in crate::expr) fn names_of_query(&self, text: &str) -> Option<Vec<String>> {
        let query = tree::query(text)?;
        let (_, outputs) = self.analysis().query(&query)?;
        Some(outputs.into_iter().map(|output| output.name).collect())
    }

    /// The names and the types of a query's columns.
    pub(in crate::expr) fn columns_of_query(&self, text: &str) -> Option<Vec<(String, String)>> {
        let query = tree::query(text)?;
        let (_, outputs) = self.analysis().query(&query)?;
        let column = |output: Output| {
            // A literal that nothing gave a type is text, once it is stored.
            let of = output.data_type?;
            let of = match of.name.as_str() {
                "unknown" => Type::new("text"),
                _ => of,
            };
            Some((output.name, of.declared()))
        };
        outputs.into_iter().map(column).collect()
    }

    /// The types of a query's columns, of each where it is known.
    pub(in crate::expr) fn types_of_query(&self, text: &str) -> Option<Vec<Option<DataType>>> {
        let query = tree::query(text)?;
        let (_, outputs) = self.analysis().query(&query)?;
        let of = |output: Output| output.data_type.map(|of| of.data_type());
        Some(outputs.into_iter().map(of).collect())
    }

    /// The type of a value that is returned: a literal that nothing gave a type is text.
    pub(in crate::expr) fn type_of_value(&self, text: &str) -> Option<DataType> {
        let node = tree::expression(text)?;
        let mut analysis = self.analysis();
        let typed = analysis.node(&node)?;
        Some(analysis.settled(typed).data_type?.data_type())
    }

    /// The key of a query with the names of its columns, where a list says other ones.
    pub(in crate::expr) fn query(&self, text: &str, names: &[String]) -> Option<String> {
        let (key, names) = self.named_query(text, names)?;
        Some(format!("({}) {key}", names.join(", ")))
    }

    /// The same of a view, whose columns have names that differ.
    pub(in crate::expr) fn view(&self, text: &str, names: &[String]) -> Option<String> {
        let (key, names) = self.named_query(text, names)?;
        self.world.note_twice(&names);
        Some(format!("({}) {key}", names.join(", ")))
    }

    fn named_query(&self, text: &str, names: &[String]) -> Option<(String, Vec<String>)> {
        let query = tree::query(text)?;
        let (key, mut outputs) = self.analysis().query(&query)?;
        for (output, name) in outputs.iter_mut().zip(names) {
            output.name.clone_from(name);
        }
        Some((key, outputs.into_iter().map(|o| o.name).collect()))
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_versions;
