//! Keys of what several kinds of object share, and of the parts of tables.

use super::{Key, NAMES, Shape, Value, key};
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
        Value::Name,
        "The role that owns it; without it, the role that creates it.",
    )
    .needs(Capability::Grants),
    key("grants", Value::Map(&GRANT), "Privileges by role.").needs(Capability::Grants),
    key(
        "revokes",
        Value::Map(&GRANT),
        "Privileges by role that the server gives by itself, and that are taken away.",
    )
    .needs(Capability::Grants),
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
        key("privileges", PRIVILEGES, "The privileges."),
        key(
            "grant_option",
            Value::Boolean,
            "Whether the role may grant them to others.",
        ),
        key(
            "with_grant_option",
            PRIVILEGES,
            "More privileges, which the role may grant to others.",
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
        Value::Name,
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

/// What an object of a table needs where it stands outside of it.
pub(super) const OF_TABLE: &[Key] =
    &[key("table", Value::Name, "The table or view it belongs to.").required()];
