//! Keys of partitions.

use super::parts::{OWNED, SAID};
use super::{Key, NAMES, Shape, TEXTS, Value, key};

const BOUND: &[Key] = &[
    key(
        "from",
        PARTITION_VALUES,
        "Range: the first values that belong to it.",
    ),
    key(
        "to",
        PARTITION_VALUES,
        "Range: the first values that no longer do.",
    ),
    key(
        "in",
        PARTITION_VALUES,
        "List: the values that belong to it.",
    ),
    key("modulus", Value::Integer, "Hash: the number of partitions."),
    key("remainder", Value::Integer, "Hash: which of them this is."),
    key(
        "default",
        Value::Boolean,
        "Whether it takes what no other partition does.",
    ),
];

static PARTITION: Shape = Shape {
    name: "partition",
    doc: "A partition of a table: its bound, and what it has of its own.",
    keys: &[
        BOUND,
        &[
            key(
                "partition_by",
                Value::Either(&[Value::Text, Value::Map(&NAMES)]),
                "How it is partitioned further.",
            ),
            key(
                "partitions",
                Value::Map(&PARTITION_ENTRY),
                "Its own partitions by name.",
            ),
            key("storage", TEXTS, "Storage parameters."),
            key("tablespace", Value::Name, "The tablespace."),
        ],
        SAID,
        OWNED,
    ],
};

const PARTITION_VALUES: Value = Value::Either(&[Value::Sql, Value::List(&Value::Sql)]);

/// A static, not a constant: partitions contain partitions.
pub(super) static PARTITION_ENTRY: Value =
    Value::Either(&[Value::Word(&["default"]), Value::Object(&PARTITION)]);

pub(super) static PARTITION_OF: Shape = Shape {
    name: "partition of",
    doc: "The table that a partition belongs to, and its bound.",
    keys: &[
        BOUND,
        &[key("parent", Value::Name, "The partitioned table.").required()],
    ],
};

pub(super) static FOREIGN: Shape = Shape {
    name: "foreign",
    doc: "Where the rows of a foreign table are.",
    keys: &[&[
        key("server", Value::Name, "The foreign server.").required(),
        key("options", TEXTS, "Options for its foreign-data wrapper."),
    ]],
};

pub(super) static REPLICA_INDEX: Shape = Shape {
    name: "replica index",
    doc: "The index that tells rows apart in replication.",
    keys: &[&[key("index", Value::Name, "Its name.").required()]],
};
