//! Keys of tables and mixins.

use super::columns::COLUMNS;
use super::constraints::{CHECKS, EXCLUSIONS, FOREIGN_KEYS, PRIMARY, UNIQUES};
use super::indexes::INDEXES;
use super::partition::{FOREIGN, PARTITION_ENTRY, PARTITION_OF, REPLICA_INDEX};
use super::parts::{NOTED, OWNED, SAID};
use super::triggers::{POLICIES, TRIGGERS};
use super::{Key, NAMES, Shape, TEXTS, Value, key};
use crate::dialect::Capability;

static DEPENDENCY: Shape = Shape {
    name: "dependency",
    doc: "A functional dependency: equal values in `from` mean equal values in `to`.",
    keys: &[&[
        key("from", NAMES, "What determines.").required(),
        key("to", NAMES, "What is determined.").required(),
    ]],
};

static DENORMALIZED: Shape = Shape {
    name: "denormalized",
    doc: "Columns that repeat what is stored elsewhere, on purpose.",
    keys: &[&[
        key("columns", NAMES, "The columns.").required(),
        key("reason", Value::Text, "Why.").required(),
    ]],
};

static AUDIT: Shape = Shape {
    name: "audit",
    doc: "A history table that a trigger writes: one row for each change.",
    keys: &[&[
        key(
            "table",
            Value::Name,
            "Its name; `{table}_audit` unless said otherwise.",
        ),
        key(
            "actor",
            Value::Sql,
            "Who made the change, as SQL; `session_user` unless said otherwise.",
        ),
        key(
            "exclude",
            NAMES,
            "Columns that are not recorded, besides sensitive, hashed and encrypted ones.",
        ),
        key(
            "made",
            Value::Boolean,
            "False where the files declare the history table and its trigger themselves.",
        ),
    ]],
};

/// What a mixin can bring into a table.
const SHARED: &[Key] = &[
    key(
        "include",
        NAMES,
        "Mixins whose content comes in after its own, in order.",
    ),
    key("columns", COLUMNS, "Its columns, in order."),
    key("checks", CHECKS, "Check constraints."),
    key("unique", UNIQUES, "Unique constraints."),
    key(
        "foreign_keys",
        FOREIGN_KEYS,
        "Foreign keys over several columns, or with a name.",
    ),
    key("exclusions", EXCLUSIONS, "Exclusion constraints."),
    key("indexes", INDEXES, "Indexes."),
    key("triggers", TRIGGERS, "Triggers by name."),
    key("policies", POLICIES, "Row-level security policies by name.")
        .needs(Capability::RowSecurity),
    key(
        "row_security",
        Value::Either(&[
            Value::Boolean,
            Value::Word(&["true", "false", "forced", "forced only"]),
        ]),
        "Whether policies are heeded; `forced` for the owner too. `forced only` is FORCE without ENABLE.",
    )
    .needs(Capability::RowSecurity),
];

pub(super) static MIXIN: Shape = Shape {
    name: "mixin",
    doc: "What several tables have in common.",
    keys: &[
        SHARED,
        &[key("description", Value::Text, "What it is for.")],
    ],
};

const TABLE_KEYS: &[Key] = &[
    key(
        "primary_key",
        PRIMARY,
        "The primary key, where it is not said at a column.",
    ),
    key(
        "dependencies",
        DEPENDENCIES_VALUE,
        "Functional dependencies, for the normal form checks.",
    ),
    key(
        "denormalized",
        DENORMALIZED_VALUE,
        "Columns that repeat others on purpose.",
    ),
    key(
        "audit",
        AUDIT_VALUE,
        "Whether each change is recorded in a history table.",
    ),
    key(
        "soft_delete",
        Value::Either(&[Value::Boolean, Value::Text]),
        "The column that marks a deleted row (`deleted_at` for true); made where it is not declared.",
    ),
    key(
        "online",
        Value::Boolean,
        "Whether migrations keep the table readable and writable; false gives the short forms.",
    ),
    key(
        "retention",
        Value::Text,
        "How long rows are kept, for the documents.",
    ),
    key(
        "partition_by",
        Value::Either(&[Value::Text, Value::Map(&NAMES)]),
        "`range (created_at)`, or `{ range: [created_at] }`.",
    )
    .needs(Capability::Schemas),
    key(
        "partitions",
        Value::Map(&PARTITION_ENTRY),
        "Its partitions by name.",
    )
    .needs(Capability::Schemas),
    key("inherits", NAMES, "Tables whose columns it inherits.").needs(Capability::Schemas),
    key(
        "like",
        NAMES,
        "Tables whose columns, defaults and checks it copies.",
    )
    .needs(Capability::Schemas),
    key(
        "unlogged",
        Value::Boolean,
        "Whether it is not written to the log.",
    )
    .needs(Capability::Schemas),
    key(
        "temporary",
        Value::Boolean,
        "Whether it is there for its session only.",
    ),
    key(
        "of",
        Value::Name,
        "The composite type that gives it its columns; those listed have no type.",
    )
    .needs(Capability::Schemas),
    key(
        "partition_of",
        Value::Object(&PARTITION_OF),
        "The table it is a partition of, with its bound. Columns with types make it a table of its own that is attached; without, they say what differs from the parent's.",
    )
    .needs(Capability::Schemas),
    key(
        "foreign",
        Value::Object(&FOREIGN),
        "The server of a foreign table, with its options.",
    )
    .needs(Capability::Schemas),
    key(
        "cluster_on",
        Value::Name,
        "The index that CLUSTER sorts the table by.",
    )
    .needs(Capability::Schemas),
    key("storage", TEXTS, "Storage parameters, such as fillfactor.").needs(Capability::Schemas),
    key("access_method", Value::Name, "The table access method.").needs(Capability::Schemas),
    key("tablespace", Value::Name, "The tablespace.").needs(Capability::Schemas),
    key(
        "replica_identity",
        REPLICA_IDENTITY,
        "`full`, `nothing`, or the name of an index (`{ index: full }` where it has such a name).",
    )
    .needs(Capability::Schemas),
    key("strict", Value::Boolean, "SQLite: a STRICT table.").needs(Capability::StrictTables),
    key(
        "without_rowid",
        Value::Boolean,
        "SQLite: a WITHOUT ROWID table.",
    )
    .needs(Capability::RowidTables),
];

pub(super) static TABLE: Shape = Shape {
    name: "table",
    doc: "A table.",
    keys: &[SAID, NOTED, SHARED, TABLE_KEYS, OWNED],
};

const AUDIT_VALUE: Value = Value::Either(&[Value::Boolean, Value::Object(&AUDIT)]);

const DENORMALIZED_VALUE: Value = Value::List(&Value::Object(&DENORMALIZED));

const DEPENDENCIES_VALUE: Value = Value::List(&Value::Object(&DEPENDENCY));

const REPLICA_IDENTITY: Value = Value::Either(&[Value::Text, Value::Object(&REPLICA_INDEX)]);
