//! Keys of columns.

use super::parts::{ACTIONS, ALLOWS};
use super::types::SEQUENCE_OPTIONS;
use super::{Key, Shape, TEXTS, Value, key};
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
                Value::Name,
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
        key("name", Value::Name, "The name of the constraint."),
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
        "The data type; needed unless `references`, the table's type or its parent gives it.",
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
    key("collation", Value::Name, "The collation."),
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
    key(
        "foreign_options",
        TEXTS,
        "Options of a foreign table's column.",
    )
    .needs(Capability::Schemas),
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
        "strategy",
        Value::Word(&["expand-contract"]),
        "A new type or name comes in two migrations, with both columns written between them.",
    ),
    key(
        "using",
        Value::Sql,
        "What gives its values when its type changes, in terms of the old row.",
    ),
    key("using_back", Value::Sql, "The same for the way back."),
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
