//! Which hazards a rule is about: allowing one by name silences the rule too.

use crate::facts::hazard::Hazard;

/// The hazards that a rule of `migration-safety/` speaks of.
pub(super) fn of_rule(rule: &str) -> &'static [Hazard] {
    use Hazard as H;
    match rule.strip_prefix("migration-safety/").unwrap_or("") {
        "drop-schema" | "drop-table" | "drop-column" | "truncate" | "dml-without-where" => {
            &[H::DeletesData]
        }
        "drop-enum-value" => &[H::DeletesData, H::NarrowsData],
        "data-narrowing" => &[H::NarrowsData],
        "rename-table"
        | "rename-column"
        | "rename-schema"
        | "rename-enum-value"
        | "type-change-incompatible" => &[H::BreaksRunningClients],
        "set-not-null"
        | "add-check"
        | "type-change-rewrite"
        | "volatile-default"
        | "add-generated-identity"
        | "add-exclusion"
        | "cluster"
        | "vacuum-full" => &[H::BlocksReadsAndWrites],
        "add-unique" | "add-primary-key" => &[H::BlocksReadsAndWrites, H::IndexBuild],
        "add-foreign-key" | "partition-attach" => &[H::BlocksWrites, H::BlocksReadsAndWrites],
        "index-not-concurrent" => &[H::BlocksWrites, H::IndexBuild, H::IndexDropped],
        "reindex" => &[H::BlocksWrites, H::IndexBuild],
        "refresh-matview" => &[H::Recomputes, H::BlocksReadsAndWrites],
        "set-storage" => &[H::BlocksReadsAndWrites, H::BreaksReplication],
        "add-required-column" => &[H::RowDependent],
        "irreversible" => &[H::Irreversible],
        _ => &[],
    }
}
