//! Keys of what several kinds of object share, and of the parts of tables.

use super::{Key, NAMES, Shape, TEXTS, Value, key};
use crate::dialect::Capability;

/// The words of `on_delete` and `on_update`.
pub(in super::super) static ACTIONS: [&str; 5] = [
    "no action",
    "restrict",
    "cascade",
    "set null",
    "set default",
];

static ALLOW: Shape = Shape {
    name: "allow",
    doc: "A finding that is accepted, with the reason.",
    keys: &[&[
        key("rule", Value::Text, "The rule, as `group/name`.").required(),
        key("reason", Value::Text, "Why it is accepted here."),
        key(
            "until",
            Value::Date,
            "The first day on which it no longer counts.",
        ),
    ]],
};

pub(super) const ALLOWS: Value = Value::List(&Value::Object(&ALLOW));

/// What a person says about anything.
pub(super) const SAID: &[Key] = &[
    key(
        "description",
        Value::Text,
        "What it is for: stored as the object's comment.",
    ),
    key("comment", Value::Text, "The same as `description`."),
    key("allow", ALLOWS, "Findings of checks that are accepted."),
    key(
        "deprecated",
        Value::Text,
        "Why it should no longer be used, and what to use instead.",
    ),
];

/// What objects with an owner and privileges have.
pub(super) const OWNED: &[Key] = &[
    key(
        "owner",
        Value::Text,
        "The role that owns it; without it, the role that creates it.",
    )
    .needs(Capability::Grants),
    key("grants", Value::Map(&GRANT), "Privileges by role.").needs(Capability::Grants),
];

/// For documents, and for the plan of a change.
pub(super) const NOTED: &[Key] = &[
    key("group", Value::Text, "The group in documents and diagrams."),
    key(
        "renamed_from",
        Value::Text,
        "Its former name: the change is a rename.",
    ),
    key(
        "replaces",
        Value::Text,
        "What it takes the place of without being a rename of it.",
    ),
];

static GRANT_OPTIONS: Shape = Shape {
    name: "grant",
    doc: "Privileges of one role, with the right to pass them on.",
    keys: &[&[
        key("privileges", PRIVILEGES, "The privileges.").required(),
        key(
            "grant_option",
            Value::Boolean,
            "Whether the role may grant them to others.",
        ),
    ]],
};

pub(super) const PRIVILEGES: Value = Value::Either(&[
    Value::Text,
    Value::List(&Value::Either(&[Value::Text, Value::Map(&NAMES)])),
]);

/// `all`, a list of privileges (with columns: `{ update: [title] }`), or the long form.
pub(super) const GRANT: Value = Value::Either(&[
    Value::Text,
    Value::List(&Value::Either(&[Value::Text, Value::Map(&NAMES)])),
    Value::Object(&GRANT_OPTIONS),
]);

/// The name and wording of a constraint or index.
pub(super) const NAMED: &[Key] = &[
    key(
        "name",
        Value::Text,
        "Its name; without one, it is made from the table and the columns.",
    ),
    key(
        "description",
        Value::Text,
        "What it is for: stored as its comment.",
    ),
    key("comment", Value::Text, "The same as `description`."),
    key("allow", ALLOWS, "Findings of checks that are accepted."),
];

const DEFERRABLE: &[Key] = &[key(
    "deferrable",
    Value::Either(&[Value::Word(&["immediate", "deferred", "true", "false"])]),
    "Whether the check can wait for the end of the transaction: `deferred` waits unless told \
     otherwise, `immediate` (or true) only when told.",
)];

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
        Value::Text,
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
    key("tablespace", Value::Text, "The tablespace."),
    key(
        "only",
        Value::Boolean,
        "On a partitioned table: without an index on each partition.",
    ),
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
    Value::Text,
    Value::List(&Value::Text),
    Value::Object(&INDEX),
]));

static CHECK: Shape = Shape {
    name: "check",
    doc: "A check constraint.",
    keys: &[
        NAMED,
        &[
            key(
                "expression",
                Value::Sql,
                "What must not be false for any row.",
            )
            .required(),
            key(
                "no_inherit",
                Value::Boolean,
                "Whether child tables do not have it.",
            ),
            key(
                "not_valid",
                Value::Boolean,
                "Whether rows that exist already are not checked.",
            ),
        ],
    ],
};

pub(super) const CHECKS: Value = Value::Either(&[
    Value::List(&Value::Either(&[Value::Sql, Value::Object(&CHECK)])),
    Value::Map(&Value::Sql),
]);

