//! What differs between two schemas, for programs; `docs/diff.md` has the shape.

use serde_json::{Map, Value as Json, json};

use super::changes::counts;
use super::plan_json;
use crate::diff::{Comparison, MADE};
use crate::model::{Change, ChangeKind, Difference, ObjectId, Value};
use crate::plan::Plan;

/// The changes for programs. Keys are only ever added; `version` changes when one changes its meaning.
pub(in crate::cli) fn json(comparison: &Comparison, plan: &Plan, down: bool) -> String {
    let questions = comparison.questions.iter().map(|q| {
        let old = q.old().as_str();
        json!({
            "dropped": identity(&q.dropped),
            "created": identity(&q.created),
            "renamed_from": old,
            "replaces": old,
        })
    });
    let left_out = comparison.left_out.list().into_iter();
    let left_out = left_out.map(|(what, count)| match what {
        MADE => {
            let made = comparison.left_out.made.iter().map(identity);
            json!({ "what": what, "count": count, "objects": made.collect::<Vec<_>>() })
        }
        _ => json!({ "what": what, "count": count }),
    });
    let summary: Map<String, Json> = counts(comparison)
        .into_iter()
        .map(|(what, count)| (what.to_owned(), json!(count)))
        .collect();
    let report = json!({
        "version": 1,
        "equal": comparison.changes.is_empty(),
        "changes": comparison.changes.iter().map(change).collect::<Vec<_>>(),
        "questions": questions.collect::<Vec<_>>(),
        "not_compared": left_out.collect::<Vec<_>>(),
        "summary": summary,
        "plan": plan_json::json(plan, down),
    });
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

fn change(change: &Change) -> Json {
    let mut map = Map::new();
    let word = match &change.kind {
        ChangeKind::Create => "create",
        ChangeKind::Drop => "drop",
        ChangeKind::Rename { .. } => "rename",
        ChangeKind::Alter(_) => "alter",
    };
    map.insert("change".into(), json!(word));
    map.insert("object".into(), identity(&change.id));
    if let Some(was) = &change.was {
        map.insert("was".into(), identity(was));
    }
    if let ChangeKind::Rename {
        because: Some(because),
    } = &change.kind
    {
        map.insert("because".into(), identity(because));
    }
    if let ChangeKind::Alter(differences) = &change.kind {
        let list: Vec<Json> = differences.iter().map(difference).collect();
        map.insert("differences".into(), json!(list));
    }
    Json::Object(map)
}

pub(super) fn identity(id: &ObjectId) -> Json {
    let mut map = Map::new();
    map.insert("kind".into(), json!(id.kind.as_str()));
    map.insert("schema".into(), json!(id.name.schema.as_deref()));
    map.insert("name".into(), json!(id.name.name.as_str()));
    if let Some(member) = &id.member {
        map.insert("member".into(), json!(member.as_str()));
    }
    if let Some(signature) = &id.signature {
        map.insert("signature".into(), json!(&**signature));
    }
    map.insert("path".into(), json!(id.path()));
    Json::Object(map)
}

fn difference(difference: &Difference) -> Json {
    let mut map = Map::new();
    map.insert("property".into(), json!(difference.property.name()));
    if let Some(key) = difference.property.key() {
        map.insert("key".into(), json!(key));
    }
    map.insert("before".into(), value(&difference.before));
    map.insert("after".into(), value(&difference.after));
    Json::Object(map)
}

/// A secret is `{ "hidden": true }`.
fn value(of: &Value) -> Json {
    match of {
        Value::Absent => Json::Null,
        Value::Flag(flag) => json!(flag),
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(&**text),
        Value::List(list) => list.iter().map(value).collect(),
        Value::Hidden => json!({ "hidden": true }),
    }
}
