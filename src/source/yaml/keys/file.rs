//! Keys of a file, and of what is not part of a table.

use super::indexes::{FILE_INDEXES, INDEXES};
use super::parts::{NOTED, OWNED, PRIVILEGES, SAID};
use super::table::{MIXIN, TABLE};
use super::triggers::{FILE_POLICIES, FILE_TRIGGERS, TRIGGERS};
use super::types::{COMPOSITES, DOMAINS, ENUMS, FUNCTIONS, PROCEDURES, RANGES, SEQUENCES};
use super::{Key, NAMES, Shape, TEXTS, Value, key};
use crate::dialect::Capability;

static SCHEMA: Shape = Shape {
    name: "schema",
    doc: "A schema (namespace).",
    keys: &[
        SAID,
        OWNED,
        &[key(
            "external",
            Value::Boolean,
            "Whether the platform owns it: referenced, never created, changed or dropped.",
        )],
    ],
};

static EXTENSION: Shape = Shape {
    name: "extension",
    doc: "An extension.",
    keys: &[&[
        key("name", Value::Name, "Its name.").required(),
        key("schema", Value::Name, "The schema its objects go to."),
        key("version", Value::Text, "Its version."),
        key(
            "description",
            Value::Text,
            "What it is for: stored as its comment.",
        ),
    ]],
};

static VIEW_COLUMN: Shape = Shape {
    name: "view column",
    doc: "A column of a view.",
    keys: &[&[
        key(
            "description",
            Value::Text,
            "What it holds: stored as the column's comment.",
        ),
        key(
            "default",
            Value::Sql,
            "The default that inserting through the view uses.",
        ),
    ]],
};

const VIEW_KEYS: &[Key] = &[
    key("query", Value::Text, "The query.").required(),
    key(
        "columns",
        COLUMNS_VALUE,
        "As a list: the names of its columns, where the query does not give them. As a mapping: what its columns hold.",
    ),
    key(
        "column_names",
        NAMES,
        "The names of its columns, where `columns` is a mapping of what they hold.",
    ),
    key("options", TEXTS, "Other options, such as check_option."),
];

static VIEW: Shape = Shape {
    name: "view",
    doc: "A view.",
    keys: &[
        SAID,
        NOTED,
        OWNED,
        VIEW_KEYS,
        &[
            key(
                "recursive",
                Value::Boolean,
                "Whether the query may name the view.",
            ),
            key(
                "check_option",
                Value::Word(&["local", "cascaded"]),
                "Whether rows written through it must be visible in it.",
            ),
            key(
                "security_barrier",
                Value::Boolean,
                "Whether its conditions come before those of the caller.",
            )
            .needs(Capability::Grants),
            key(
                "security_invoker",
                Value::Boolean,
                "Whether it runs with the caller's rights.",
            )
            .needs(Capability::SecurityInvokerViews),
            key("triggers", TRIGGERS, "Triggers by name."),
        ],
    ],
};

static MATERIALIZED_VIEW: Shape = Shape {
    name: "materialized view",
    doc: "A view whose rows are stored.",
    keys: &[
        SAID,
        NOTED,
        OWNED,
        VIEW_KEYS,
        &[
            key("indexes", INDEXES, "Indexes."),
            key(
                "with_data",
                Value::Boolean,
                "Whether it is filled when it is created; true unless said otherwise.",
            ),
            key("access_method", Value::Name, "The table access method."),
            key("tablespace", Value::Name, "The tablespace."),
            key(
                "cluster_on",
                Value::Name,
                "The index that CLUSTER sorts the rows by.",
            ),
        ],
    ],
};

const VIEWS: Value = Value::Map(&Value::Either(&[Value::Text, Value::Object(&VIEW)]));
const MATERIALIZED_VIEWS: Value = Value::Map(&Value::Either(&[
    Value::Text,
    Value::Object(&MATERIALIZED_VIEW),
]));

static VIRTUAL_TABLE: Shape = Shape {
    name: "virtual table",
    doc: "SQLite: a virtual table.",
    keys: &[
        SAID,
        NOTED,
        &[
            key("using", Value::Name, "The module, such as fts5.").required(),
            key(
                "arguments",
                Value::List(&Value::Text),
                "Its arguments, each as in SQL.",
            ),
        ],
    ],
};

const VIRTUAL_TABLES: Value = Value::Map(&Value::Either(&[
    Value::Text,
    Value::Object(&VIRTUAL_TABLE),
]));

static EVENT_TRIGGER: Shape = Shape {
    name: "event trigger",
    doc: "A trigger on commands that change the schema.",
    keys: &[
        SAID,
        &[
            key(
                "event",
                Value::Word(&[
                    "ddl_command_start",
                    "ddl_command_end",
                    "sql_drop",
                    "table_rewrite",
                    "login",
                ]),
                "What it fires on.",
            )
            .required(),
            key(
                "tags",
                NAMES,
                "The commands that fire it, such as CREATE TABLE; without it, all.",
            ),
            key("function", Value::Name, "The function it calls.").required(),
            key(
                "enabled",
                Value::Word(&["true", "false", "replica", "always"]),
                "Whether it fires.",
            ),
            key("owner", Value::Name, "The role that owns it."),
        ],
    ],
};

const EVENT_TRIGGERS: Value = Value::Map(&Value::Object(&EVENT_TRIGGER));

