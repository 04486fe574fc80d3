//! Every rule, once.

use super::Rule;
use super::rules::*;
use crate::diagnostic::nearest;

/// Every rule, sorted by id. A test walks it: documentation, examples and options of each.
pub static RULES: &[&dyn Rule] = &[
    &constraint::fk_cycle::FkCycle,
    &constraint::fk_set_null_on_not_null::FkSetNullOnNotNull,
    &constraint::fk_target_not_unique::FkTargetNotUnique,
    &constraint::fk_type_mismatch::FkTypeMismatch,
    &constraint::missing_foreign_key::MissingForeignKey,
    &constraint::missing_primary_key::MissingPrimaryKey,
    &constraint::three_state_boolean::ThreeStateBoolean,
    &documentation::broken_link::BrokenLink,
    &documentation::table_comment::TableComment,
    &index::duplicate::Duplicate,
    &index::fk_unindexed::FkUnindexed,
    &index::redundant_prefix::RedundantPrefix,
    &index::shadows_constraint::ShadowsConstraint,
    &meta::expired_suppression::ExpiredSuppression,
    &meta::parse_error::ParseError,
    &meta::suppression_without_reason::SuppressionWithoutReason,
    &meta::unknown_rule::UnknownRule,
    &meta::unused_suppression::UnusedSuppression,
    &migration_safety::add_check::AddCheck,
    &migration_safety::add_exclusion::AddExclusion,
    &migration_safety::add_foreign_key::AddForeignKey,
    &migration_safety::add_generated_identity::AddGeneratedIdentity,
    &migration_safety::add_primary_key::AddPrimaryKey,
    &migration_safety::add_required_column::AddRequiredColumn,
    &migration_safety::add_unique::AddUnique,
    &migration_safety::ambiguous_rename::AmbiguousRename,
    &migration_safety::cluster::Cluster,
    &migration_safety::concurrent_in_transaction::ConcurrentInTransaction,
    &migration_safety::create_table_fk_lock::CreateTableFkLock,
    &migration_safety::data_narrowing::DataNarrowing,
    &migration_safety::dml_without_where::DmlWithoutWhere,
    &migration_safety::drop_column::DropColumn,
    &migration_safety::drop_constraint::DropConstraint,
    &migration_safety::drop_enum_value::DropEnumValue,
    &migration_safety::drop_not_null::DropNotNull,
    &migration_safety::drop_schema::DropSchema,
    &migration_safety::drop_table::DropTable,
    &migration_safety::enum_add_value::EnumAddValue,
    &migration_safety::index_not_concurrent::IndexNotConcurrent,
    &migration_safety::invalid_index_left::InvalidIndexLeft,
    &migration_safety::irreversible::Irreversible,
    &migration_safety::lock_timeout::LockTimeout,
    &migration_safety::lock_window::LockWindow,
    &migration_safety::merge_alters::MergeAlters,
    &migration_safety::not_rerunnable::NotRerunnable,
    &migration_safety::partition_attach::PartitionAttach,
    &migration_safety::partition_detach::PartitionDetach,
    &migration_safety::refresh_matview::RefreshMatview,
    &migration_safety::reindex::Reindex,
    &migration_safety::rename_column::RenameColumn,
    &migration_safety::rename_enum_value::RenameEnumValue,
    &migration_safety::rename_schema::RenameSchema,
    &migration_safety::rename_table::RenameTable,
    &migration_safety::set_not_null::SetNotNull,
    &migration_safety::set_storage::SetStorage,
    &migration_safety::sqlite_table_rebuild::SqliteTableRebuild,
    &migration_safety::transaction_control::TransactionControl,
    &migration_safety::trigger_change::TriggerChange,
    &migration_safety::truncate::Truncate,
    &migration_safety::type_change_incompatible::TypeChangeIncompatible,
    &migration_safety::type_change_rewrite::TypeChangeRewrite,
    &migration_safety::unqualified_name::UnqualifiedName,
    &migration_safety::unread_block::UnreadBlock,
    &migration_safety::vacuum_full::VacuumFull,
    &migration_safety::validate_same_transaction::ValidateSameTransaction,
    &migration_safety::volatile_default::VolatileDefault,
    &naming::case::Case,
    &naming::identifier_collision::IdentifierCollision,
    &naming::identifier_too_long::IdentifierTooLong,
    &naming::reserved_word::ReservedWord,
    &normalization::copied_parent_column::CopiedParentColumn,
    &normalization::fd_bcnf::FdBcnf,
    &normalization::fd_partial_dependency::FdPartialDependency,
    &normalization::fd_redundant::FdRedundant,
    &normalization::fd_transitive_dependency::FdTransitiveDependency,
    &normalization::multi_valued_text::MultiValuedText,
    &normalization::repeating_group::RepeatingGroup,
    &security::definer_search_path::DefinerSearchPath,
    &security::policy_always_true::PolicyAlwaysTrue,
    &security::policy_without_rls::PolicyWithoutRls,
    &security::rls_disabled::RlsDisabled,
    &security::rls_no_policy::RlsNoPolicy,
    &security::sensitive_plaintext::SensitivePlaintext,
    &types::bigint_key::BigintKey,
    &types::float_money::FloatMoney,
    &types::no_char::NoChar,
    &types::no_money::NoMoney,
    &types::no_timetz::NoTimetz,
    &types::prefer_identity::PreferIdentity,
    &types::prefer_jsonb::PreferJsonb,
    &types::prefer_timestamptz::PreferTimestamptz,
];

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static dyn Rule> {
    let place = RULES.binary_search_by(|rule| rule.info().id.cmp(id));
    place.ok().map(|place| RULES[place])
}

/// The id of the rule that a mistyped id most likely means: by the whole, or by the name alone
/// where the group is wrong or left out.
pub fn nearest_rule(id: &str) -> Option<&'static str> {
    let ids = || RULES.iter().map(|rule| rule.info().id);
    let name = id.rsplit('/').next().unwrap_or(id);
    let same_name = ids().find(|known| known.rsplit('/').next() == Some(name));
    same_name.or_else(|| nearest(id, ids()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_found_by_id() {
        let ids: Vec<&str> = RULES.iter().map(|rule| rule.info().id).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
        for id in ids {
            assert_eq!(find(id).map(|rule| rule.info().id), Some(id));
        }
        assert!(find("naming/none").is_none());
    }

    #[test]
    fn the_file_of_a_rule_has_its_documentation() {
        for rule in RULES {
            let info = rule.info();
            assert!(info.docs.starts_with("//! "), "{}", info.id);
            assert!(info.docs.contains(info.id), "{}", info.id);
        }
    }

    #[test]
    fn a_mistyped_id_finds_its_rule() {
        assert_eq!(nearest_rule("naming/cas"), Some("naming/case"));
        assert_eq!(nearest_rule("case"), Some("naming/case"));
    }
}
