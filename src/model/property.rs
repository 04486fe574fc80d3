//! The properties by which things of a catalog differ, and their values as reports say them.

use std::fmt;

use super::{Grantee, Ident, QualifiedName};

macro_rules! properties {
    ($($(#[$doc:meta])* $variant:ident => $name:literal,)+) => {
        /// A property of an object or of a part of one: what it is is said by the kind of object.
        ///
        /// Several properties come once a name: [`Property::key`].
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Property {
            $($(#[$doc])* $variant,)+
            /// A storage parameter, an option of a view, an option in parentheses of CREATE.
            Parameter(Box<str>),
            /// One of `OPTIONS (...)`.
            ForeignOption(Box<str>),
            /// `SET name = value` of a routine.
            Setting(Box<str>),
            /// The dictionaries of a token type.
            Mapping(Box<str>),
            /// `HANDLER`, `INLINE`, `VALIDATOR` of a language.
            LanguageHandler(Box<str>),
            /// A table that it inherits from.
            Parent(QualifiedName),
            PublishedTable(QualifiedName),
            PublishedSchema(Ident),
            /// The default of a view's column.
            ColumnDefault(Ident),
            /// The statistics target of a materialized view's column.
            ColumnStatistics(Ident),
            /// The comment on a column of a view.
            ColumnComment(Ident),
            /// The statistics target of an index's expression, by number.
            ExpressionStatistics(u16),
            Privilege {
                grantee: Grantee,
                column: Option<Ident>,
                privilege: Box<str>,
            },
            Owner,
            Comment,
            /// The comment on the index of a constraint.
            IndexComment,
        }

        impl Property {
            /// As JSON spells it; words with underscores.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                    Self::Parameter(_) => "parameter",
                    Self::ForeignOption(_) => "option",
                    Self::Setting(_) => "setting",
                    Self::Mapping(_) => "mapping",
                    Self::LanguageHandler(_) => "handler_of",
                    Self::Parent(_) => "inherits",
                    Self::PublishedTable(_) => "table",
                    Self::PublishedSchema(_) => "schema",
                    Self::ColumnDefault(_) => "column_default",
                    Self::ColumnStatistics(_) => "column_statistics",
                    Self::ColumnComment(_) => "column_comment",
                    Self::ExpressionStatistics(_) => "expression_statistics",
                    Self::Privilege { .. } => "privilege",
                    Self::Owner => "owner",
                    Self::Comment => "comment",
                    Self::IndexComment => "index_comment",
                }
            }
        }
    };
}

properties! {
    /// What kind of constraint it is, or whether a table is foreign.
    Kind => "kind",
    Type => "type",
    Collation => "collation",
    Columns => "columns",
    Elements => "elements",
    Include => "include",
    NotNull => "not_null",
    Default => "default",
    /// `always` or `by default`.
    Identity => "identity",
    IdentitySequence => "identity_sequence",
    Generated => "generated",
    /// `stored` or `virtual`.
    GeneratedKind => "generated_kind",
    Storage => "storage",
    Compression => "compression",
    StatisticsTarget => "statistics_target",
    /// Whether a column is its table's own, or only inherited.
    Inherited => "inherited",
    Autoincrement => "autoincrement",
    // Constraints and indexes.
    Expression => "expression",
    Target => "target",
    TargetColumns => "target_columns",
    Match => "match",
    OnDelete => "on_delete",
    OnDeleteColumns => "on_delete_columns",
    OnUpdate => "on_update",
    Period => "period",
    WithoutOverlaps => "without_overlaps",
    NullsNotDistinct => "nulls_not_distinct",
    Unique => "unique",
    Method => "method",
    Predicate => "predicate",
    Deferral => "deferral",
    /// Whether existing rows have been checked.
    Validated => "validated",
    Enforced => "enforced",
    NoInherit => "no_inherit",
    /// `ON ONLY`: made without its partitions' indexes.
    Only => "only",
    /// The partitioned index that an index is attached to.
    AttachedTo => "attached_to",
    // Tables and other relations.
    Persistence => "persistence",
    PartitionBy => "partition_by",
    /// The table it is a partition of, and its bound.
    PartitionOf => "partition_of",
    /// The order of the tables that it inherits from.
    InheritanceOrder => "inheritance_order",
    OfType => "of_type",
    AccessMethod => "access_method",
    Tablespace => "tablespace",
    ReplicaIdentity => "replica_identity",
    RowSecurity => "row_security",
    ForceRowSecurity => "force_row_security",
    ClusterOn => "cluster_on",
    Server => "server",
    Strict => "strict",
    WithoutRowid => "without_rowid",
    Module => "module",
    Arguments => "arguments",
    Query => "query",
    Recursive => "recursive",
    CheckOption => "check_option",
    NoData => "no_data",
    // Types and sequences.
    /// The order of the values that both sides have.
    ValueOrder => "value_order",
    /// The order of attributes, where dropping and appending does not lead to it.
    AttributeOrder => "attribute_order",
    SequenceType => "sequence_type",
    Start => "start",
    Increment => "increment",
    MinValue => "min_value",
    MaxValue => "max_value",
    Cache => "cache",
    Cycle => "cycle",
    OwnedBy => "owned_by",
    From => "from",
    // Routines.
    ArgumentNames => "argument_names",
    /// Types of the arguments that are no part of the signature, modes of all.
    ArgumentTypes => "argument_types",
    ArgumentDefaults => "argument_defaults",
    Returns => "returns",
    Language => "language",
    Window => "window",
    Volatility => "volatility",
    StrictOnNull => "strict_on_null",
    SecurityDefiner => "security_definer",
    Leakproof => "leakproof",
    Parallel => "parallel",
    Cost => "cost",
    Rows => "rows",
    Support => "support",
    Transforms => "transforms",
    Body => "body",
    DirectArguments => "direct_arguments",
    // Triggers, rules, policies.
    Timing => "timing",
    Events => "events",
    UpdateOf => "update_of",
    ForEachRow => "for_each_row",
    ConstraintTrigger => "constraint_trigger",
    OldTable => "old_table",
    NewTable => "new_table",
    When => "when",
    Function => "function",
    Enabled => "enabled",
    Extension => "extension",
    Instead => "instead",
    Action => "action",
    Restrictive => "restrictive",
    Command => "command",
    Roles => "roles",
    Using => "using",
    WithCheck => "with_check",
    Tags => "tags",
    // The rest.
    Schema => "in_schema",
    Version => "version",
    Trusted => "trusted",
    Items => "items",
    DefaultForType => "default_for_type",
    Family => "family",
    Handler => "handler",
    Validator => "validator",
    Context => "context",
    SourceEncoding => "source_encoding",
    TargetEncoding => "target_encoding",
    Wrapper => "wrapper",
    Table => "on_table",
    Kinds => "kinds",
    AllTables => "all_tables",
    Connection => "connection",
    Publications => "publications",
    Statements => "statements",
}

impl Property {
    /// Which of several, where a property comes once a name.
    pub fn key(&self) -> Option<String> {
        Some(match self {
            Self::Parameter(name)
            | Self::ForeignOption(name)
            | Self::Setting(name)
            | Self::Mapping(name)
            | Self::LanguageHandler(name) => name.to_string(),
            Self::Parent(name) | Self::PublishedTable(name) => name.to_string(),
            Self::PublishedSchema(name)
            | Self::ColumnDefault(name)
            | Self::ColumnStatistics(name)
            | Self::ColumnComment(name) => name.to_string(),
            Self::ExpressionStatistics(number) => number.to_string(),
            Self::Privilege {
                grantee,
                column,
                privilege,
            } => {
                let to = match grantee {
                    Grantee::Public => "PUBLIC",
                    Grantee::Role(role) => role.as_str(),
                };
                match column {
                    Some(column) => format!("{privilege} ({column}) to {to}"),
                    None => format!("{privilege} to {to}"),
                }
            }
            _ => return None,
        })
    }
}

/// For messages: `not null`, `parameter fillfactor`, `SELECT (email) to reader`.
impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key();
        if let (Self::Privilege { .. }, Some(key)) = (self, &key) {
            return f.write_str(key);
        }
        let mut words = self.name().split('_');
        f.write_str(words.next().unwrap_or_default())?;
        for word in words {
            write!(f, " {word}")?;
        }
        match key {
            Some(key) => write!(f, " {key}"),
            None => Ok(()),
        }
    }
}

/// The value of a property on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// It has none, or the server's default.
    Absent,
    Flag(bool),
    Number(i64),
    Text(Box<str>),
    List(Vec<Value>),
    /// A secret, which is compared and never told.
    Hidden,
}
