//! What the expressions and queries of a catalog rest on.

use super::Lexer;
use super::analysis::{Context, Reads, UnknownColumn, World};
use super::bodies::{Body, commands, is_other, view_text};
use crate::dialect::Dialect;
use crate::model::{Catalog, Column, DataType, QualifiedName, Routine, View};

/// What a body in SQL ends with.
pub enum EndOfBody<'t> {
    /// `RETURN value`.
    Value(&'t str),
    /// None where the body is empty.
    Command(Option<&'t str>),
}

/// Answers what texts read, as PostgreSQL would note it. `None` always means that it is not known.
pub struct Reader<'c> {
    world: World<'c>,
}

impl<'c> Reader<'c> {
    pub fn new(catalog: &'c Catalog) -> Self {
        Self {
            world: World::recording(catalog),
        }
    }

    /// The names and the types of a query's columns, where all of them are known.
    pub fn columns_of_query(&self, text: &str) -> Option<Vec<(String, String)>> {
        Context::empty(&self.world).columns_of_query(text)
    }

    /// The names of a view's columns, as its query makes them.
    pub fn names_of_columns(&self, view: &View) -> Option<Vec<String>> {
        Context::empty(&self.world).names_of_query(&view_text(view))
    }

    pub fn view(&self, view: &View) -> Option<Reads> {
        Context::empty(&self.world).reads_of_query(&view_text(view))
    }

    pub fn query(&self, text: &str) -> Option<Reads> {
        Context::empty(&self.world).reads_of_query(text)
    }

    /// The columns of a relation with their types, those of a view as its query makes them.
    pub fn columns(&self, relation: &QualifiedName) -> Option<Vec<(String, Option<DataType>)>> {
        self.world.outputs_of(relation)
    }

    /// A check, a policy, a generated column, an index: the columns are those of the relation.
    pub fn of_columns(&self, relation: &QualifiedName, text: &str) -> Option<Reads> {
        Context::table(&self.world, relation).reads_of(text)
    }

    /// What a text names or uses and nothing has; `reads` reads it.
    pub fn unknown<T>(&self, reads: impl FnOnce(&Self) -> Option<T>) -> Vec<UnknownColumn> {
        self.world.take_unknown();
        match reads(self) {
            Some(_) => self.world.take_unknown(),
            None => Vec::new(),
        }
    }

    /// A condition, or the expression of an index, as the server has understood it.
    pub fn understood(&self, relation: &QualifiedName, text: &str) -> Option<String> {
        Context::table(&self.world, relation).expression(text)
    }

    /// The type of an expression over a relation's columns, where it is one of the server's.
    pub fn type_of_columns(&self, relation: &QualifiedName, text: &str) -> Option<DataType> {
        Context::table(&self.world, relation).type_of(text)
    }

    /// The same over columns that are declared, of a table that need not be there yet.
    pub fn type_of_declared(&self, columns: &[Column], text: &str) -> Option<DataType> {
        Context::columns(&self.world, columns).type_of(text)
    }

    /// What an expression over such columns reads.
    pub fn of_declared(&self, columns: &[Column], text: &str) -> Option<Reads> {
        Context::columns(&self.world, columns).reads_of(text)
    }

    /// What an expression over such columns uses that is not IMMUTABLE.
    pub fn mutable_in(&self, columns: &[Column], text: &str) -> Vec<String> {
        self.world.take_mutable();
        match Context::columns(&self.world, columns).expression(text) {
            Some(_) => self.world.take_mutable(),
            None => Vec::new(),
        }
    }

    /// The types of what a command of a routine returns, of each where it is known.
    pub fn types_of_command(&self, routine: &Routine, text: &str) -> Option<Vec<Option<DataType>>> {
        Context::arguments(&self.world, routine).types_of_query(text)
    }

