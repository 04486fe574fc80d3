//! What a version of a database system can do.

use super::Dialect;
use crate::model::Zone;

/// A database system and its version: PostgreSQL's major (`15`), SQLite's minor of 3 (`45`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetVersion {
    pub dialect: Dialect,
    pub major: u16,
    /// The time zone of a server that said so: what a time without a zone is of.
    pub zone: Option<Zone>,
}

impl TargetVersion {
    /// The version that is assumed where the configuration names none.
    pub fn default_of(dialect: Dialect) -> Self {
        let major = match dialect {
            Dialect::Postgres => 15,
            Dialect::Sqlite => 40,
        };
        Self {
            dialect,
            major,
            zone: None,
        }
    }

    /// `15` or `15.4` of PostgreSQL, `3.45` or `3.45.1` of SQLite.
    pub fn parse(dialect: Dialect, text: &str) -> Option<Self> {
        let mut numbers = text.trim().split('.').map(|n| n.parse::<u16>().ok());
        let major = match dialect {
            Dialect::Postgres => numbers.next()??,
            Dialect::Sqlite => {
                let three = numbers.next()?? == 3;
                three.then(|| numbers.next())???
            }
        };
        let plausible = match dialect {
            Dialect::Postgres => 9..100,
            Dialect::Sqlite => 0..1000,
        };
        let version = Self {
            dialect,
            major,
            zone: None,
        };
        (plausible.contains(&major) && numbers.all(|n| n.is_some())).then_some(version)
    }

    pub fn has(self, capability: Capability) -> bool {
        capability
            .since(self.dialect)
            .is_some_and(|v| self.major >= v)
    }

    /// `PostgreSQL 15`, `SQLite 3.40`.
    pub fn label(self) -> String {
        match self.dialect {
            Dialect::Postgres => format!("PostgreSQL {}", self.major),
            Dialect::Sqlite => format!("SQLite 3.{}", self.major),
        }
    }
}

/// Something that not every dialect or version has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// Schemas within a database.
    Schemas,
    Enums,
    RowSecurity,
    Grants,
    CommentOn,
    /// Stored functions.
    Routines,
    /// A foreign key may be added to an existing table.
    AddConstraint,
    StoredGeneratedColumns,
    VirtualGeneratedColumns,
    NullsNotDistinct,
    /// `security_invoker` of views.
    SecurityInvokerViews,
    /// `ON DELETE SET NULL (columns)`.
    SetNullColumns,
    /// Row filters, column lists and schemas of publications.
    PublicationFilters,
    Merge,
    Multiranges,
    /// `COMPRESSION` of columns.
    ColumnCompression,
    /// `BEGIN ATOMIC` and `RETURN` bodies.
    StandardBodies,
    /// `WITHOUT OVERLAPS` and `PERIOD`.
    TemporalConstraints,
    /// `NOT ENFORCED`.
    NotEnforced,
    /// The privilege `MAINTAIN` on tables.
    Maintain,
    /// `ALTER COLUMN ... SET EXPRESSION`.
    SetExpression,
    /// `extract` gives `numeric`; until then it is `date_part`.
    NumericExtract,
    /// `STRICT` tables.
    StrictTables,
    /// `AUTOINCREMENT`, `WITHOUT ROWID` and virtual tables.
    RowidTables,
    /// `STORAGE` within `CREATE TABLE`.
    InlineColumnStorage,
    UnloggedSequences,
    /// `GENERATED ... AS IDENTITY`.
    IdentityColumns,
    /// `timestamp with time zone` beside `timestamp`.
    TimeZoneTypes,
    /// Integers of two, four and eight bytes, so that the smaller ones overflow early.
    SizedIntegers,
    /// `ALTER TABLE ... RENAME COLUMN`.
    RenameColumn,
    /// `ALTER TABLE ... DROP COLUMN`.
    DropColumn,
    /// Foreign keys of other tables follow a renamed table in any case.
    RenameFollowed,
}

impl Capability {
    /// The first version that has it; `None` where the dialect has it in no version.
    pub fn since(self, dialect: Dialect) -> Option<u16> {
        match dialect {
            Dialect::Postgres => self.since_postgres(),
            Dialect::Sqlite => match self {
                Self::StoredGeneratedColumns | Self::VirtualGeneratedColumns => Some(31),
                Self::StrictTables => Some(37),
                Self::RowidTables => Some(0),
                Self::RenameColumn => Some(25),
                Self::RenameFollowed => Some(26),
                Self::DropColumn => Some(35),
                _ => None,
            },
        }
    }

