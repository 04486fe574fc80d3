//! Tables and their columns, partitions included.

use super::{
    Constraint, DataType, Expr, Facets, ForeignTableSpec, Ident, Index, Parameters, Policy,
    QualifiedName, Rule, SequenceOptions, Trigger,
};

/// Whether a relation is written to the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Persistence {
    #[default]
    Permanent,
    Unlogged,
    Temporary,
}

/// A table: plain, partitioned, a partition, or foreign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub name: QualifiedName,
    /// In their order; those of a partition or an inheritance child stand here too once resolved.
    pub columns: Vec<Column>,
    /// Sorted by kind, then name, once resolved. Inherited ones are not repeated in a child.
    pub constraints: Vec<Constraint>,
    /// Sorted by name once resolved. The indexes of constraints are not among them.
    pub indexes: Vec<Index>,
    pub triggers: Vec<Trigger>,
    pub rules: Vec<Rule>,
    pub policies: Vec<Policy>,
    pub persistence: Persistence,
    pub partition_by: Option<PartitionBy>,
    pub partition_of: Option<PartitionOf>,
    /// `INHERITS (...)`, in order.
    pub inherits: Vec<QualifiedName>,
    /// `OF type`.
    pub of_type: Option<QualifiedName>,
    /// Storage parameters (`fillfactor`, `autovacuum_enabled`, `toast.*`).
    pub storage: Parameters,
    pub access_method: Option<Ident>,
    pub tablespace: Option<Ident>,
    pub replica_identity: ReplicaIdentity,
    pub row_security: bool,
    pub force_row_security: bool,
    /// The index or constraint that `CLUSTER ON` marks.
    pub cluster_on: Option<Ident>,
    /// Present for a foreign table.
    pub foreign: Option<ForeignTableSpec>,
    /// SQLite: `STRICT`.
    pub strict: bool,
    /// SQLite: `WITHOUT ROWID`.
    pub without_rowid: bool,
    pub facets: Facets,
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    pub fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|c| c.name == name)
    }

    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|c| c.name == name)
    }

    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|i| i.name == name)
    }

    /// The primary key constraint, if there is one.
    pub fn primary_key(&self) -> Option<&Constraint> {
        self.constraints.iter().find(|c| c.is_primary_key())
    }

    /// The columns of the primary key in key order; empty where there is none.
    pub fn primary_key_columns(&self) -> &[Ident] {
        self.primary_key().map_or(&[], |c| c.columns())
    }

    /// The foreign key constraints with their definitions.
    pub fn foreign_keys(&self) -> impl Iterator<Item = (&Constraint, &super::ForeignKey)> {
        self.constraints
            .iter()
            .filter_map(|c| c.as_foreign_key().map(|fk| (c, fk)))
    }
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    pub name: Ident,
    pub data_type: DataType,
    pub collation: Option<QualifiedName>,
    pub not_null: bool,
    pub default: Option<Expr>,
    /// Boxed, as few columns have one and it is large.
    pub identity: Option<Box<Identity>>,
    pub generated: Option<Generated>,
    /// `plain`, `external`, `extended`, `main`; `None` is the type's default.
    pub storage: Option<Box<str>>,
    /// `pglz`, `lz4`.
    pub compression: Option<Box<str>>,
    pub statistics_target: Option<i32>,
    /// Attribute options (`n_distinct`).
    pub options: Parameters,
    /// Options of a foreign table's column.
    pub foreign_options: Parameters,
    /// Whether the column is only inherited (from a partitioned table, a parent or a type), so
    /// that DDL does not repeat it.
    pub inherited: bool,
    /// SQLite: `AUTOINCREMENT` on the primary key.
    pub autoincrement: bool,
    pub comment: Option<Box<str>>,
}

/// `GENERATED ... AS IDENTITY`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// `ALWAYS`, else `BY DEFAULT`.
    pub always: bool,
    /// The name of its sequence where it is not `{table}_{column}_seq`.
    pub sequence: Option<QualifiedName>,
    pub options: SequenceOptions,
    /// Comment and privileges of its sequence; the owner is the table's.
    pub facets: Facets,
}

/// `GENERATED ALWAYS AS (expression)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    pub expression: Expr,
    /// `STORED`, else `VIRTUAL`.
    pub stored: bool,
}

/// `PARTITION BY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionBy {
    /// `range`, `list` or `hash`.
    pub strategy: Box<str>,
    /// Column or expression, collation, operator class.
    pub keys: Vec<super::IndexElement>,
}

/// `PARTITION OF` or `ATTACH PARTITION`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionOf {
    pub parent: QualifiedName,
    pub bound: PartitionBound,
}

/// The bound of a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartitionBound {
    Default,
    /// Values, `MINVALUE` and `MAXVALUE` included.
    Range {
        from: Vec<Expr>,
        to: Vec<Expr>,
    },
    List(Vec<Expr>),
    Hash {
        modulus: u32,
        remainder: u32,
    },
}

/// `REPLICA IDENTITY`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ReplicaIdentity {
    #[default]
    Default,
    Full,
    Nothing,
    Index(Ident),
}

/// A SQLite virtual table: the module and its arguments, verbatim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VirtualTable {
    pub name: QualifiedName,
    /// `fts5`, `rtree`, in lower case.
    pub module: Ident,
    pub arguments: Vec<Expr>,
    pub comment: Option<Box<str>>,
}
