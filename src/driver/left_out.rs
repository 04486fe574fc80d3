//! What a database holds and the schema does not: by name, by owner, by kind; counted.

/// How many objects were left out, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Belong to an extension.
    pub extension_members: usize,
    /// Belong to an external schema.
    pub external: usize,
    /// Named by `exclude:`.
    pub excluded: usize,
    /// Hold the history of a migration tool.
    pub history_tables: usize,
    pub temporary: usize,
    /// The rest of a `CREATE INDEX CONCURRENTLY` that failed.
    pub invalid_indexes: usize,
    /// Stand alone for now: `DETACH PARTITION CONCURRENTLY` has not ended.
    pub detaching_partitions: usize,
    /// Data, and not of any table.
    pub large_objects: usize,
    /// Only a superuser may read them.
    pub subscriptions: usize,
    /// Comments on NOT NULL constraints: a column has no such name here.
    pub not_null_comments: usize,
    /// Tables in which a SQLite virtual table keeps its data.
    pub shadow_tables: usize,
}

impl LeftOut {
    /// The reasons in words, with the numbers that are not zero.
    pub fn list(&self) -> Vec<(&'static str, usize)> {
        let all = [
            ("members of extensions", self.extension_members),
            ("objects of external schemas", self.external),
            ("excluded objects", self.excluded),
            ("history tables of migration tools", self.history_tables),
            ("temporary objects", self.temporary),
            ("invalid indexes", self.invalid_indexes),
            (
                "partitions that are being detached",
                self.detaching_partitions,
            ),
            ("large objects", self.large_objects),
            (
                "subscriptions that only a superuser may read",
                self.subscriptions,
            ),
            ("comments on NOT NULL constraints", self.not_null_comments),
            ("shadow tables", self.shadow_tables),
        ];
        all.into_iter().filter(|(_, count)| *count > 0).collect()
    }
}

/// Tables in which migration tools keep what has been applied.
const HISTORY_TABLES: [&str; 32] = [
    "_prisma_migrations",
    "_sqlx_migrations",
    "__diesel_schema_migrations",
    "__drizzle_migrations",
    "__EFMigrationsHistory",
    "_yoyo_log",
    "_yoyo_migration",
    "_yoyo_version",
    "alembic_version",
    "ar_internal_metadata",
    "atlas_schema_revisions",
    "changelog_lock",
    "databasechangelog",
    "databasechangeloglock",
    "django_migrations",
    "doctrine_migration_versions",
    "flyway_schema_history",
    "goose_db_version",
    "gorp_migrations",
    "knex_migrations",
    "knex_migrations_lock",
    "kysely_migration",
    "kysely_migration_lock",
    "phinxlog",
    "pgmigrations",
    "pgroll_migrations",
    "refinery_schema_history",
    "schema_migrations",
    "schemagen_migrations",
    "seaql_migrations",
    "SequelizeMeta",
    "typeorm_migrations",
];

/// Whether a table of this name holds the history of a migration tool.
pub fn is_history_table(name: &str) -> bool {
    HISTORY_TABLES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_left_out_is_listed() {
        let left_out = LeftOut {
            excluded: 2,
            temporary: 1,
            ..LeftOut::default()
        };
        assert_eq!(
            left_out.list(),
            [("excluded objects", 2), ("temporary objects", 1)]
        );
    }

    #[test]
    fn history_tables_go_by_their_whole_name() {
        assert!(is_history_table("_sqlx_migrations"));
        assert!(!is_history_table("my_schema_migrations"));
    }
}
