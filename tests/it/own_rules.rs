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
const HELPLESS: [(&str, &str, &str); 0] = [];

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
