//! Table constraints: their clause, and `ALTER TABLE ... ADD CONSTRAINT`.

use super::Context;
use super::columns::list;
use super::fragments::{names, parenthesised, with_parameters};
use super::indexes::element;
use super::subject::{comment_on, has};
use crate::dialect::{Capability, Dialect};
use crate::model::{
    Constraint, ConstraintKind, Deferral, ExclusionElement, ForeignKey, Ident, MatchType, ObjectId,
    ReferentialAction, Table,
};

/// The clause within CREATE TABLE or after ADD; a constraint without a name prints none.
pub fn clause(constraint: &Constraint, dialect: Dialect) -> String {
    let mut text = String::new();
    if !constraint.name.is_empty() {
        text.push_str(&format!("CONSTRAINT {} ", dialect.quote(&constraint.name)));
    }
    text.push_str(&body(&constraint.kind, dialect));
    if constraint.no_inherit {
        text.push_str(" NO INHERIT");
    }
    text.push_str(deferral(constraint.deferral));
    if constraint.not_enforced {
        text.push_str(" NOT ENFORCED");
    } else if constraint.not_valid {
        text.push_str(" NOT VALID");
    }
    text
}

/// `ALTER TABLE ... ADD CONSTRAINT`.
pub fn add(table: &Table, constraint: &Constraint, dialect: Dialect) -> String {
    let foreign = if table.foreign.is_some() {
        "FOREIGN "
    } else {
        ""
    };
    let only = if constraint.only { "ONLY " } else { "" };
    let name = dialect.quote_name(&table.name);
    let clause = clause(constraint, dialect);
    format!("ALTER {foreign}TABLE {only}{name}\n    ADD {clause}")
}

/// The comment that the index of a constraint has beside the constraint's own.
pub(super) fn comment_on_index(
    table: &Table,
    constraint: &Constraint,
    text: Option<&str>,
    dialect: Dialect,
) -> Option<String> {
    let index = dialect.quote_name(&table.name.sibling(constraint.name.clone()));
    comment_on("INDEX", &index, text, dialect)
}

/// Whether the constraint stands in its table's CREATE statement.
pub(super) fn is_inline(cx: &Context<'_>, table: &Table, constraint: &Constraint) -> bool {
    if !has(cx.dialect, Capability::AddConstraint) {
        return true;
    }
    let deferred = || {
        let id = ObjectId::constraint(&table.name, &constraint.name);
        cx.graph.deferred.contains(&id)
    };
    !constraint.not_valid && !constraint.only && !rests_on_index(cx, constraint) && !deferred()
}

/// Whether a foreign key rests on a unique index and not on a constraint of its target, so that it
/// can only come after that index.
pub(super) fn rests_on_index(cx: &Context<'_>, constraint: &Constraint) -> bool {
    let Some(key) = constraint.as_foreign_key() else {
        return false;
    };
    let Some(target) = cx.catalog.tables.get(&key.target) else {
        return false;
    };
    let same = |columns: &[Ident]| {
        columns.len() == key.target_columns.len()
            && key.target_columns.iter().all(|c| columns.contains(c))
    };
    let has_constraint = target
        .constraints
        .iter()
        .any(|c| c.has_index() && same(c.columns()));
    let has_index = target.indexes.iter().any(|index| {
        let columns = index.plain_columns().unwrap_or_default();
        let columns: Vec<Ident> = columns.into_iter().cloned().collect();
        index.unique && same(&columns)
    });
    !key.target_columns.is_empty() && has_index && !has_constraint
}

