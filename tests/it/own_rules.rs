//! Plans pass the rules that ask for another form of a change: what they still find lies in the change
//! itself, or cannot be helped, which is written down here with its reason.

use std::collections::BTreeMap;

use schemagen::check::Settings;
use schemagen::check::migration::{MigrationInput, Script, Sent, check_migration};
use schemagen::diagnostic::FileId;
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::Pair;
use schemagen::plan::{Options, plan_with};
use schemagen::source::{SourceFile, SourceKind};

use crate::support::corpus::{self, Transition};

/// Rules that say how to do the same in another way.
const OF_FORM: [&str; 16] = [
    "add-check",
    "add-foreign-key",
    "add-primary-key",
    "add-unique",
    "concurrent-in-transaction",
    "index-not-concurrent",
    "lock-timeout",
    "lock-window",
    "merge-alters",
    "invalid-index-left",
    "not-rerunnable",
    "partition-attach",
    "refresh-matview",
    "set-not-null",
    "transaction-control",
    "validate-same-transaction",
];

/// What cannot be helped: the rule, a part of the case's name, and why.
const HELPLESS: [(&str, &str, &str); 25] = [
    (
        "index-not-concurrent",
        " drop_index_with_cluster",
        CLUSTERED,
    ),
    (
        "index-not-concurrent",
        " local_partition_index/Switch",
        PARTITIONED,
    ),
    ("index-not-concurrent", " partitioned_index/", PARTITIONED),
    ("index-not-concurrent", " partitioned_table/", PARTITIONED),
    ("index-not-concurrent", " materialized_view_index/", OF_VIEW),
    ("index-not-concurrent", " create_index/drop_index", OF_VIEW),
    (
        "index-not-concurrent",
        " online/alter_materialized_view_index",
        OF_VIEW,
    ),
    ("lock-window", " modify_inherits", TREE),
    (
        "lock-window",
        " foreign_key_constraint/Alter_non-castable",
        KEYS,
    ),
    ("lock-window", " table/Alter_table:", KEYS),
    (
        "lock-window",
        " tests_fk_deps/ForeignKeyWithPrimaryKeyChange",
        KEYS,
    ),
    ("lock-window", " partitioned_index/", TREE),
    ("lock-window", " partitioned_table/", TREE),
    (
        "lock-window",
        " sequence/Drop_sequence_via_changing_column_type_(part",
        TREE,
    ),
    ("lock-window", " create_view/issue_350", VIEWS),
    ("lock-window", " dependency/table_to_view", VIEWS),
    (
        "lock-window",
        " tests_dependency_ordering/ViewDependsOnView",
        VIEWS,
    ),
    (
        "merge-alters",
        " foreign_key_constraint/Alter_non-castable",
        KEYS,
    ),
    (
        "merge-alters",
        " partitioned_table/Altering_a_partition's",
        TREE,
    ),
    (
        "set-not-null",
        " column/Set_NOT_NULL_(dropping_valid_CC",
        CHECKED,
    ),
    ("set-not-null", " partitioned_table/Alter_table:", TREE),
    (
        "set-not-null",
        " tests_identity/AddIdentityWithSequence",
        IDENTITY,
    ),
    (
        "add-primary-key",
        " partitioned_index/Add_primary_key_constraint_with_existing",
        PARTITIONED,
    ),
    (
        "add-primary-key",
        " partitioned_index/Add_primary_key_to_partition_using",
        PARTITIONED,
    ),
    (
        "add-unique",
        " partitioned_index/Add_unique_constraint_to_partition_using",
        PARTITIONED,
    ),
];

const CLUSTERED: &str = "its table is clustered on it until then";
const PARTITIONED: &str = "the server drops no index of a partitioned table concurrently, and what takes its name waits for it";
const OF_VIEW: &str =
    "indexes of materialized views are dropped in their place, with what is made of the view";
const TREE: &str = "a table changes with its parents or partitions";
const KEYS: &str = "both ends of a foreign key change their types or keys at once";
const VIEWS: &str = "views go and come back with what they read";
const CHECKED: &str = "the check that proves it is made anew in the same place";
const IDENTITY: &str = "a column is NOT NULL before it is an identity column";

/// The findings of those rules about the plan of a change.
fn found(case: &Transition) -> Vec<(String, String)> {
    let version = TargetVersion::default_of(case.dialect);
    let [old, new] = [&case.old, &case.new].map(|side| case.sources(side).load(case.dialect));
    let pair = Pair::new(&old.catalog, &new.catalog);
    let plan = plan_with(
        pair,
        version,
        &Options {
            online: true,
            ..Options::default()
        },
    );
    let file = SourceFile {
        id: FileId(0),
        path: "plan.sql".to_owned(),
        kind: SourceKind::Sql,
        text: plan.sql(),
        external: false,
    };
    let script = Script {
        file: &file,
        sent: Sent::OneByOne,
    };
    let outcome = check_migration(&MigrationInput {
        before: &old.catalog,
        assume: false,
        scripts: &[script],
        version,
        settings: &Settings::default(),
        allowed: &[],
    });
    let findings = outcome.findings.into_iter().filter_map(|d| {
        let name = d.rule.strip_prefix("migration-safety/")?;
        OF_FORM
            .contains(&name)
            .then(|| (name.to_owned(), d.headline))
    });
    findings.collect()
}

#[test]
fn plans_are_in_the_form_that_our_rules_ask_for() {
    let Some(cases) = corpus::changes() else {
        return;
    };
    let mut unexpected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut unused: Vec<_> = HELPLESS
        .iter()
        .map(|(rule, part, _)| (rule, part))
        .collect();
    for case in cases.iter().filter(|c| c.dialect == Dialect::Postgres) {
        for (rule, headline) in found(case) {
            let helpless =
                |(of, part, _): &&(&str, &str, &str)| rule == *of && case.name.contains(part);
            match HELPLESS.iter().find(helpless) {
                Some((of, part, _)) => unused.retain(|known| *known != (of, part)),
                None => unexpected
                    .entry(rule)
                    .or_default()
                    .push(format!("{}: {headline}", case.name)),
            }
        }
    }
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    assert!(unused.is_empty(), "no plan needs them any more: {unused:?}");
}
