//! The rules of `migration-safety/` beside another linter's cases (`SCHEMAGEN_CORPUS`): where the two
//! disagree stands in `docs/migration-safety.md`, case by case, and nowhere else.

use std::collections::BTreeSet;

use schemagen::check::migration::{MigrationInput, Script, Sent, check_migration};
use schemagen::check::{Level, OptionValue, RuleSetting, Settings};
use schemagen::diagnostic::{Diagnostic, FileId};
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::Catalog;
use schemagen::source::{SourceFile, SourceKind};

use crate::support::corpus;

/// The names of a linter's rules, and those of ours that say the same.
const NAMES: [(&str, &[&str]); 43] = [
    ("addSerialColumn", &["add-generated-identity"]),
    (
        "addingFieldWithDefault",
        &["volatile-default", "add-generated-identity"],
    ),
    ("addingForeignKeyConstraint", &["add-foreign-key"]),
    ("addingNotNullField", &["set-not-null"]),
    ("addingPrimaryKeyConstraint", &["add-primary-key"]),
    ("addingRequiredField", &["add-required-column"]),
    ("avoidAddingExclusionConstraint", &["add-exclusion"]),
    ("avoidAlterEnumAddValue", &["enum-add-value"]),
    ("avoidAttachingPartition", &["partition-attach"]),
    ("avoidCreateTrigger", &["trigger-change"]),
    ("avoidEnableDisableTrigger", &["trigger-change"]),
    ("avoidWideLockWindow", &["lock-window"]),
    (
        "banConcurrentIndexCreationInTransaction",
        &["concurrent-in-transaction"],
    ),
    ("banDeleteWithoutWhere", &["dml-without-where"]),
    ("banDropColumn", &["drop-column"]),
    ("banDropDatabase", &["concurrent-in-transaction"]),
    ("banDropNotNull", &["drop-not-null"]),
    ("banDropSchema", &["drop-schema"]),
    ("banDropTable", &["drop-table"]),
    ("banDropTrigger", &["trigger-change"]),
    ("banTruncate", &["truncate"]),
    ("banTruncateCascade", &["truncate"]),
    ("banUpdateWithoutWhere", &["dml-without-where"]),
    ("banVacuumFull", &["vacuum-full"]),
    ("changingColumnType", &["type-change-rewrite"]),
    ("concurrentRefreshMatviewLock", &["refresh-matview"]),
    (
        "constraintMissingNotValid",
        &["add-foreign-key", "add-check"],
    ),
    ("creatingEnum", &[]),
    ("lockTimeoutWarning", &["lock-timeout"]),
    ("multipleAlterTable", &["merge-alters"]),
    ("preferRobustStmts", &["not-rerunnable"]),
    ("renamingColumn", &["rename-column"]),
    ("renamingTable", &["rename-table"]),
    ("requireConcurrentDetachPartition", &["partition-detach"]),
    ("requireConcurrentIndexCreation", &["index-not-concurrent"]),
    ("requireConcurrentIndexDeletion", &["index-not-concurrent"]),
    ("requireConcurrentRefreshMatview", &["refresh-matview"]),
    ("requireConcurrentReindex", &["reindex"]),
    ("requireIdleInTransactionTimeout", &["lock-timeout"]),
    (
        "requireSeparateConstraintValidation",
        &["validate-same-transaction"],
    ),
    ("requireStatementTimeout", &["lock-timeout"]),
    (
        "runningStatementWhileHoldingAccessExclusive",
        &["lock-window"],
    ),
    ("transactionNesting", &["transaction-control"]),
];

/// Rules of the other linter that look at schemas: ours are in `type/`.
const OF_SCHEMAS: [&str; 6] = [
    "banCharField",
    "preferBigInt",
    "preferBigintOverInt",
    "preferBigintOverSmallint",
    "preferIdentity",
    "preferJsonb",
];

struct Case {
    name: String,
    rule: String,
    violates: bool,
    sql: String,
}

fn cases() -> Option<Vec<Case>> {
    let path = corpus::root()?.join("checks/postgres-language-server.jsonl");
    let text = std::fs::read_to_string(path).expect("the corpus has the cases");
    let case = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).expect("a JSON value a line");
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        Case {
            name: text("case"),
            rule: text("rule"),
            violates: text("expect") == "violation",
            sql: text("sql"),
        }
    };
    Some(text.lines().map(case).collect())
}

/// What ours find; what is not created there is there before.
fn found(case: &Case) -> Vec<Diagnostic> {
    let mut settings = Settings::default();
    let options = match case.rule.as_str() {
        "requireStatementTimeout" => Some("statement_timeout"),
        "requireIdleInTransactionTimeout" => Some("idle_timeout"),
        _ => None,
    };
    let mut setting = RuleSetting {
        level: Some(Level::Warning),
        ..RuleSetting::default()
    };
    if let Some(option) = options {
        let on = OptionValue::Flag(true);
        setting.options.insert(option.to_owned(), on);
    }
    let rules = &mut settings.rules;
    rules.insert("migration-safety/lock-timeout".to_owned(), setting);
    let file = SourceFile {
        id: FileId(0),
        path: case.name.clone(),
        kind: SourceKind::Sql,
        text: case.sql.clone(),
        external: false,
    };
    let script = Script {
        file: &file,
        // What can be run again matters outside of a transaction only.
        sent: match case.rule.as_str() {
            "preferRobustStmts" => Sent::AsOne,
            _ => Sent::InTransaction,
        },
    };
    let outcome = check_migration(&MigrationInput {
        before: &Catalog::default(),
        assume: true,
        scripts: &[script],
        version: TargetVersion::default_of(Dialect::Postgres),
        settings: &settings,
        allowed: &[],
    });
    let wanted = match case.rule.as_str() {
        "lockTimeoutWarning" => "lock_timeout",
        "requireStatementTimeout" => "statement_timeout",
        "requireIdleInTransactionTimeout" => "idle_in_transaction_session_timeout",
        _ => return outcome.findings,
    };
    let mut findings = outcome.findings;
    findings.retain(|d| d.discriminator == wanted);
    findings
}

#[test]
fn disagreements_are_written_down() {
    let Some(cases) = cases() else { return };
    let mut differ = BTreeSet::new();
    let mut compared = 0;
    for case in &cases {
        if OF_SCHEMAS.contains(&case.rule.as_str()) {
            continue;
        }
        let names = NAMES.iter().find(|(name, _)| *name == case.rule);
        let (_, ours) = names.unwrap_or_else(|| panic!("{} has no name here", case.rule));
        compared += 1;
        let fires = found(case).iter().any(|d| {
            let name = d.rule.strip_prefix("migration-safety/");
            name.is_some_and(|name| ours.contains(&name))
        });
        if fires != case.violates {
            differ.insert(case.name.clone());
        }
    }
    assert!(compared > 100, "only {compared} cases");
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/migration-safety.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let written: BTreeSet<String> = page
        .split('`')
        .filter(|word| word.ends_with(".sql") && word.contains('/'))
        .map(str::to_owned)
        .collect();
    let agree = compared - differ.len();
    assert_eq!(differ, written, "{agree} of {compared} agree");
    let line = format!("{agree} of {compared}");
    assert!(page.contains(&line), "the page does not say {line}");
}