pub(super) fn deferral(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::NotDeferrable => "",
        Deferral::Immediate => " DEFERRABLE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

fn body(kind: &ConstraintKind, dialect: Dialect) -> String {
    match kind {
        ConstraintKind::PrimaryKey {
            columns,
            include,
            storage,
            tablespace,
            without_overlaps,
        } => {
            let columns = key_columns(columns, *without_overlaps, dialect);
            let tail = index_tail(include, storage, tablespace.as_ref(), dialect);
            format!("PRIMARY KEY {columns}{tail}")
        }
        ConstraintKind::Unique {
            columns,
            include,
            nulls_not_distinct,
            storage,
            tablespace,
            without_overlaps,
        } => {
            let nulls = if *nulls_not_distinct {
                "NULLS NOT DISTINCT "
            } else {
                ""
            };
            let columns = key_columns(columns, *without_overlaps, dialect);
            let tail = index_tail(include, storage, tablespace.as_ref(), dialect);
            format!("UNIQUE {nulls}{columns}{tail}")
        }
        ConstraintKind::Exclusion {
            method,
            elements,
            include,
            predicate,
            storage,
            tablespace,
        } => {
            let method = dialect.quote(method);
            let elements: Vec<_> = elements.iter().map(|e| exclusion(e, dialect)).collect();
            let tail = index_tail(include, storage, tablespace.as_ref(), dialect);
            let predicate = predicate
                .as_ref()
                .map_or_else(String::new, |p| format!(" WHERE {}", parenthesised(p)));
            format!(
                "EXCLUDE USING {method} ({}){tail}{predicate}",
                elements.join(", ")
            )
        }
        ConstraintKind::ForeignKey(key) => foreign_key(key, dialect),
        ConstraintKind::Check { expression } => format!("CHECK {}", parenthesised(expression)),
    }
}

fn key_columns(columns: &[Ident], without_overlaps: bool, dialect: Dialect) -> String {
    let overlaps = if without_overlaps {
        " WITHOUT OVERLAPS"
    } else {
        ""
    };
    format!("({}{overlaps})", names(columns, dialect))
}

fn index_tail(
    include: &[Ident],
    storage: &crate::model::Parameters,
    tablespace: Option<&Ident>,
    dialect: Dialect,
) -> String {
    let mut text = String::new();
    if !include.is_empty() {
        text.push_str(&format!(" INCLUDE {}", list(include, dialect)));
    }
    text.push_str(&with_parameters(storage, dialect));
    if let Some(tablespace) = tablespace {
        text.push_str(&format!(
            " USING INDEX TABLESPACE {}",
            dialect.quote(tablespace)
        ));
    }
    text
}

fn exclusion(exclusion: &ExclusionElement, dialect: Dialect) -> String {
    let key = element(&exclusion.element, dialect);
    format!("{key} WITH {}", exclusion.operator)
}

fn foreign_key(key: &ForeignKey, dialect: Dialect) -> String {
    let columns = |columns: &[Ident]| match (key.period, columns.split_last()) {
        (true, Some((last, rest))) if !rest.is_empty() => {
            format!("({}, PERIOD {})", names(rest, dialect), dialect.quote(last))
        }
        _ => list(columns, dialect),
    };
    let mut text = format!(
        "FOREIGN KEY {} REFERENCES {}",
        columns(&key.columns),
        dialect.quote_name(&key.target)
    );
    if !key.target_columns.is_empty() {
        text.push_str(&format!(" {}", columns(&key.target_columns)));
    }
    text.push_str(match key.match_type {
        MatchType::Simple => "",
        MatchType::Full => " MATCH FULL",
        MatchType::Partial => " MATCH PARTIAL",
    });
    if key.on_update != ReferentialAction::NoAction {
        text.push_str(&format!(" ON UPDATE {}", key.on_update.as_sql()));
    }
    if key.on_delete != ReferentialAction::NoAction {
        text.push_str(&format!(" ON DELETE {}", key.on_delete.as_sql()));
        if !key.on_delete_columns.is_empty() {
            text.push_str(&format!(" {}", list(&key.on_delete_columns, dialect)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Expr, IndexElement, QualifiedName};

    fn printed(constraint: &Constraint) -> String {
        clause(constraint, Dialect::Postgres)
    }

    #[test]
    fn keys_print_include_and_null_treatment() {
        let constraint = Constraint::new(
            "t_key",
            ConstraintKind::Unique {
                columns: vec!["a".into(), "Order".into()],
                include: vec!["b".into()],
                nulls_not_distinct: true,
                storage: crate::model::Parameters::from([("fillfactor".into(), "70".into())]),
                tablespace: Some("fast".into()),
                without_overlaps: false,
            },
        );
        assert_eq!(
            printed(&constraint),
            "CONSTRAINT t_key UNIQUE NULLS NOT DISTINCT (a, \"Order\") INCLUDE (b) \
             WITH (fillfactor = 70) USING INDEX TABLESPACE fast"
        );
    }

    #[test]
    fn foreign_keys_print_actions_deferral_and_validity() {
        let mut constraint = Constraint::new(
            "t_fkey",
            ConstraintKind::ForeignKey(ForeignKey {
                columns: vec!["a".into(), "b".into()],
                target: QualifiedName::new("public", "u"),
                target_columns: vec!["x".into(), "y".into()],
                match_type: MatchType::Full,
                on_delete: ReferentialAction::SetNull,
                on_update: ReferentialAction::Cascade,
                on_delete_columns: vec!["b".into()],
                period: false,
            }),
        );
        constraint.deferral = Deferral::Deferred;
        constraint.not_valid = true;
        assert_eq!(
            printed(&constraint),
            "CONSTRAINT t_fkey FOREIGN KEY (a, b) REFERENCES public.u (x, y) MATCH FULL \
             ON UPDATE CASCADE ON DELETE SET NULL (b) DEFERRABLE INITIALLY DEFERRED NOT VALID"
        );
    }

    #[test]
    fn exclusions_and_checks_keep_their_parentheses() {
        let exclusion = Constraint::new(
            "no_overlap",
            ConstraintKind::Exclusion {
                method: "gist".into(),
                elements: vec![ExclusionElement {
                    element: IndexElement::column("during"),
                    operator: "&&".into(),
                }],
                include: Vec::new(),
                predicate: Some(Expr::new("active", "active")),
                storage: crate::model::Parameters::new(),
                tablespace: None,
            },
        );
        assert_eq!(
            printed(&exclusion),
            "CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&) WHERE (active)"
        );
        let check = ConstraintKind::Check {
            expression: Expr::new("a > 0", "a > 0"),
        };
        assert_eq!(printed(&Constraint::new("", check)), "CHECK (a > 0)");
    }
}