    fn since_postgres(self) -> Option<u16> {
        Some(match self {
            Self::Schemas
            | Self::Enums
            | Self::RowSecurity
            | Self::Grants
            | Self::CommentOn
            | Self::Routines
            | Self::AddConstraint
            | Self::TimeZoneTypes
            | Self::SizedIntegers
            | Self::RenameColumn
            | Self::DropColumn
            | Self::RenameFollowed => 0,
            Self::IdentityColumns => 10,
            Self::StoredGeneratedColumns => 12,
            Self::Multiranges
            | Self::ColumnCompression
            | Self::StandardBodies
            | Self::NumericExtract => 14,
            Self::NullsNotDistinct
            | Self::SecurityInvokerViews
            | Self::SetNullColumns
            | Self::PublicationFilters
            | Self::Merge
            | Self::UnloggedSequences => 15,
            Self::InlineColumnStorage => 16,
            Self::Maintain | Self::SetExpression => 17,
            Self::VirtualGeneratedColumns | Self::TemporalConstraints | Self::NotEnforced => 18,
            Self::StrictTables | Self::RowidTables => return None,
        })
    }

    /// What it is called in messages.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Schemas => "schemas",
            Self::Enums => "enumerated types",
            Self::RowSecurity => "row-level security",
            Self::Grants => "privileges",
            Self::CommentOn => "COMMENT ON",
            Self::Routines => "stored functions",
            Self::AddConstraint => "ALTER TABLE ... ADD CONSTRAINT",
            Self::StoredGeneratedColumns => "stored generated columns",
            Self::VirtualGeneratedColumns => "virtual generated columns",
            Self::NullsNotDistinct => "NULLS NOT DISTINCT",
            Self::SecurityInvokerViews => "security_invoker views",
            Self::SetNullColumns => "column lists of ON DELETE SET NULL",
            Self::PublicationFilters => "row filters, column lists and schemas of publications",
            Self::Merge => "MERGE",
            Self::Multiranges => "multirange types",
            Self::ColumnCompression => "COMPRESSION of columns",
            Self::StandardBodies => "SQL-standard function bodies",
            Self::TemporalConstraints => "WITHOUT OVERLAPS and PERIOD",
            Self::NotEnforced => "NOT ENFORCED constraints",
            Self::Maintain => "the privilege MAINTAIN",
            Self::SetExpression => "SET EXPRESSION of generated columns",
            Self::NumericExtract => "extract of numeric",
            Self::StrictTables => "STRICT tables",
            Self::RowidTables => "row identifiers, AUTOINCREMENT and virtual tables",
            Self::InlineColumnStorage => "STORAGE within CREATE TABLE",
            Self::UnloggedSequences => "unlogged sequences",
            Self::IdentityColumns => "identity columns",
            Self::TimeZoneTypes => "types with a time zone",
            Self::SizedIntegers => "integers of several sizes",
            Self::RenameColumn => "ALTER TABLE ... RENAME COLUMN",
            Self::DropColumn => "ALTER TABLE ... DROP COLUMN",
            Self::RenameFollowed => "references that follow a renamed table",
        }
    }
}

impl Dialect {
    /// Whether the server names every constraint.
    pub fn names_constraints(self) -> bool {
        self == Self::Postgres
    }

    /// Whether DROP TABLE neither minds foreign keys that refer to the table nor takes them along;
    /// SQLite looks at them when rows change.
    pub fn drop_leaves_references(self) -> bool {
        self == Self::Sqlite
    }

    /// Whether a primary key makes its columns NOT NULL. SQLite, by an old mistake that it keeps,
    /// does so only in tables WITHOUT ROWID ("Quirks", section 5).
    pub fn primary_key_is_not_null(self) -> bool {
        self == Self::Postgres
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_people_write_them() {
        let postgres = |text| TargetVersion::parse(Dialect::Postgres, text).map(|v| v.major);
        assert_eq!(postgres("15"), Some(15));
        assert_eq!(postgres("16.4"), Some(16));
        assert_eq!(postgres("1500"), None);
        assert_eq!(postgres("15.x"), None);
        let sqlite = |text| TargetVersion::parse(Dialect::Sqlite, text).map(|v| v.major);
        assert_eq!(sqlite("3.45.1"), Some(45));
        assert_eq!(sqlite("3"), None);
        assert_eq!(sqlite("45"), None);
    }
}
