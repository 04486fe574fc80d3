//! What was read of the sources, counted: nothing is left out in silence.

/// What was read and what became of it; the parts add up to `read`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub read: usize,
    pub modelled: usize,
    pub opaque: usize,
    /// Kept verbatim: reference data and DO blocks.
    pub kept: usize,
    /// Statements that are in error, each with a diagnostic.
    pub failed: usize,
    pub skipped: std::collections::BTreeMap<SkipReason, usize>,
}

impl Statistics {
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.modelled += other.modelled;
        self.opaque += other.opaque;
        self.kept += other.kept;
        self.failed += other.failed;
        for (reason, count) in &other.skipped {
            *self.skipped.entry(*reason).or_default() += count;
        }
    }
}

/// Why a statement says nothing about the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// `SET`, `RESET`, `SELECT set_config(...)`; those of `search_path` are heeded.
    Setting,
    /// `BEGIN`, `COMMIT`, `SAVEPOINT`.
    TransactionControl,
    /// `COPY ... FROM stdin` and its data, `setval`.
    Data,
    /// A psql line that begins with a backslash.
    PsqlCommand,
    /// `PRAGMA`.
    Pragma,
    /// `ANALYZE`, `VACUUM`, `REFRESH`, `CHECKPOINT`, `LOCK`, a query whose result nobody reads.
    Maintenance,
    /// A `DO` block that does nothing with this version.
    Branch,
    /// `CREATE ROLE`, `ALTER DATABASE` and other objects of the cluster, not of the database.
    Cluster,
}

impl SkipReason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Setting => "session setting",
            Self::TransactionControl => "transaction control",
            Self::Data => "data",
            Self::PsqlCommand => "psql command",
            Self::Pragma => "pragma",
            Self::Maintenance => "maintenance",
            Self::Branch => "branch that is not taken",
            Self::Cluster => "cluster-wide object",
        }
    }
}
