//! Expressions and queries as PostgreSQL's grammar reads them, before anything is known of types.
//!
//! Source: src/backend/parser/gram.y; the table of precedence is that of the manual, section 4.1.6.
//! What gram.y writes in another way when it reads (BETWEEN, `NOT IN`, LIKE, `AT TIME ZONE`, TRIM) is
//! written so here too. Invariants: a text that this grammar does not know is `None`, never an error of
//! the schema; depth and work are bounded.

mod call;
mod command;
mod cursor;
mod expression;
mod from;
mod json_table;
mod merge;
mod primary;
mod query;
mod sqljson;
mod test;
mod types;
mod xml;

use cursor::Cursor;
pub(super) use json_table::{JsonColumn, JsonTable};
pub(super) use merge::{Action, Matched, Merge, When};

/// The number of the first token of something. What stands elsewhere and is otherwise the same is the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct At(pub(super) usize);

impl At {
    /// Of what no token stands for: the star of `TABLE t`.
    pub(super) const NOWHERE: Self = Self(usize::MAX);
}

impl PartialEq for At {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Digits as written, with a sign once folded.
    Number(String),
    Text(String, At),
    /// A bit string with its prefix.
    Bits(String),
    Bool(bool),
    Null,
    Default,
    Parameter(String),
    /// `a`, `t.a`, `s.t.a`.
    Column(Vec<String>, At),
    /// `*`, `t.*`.
    Star(Vec<String>, At),
    Cast(Box<Node>, TypeName),
    Operator(OperatorName, Option<Box<Node>>, Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// `IS` with `null`, `not null`, `true`, `not unknown` ...
    Is(Box<Node>, String),
    Distinct(Box<Node>, Box<Node>),
    /// `IN (list)`; the flag is NOT.
    In(Box<Node>, Vec<Node>, bool),
    InQuery(Box<Node>, Box<Query>),
    /// `left operator ANY|ALL (right)`; the flag is ALL.
    Quantified(Box<Node>, OperatorName, bool, Box<Node>),
    Call(Box<Call>),
    /// COALESCE, GREATEST, LEAST, NULLIF.
    Special(&'static str, Vec<Node>),
    Case(Option<Box<Node>>, Vec<(Node, Node)>, Option<Box<Node>>),
    Array(Vec<Node>),
    ArrayQuery(Box<Query>),
    Row(Vec<Node>),
    Query(Box<Query>),
    Exists(Box<Query>),
    /// One index or, with the flag, a slice with its bounds.
    Subscript(Box<Node>, Option<Box<Node>>, Option<Box<Node>>, bool),
    /// `(composite).field`; `*` for all.
    Field(Box<Node>, String, At),
    Collate(Box<Node>, Vec<String>),
    /// `CURRENT_TIMESTAMP` and its like, with their precision.
    Value(String),
    /// A function whose arguments words separate, as in SQL/XML.
    Syntax(String, Vec<Part>),
}

impl Node {
    /// A string that no token of the text stands for.
    pub(super) fn text(value: impl Into<String>) -> Self {
        Self::Text(value.into(), At::NOWHERE)
    }
}

/// In the place of a type: that of the function's result, or of the column.
pub(super) const OF_RESULT: &str = "";

/// A part of a function's own syntax.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Word(String),
    /// With the type that a literal is of there, where it is not text.
    Node(Node, Option<&'static str>),
    Type(TypeName),
}

/// An operator, with the schema of `OPERATOR(schema.op)`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OperatorName {
    pub(super) schema: Option<String>,
    pub(super) name: String,
}

/// A type as written; the name of a built-in one is that of `format_type`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TypeName {
    pub(super) schema: Option<String>,
    pub(super) name: String,
    /// As written between the parentheses, without white space.
    pub(super) modifier: Option<String>,
    pub(super) array: bool,
}

/// A function call.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Call {
    pub(super) name: Vec<String>,
    /// With the names of named notation.
    pub(super) arguments: Vec<(Option<String>, Node)>,
    pub(super) star: bool,
    pub(super) variadic: bool,
    pub(super) distinct: bool,
    pub(super) order: Vec<Sort>,
    pub(super) within: Vec<Sort>,
    pub(super) filter: Option<Node>,
    pub(super) over: Option<Window>,
}

/// A window: by name, or as defined.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Window {
    pub(super) base: Option<String>,
    /// Whether parentheses stand around it.
    pub(super) defined: bool,
    pub(super) partition: Vec<Node>,
    pub(super) order: Vec<Sort>,
    /// In lower case, with one blank between words.
    pub(super) frame: String,
}

/// An element of ORDER BY.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sort {
    pub(super) node: Node,
    pub(super) descending: bool,
    /// `true` where NULLS stand where the order does not put them by itself.
    pub(super) nulls_moved: bool,
}

