//! Keys of types, sequences and routines.

use super::parts::{NOTED, OWNED, SAID};
use super::{Key, NAMES, Shape, TEXTS, Value, key};
use crate::dialect::Capability;

static ENUM_VALUE: Shape = Shape {
    name: "enum value",
    doc: "A value of an enum.",
    keys: &[&[
        key("name", Value::Text, "The value.").required(),
        key(
            "renamed_from",
            Value::Text,
            "Its former spelling: the change is a rename.",
        ),
        key("description", Value::Text, "What it means."),
    ]],
};

const ENUM_VALUES: Value = Value::List(&Value::Either(&[Value::Text, Value::Object(&ENUM_VALUE)]));

static ENUM: Shape = Shape {
    name: "enum",
    doc: "An enumerated type.",
    keys: &[
        SAID,
        NOTED,
        OWNED,
        &[key("values", ENUM_VALUES, "Its values, in their sort order.").required()],
    ],
};

pub(super) const ENUMS: Value = Value::Map(&Value::Either(&[
    Value::List(&Value::Either(&[Value::Text, Value::Object(&ENUM_VALUE)])),
    Value::Object(&ENUM),
]));

static DOMAIN_CHECK: Shape = Shape {
    name: "domain check",
    doc: "A check constraint of a domain.",
    keys: &[&[
        key(
            "expression",
            Value::Sql,
            "What must not be false for `VALUE`.",
        )
        .required(),
        key(
            "not_valid",
            Value::Boolean,
            "Whether values that exist already are not checked.",
        ),
        key(
            "description",
            Value::Text,
            "What it is for: stored as its comment.",
        ),
    ]],
};

static DOMAIN: Shape = Shape {
    name: "domain",
    doc: "A type with constraints of its own.",
    keys: &[
        SAID,
        NOTED,
        OWNED,
        &[
            key("type", Value::Text, "The type it is made of.").required(),
            key(
                "nullable",
                Value::Boolean,
                "Whether it may be null; true unless said otherwise.",
            ),
            key("default", Value::Sql, "The default, as SQL."),
            key("collation", Value::Name, "The collation."),
            key("check", Value::Sql, "What must not be false for `VALUE`."),
            key(
                "checks",
                Value::Map(&Value::Either(&[Value::Sql, Value::Object(&DOMAIN_CHECK)])),
                "The same by name, where there are several.",
            ),
        ],
    ],
};

pub(super) const DOMAINS: Value =
    Value::Map(&Value::Either(&[Value::Text, Value::Object(&DOMAIN)]));

static ATTRIBUTE: Shape = Shape {
    name: "attribute",
    doc: "An attribute of a composite type.",
    keys: &[&[
        key("type", Value::Text, "The data type.").required(),
        key("collation", Value::Name, "The collation."),
        key(
            "description",
            Value::Text,
            "What it holds: stored as its comment.",
        ),
    ]],
};

static COMPOSITE: Shape = Shape {
    name: "composite type",
    doc: "A row type.",
    keys: &[
        SAID,
        NOTED,
        OWNED,
        &[key("attributes", ATTRIBUTES_VALUE, "Its attributes, in order.").required()],
    ],
};

pub(super) const COMPOSITES: Value = Value::Map(&Value::Object(&COMPOSITE));

static RANGE: Shape = Shape {
    name: "range type",
    doc: "A type of ranges.",
    keys: &[
        SAID,
        NOTED,
        OWNED,
        &[
            key("subtype", Value::Text, "The type of its bounds.").required(),
            key(
                "subtype_opclass",
                Value::Name,
                "The operator class that orders them.",
            ),
            key(
                "subtype_diff",
                Value::Name,
                "The function that measures the distance of two.",
            ),
            key("collation", Value::Name, "The collation of the bounds."),
            key(
                "canonical",
                Value::Name,
                "The function that makes equal ranges look equal.",
            ),
            key(
                "multirange_type_name",
                Value::Name,
                "The name of its multirange type.",
            )
            .needs(Capability::Multiranges),
        ],
    ],
};

pub(super) const RANGES: Value = Value::Map(&Value::Object(&RANGE));

pub(super) const SEQUENCE_OPTIONS: &[Key] = &[
    key("start", Value::Integer, "The first value."),
    key("increment", Value::Integer, "The step."),
    key("min", Value::Integer, "The least value."),
    key("max", Value::Integer, "The greatest value."),
    key(
        "cache",
        Value::Integer,
        "How many values a session takes at once.",
    ),
    key(
        "cycle",
        Value::Boolean,
        "Whether it starts again after the last.",
    ),
];

