//! `diff --format json` has the plan with all that is known of its steps, and it is the plan that
//! `--format sql` prints.

use serde_json::{Value, json};

use crate::support::program::Folder;

const BEFORE: &str = "CREATE TABLE t (id bigint PRIMARY KEY, note text, n int);
CREATE TABLE u (id bigint PRIMARY KEY);
";

const AFTER: &str = "CREATE TABLE t (id bigint PRIMARY KEY, n bigint);
CREATE INDEX t_n_idx ON t (n);
CREATE TABLE u (id uuid PRIMARY KEY);
";

fn shown(folder: &Folder, more: &[&str]) -> (Value, String) {
    let run = |format: &str| {
        let mut arguments = vec!["diff", "before.sql", "after.sql", "--format", format];
        arguments.extend(more);
        folder.run(&arguments).expect(0)
    };
    (run("json").json()["plan"].take(), run("sql").stdout)
}

fn steps(plan: &Value) -> Vec<&Value> {
    let transactions = plan["transactions"].as_array().expect("a list").iter();
    let steps = transactions.map(|t| t["steps"].as_array().expect("a list"));
    steps.flatten().collect()
}

#[test]
fn every_fact_of_a_step_is_told() {
    let folder = Folder::with(&[("before.sql", BEFORE), ("after.sql", AFTER)]);
    let (plan, sql) = shown(&folder, &["--online"]);
    assert_eq!(plan["direction"], "up");
    assert_eq!(plan["proved"], true);
    assert_eq!(plan["remaining"], json!([]));
    let steps = steps(&plan);
    let mut rest = sql.as_str();
    for step in &steps {
        let text = step["sql"].as_str().expect("a text");
        let at = rest
            .find(text)
            .unwrap_or_else(|| panic!("{text} in {rest}"));
        rest = &rest[at..];
    }
    let of = |words: &str| {
        let mut found = steps
            .iter()
            .filter(|s| s["sql"].as_str().is_some_and(|t| t.contains(words)));
        *found
            .next()
            .unwrap_or_else(|| panic!("{words} in {plan:#}"))
    };
    let retype = of("ALTER COLUMN n TYPE bigint");
    assert_eq!(
        retype["locks"],
        json!([{ "relation": "public.t", "mode": "ACCESS EXCLUSIVE" }])
    );
    assert_eq!(retype["rewrites"], json!(["public.t"]));
    assert_eq!(retype["lock_timeout_ms"], 3000);
    let gone = of("DROP COLUMN note");
    assert_eq!(gone["destroys"][0]["path"], "public.t.note");
    let hazards = gone["hazards"].as_array().expect("a list");
    assert!(
        hazards
            .iter()
            .any(|h| h["hazard"] == "deletes-data" && h["object"] == "public.t.note")
    );
    assert_eq!(gone["reverse"]["kind"], "loses");
    let index = of("CREATE INDEX CONCURRENTLY");
    assert_eq!(index["transactional"], false);
    assert_eq!(
        index["scans"],
        json!([{ "relation": "public.t", "kind": "build-index" }])
    );
    assert_eq!(
        index["leftover"],
        "DROP INDEX CONCURRENTLY IF EXISTS public.t_n_idx"
    );
    assert!(
        index["precondition"]
            .as_str()
            .is_some_and(|q| q.contains("pg_stat_activity"))
    );
    assert_eq!(plan["obstacles"][0]["object"]["path"], "public.u.id");
    assert!(
        plan["obstacles"][0]["help"]
            .as_str()
            .is_some_and(|h| h.contains("using:"))
    );
}

#[test]
fn the_way_back_is_a_plan_as_well() {
    let folder = Folder::with(&[("before.sql", BEFORE), ("after.sql", AFTER)]);
    let (plan, sql) = shown(&folder, &["--down", "--offline"]);
    assert_eq!(plan["direction"], "down");
    assert!(sql.contains("DROP INDEX public.t_n_idx"), "{sql}");
    let drops = steps(&plan)
        .into_iter()
        .filter(|s| s["sql"] == "DROP INDEX public.t_n_idx");
    assert_eq!(drops.count(), 1, "{plan:#}");
    folder
        .run(&["diff", "before.sql", "after.sql", "--down"])
        .expect(2);
}
