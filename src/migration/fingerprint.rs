//! Fingerprints: what a catalog is, in a line.
//!
//! Two catalogs that are equal have one fingerprint: neither spelling nor the order of a table's
//! columns is in it. What it is made from changes with the printer, so it carries a version, and those
//! of other versions are never compared.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::ddl;
use crate::dialect::{Capability, TargetVersion};
use crate::expr::key_of;
use crate::graph;
use crate::model::{Catalog, ObjectKind};

/// The version of fingerprints that this program makes.
const VERSION: u32 = 1;

/// A hash of all that a catalog holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    pub version: u32,
    /// In hexadecimal digits.
    pub digest: String,
}

impl Fingerprint {
    /// The fingerprint of a catalog: of what it owns and a database can hold.
    pub fn of(catalog: &Catalog, version: TargetVersion) -> Self {
        let mut stored = stored(catalog, version);
        for table in stored.tables.values_mut() {
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        }
        let dialect = version.dialect;
        let (graph, _) = graph::build(&stored, dialect);
        let mut statements = Vec::new();
        ddl::each_statement(&stored, &graph, dialect, &mut |ddl| {
            if ddl.object.kind != ObjectKind::Kept {
                statements.push(key_of(&ddl.sql, dialect));
            }
        });
        // In the order of their texts: that of creation is about dependencies.
        statements.sort_unstable();
        Self {
            version: VERSION,
            digest: digest(&statements.join("\n")),
        }
    }

    /// What [`fmt::Display`] writes, read back.
    pub fn parse(text: &str) -> Option<Self> {
        let (version, digest) = text.split_once(':')?;
        Some(Self {
            version: version.parse().ok()?,
            digest: digest.to_owned(),
        })
    }

    /// Whether two fingerprints of one version differ; those of two versions say nothing.
    pub fn contradicts(&self, other: &Self) -> bool {
        self.version == other.version && self.digest != other.digest
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.version, self.digest)
    }
}

/// What a database can hold of a catalog, and belongs to it.
pub fn stored(catalog: &Catalog, version: TargetVersion) -> Catalog {
    let owned = catalog.owned();
    match version.has(Capability::CommentOn) {
        true => owned,
        false => owned.without_comments(),
    }
}

/// The first half of a SHA-256: enough to see that something is another.
pub(super) fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// The hash of a migration's way up; line ends of other systems are the same.
pub fn hash(text: &str) -> String {
    digest(&text.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::migration::testing::catalog;

    fn of(text: &str) -> String {
        let version = TargetVersion::default_of(Dialect::Postgres);
        Fingerprint::of(&catalog(text), version).to_string()
    }

    /// When this fails for a catalog that has not changed, the printer has: raise [`VERSION`].
    #[test]
    fn a_fingerprint_stays_what_it_is() {
        let text = "CREATE TYPE s AS ENUM ('a', 'b');\n\
                    CREATE TABLE t (id int PRIMARY KEY, s s DEFAULT 'a', CHECK (id > 0));\n\
                    CREATE VIEW v AS SELECT id FROM t;";
        assert_eq!(of(text), "1:15c9a27dbe681df5b5cabde34e04906d");
    }

    #[test]
    fn spelling_and_order_are_not_in_it() {
        let one = of("CREATE TABLE t (a int DEFAULT (1), b text CHECK (b<>''));");
        let two = of("CREATE TABLE public.t (b text check ( B <> '' ), a integer DEFAULT 1);");
        assert_eq!(one, two);
        assert_ne!(
            one,
            of("CREATE TABLE t (a int DEFAULT 2, b text CHECK (b <> ''));")
        );
        assert_ne!(
            of("CREATE TABLE t (a int);"),
            of("CREATE TABLE t (a int NOT NULL);")
        );
        assert_ne!(of(""), of("CREATE TABLE t (a int);"));
    }

    #[test]
    fn versions_do_not_contradict_each_other() {
        let print = |text| Fingerprint::parse(text).unwrap();
        assert!(print("1:aa").contradicts(&print("1:bb")));
        assert!(!print("1:aa").contradicts(&print("2:bb")));
        assert_eq!(Fingerprint::parse("aa"), None);
    }
}