static SEQUENCE: Shape = Shape {
    name: "sequence",
    doc: "A sequence.",
    keys: &[
        SAID,
        NOTED,
        OWNED,
        SEQUENCE_OPTIONS,
        &[
            key(
                "type",
                Value::Word(&["smallint", "integer", "bigint"]),
                "The type of its values.",
            ),
            key(
                "owned_by",
                Value::Name,
                "The column it is dropped with, as `tasks.id`.",
            ),
            key(
                "unlogged",
                Value::Boolean,
                "Whether it is not written to the log.",
            )
            .needs(Capability::UnloggedSequences),
            key(
                "temporary",
                Value::Boolean,
                "Whether it is there for its session only.",
            ),
        ],
    ],
};

pub(super) const SEQUENCES: Value =
    Value::Map(&Value::Either(&[Value::Null, Value::Object(&SEQUENCE)]));

static ARGUMENT: Shape = Shape {
    name: "argument",
    doc: "An argument of a routine.",
    keys: &[&[
        key("name", Value::Name, "Its name."),
        key("type", Value::Text, "The data type.").required(),
        key(
            "mode",
            Value::Word(&["in", "out", "inout", "variadic", "table"]),
            "Its mode; in unless said otherwise.",
        ),
        key("default", Value::Sql, "The default, as SQL."),
    ]],
};

const ROUTINE_KEYS: &[Key] = &[
    key(
        "arguments",
        ARGUMENTS_VALUE,
        "Its arguments, each as in SQL: `user_id uuid`, `variadic names text[]`, `n integer default 1`.",
    ),
    key(
        "language",
        Value::Name,
        "The language; sql unless said otherwise.",
    ),
    key("body", Value::Text, "The text of the body.").required(),
    key(
        "security",
        Value::Word(&["invoker", "definer"]),
        "With whose rights it runs.",
    ),
    key("set", TEXTS, "Settings while it runs, such as search_path."),
    key(
        "symbol",
        Value::Name,
        "C: the name in the object file, which is the body; the routine's own without it.",
    ),
    key(
        "transforms",
        NAMES,
        "The types that a transform turns into those of the language.",
    ),
];

const FUNCTION_KEYS: &[Key] = &[
    key(
        "returns",
        Value::Name,
        "`text`, `setof tasks`, `table (id bigint, title text)`, `trigger`.",
    ),
    key(
        "volatility",
        Value::Word(&["volatile", "stable", "immutable"]),
        "Whether equal arguments give equal results.",
    ),
    key(
        "strict",
        Value::Boolean,
        "Whether a null argument gives null at once.",
    ),
    key(
        "leakproof",
        Value::Boolean,
        "Whether it tells nothing about its arguments.",
    ),
    key("window", Value::Boolean, "Whether it is a window function."),
    key(
        "parallel",
        Value::Word(&["unsafe", "restricted", "safe"]),
        "Whether it may run in a parallel worker.",
    ),
    key("cost", Value::Text, "The planner's estimate of its cost."),
    key("rows", Value::Text, "The planner's estimate of its rows."),
    key("support", Value::Text, "The planner's support function."),
];

static FUNCTION: Shape = Shape {
    name: "function",
    doc: "A function. Overloads carry their arguments in the key: `area(box)`.",
    keys: &[SAID, NOTED, OWNED, ROUTINE_KEYS, FUNCTION_KEYS],
};

static PROCEDURE: Shape = Shape {
    name: "procedure",
    doc: "A procedure. Overloads carry their arguments in the key.",
    keys: &[SAID, NOTED, OWNED, ROUTINE_KEYS],
};

pub(super) const FUNCTIONS: Value = Value::Map(&Value::Object(&FUNCTION));
pub(super) const PROCEDURES: Value = Value::Map(&Value::Object(&PROCEDURE));

const ARGUMENTS_VALUE: Value = Value::Either(&[
    Value::Text,
    Value::List(&Value::Either(&[Value::Text, Value::Object(&ARGUMENT)])),
]);

const ATTRIBUTES_VALUE: Value =
    Value::Map(&Value::Either(&[Value::Text, Value::Object(&ATTRIBUTE)]));
