//! What well-known extensions bring, and what they do not: of others anything may come.

/// An extension of which it is known what it brings; its types are those of `extension_types.rs`.
pub struct KnownExtension {
    name: &'static str,
    /// Whether it brings tables or views.
    pub brings_relations: bool,
    /// Whether operators or casts of its types come with it that are not among the built-in ones.
    pub brings_operators: bool,
}

const fn plain(name: &'static str) -> KnownExtension {
    KnownExtension {
        name,
        brings_relations: false,
        brings_operators: false,
    }
}

const fn with_relations(name: &'static str) -> KnownExtension {
    KnownExtension {
        brings_relations: true,
        ..plain(name)
    }
}

const fn with_operators(name: &'static str) -> KnownExtension {
    KnownExtension {
        brings_operators: true,
        ..plain(name)
    }
}

/// Sorted by name. Source: the scripts of contrib of PostgreSQL 15 to 17, and of pgvector 0.8.
static KNOWN: &[KnownExtension] = &[
    plain("adminpack"),
    plain("amcheck"),
    plain("autoinc"),
    plain("bloom"),
    plain("btree_gin"),
    plain("btree_gist"),
    plain("citext"),
    plain("cube"),
    plain("dblink"),
    plain("dict_int"),
    plain("dict_xsyn"),
    plain("earthdistance"),
    plain("file_fdw"),
    plain("fuzzystrmatch"),
    plain("hstore"),
    plain("insert_username"),
    plain("intarray"),
    with_operators("isn"),
    with_operators("lo"),
    plain("ltree"),
    plain("moddatetime"),
    plain("pageinspect"),
    with_relations("pg_buffercache"),
    plain("pg_freespacemap"),
    plain("pg_prewarm"),
    with_relations("pg_stat_statements"),
    plain("pg_surgery"),
    plain("pg_trgm"),
    plain("pg_visibility"),
    plain("pg_walinspect"),
    plain("pgcrypto"),
    plain("pgrowlocks"),
    plain("pgstattuple"),
    plain("plpgsql"),
    plain("postgres_fdw"),
    plain("refint"),
    with_operators("seg"),
    plain("sslinfo"),
    plain("tablefunc"),
    plain("tcn"),
    plain("tsm_system_rows"),
    plain("tsm_system_time"),
    plain("unaccent"),
    plain("uuid-ossp"),
    with_operators("vector"),
];

/// What is known of an extension; `None` for one that may bring anything.
pub fn known_extension(name: &str) -> Option<&'static KnownExtension> {
    let at = KNOWN.binary_search_by_key(&name, |e| e.name).ok()?;
    Some(&KNOWN[at])
}

/// The extension that `name` needs, which `CREATE EXTENSION ... CASCADE` brings along.
pub fn required_extension(name: &str) -> Option<&'static str> {
    (name == "earthdistance").then_some("cube")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(KNOWN.is_sorted_by_key(|e| e.name));
        assert!(known_extension("uuid-ossp").is_some_and(|e| !e.brings_relations));
        assert!(known_extension("postgis").is_none());
    }
}