    /// The last command of a body in SQL, or what it returns.
    pub fn end_of_body<'t>(&self, text: &'t str) -> Option<EndOfBody<'t>> {
        let text = match Body::of(text) {
            Some(Body::Return(value)) => return Some(EndOfBody::Value(value)),
            Some(Body::Atomic(text)) => text,
            None => text,
        };
        // A comment behind the last one is none.
        let is_command =
            |c: &&str| Lexer::tokens(c, Dialect::Postgres).is_ok_and(|t| !t.is_empty());
        let found = commands(text)?.into_iter().rfind(is_command);
        Some(EndOfBody::Command(found))
    }

    /// The type of a value that a routine returns.
    pub fn type_returned(&self, routine: &Routine, text: &str) -> Option<DataType> {
        Context::arguments(&self.world, routine).type_of_value(text)
    }

    /// The same of one that names no columns.
    pub fn type_of_nothing(&self, text: &str) -> Option<DataType> {
        Context::empty(&self.world).type_of(text)
    }

    /// The names and types of a view's columns, where all of them are known.
    pub fn columns_of_view(&self, view: &View) -> Option<Vec<(String, String)>> {
        let mut columns = self.columns_of_query(&view_text(view))?;
        for (column, name) in columns.iter_mut().zip(&view.columns) {
            column.0 = name.to_string();
        }
        Some(columns)
    }

    /// The same of one over its NEW and OLD rows.
    pub fn type_of_rows(&self, relation: &QualifiedName, text: &str) -> Option<DataType> {
        Context::rows(&self.world, relation).type_of(text)
    }

    /// The condition of a trigger or rule: NEW and OLD are rows of the relation.
    pub fn of_rows(&self, relation: &QualifiedName, text: &str) -> Option<Reads> {
        Context::rows(&self.world, relation).reads_of(text)
    }

    /// The action of a rule, where it is a query.
    pub fn action(&self, relation: &QualifiedName, text: &str) -> Option<Reads> {
        Context::rows(&self.world, relation).reads_of_query(text)
    }

    /// An expression that names no columns: a default.
    pub fn of_nothing(&self, text: &str) -> Option<Reads> {
        Context::empty(&self.world).reads_of(text)
    }

    /// An expression that is stored as a value of a type.
    pub fn of_stored(&self, text: &str, of: &DataType) -> Option<()> {
        Context::empty(&self.world).value(text, of).map(drop)
    }

    /// The type of an expression that names no columns, where it is one of the server's.
    pub fn type_of(&self, text: &str) -> Option<DataType> {
        Context::empty(&self.world).type_of(text)
    }

    /// The check of a domain over a type.
    pub fn of_value(&self, base: &DataType, text: &str) -> Option<Reads> {
        Context::domain(&self.world, base).reads_of(text)
    }

    /// The type that a text names.
    pub fn type_named(&self, text: &str) -> Option<DataType> {
        self.world.type_named(text)
    }

    /// The type of the check of a domain over a type.
    pub fn type_of_checked(&self, base: &DataType, text: &str) -> Option<DataType> {
        Context::domain(&self.world, base).type_of(text)
    }

    /// The commands of a body in a string, of a routine in SQL: the server reads them one by one.
    pub fn commands_of_source(&self, routine: &Routine, text: &str) -> Vec<UnknownColumn> {
        let context = Context::arguments(&self.world, routine);
        let commands = commands(text).unwrap_or_default();
        let of_one = |command: &str| self.unknown(|_| context.reads_of_query(command));
        commands.into_iter().flat_map(of_one).collect()
    }

    /// The body of a routine that the server parses.
    pub fn body(&self, routine: &Routine, text: &str) -> Option<Reads> {
        let context = Context::arguments(&self.world, routine);
        match Body::of(text)? {
            Body::Return(expression) => context.reads_of(expression),
            Body::Atomic(text) => of_commands(&context, text),
        }
    }
}

fn of_commands(context: &Context<'_, '_>, text: &str) -> Option<Reads> {
    let mut all = Reads::default();
    for command in commands(text)?.into_iter().filter(|c| !is_other(c)) {
        all.extend(context.reads_of_query(command)?);
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Ident, Query, Table};

    fn named(name: &str) -> QualifiedName {
        QualifiedName::new("public", name)
    }

    fn catalog() -> Catalog {
        let mut catalog = Catalog::default();
        for (name, columns) in [("t", ["id", "a", "b"]), ("u", ["id", "t_id", "c"])] {
            let columns = columns.map(|column| Column {
                name: Ident::new(column),
                data_type: DataType {
                    name: QualifiedName::bare(Ident::new("integer")),
                    ..DataType::default()
                },
                ..Column::default()
            });
            let table = Table {
                name: named(name),
                columns: columns.to_vec(),
                ..Table::default()
            };
            catalog.tables.insert(table.name.clone(), table);
        }
        let view = View {
            name: named("v"),
            query: Query::new("SELECT a AS x, b FROM t", ""),
            ..View::default()
        };
        catalog.views.insert(view.name.clone(), view);
        catalog
    }

    fn columns(query: &str) -> Vec<String> {
        let catalog = catalog();
        let view = View {
            query: Query::new(query, ""),
            ..View::default()
        };
        let reads = Reader::new(&catalog).view(&view).unwrap();
        let columns = reads.columns.iter();
        columns.map(|(t, c)| format!("{}.{c}", t.name)).collect()
    }

    #[test]
    fn columns_are_found_behind_aliases_and_in_every_clause() {
        let query = "SELECT x.a FROM t x WHERE EXISTS (SELECT 1 FROM u WHERE u.t_id = x.id)";
        assert_eq!(columns(query), ["t.a", "t.id", "u.t_id"]);
    }

    #[test]
    fn a_star_is_every_column_and_a_joined_one_is_both() {
        assert_eq!(columns("SELECT u.* FROM u"), ["u.c", "u.id", "u.t_id"]);
        assert_eq!(
            columns("SELECT c FROM t JOIN u USING (id)"),
            ["t.id", "u.c", "u.id"]
        );
    }

    #[test]
    fn a_view_is_read_and_not_what_it_is_made_of() {
        assert_eq!(columns("SELECT x FROM v"), ["v.x"]);
    }

    #[test]
    fn a_name_of_the_result_is_no_column() {
        let query = "WITH t AS (SELECT c AS a FROM u) SELECT a AS b FROM t ORDER BY b";
        assert_eq!(columns(query), ["u.c"]);
    }
}
