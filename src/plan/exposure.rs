//! What the states between two transactions show that neither end shows.

use std::collections::BTreeSet;

use crate::facts::{Effect, Told};
use crate::model::{AclItem, Catalog, ObjectId, ObjectRef, Pair, QualifiedName, Table};

/// The objects whose access a plan changes: only they can be shown to anybody meanwhile.
pub(super) fn touched(told: &[Told]) -> BTreeSet<QualifiedName> {
    let effects = told.iter().flat_map(|t| &t.facts.effects);
    let names = effects.filter_map(|effect| match effect {
        Effect::ChangesAccess(id) => Some(id.name.clone()),
        _ => None,
    });
    names.collect()
}

/// What is shown in a state between the two catalogs, by the tables that are touched.
pub(super) fn exposed(
    state: &Catalog,
    pair: Pair<&Catalog>,
    touched: &BTreeSet<QualifiedName>,
) -> Vec<Effect> {
    let mut found = Vec::new();
    for name in touched {
        let Some(now) = state.tables.get(name) else {
            continue;
        };
        let ends = [pair.before.tables.get(name), pair.after.tables.get(name)];
        let ends: Vec<&Table> = ends.into_iter().flatten().collect();
        for what in shown(now, &ends) {
            found.push(Effect::Exposes {
                object: ObjectId::table(name),
                what,
            });
        }
    }
    found
}

fn shown(now: &Table, ends: &[&Table]) -> Vec<String> {
    if ends.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let granted = |t: &Table| -> BTreeSet<AclItem> {
        let facets = ObjectRef::Table(t).facets();
        facets.map(|f| f.acl.granted.clone()).unwrap_or_default()
    };
    let all: BTreeSet<AclItem> = ends.iter().flat_map(|t| granted(t)).collect();
    if granted(now).iter().any(|item| !all.contains(item)) {
        found.push("somebody has a privilege that neither end grants".to_owned());
    }
    let secured = ends.iter().all(|t| t.row_security);
    if secured && !now.row_security && (!granted(now).is_empty() || ends.len() == 2) {
        found.push("row security is off, which is on before and after".to_owned());
    }
    for policy in ends
        .iter()
        .flat_map(|t| &t.policies)
        .filter(|p| p.restrictive)
    {
        let both = ends
            .iter()
            .all(|t| t.policies.iter().any(|p| p.name == policy.name));
        let there = now.policies.iter().any(|p| p.name == policy.name);
        let what = format!("restrictive policy {} is missing", policy.name);
        if both && !there && !found.contains(&what) {
            found.push(what);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{Dialect, TargetVersion};
    use crate::facts::{Reading, tell_each};
    use crate::model::ObjectKind;
    use crate::plan::{Step, simulate};

    fn version() -> TargetVersion {
        TargetVersion {
            dialect: Dialect::Postgres,
            major: 15,
            zone: None,
        }
    }

    fn catalog(text: &str) -> Catalog {
        let id = ObjectId::new(ObjectKind::Kept, QualifiedName::default());
        let (catalog, wrong) = simulate::run(
            Catalog::default(),
            &[Step::new(id, text.to_owned())],
            version(),
        );
        assert!(wrong.is_empty(), "{wrong:?}");
        catalog
    }

    /// What the states behind each statement show.
    fn between(before: &str, statements: &str, after: &str) -> Vec<String> {
        let pair = Pair::new(catalog(before), catalog(after));
        let file = crate::source::SourceFile {
            id: crate::diagnostic::FileId(0),
            path: String::new(),
            kind: crate::source::SourceKind::Sql,
            text: statements.to_owned(),
            external: false,
        };
        let mut all = Vec::new();
        let touched = BTreeSet::from([QualifiedName::new("public", "t")]);
        let mut reading = Reading::new(version());
        tell_each(pair.before.clone(), &file, &mut reading, |scene, _| {
            let pair = Pair::new(&pair.before, &pair.after);
            all.extend(exposed(scene.catalog, pair, &touched));
        });
        let what = |effect| match effect {
            Effect::Exposes { what, .. } => what,
            other => format!("{other:?}"),
        };
        all.into_iter().map(what).collect()
    }

    const SECURED: &str = "CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; \
                           CREATE POLICY p ON t AS RESTRICTIVE USING (a > 0);";

    #[test]
    fn a_gap_in_row_security_is_seen() {
        let gap =
            "ALTER TABLE t DISABLE ROW LEVEL SECURITY; ALTER TABLE t ENABLE ROW LEVEL SECURITY;";
        assert_eq!(
            between(SECURED, gap, SECURED),
            ["row security is off, which is on before and after"]
        );
        let gap = "DROP POLICY p ON t; CREATE POLICY p ON t AS RESTRICTIVE USING (a > 1);";
        let after = SECURED.replace("a > 0", "a > 1");
        assert_eq!(
            between(SECURED, gap, &after),
            ["restrictive policy p is missing"]
        );
        let straight = "ALTER POLICY p ON t USING (a > 1); ALTER TABLE t ADD b int;";
        assert!(between(SECURED, straight, &after).is_empty());
    }

    #[test]
    fn a_privilege_of_neither_end_is_seen() {
        let plain = "CREATE ROLE r; CREATE TABLE t (a int);";
        let gap = "GRANT SELECT ON t TO r; REVOKE SELECT ON t FROM r;";
        assert_eq!(
            between(plain, gap, plain),
            ["somebody has a privilege that neither end grants"]
        );
        let granted = format!("{plain} GRANT SELECT ON t TO r;");
        assert!(
            between(
                plain,
                "GRANT SELECT ON t TO r; ALTER TABLE t ADD b int;",
                &granted
            )
            .is_empty()
        );
    }
}
