//! Keys of indexes, within their table and outside of it.

use super::parts::{NAMED, OF_TABLE};
use super::{Key, NAMES, Shape, TEXTS, Value, key};
use crate::dialect::Capability;

static INDEX_ELEMENT: Shape = Shape {
    name: "index element",
    doc: "A column or expression of an index.",
    keys: &[INDEX_ELEMENT_KEYS],
};

const ELEMENTS: Value = Value::Either(&[
    Value::Text,
    Value::List(&Value::Either(&[
        Value::Text,
        Value::Object(&INDEX_ELEMENT),
    ])),
]);

const INDEX_KEYS: &[Key] = &[
    key(
        "columns",
        ELEMENTS,
        "Its columns and expressions, in order.",
    ),
    key(
        "expressions",
        ELEMENTS_SQL,
        "Expressions after the columns.",
    ),
    key("unique", Value::Boolean, "Whether equal rows are refused."),
    key(
        "where",
        Value::Sql,
        "The rows it covers, for a partial index.",
    ),
    key(
        "using",
        Value::Name,
        "The access method: btree, hash, gin, gist, spgist, brin.",
    ),
    key("include", NAMES, "Columns that are stored beside the keys."),
    key(
        "nulls_not_distinct",
        Value::Boolean,
        "Whether two nulls are equal, for a unique index.",
    )
    .needs(Capability::NullsNotDistinct),
    key("storage", TEXTS, "Storage parameters, such as fillfactor."),
    key("tablespace", Value::Name, "The tablespace."),
    key(
        "only",
        Value::Boolean,
        "On a partitioned table: without an index on each partition.",
    ),
    key(
        "attach_to",
        Value::Name,
        "The index of the partitioned table that it is a part of.",
    )
    .needs(Capability::Schemas),
    key(
        "statistics",
        Value::Map(&Value::Integer),
        "Statistics targets of its expressions, by their number from 1.",
    )
    .needs(Capability::Schemas),
    key("reason", Value::Text, "The query or job that it serves."),
    key(
        "renamed_from",
        Value::Text,
        "Its former name: the change is a rename.",
    ),
];

static INDEX: Shape = Shape {
    name: "index",
    doc: "An index.",
    keys: &[NAMED, INDEX_KEYS],
};

const ELEMENTS_SQL: Value = Value::Either(&[Value::Text, Value::List(&Value::Sql)]);

pub(super) const INDEXES: Value = Value::List(&Value::Either(&[
    Value::Name,
    Value::List(&Value::Name),
    Value::Object(&INDEX),
]));

pub(super) const INDEX_ELEMENT_KEYS: &[Key] = &[
    key("column", Value::Name, "A column."),
    key(
        "expression",
        Value::Sql,
        "An expression, in place of a column.",
    ),
    key("order", Value::Word(&["asc", "desc"]), "The direction."),
    key(
        "nulls",
        Value::Word(&["first", "last"]),
        "Where nulls are sorted.",
    ),
    key("opclass", Value::Name, "The operator class."),
    key(
        "opclass_parameters",
        TEXTS,
        "Parameters of the operator class.",
    ),
    key("collation", Value::Name, "The collation."),
];

static INDEX_OF_FILE: Shape = Shape {
    name: "index by table",
    doc: "An index of a table or materialized view that is declared elsewhere.",
    keys: &[OF_TABLE, NAMED, INDEX_KEYS],
};

pub(super) const FILE_INDEXES: Value = Value::List(&Value::Object(&INDEX_OF_FILE));