/// A query with everything that stands around its body.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Query {
    pub(super) recursive: bool,
    pub(super) with: Vec<Cte>,
    pub(super) body: Body,
    pub(super) order: Vec<Sort>,
    pub(super) limit: Option<Node>,
    pub(super) with_ties: bool,
    pub(super) offset: Option<Node>,
    /// `FOR UPDATE` and its like, in lower case.
    pub(super) locking: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cte {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) materialized: Option<bool>,
    pub(super) query: Query,
    /// Of SEARCH and CYCLE: the key, and the columns that they add.
    pub(super) order: Vec<(String, Vec<String>)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    Select(Box<Select>),
    Values(Vec<Vec<Node>>),
    /// `union`, `intersect` or `except`; the flag is ALL.
    Set(&'static str, bool, Box<Query>, Box<Query>),
    Insert(Box<Insert>),
    Update(Box<Update>),
    Delete(Box<Delete>),
    Merge(Box<Merge>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Insert {
    pub(super) into: Vec<String>,
    pub(super) into_at: At,
    pub(super) alias: Option<String>,
    pub(super) columns: Vec<String>,
    /// The first of them; there is one token between two.
    pub(super) at: At,
    /// `user` or `system`.
    pub(super) overriding: String,
    /// `None` for DEFAULT VALUES.
    pub(super) source: Option<Query>,
    pub(super) conflict: Option<Conflict>,
    pub(super) returning: Returning,
}

/// A column of a result, with its alias.
pub(super) type Target = (Node, Option<String>);

/// RETURNING, with the names of the row before and after where it gives them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Returning {
    pub(super) targets: Vec<Target>,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

/// ON CONFLICT; without assignments DO NOTHING.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Conflict {
    pub(super) elements: Vec<Node>,
    pub(super) predicate: Option<Node>,
    pub(super) constraint: Option<String>,
    pub(super) update: Vec<Assignment>,
    pub(super) condition: Option<Node>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Update {
    pub(super) table: From,
    pub(super) set: Vec<Assignment>,
    pub(super) from: Vec<From>,
    pub(super) condition: Option<Node>,
    pub(super) returning: Returning,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Delete {
    pub(super) table: From,
    pub(super) using: Vec<From>,
    pub(super) condition: Option<Node>,
    pub(super) returning: Returning,
}

/// `a = 1`, `(a, b) = (SELECT ...)`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Assignment {
    pub(super) columns: Vec<String>,
    /// The first of them; there is one token between two.
    pub(super) at: At,
    pub(super) value: Node,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Select {
    /// Present for DISTINCT; with expressions for DISTINCT ON.
    pub(super) distinct: Option<Vec<Node>>,
    pub(super) targets: Vec<Target>,
    /// The tokens behind the targets.
    pub(super) ends: Vec<At>,
    pub(super) from: Vec<From>,
    pub(super) condition: Option<Node>,
    pub(super) group_distinct: bool,
    pub(super) group: Vec<Group>,
    pub(super) having: Option<Node>,
    pub(super) windows: Vec<(String, Window)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Group {
    Item(Node),
    /// `()`, `(a, b)` within grouping sets.
    Set(Vec<Node>),
    /// `grouping sets`, `rollup`, `cube`.
    Sets(&'static str, Vec<Group>),
}

/// An item of FROM.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum From {
    Relation {
        name: Vec<String>,
        at: At,
        only: bool,
        alias: Alias,
    },
    Query {
        query: Box<Query>,
        lateral: bool,
        alias: Alias,
    },
    Functions {
        calls: Vec<Node>,
        ordinality: bool,
        lateral: bool,
        alias: Alias,
    },
    Join(Box<Join>),
    XmlTable(Box<XmlTable>),
    JsonTable(Box<JsonTable>),
    /// TABLESAMPLE: of a relation, the method, its arguments, REPEATABLE.
    Sample(Box<From>, Vec<String>, Vec<Node>, Option<Node>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct XmlTable {
    /// With their names; the default one has none.
    pub(super) namespaces: Vec<(Node, String)>,
    pub(super) row: Node,
    pub(super) document: Node,
    pub(super) columns: Vec<XmlColumn>,
    pub(super) alias: Alias,
}

impl Default for XmlTable {
    fn default() -> Self {
        Self {
            namespaces: Vec::new(),
            row: Node::Null,
            document: Node::Null,
            columns: Vec::new(),
            alias: Alias::default(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct XmlColumn {
    pub(super) name: String,
    /// `None` FOR ORDINALITY.
    pub(super) data_type: Option<TypeName>,
    pub(super) path: Option<Node>,
    pub(super) default: Option<Node>,
    pub(super) not_null: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Join {
    /// `join`, `left`, `right`, `full`, `cross`.
    pub(super) kind: &'static str,
    pub(super) natural: bool,
    pub(super) left: From,
    pub(super) right: From,
    pub(super) on: Option<Node>,
    pub(super) using: Vec<String>,
    /// Of the join as a whole.
    pub(super) alias: Alias,
    /// Of the columns of USING alone.
    pub(super) using_alias: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Alias {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) types: Vec<TypeName>,
}

/// Reads an expression; `None` where the grammar does not know it.
pub(super) fn expression(text: &str) -> Option<Node> {
    let mut cursor = Cursor::new(text)?;
    let node = cursor.expression(0)?;
    cursor.at_end().then_some(node)
}

/// Reads a query; `None` where the grammar does not know it.
pub(super) fn query(text: &str) -> Option<Query> {
    let mut cursor = Cursor::new(text)?;
    let query = cursor.query()?;
    cursor.at_end().then_some(query)
}

/// Reads a type name, as `regtype` literals hold it.
pub(super) fn type_name(text: &str) -> Option<TypeName> {
    let mut cursor = Cursor::new(text)?;
    let name = cursor.type_name()?;
    cursor.at_end().then_some(name)
}
