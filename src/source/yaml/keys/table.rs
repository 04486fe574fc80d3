//! Keys of tables, columns and mixins.

use super::partition::PARTITION_ENTRY;
use super::parts::{
    ACTIONS, ALLOWS, CHECKS, EXCLUSIONS, FOREIGN_KEYS, INDEXES, NOTED, OWNED, PRIMARY, SAID,
    UNIQUES,
};
use super::triggers::{POLICIES, TRIGGERS};
use super::types::SEQUENCE_OPTIONS;
use super::{Key, NAMES, Shape, TEXTS, Value, key};
use crate::dialect::Capability;

static IDENTITY: Shape = Shape {
    name: "identity",
    doc: "An identity column, with the options of its sequence.",
    keys: &[
        &[
            key(
                "generated",
                Value::Word(&["always", "by default"]),
                "Whether a given value is refused (always, as here by default).",
            ),
            key(
                "sequence",
                Value::Text,
                "The name of its sequence, where it is not `{table}_{column}_seq`.",
            ),
        ],
        SEQUENCE_OPTIONS,
    ],
};

static GENERATED: Shape = Shape {
    name: "generated",
    doc: "A column computed from others.",
    keys: &[&[
        key("expression", Value::Sql, "What it is computed as.").required(),
        key(
            "stored",
            Value::Boolean,
            "Whether it is stored (as here by default) or computed when read.",
        ),
    ]],
};

static COLUMN_CHECK: Shape = Shape {
    name: "column check",
    doc: "A check constraint of a column, with a name.",
    keys: &[&[
        key("name", Value::Text, "The name of the constraint."),
        key("expression", Value::Sql, "What must not be false.").required(),
        key(
            "description",
            Value::Text,
            "What it is for: stored as its comment.",
        ),
    ]],
};

static COLUMN: Shape = Shape {
    name: "column",
    doc: "A column.",
    keys: &[COLUMN_DEFINITION, COLUMN_STORAGE, COLUMN_NOTES],
};

const COLUMN_DEFINITION: &[Key] = &[
    key(
        "type",
        Value::Text,
        "The data type; needed unless `references` gives it.",
    ),
    key(
        "nullable",
        Value::Boolean,
        "Whether it may be null; true unless said otherwise, as in SQL.",
    ),
    key(
        "default",
        Value::Sql,
        "The default, as SQL: a text is `\"'text'\"`.",
    ),
    key(
        "references",
        Value::Text,
        "The column it refers to, as `users.id`. Its type is taken from there, and an index is made.",
    ),
    key(
        "on_delete",
        Value::Word(&ACTIONS),
        "What happens to the row when what it refers to is deleted.",
    ),
    key(
        "on_update",
        Value::Sql,
        "An action (`cascade`) where the column refers to another; else an expression that a trigger sets on each update, such as `now()`.",
    ),
    key(
        "match",
        Value::Word(&["simple", "full", "partial"]),
        "How nulls of the foreign key are matched.",
    ),
    key(
        "deferrable",
        Value::Word(&["immediate", "deferred", "true", "false"]),
        "Whether the foreign key can wait for the end of the transaction.",
    ),
    key(
        "index",
        Value::Boolean,
        "Whether an index on the column is made: true for `references` unless one leads with it.",
    ),
    key(
        "primary_key",
        Value::Boolean,
        "Whether it is the primary key.",
    ),
    key("unique", Value::Boolean, "Whether its values are unique."),
    key(
        "check",
        CHECK_VALUE,
        "What must not be false for its value; or several.",
    ),
    key("identity", IDENTITY_VALUE, "An identity column."),
    key(
        "generated",
        GENERATED_VALUE,
        "The expression it is computed as, stored.",
    ),
    key("autoincrement", Value::Boolean, "SQLite: AUTOINCREMENT.").needs(Capability::RowidTables),
];

const COLUMN_STORAGE: &[Key] = &[
    key("collation", Value::Text, "The collation."),
    key(
        "storage",
        Value::Word(&["plain", "external", "extended", "main"]),
        "How long values are stored.",
    ),
    key(
        "compression",
        Value::Word(&["pglz", "lz4"]),
        "How long values are compressed.",
    )
    .needs(Capability::ColumnCompression),
    key("statistics", Value::Integer, "The statistics target."),
    key("options", TEXTS, "Attribute options, such as n_distinct."),
];

const COLUMN_NOTES: &[Key] = &[
    key(
        "description",
        Value::Text,
        "What it holds: stored as the column's comment.",
    ),
    key("comment", Value::Text, "The same as `description`."),
    key(
        "sensitive",
        Value::Boolean,
        "Whether it holds what must not leak.",
    ),
    key("encrypted", Value::Boolean, "Whether it holds ciphertext."),
    key("hashed", Value::Boolean, "Whether it holds a hash."),
    key(
        "shape",
        Value::Json,
        "The JSON Schema of a json or jsonb column.",
    ),
    key(
        "check_shape",
        Value::Boolean,
        "Whether the database checks the shape as far as it can; true unless said otherwise.",
    ),
    key(
        "examples",
        Value::List(&Value::Json),
        "Values as they occur.",
    ),
    key(
        "renamed_from",
        Value::Text,
        "Its former name: the change is a rename.",
    ),
    key(
        "replaces",
        Value::Text,
        "The column it takes the place of without being a rename of it.",
    ),
    key(
        "deprecated",
        Value::Text,
        "Why it should no longer be used.",
    ),
    key("allow", ALLOWS, "Findings of checks that are accepted."),
];

/// A column in short form is SQL: `text not null unique`.
pub(super) const COLUMNS: Value =
    Value::Map(&Value::Either(&[Value::Text, Value::Object(&COLUMN)]));

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
            Value::Text,
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
        Value::Either(&[Value::Boolean, Value::Word(&["true", "false", "forced"])]),
        "Whether policies are heeded; `forced` for the owner too.",
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
    key("storage", TEXTS, "Storage parameters, such as fillfactor.").needs(Capability::Schemas),
    key("access_method", Value::Text, "The table access method.").needs(Capability::Schemas),
    key("tablespace", Value::Text, "The tablespace.").needs(Capability::Schemas),
    key(
        "replica_identity",
        Value::Text,
        "`full`, `nothing`, or the name of an index.",
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

const GENERATED_VALUE: Value = Value::Either(&[Value::Sql, Value::Object(&GENERATED)]);

const IDENTITY_VALUE: Value = Value::Either(&[
    Value::Word(&["always", "by default", "true"]),
    Value::Object(&IDENTITY),
]);

const CHECK_VALUE: Value = Value::Either(&[
    Value::Sql,
    Value::Object(&COLUMN_CHECK),
    Value::List(&Value::Either(&[Value::Sql, Value::Object(&COLUMN_CHECK)])),
]);
