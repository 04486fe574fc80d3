//! Every key of `schemagen.yaml`, with what it takes and what it means.

use crate::source::yaml::document::{Key, Shape, Value, key};

const PATHS: Value = Value::Either(&[Value::Text, Value::List(&Value::Text)]);

/// The root of the file.
pub(super) static ROOT: Value = Value::Object(&CONFIG);

static CONFIG: Shape = Shape {
    name: "configuration",
    doc: "schemagen.yaml.",
    keys: &[KEYS],
};

const KEYS: &[Key] = &[
    key(
        "dialect",
        Value::Word(&["postgres", "sqlite"]),
        "The database system.",
    ),
    key(
        "target_version",
        Value::Text,
        "The version of the database: 15 for PostgreSQL, 3.45 for SQLite.",
    ),
    key("sources", PATHS, "Files and folders of the schema."),
    key(
        "setup",
        PATHS,
        "Files whose objects exist already and belong to others.",
    ),
    key("output", Value::Text, "The folder of the outputs."),
    key(
        "templates",
        Value::Text,
        "The folder of your own templates, which take the place of the embedded ones.",
    ),
    key(
        "migrations",
        Value::Object(&MIGRATIONS),
        "Where migrations go, and how they are named.",
    ),
    key(
        "outputs",
        Value::Object(&OUTPUTS),
        "What is made of the schema. Without this key, everything is.",
    ),
    key("checks", Value::Object(&CHECKS), "The rules."),
    key(
        "external_schemas",
        Value::List(&Value::Text),
        "Schemas that the platform owns: referenced, never created or changed.",
    ),
    key(
        "exclude",
        Value::List(&Value::Text),
        "Globs over object names: what they match is no part of the schema.",
    ),
    key(
        "manage",
        Value::List(&Value::Word(&["owners", "grants", "tablespaces"])),
        "What counts against a database though no source mentions it.",
    ),
    key(
        "online",
        Value::Boolean,
        "Whether migrations keep tables that are in use readable and writable.",
    ),
];

static MIGRATIONS: Shape = Shape {
    name: "migrations section",
    doc: "Where migrations go, and how they are named.",
    keys: &[&[
        key("folder", Value::Text, "The folder of the migrations."),
        key(
            "layout",
            Value::Word(&[
                "sqlx",
                "golang-migrate",
                "diesel",
                "flyway",
                "dbmate",
                "supabase",
            ]),
            "The tool that runs them, which decides how their files are named.",
        ),
        key(
            "allow",
            Value::List(&Value::Text),
            "Hazards that migrations may have: `deletes-data`, or `deletes-data:audit.*`.",
        ),
        key(
            "online",
            Value::Boolean,
            "Whether tables that are in use stay so while a migration runs; true where nothing is said.",
        ),
    ]],
};

static OUTPUTS: Shape = Shape {
    name: "outputs section",
    doc: "What is made of the schema.",
    keys: &[&[
        key("sql", Value::Object(&SQL), "The canonical SQL."),
        key("rust", Value::Object(&RUST), "Rust models."),
        key("markdown", Value::Object(&MARKDOWN), "A page a table."),
        key("mermaid", Value::Object(&MERMAID), "The ER diagram."),
        key("svg", Value::Object(&SVG), "The ER diagram as a picture."),
        key(
            "html",
            Value::Object(&HTML),
            "Everything as one page that needs no network.",
        ),
    ]],
};

static SQL: Shape = Shape {
    name: "sql output",
    doc: "The canonical SQL.",
    keys: &[],
};

static RUST: Shape = Shape {
    name: "rust output",
    doc: "Rust models.",
    keys: &[&[
        key("folder", Value::Text, "Their folder, below the output's."),
        key(
            "flavour",
            Value::Word(&["tokio-postgres"]),
            "The client that they use.",
        ),
        key("dates", Value::Word(&["chrono"]), "The crate for dates."),
    ]],
};

static MARKDOWN: Shape = Shape {
    name: "markdown output",
    doc: "A page a table.",
    keys: &[&[
        key(
            "form",
            Value::Word(&["pages", "one-file"]),
            "A page a table, or all of it as one file.",
        ),
        key(
            "columns",
            Value::Word(&["full", "short"]),
            "The tables of columns: with keys and defaults apart, or name, type and description.",
        ),
    ]],
};

static SVG: Shape = Shape {
    name: "svg output",
    doc: "The ER diagram as a picture.",
    keys: &[],
};

static HTML: Shape = Shape {
    name: "html output",
    doc: "Everything as one page that needs no network.",
    keys: &[&[key("title", Value::Text, "The heading of the page.")]],
};

static MERMAID: Shape = Shape {
    name: "mermaid output",
    doc: "The ER diagram.",
    keys: &[&[key(
        "target",
        Value::Word(&["10.9", "11.4", "11.6", "11.16"]),
        "The oldest version of Mermaid that has to draw it.",
    )]],
};

const LEVEL: Value = Value::Word(&["error", "warning", "info", "off"]);

static CHECKS: Shape = Shape {
    name: "checks section",
    doc: "The rules.",
    keys: &[&[
        key(
            "preset",
            Value::Word(&["recommended", "strict", "supabase"]),
            "Levels to start from.",
        ),
        key(
            "rules",
            // A level, or a level with the options of the rule, which the rule itself knows.
            Value::Map(&Value::Either(&[LEVEL, Value::Map(&Value::Json)])),
            "The level of a rule, or its level and options.",
        ),
        key(
            "fail_on",
            Value::Word(&["error", "warning", "info"]),
            "The least level of findings that makes the exit code 1.",
        ),
        key(
            "exposed_schemas",
            Value::List(&Value::Text),
            "Schemas that clients reach directly.",
        ),
        key(
            "overrides",
            Value::List(&Value::Object(&OVERRIDE)),
            "Levels for some objects only; later ones win.",
        ),
    ]],
};

static OVERRIDE: Shape = Shape {
    name: "override",
    doc: "Levels for some objects only.",
    keys: &[&[
        key("objects", PATHS, "Globs over object names."),
        key("rules", Value::Map(&LEVEL), "The levels."),
    ]],
};
