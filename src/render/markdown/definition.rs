//! Constraints, index keys and policies as people read them.

use super::text::code;
use crate::ddl::{constraint_clause, index_element};
use crate::dialect::Dialect;
use crate::model::{Constraint, Ident, Index, PartitionBound, PartitionBy, Policy, PolicyCommand};
use crate::render::relations::join;

/// A constraint without its name, as code.
pub(crate) fn constraint(constraint: &Constraint, dialect: Dialect) -> String {
    let nameless = Constraint {
        name: Ident::default(),
        ..constraint.clone()
    };
    code(&constraint_clause(&nameless, dialect))
}

/// The keys of an index with what it includes, as code; its predicate after it.
pub(crate) fn index_keys(index: &Index, dialect: Dialect) -> String {
    let keys: Vec<String> = index
        .elements
        .iter()
        .map(|e| index_element(e, dialect))
        .collect();
    let mut text = code(&keys.join(", "));
    if !index.include.is_empty() {
        text.push_str(&format!(" including {}", code(&join(&index.include))));
    }
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" where {}", code(predicate.text())));
    }
    text
}

/// `range (created_at)`.
pub(super) fn partition_key(by: &PartitionBy, dialect: Dialect) -> String {
    let keys: Vec<String> = by.keys.iter().map(|e| index_element(e, dialect)).collect();
    format!("{} ({})", by.strategy, keys.join(", "))
}

/// The rows a partition holds, as code or words.
pub(super) fn partition_bound(bound: &PartitionBound) -> String {
    let values = |list: &[crate::model::Expr]| {
        let texts: Vec<&str> = list.iter().map(crate::model::Expr::text).collect();
        texts.join(", ")
    };
    match bound {
        PartitionBound::Default => "every other row".to_owned(),
        PartitionBound::Range { from, to } => {
            format!(
                "from {} to before {}",
                code(&values(from)),
                code(&values(to))
            )
        }
        PartitionBound::List(list) => format!("in {}", code(&values(list))),
        PartitionBound::Hash { modulus, remainder } => {
            format!("hash modulus {modulus}, remainder {remainder}")
        }
    }
}

/// What a policy lets its roles do, as a sentence.
pub(crate) fn policy_sentence(policy: &Policy) -> String {
    let who = match policy.roles.as_slice() {
        [] => "Everyone".to_owned(),
        roles => {
            let names: Vec<String> = roles.iter().map(|r| code(r)).collect();
            super::text::list(&names)
        }
    };
    let old = |verb: &str| match &policy.using {
        Some(condition) => format!("{verb} rows where {}", code(condition.text())),
        None => format!("{verb} all rows"),
    };
    // Without WITH CHECK the server checks new rows against USING.
    let check = policy.with_check.as_ref().or(policy.using.as_ref());
    let new = check.map_or_else(
        || "any row".to_owned(),
        |condition| format!("rows where {}", code(condition.text())),
    );
    let does = match policy.command {
        PolicyCommand::Select => old("read"),
        PolicyCommand::Delete => old("delete"),
        PolicyCommand::Insert => format!("insert {new}"),
        PolicyCommand::Update if policy.with_check.is_some() => {
            format!("{}, to become {new}", old("update"))
        }
        PolicyCommand::Update => format!("{}, which must stay so", old("update")),
        PolicyCommand::All if policy.with_check.is_some() => {
            format!("{}, and write {new}", old("read, update and delete"))
        }
        PolicyCommand::All => old("read, insert, update and delete"),
    };
    match policy.restrictive {
        false => format!("{who} may {does}."),
        true => format!("Whatever other policies allow, {who} may only {does}."),
    }
}
