//! Keywords, by how far they may be used as names.
//!
//! Source: PostgreSQL 15 to 18, `pg_get_keywords()` (manual, appendix C). Each list is sorted.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::Dialect;
use super::sqlite_keywords::{SQLITE, SQLITE_NEVER_A_NAME};

/// Category R: never a column or table name without quotes.
static RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "initially",
    "intersect",
    "into",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "session_user",
    "some",
    "symmetric",
    "system_user",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "where",
    "window",
    "with",
];

/// Category T: reserved, but can be a function or type name.
static RESERVED_FUNCTION_OR_TYPE: &[&str] = &[
    "authorization",
    "binary",
    "collation",
    "concurrently",
    "cross",
    "current_schema",
    "freeze",
    "full",
    "ilike",
    "inner",
    "is",
    "isnull",
    "join",
    "left",
    "like",
    "natural",
    "notnull",
    "outer",
    "overlaps",
    "right",
    "similar",
    "tablesample",
    "verbose",
];

/// Category C: cannot be a function or type name.
static COLUMN_NAME: &[&str] = &[
    "between",
    "bigint",
    "bit",
    "boolean",
    "char",
    "character",
    "coalesce",
    "dec",
    "decimal",
    "exists",
    "extract",
    "float",
    "greatest",
    "grouping",
    "inout",
    "int",
    "integer",
    "interval",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "least",
    "merge_action",
    "national",
    "nchar",
    "none",
    "normalize",
    "nullif",
    "numeric",
    "out",
    "overlay",
    "position",
    "precision",
    "real",
    "row",
    "setof",
    "smallint",
    "substring",
    "time",
    "timestamp",
    "treat",
    "trim",
    "values",
    "varchar",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

impl Dialect {
    /// Whether `word` (lower case) is an error as a table or column name without quotes. SQLite has
    /// many keywords that it takes for names all the same; see [`Self::is_reserved`].
    pub fn is_never_a_name(self, word: &str) -> bool {
        match self {
            Self::Postgres => self.is_reserved(word),
            Self::Sqlite => contains(SQLITE_NEVER_A_NAME, word),
        }
    }

    /// Whether `word` (lower case) cannot be a table or column name without quotes.
    pub fn is_reserved(self, word: &str) -> bool {
        match self {
            Self::Postgres => contains(RESERVED, word) || contains(RESERVED_FUNCTION_OR_TYPE, word),
            Self::Sqlite => contains(SQLITE, word),
        }
    }

    /// Whether `word` (lower case) may be a type's name without quotes (`type_function_name`).
    pub fn may_name_a_type(self, word: &str) -> bool {
        self == Self::Sqlite || !contains(RESERVED, word)
    }

    /// Whether `pg_dump` would quote the word: reserved in any position.
    pub(super) fn needs_quotes(self, word: &str) -> bool {
        static POSTGRES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
            let words = [RESERVED, RESERVED_FUNCTION_OR_TYPE, COLUMN_NAME];
            words.into_iter().flatten().copied().collect()
        });
        match self {
            Self::Postgres => POSTGRES.contains(word),
            Self::Sqlite => self.is_reserved(word),
        }
    }
}

fn contains(sorted: &[&str], word: &str) -> bool {
    sorted.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        for list in [
            RESERVED,
            RESERVED_FUNCTION_OR_TYPE,
            COLUMN_NAME,
            SQLITE,
            SQLITE_NEVER_A_NAME,
        ] {
            assert!(list.is_sorted());
        }
    }

    #[test]
    fn what_is_never_a_name_is_a_keyword() {
        for word in SQLITE_NEVER_A_NAME {
            assert!(Dialect::Sqlite.is_reserved(word), "{word}");
        }
        assert!(!Dialect::Sqlite.is_never_a_name("key"));
        assert!(Dialect::Sqlite.is_never_a_name("order"));
    }
}
