//! Keys of constraints.

use super::indexes::INDEX_ELEMENT_KEYS;
use super::parts::{ACTIONS, NAMED};
use super::{Key, NAMES, Shape, TEXTS, Value, key};
use crate::dialect::Capability;

const DEFERRABLE: &[Key] = &[key(
    "deferrable",
    Value::Either(&[Value::Word(&["immediate", "deferred", "true", "false"])]),
    "Whether the check can wait for the end of the transaction: `deferred` waits unless told \
     otherwise, `immediate` (or true) only when told.",
)];

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
            key(
                "not_enforced",
                Value::Boolean,
                "Whether it is only written down, and no row is checked.",
            )
            .needs(Capability::NotEnforced),
        ],
    ],
};

pub(super) const CHECKS: Value = Value::Either(&[
    Value::List(&Value::Either(&[Value::Sql, Value::Object(&CHECK)])),
    Value::Map(&Value::Sql),
]);

/// What the index of a key or exclusion has beside what it constrains.
const KEY_INDEX: &[Key] = &[
    key(
        "include",
        NAMES,
        "Columns that its index stores beside the keys.",
    ),
    key("storage", TEXTS, "Storage parameters of its index.").needs(Capability::Schemas),
    key("tablespace", Value::Name, "The tablespace of its index.").needs(Capability::Schemas),
    key(
        "only",
        Value::Boolean,
        "Whether the partitions of its table do without, so that its index is not valid.",
    )
    .needs(Capability::Schemas),
    key(
        "index_description",
        Value::Text,
        "The comment of its index, which is an object of its own.",
    ),
];

const WITHOUT_OVERLAPS: Key = key(
    "without_overlaps",
    Value::Boolean,
    "Whether the last column is a range that overlaps no other of an equal key (PostgreSQL 18).",
);

static UNIQUE: Shape = Shape {
    name: "unique",
    doc: "A unique constraint.",
    keys: &[
        NAMED,
        DEFERRABLE,
        KEY_INDEX,
        &[
            key(
                "columns",
                NAMES,
                "The columns whose values together are unique.",
            )
            .required(),
            WITHOUT_OVERLAPS,
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
    Value::Name,
    Value::List(&Value::Either(&[
        Value::Name,
        Value::List(&Value::Name),
        Value::Object(&UNIQUE),
    ])),
]);

static PRIMARY_KEY: Shape = Shape {
    name: "primary key",
    doc: "The primary key.",
    keys: &[
        NAMED,
        DEFERRABLE,
        KEY_INDEX,
        &[
            key("columns", NAMES, "The columns that tell rows apart.").required(),
            WITHOUT_OVERLAPS,
        ],
    ],
};

pub(super) const PRIMARY: Value = Value::Either(&[
    Value::Name,
    Value::List(&Value::Name),
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
            key("period", Value::Boolean, "Whether the last column is a range that the target's must cover (PostgreSQL 18)."),
            key("not_valid", Value::Boolean, "Whether rows that exist already are not checked."),
            key("not_enforced", Value::Boolean, "Whether it is only written down, and no row is checked.")
                .needs(Capability::NotEnforced),
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
        &[key("with", Value::Name, "The operator, such as `=` or `&&`.").required()],
    ],
};

static EXCLUSION: Shape = Shape {
    name: "exclusion",
    doc: "An exclusion constraint: no two rows for which every comparison is true.",
    keys: &[
        NAMED,
        DEFERRABLE,
        KEY_INDEX,
        &[
            key(
                "using",
                Value::Name,
                "The access method, gist unless said otherwise.",
            ),
            key("elements", ELEMENTS_VALUE, "What is compared.").required(),
            key("where", Value::Sql, "The rows it covers."),
        ],
    ],
};

pub(super) const EXCLUSIONS: Value = Value::List(&Value::Object(&EXCLUSION));

const ELEMENTS_VALUE: Value = Value::List(&Value::Object(&EXCLUSION_ELEMENT));