static UNIQUE: Shape = Shape {
    name: "unique",
    doc: "A unique constraint.",
    keys: &[
        NAMED,
        DEFERRABLE,
        &[
            key(
                "columns",
                NAMES,
                "The columns whose values together are unique.",
            )
            .required(),
            key(
                "include",
                NAMES,
                "Columns that its index stores beside the keys.",
            ),
            key(
                "nulls_not_distinct",
                Value::Boolean,
                "Whether two nulls are equal.",
            )
            .needs(Capability::NullsNotDistinct),
        ],
    ],
};

/// `[a, b]` is one constraint over both; `[[a], [b, c]]` are two.
pub(super) const UNIQUES: Value = Value::Either(&[
    Value::Text,
    Value::List(&Value::Either(&[
        Value::Text,
        Value::List(&Value::Text),
        Value::Object(&UNIQUE),
    ])),
]);

static PRIMARY_KEY: Shape = Shape {
    name: "primary key",
    doc: "The primary key.",
    keys: &[
        NAMED,
        DEFERRABLE,
        &[
            key("columns", NAMES, "The columns that tell rows apart.").required(),
            key(
                "include",
                NAMES,
                "Columns that its index stores beside the keys.",
            ),
        ],
    ],
};

pub(super) const PRIMARY: Value = Value::Either(&[
    Value::Text,
    Value::List(&Value::Text),
    Value::Object(&PRIMARY_KEY),
]);

static FOREIGN_KEY: Shape = Shape {
    name: "foreign key",
    doc: "A foreign key over one or several columns.",
    keys: &[
        NAMED,
        DEFERRABLE,
        &[
            key("columns", NAMES, "The columns that refer.").required(),
            key(
                "references",
                Value::Text,
                "What they refer to: `projects(id, owner_id)`, `projects.id`, or `projects` for its primary key.",
            )
            .required(),
            key("on_delete", Value::Word(&ACTIONS), "What happens when the target is deleted."),
            key("on_update", Value::Word(&ACTIONS), "What happens when the target's key changes."),
            key("set_columns", NAMES, "The columns that `on_delete: set null` sets, where not all.")
                .needs(Capability::SetNullColumns),
            key("match", Value::Word(&["simple", "full", "partial"]), "How nulls are matched."),
            key("not_valid", Value::Boolean, "Whether rows that exist already are not checked."),
            key("index", Value::Boolean, "Whether an index on the columns is made; true unless one leads with them."),
        ],
    ],
};

pub(super) const FOREIGN_KEYS: Value = Value::List(&Value::Object(&FOREIGN_KEY));

static EXCLUSION_ELEMENT: Shape = Shape {
    name: "exclusion element",
    doc: "What is compared, and by which operator.",
    keys: &[
        INDEX_ELEMENT_KEYS,
        &[key("with", Value::Text, "The operator, such as `=` or `&&`.").required()],
    ],
};

const INDEX_ELEMENT_KEYS: &[Key] = &[
    key("column", Value::Text, "A column."),
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
    key("opclass", Value::Text, "The operator class."),
    key(
        "opclass_parameters",
        TEXTS,
        "Parameters of the operator class.",
    ),
    key("collation", Value::Text, "The collation."),
];

static EXCLUSION: Shape = Shape {
    name: "exclusion",
    doc: "An exclusion constraint: no two rows for which every comparison is true.",
    keys: &[
        NAMED,
        DEFERRABLE,
        &[
            key(
                "using",
                Value::Text,
                "The access method, gist unless said otherwise.",
            ),
            key("elements", ELEMENTS_VALUE, "What is compared.").required(),
            key(
                "include",
                NAMES,
                "Columns that its index stores beside the keys.",
            ),
            key("where", Value::Sql, "The rows it covers."),
        ],
    ],
};

pub(super) const EXCLUSIONS: Value = Value::List(&Value::Object(&EXCLUSION));

static INDEX_OF_FILE: Shape = Shape {
    name: "index by table",
    doc: "An index of a table or materialized view that is declared elsewhere.",
    keys: &[OF_TABLE, NAMED, INDEX_KEYS],
};

pub(super) const FILE_INDEXES: Value = Value::List(&Value::Object(&INDEX_OF_FILE));

/// What an object of a table needs where it stands outside of it.
pub(super) const OF_TABLE: &[Key] =
    &[key("table", Value::Text, "The table or view it belongs to.").required()];

const ELEMENTS_VALUE: Value = Value::List(&Value::Object(&EXCLUSION_ELEMENT));
