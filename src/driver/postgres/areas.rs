//! The areas of the catalog, each with its one query, in the order in which their statements run.

/// One area of the catalog.
pub(super) struct Area {
    /// What it holds, for errors.
    pub what: &'static str,
    pub query: &'static str,
    /// Whether its rows are objects of their own, and counted where they are left out.
    pub counts: bool,
    /// Whether its rows are tables.
    pub tables: bool,
    /// Whether only a superuser may read it.
    pub superuser: bool,
}

/// What is not read, counted.
pub(super) const LEFT_OUT: &str = include_str!("queries/left_out.sql");

/// The list of everything that has an owner, which two areas begin with.
pub(super) const OWNED: &str = include_str!("queries/owned.sql");

const fn objects(what: &'static str, query: &'static str) -> Area {
    Area {
        what,
        query,
        counts: true,
        tables: false,
        superuser: false,
    }
}

/// What is said about objects of other areas.
const fn facets(what: &'static str, query: &'static str) -> Area {
    Area {
        counts: false,
        ..objects(what, query)
    }
}

pub(super) const AREAS: &[Area] = &[
    objects("schemas", include_str!("queries/schemas.sql")),
    objects("extensions", include_str!("queries/extensions.sql")),
    objects("collations", include_str!("queries/collations.sql")),
    facets("shell types", include_str!("queries/types.sql")),
    objects("enums", include_str!("queries/enums.sql")),
    objects("domains", include_str!("queries/domains.sql")),
    objects("composite types", include_str!("queries/composites.sql")),
    objects("range types", include_str!("queries/ranges.sql")),
    objects("routines", include_str!("queries/routines.sql")),
    objects("base types", include_str!("queries/base_types.sql")),
    objects("languages", include_str!("queries/languages.sql")),
    objects("aggregates", include_str!("queries/aggregates.sql")),
    objects("operators", include_str!("queries/operators.sql")),
    objects(
        "operator families",
        include_str!("queries/operator_families.sql"),
    ),
    objects(
        "operator classes",
        include_str!("queries/operator_classes.sql"),
    ),
    objects("casts", include_str!("queries/casts.sql")),
    objects("text search", include_str!("queries/text_search.sql")),
    objects("foreign data", include_str!("queries/foreign.sql")),
    Area {
        tables: true,
        ..objects("tables", include_str!("queries/tables.sql"))
    },
    objects("sequences", include_str!("queries/sequences.sql")),
    facets("partitions", include_str!("queries/partitions.sql")),
    objects("views", include_str!("queries/views.sql")),
    facets("columns", include_str!("queries/columns.sql")),
    facets(
        "table settings",
        include_str!("queries/relation_settings.sql"),
    ),
    facets("constraints", include_str!("queries/constraints.sql")),
    objects("indexes", include_str!("queries/indexes.sql")),
    facets("index settings", include_str!("queries/index_settings.sql")),
    objects("statistics objects", include_str!("queries/statistics.sql")),
    facets("rules", include_str!("queries/rules.sql")),
    facets("triggers", include_str!("queries/triggers.sql")),
    facets("policies", include_str!("queries/policies.sql")),
    objects("event triggers", include_str!("queries/event_triggers.sql")),
    objects("publications", include_str!("queries/publications.sql")),
    Area {
        superuser: true,
        ..objects("subscriptions", include_str!("queries/subscriptions.sql"))
    },
    facets("dependencies", include_str!("queries/dependencies.sql")),
    facets("owners", include_str!("queries/owners.sql")),
    facets("privileges", include_str!("queries/privileges.sql")),
    facets(
        "default privileges",
        include_str!("queries/default_privileges.sql"),
    ),
    facets("comments", include_str!("queries/comments.sql")),
    facets(
        "security labels",
        include_str!("queries/security_labels.sql"),
    ),
];
