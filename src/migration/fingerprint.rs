//! Fingerprints: what a catalog is, in a line.
//!
//! Two catalogs that are equal have one fingerprint: neither spelling nor the order of a table's
//! columns is in it. What it is made from changes with the printer, so it carries a version, and those
//! of other versions are never compared.

use std::borrow::Cow;
use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::ddl::{self, Ddl};
use crate::dialect::{Capability, Dialect, TargetVersion};
use crate::expr::key_of;
use crate::graph::Graph;
use crate::model::{Catalog, ObjectId, ObjectKind};

/// The version of fingerprints that this program makes.
const VERSION: u32 = 2;

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
        // A large schema is not copied to leave out what no statement is printed for.
        let stored = match version.has(Capability::CommentOn) {
            true => Cow::Borrowed(catalog),
            false => Cow::Owned(catalog.clone().without_comments()),
        };
        let dialect = version.dialect;
        let graph = apart(&stored, dialect);
        let mut statements: Vec<[u8; 32]> = Vec::new();
        ddl::each_statement(&stored, &graph, dialect, &mut |ddl| {
            if ddl.object.kind != ObjectKind::Kept {
                statements.push(Sha256::digest(key(&ddl, dialect).as_bytes()).into());
            }
        });
        // In an order of their own: that of creation is about dependencies.
        statements.sort_unstable();
        Self {
            version: VERSION,
            digest: hexadecimal(&Sha256::digest(statements.concat())),
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

/// A graph without edges in which every foreign key stands apart: how a catalog is cut into statements
/// depends on nothing else.
fn apart(catalog: &Catalog, dialect: Dialect) -> Graph {
    let order = catalog.objects().into_iter().map(|(id, _)| id).collect();
    let mut graph = Graph::new(order, &[]);
    if dialect == Dialect::Postgres {
        for table in catalog.tables.values() {
            let keys = table.foreign_keys().map(|(c, _)| c);
            let keys = keys.map(|c| ObjectId::constraint(&table.name, &c.name));
            graph.deferred.extend(keys);
        }
    }
    graph
}

/// What is hashed of a statement; that of a table is its lines in any order.
fn key(ddl: &Ddl, dialect: Dialect) -> String {
    if ddl.object.kind != ObjectKind::Table || !ddl.sql.starts_with("CREATE") {
        return key_of(&ddl.sql, dialect);
    }
    let lines = ddl.sql.lines().map(|line| line.trim_end_matches(','));
    let mut keys: Vec<String> = lines.map(|line| key_of(line, dialect)).collect();
    keys.sort_unstable();
    keys.join("\n")
}

/// What a database can hold of a catalog, and belongs to it.
pub fn stored(catalog: &Catalog, version: TargetVersion) -> Catalog {
    let owned = catalog.owned();
    match version.has(Capability::CommentOn) {
        true => owned,
        false => owned.without_comments(),
    }
}

/// Whether two catalogs are the same to a database: columns that came later stand last.
pub fn is_same(one: &Catalog, other: &Catalog, version: TargetVersion) -> bool {
    let sorted = |catalog: &Catalog| {
        let mut stored = stored(catalog, version);
        for table in stored.tables.values_mut() {
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        }
        stored
    };
    one == other || sorted(one) == sorted(other)
}

/// The first half of a SHA-256: enough to see that something is another.
pub(super) fn digest(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

fn hexadecimal(hash: &[u8]) -> String {
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

    #[test]
    fn the_order_of_columns_is_no_difference() {
        let version = TargetVersion::default_of(Dialect::Postgres);
        let one = catalog("CREATE TABLE t (a int, b int);");
        assert!(is_same(
            &one,
            &catalog("CREATE TABLE t (b int, a int);"),
            version
        ));
        assert!(!is_same(
            &one,
            &catalog("CREATE TABLE t (b int, a text);"),
            version
        ));
    }

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
        assert_eq!(of(text), "2:a6ec748f86fb775e9e89f33486627ad8");
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