static GRANT_ON: Shape = Shape {
    name: "grant on",
    doc: "Privileges on objects that are declared elsewhere.",
    keys: &[&[
        key("on", NAMES, "The object, with its kind unless it is a table: `tasks`, `sequence tasks_id_seq`, `function f(integer)`, `schema app`, `all tables in schema app`.").required(),
        key("to", NAMES, "The roles.").required(),
        key("privileges", PRIVILEGES, "The privileges.").required(),
        key("grant_option", Value::Boolean, "Whether the roles may grant them to others."),
        key("revoke", Value::Boolean, "Whether they are taken away instead."),
    ]],
};

static DEFAULT_PRIVILEGES: Shape = Shape {
    name: "default privileges",
    doc: "Privileges on objects yet to be created.",
    keys: &[&[
        key(
            "on",
            Value::Word(&["tables", "sequences", "functions", "types", "schemas"]),
            "The kind of object.",
        )
        .required(),
        key("in", NAMES, "The schemas; without it, all."),
        key(
            "for",
            NAMES,
            "The roles that create the objects; without it, whoever runs the statement.",
        ),
        key("to", NAMES, "The roles that get the privileges.").required(),
        key("privileges", PRIVILEGES, "The privileges.").required(),
        key(
            "grant_option",
            Value::Boolean,
            "Whether the roles may grant them to others.",
        ),
        key(
            "revoke",
            Value::Boolean,
            "Whether they are taken away instead.",
        ),
    ]],
};

pub(in super::super) static FILE: Shape = Shape {
    name: "file",
    doc: "A schema of schemagen: tables, types, views, functions and what belongs to them.",
    keys: &[&[
        key("schema", Value::Name, "The schema of this file's objects; `public` unless said otherwise.")
            .needs(Capability::Schemas),
        key("description", Value::Text, "What the file is about; for its readers only."),
        key("extensions", EXTENSIONS_VALUE, "Extensions.")
            .needs(Capability::Schemas),
        key("schemas", SCHEMAS_VALUE, "Schemas by name.")
            .needs(Capability::Schemas),
        key("roles", NAMES, "The roles that exist: where any file names some, a grant or policy for another is an error.")
            .needs(Capability::Grants),
        key("enums", ENUMS, "Enumerated types by name.").needs(Capability::Enums),
        key("domains", DOMAINS, "Domains by name; in short form as in SQL: `text not null check (value <> '')`.")
            .needs(Capability::Enums),
        key("composite_types", COMPOSITES, "Row types by name.").needs(Capability::Enums),
        key("range_types", RANGES, "Range types by name.").needs(Capability::Enums),
        key("sequences", SEQUENCES, "Sequences by name.").needs(Capability::Schemas),
        key("mixins", MIXINS_VALUE, "What tables have in common, for `include`; known to all files."),
        key("tables", TABLES_VALUE, "Tables by name."),
        key("virtual_tables", VIRTUAL_TABLES, "SQLite: virtual tables by name.").needs(Capability::RowidTables),
        key("views", VIEWS, "Views by name."),
        key("materialized_views", MATERIALIZED_VIEWS, "Materialized views by name.").needs(Capability::Schemas),
        key("functions", FUNCTIONS, "Functions by name.").needs(Capability::Routines),
        key("procedures", PROCEDURES, "Procedures by name.").needs(Capability::Routines),
        key("indexes", FILE_INDEXES, "Indexes of tables that are declared elsewhere."),
        key("triggers", FILE_TRIGGERS, "Triggers of tables that are declared elsewhere."),
        key("policies", FILE_POLICIES, "Policies of tables that are declared elsewhere.")
            .needs(Capability::RowSecurity),
        key("event_triggers", EVENT_TRIGGERS, "Event triggers by name.").needs(Capability::Routines),
        key("grants", GRANTS_VALUE, "Privileges on objects that are declared elsewhere.")
            .needs(Capability::Grants),
        key("default_privileges", DEFAULT_PRIVILEGES_VALUE, "Privileges on objects yet to be created.")
            .needs(Capability::Grants),
        key("sql", STATEMENTS, "Statements as they are, one text or a list: for what has no keys of its own."),
        key("comments", COMMENTS, "Comments on objects that are declared elsewhere, by kind and name: `table tasks`, `column tasks.title`.")
            .needs(Capability::CommentOn),
    ]],
};

const DEFAULT_PRIVILEGES_VALUE: Value = Value::List(&Value::Object(&DEFAULT_PRIVILEGES));

const GRANTS_VALUE: Value = Value::List(&Value::Object(&GRANT_ON));

const TABLES_VALUE: Value = Value::Map(&Value::Object(&TABLE));

const MIXINS_VALUE: Value = Value::Map(&Value::Object(&MIXIN));

const SCHEMAS_VALUE: Value = Value::Map(&Value::Either(&[Value::Null, Value::Object(&SCHEMA)]));

const EXTENSIONS_VALUE: Value =
    Value::List(&Value::Either(&[Value::Text, Value::Object(&EXTENSION)]));

const COLUMNS_VALUE: Value = Value::Either(&[
    Value::List(&Value::Text),
    Value::Map(&Value::Either(&[Value::Text, Value::Object(&VIEW_COLUMN)])),
]);

/// No text takes the comment away.
const COMMENTS: Value = Value::Map(&Value::Either(&[Value::Null, Value::Text]));

const STATEMENTS: Value = Value::Either(&[Value::Text, Value::List(&Value::Text)]);
