//! Keys of triggers and policies, within their table and outside of it.

use super::parts::{OF_TABLE, SAID};
use super::{Key, NAMES, Shape, Value, key};
use crate::dialect::Capability;

/// The keys of a trigger, within its table.
pub(super) const TRIGGER_KEYS: &[Key] = &[
    key(
        "timing",
        Value::Word(&["before", "after", "instead of"]),
        "When it fires. SQLite: before, unless said otherwise.",
    ),
    key(
        "events",
        EVENTS,
        "What it fires on; `update_of` narrows updates to columns.",
    )
    .required(),
    key("update_of", NAMES, "The columns whose update fires it."),
    key(
        "for_each",
        Value::Word(&["row", "statement"]),
        "Once a row (as here by default) or once a statement.",
    ),
    key("when", Value::Sql, "The condition under which it fires."),
    key("function", Value::Name, "The function it calls.").needs(Capability::Routines),
    key(
        "arguments",
        Value::List(&Value::Text),
        "Texts that are passed to the function.",
    )
    .needs(Capability::Routines),
    key(
        "body",
        Value::Text,
        "SQLite: the statements between BEGIN and END.",
    ),
    key(
        "constraint",
        Value::Boolean,
        "Whether it is a constraint trigger.",
    )
    .needs(Capability::Routines),
    key(
        "deferrable",
        Value::Word(&["immediate", "deferred", "true", "false"]),
        "Whether a constraint trigger can wait for the end of the transaction.",
    ),
    key(
        "from",
        Value::Name,
        "The other table of a constraint trigger.",
    ),
    key(
        "old_table",
        Value::Name,
        "The name under which the trigger sees all old rows.",
    ),
    key(
        "new_table",
        Value::Name,
        "The name under which the trigger sees all new rows.",
    ),
    key(
        "enabled",
        Value::Word(&["true", "false", "replica", "always"]),
        "Whether it fires.",
    ),
];

const EVENTS: Value = Value::Either(&[
    Value::Word(&["insert", "update", "delete", "truncate"]),
    Value::List(&Value::Word(&["insert", "update", "delete", "truncate"])),
]);

static TRIGGER: Shape = Shape {
    name: "trigger",
    doc: "A trigger of a table or view.",
    keys: &[SAID, TRIGGER_KEYS],
};

pub(super) const TRIGGERS: Value = Value::Map(&Value::Object(&TRIGGER));

/// The keys of a policy, within its table.
pub(super) const POLICY_KEYS: &[Key] = &[
    key(
        "for",
        Value::Word(&["all", "select", "insert", "update", "delete"]),
        "The command it is about.",
    ),
    key("to", NAMES, "The roles it is about; without it, all."),
    key("using", Value::Sql, "Which rows can be seen."),
    key("with_check", Value::Sql, "Which rows can be written."),
    key(
        "as",
        Value::Word(&["permissive", "restrictive"]),
        "Whether it allows or restricts.",
    ),
];

static POLICY: Shape = Shape {
    name: "policy",
    doc: "A row-level security policy.",
    keys: &[SAID, POLICY_KEYS],
};

pub(super) const POLICIES: Value = Value::Map(&Value::Object(&POLICY));

static TRIGGER_OF_FILE: Shape = Shape {
    name: "trigger by table",
    doc: "A trigger of a table or view that is declared elsewhere.",
    keys: &[OF_TABLE, SAID, TRIGGER_KEYS],
};

pub(super) const FILE_TRIGGERS: Value = Value::Map(&Value::Object(&TRIGGER_OF_FILE));

static POLICY_OF_FILE: Shape = Shape {
    name: "policy by table",
    doc: "A policy of a table that is declared elsewhere.",
    keys: &[OF_TABLE, SAID, POLICY_KEYS],
};

pub(super) const FILE_POLICIES: Value = Value::Map(&Value::Object(&POLICY_OF_FILE));
