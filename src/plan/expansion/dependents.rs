//! What rests on the old column and would follow it under its new name: it goes before the columns change
//! places, and is made again behind that, by the plan for what is left.

use std::collections::BTreeSet;

use super::Expansion;
use crate::dialect::Dialect;
use crate::expr::mentions;
use crate::model::{Catalog, QualifiedName, Table};

/// The statements, those on which nothing rests first.
pub(super) fn drops(catalog: &Catalog, e: &Expansion, dialect: Dialect) -> Vec<String> {
    let Some(table) = catalog.tables.get(&e.table) else {
        return Vec::new();
    };
    let mut statements = views(catalog, e, dialect);
    statements.extend(parts(table, e, dialect));
    let statistics = catalog.statistics.values().filter(|s| {
        let mut keys = s.elements.iter();
        s.table == e.table && keys.any(|k| mentions(k.text(), &e.from, dialect))
    });
    statements
        .extend(statistics.map(|s| format!("DROP STATISTICS {}", dialect.quote_name(&s.name))));
    statements
}

/// Views that read the column, and those that read them.
fn views(catalog: &Catalog, e: &Expansion, dialect: Dialect) -> Vec<String> {
    let reads = |text: &str| {
        mentions(text, &e.table.name, dialect)
            && (mentions(text, &e.from, dialect) || text.contains('*'))
    };
    let mut order: Vec<QualifiedName> = Vec::new();
    let mut known: BTreeSet<QualifiedName> = BTreeSet::new();
    for (name, view) in &catalog.views {
        if reads(view.query.text()) && known.insert(name.clone()) {
            order.push(name.clone());
        }
    }
    let (mut at, mut steps) = (0, catalog.views.len().pow(2));
    // Names in queries may be columns' as well, so that two views seem to read one another.
    while at < order.len() && steps > 0 {
        steps -= 1;
        let name = order[at].name.clone();
        for (other, view) in &catalog.views {
            // A view that is met again stands behind all that it reads.
            if *other != order[at] && mentions(view.query.text(), &name, dialect) {
                match known.insert(other.clone()) {
                    true => order.push(other.clone()),
                    false => {
                        if let Some(place) =
                            order.iter().position(|o| o == other).filter(|p| *p < at)
                        {
                            let moved = order.remove(place);
                            order.push(moved);
                            at -= 1;
                        }
                    }
                }
            }
        }
        at += 1;
    }
    let kind = |name: &QualifiedName| match catalog.views.get(name).is_some_and(|v| v.materialized)
    {
        true => "MATERIALIZED VIEW",
        false => "VIEW",
    };
    let last_first = order.iter().rev();
    last_first
        .map(|name| format!("DROP {} {}", kind(name), dialect.quote_name(name)))
        .collect()
}

fn parts(table: &Table, e: &Expansion, dialect: Dialect) -> Vec<String> {
    let on = dialect.quote_name(&table.name);
    let policies = table.policies.iter().filter(|p| {
        let mut texts = p.using.iter().chain(&p.with_check);
        texts.any(|t| mentions(t.text(), &e.from, dialect))
    });
    let triggers = table.triggers.iter().filter(|t| {
        let when = t
            .when
            .as_ref()
            .is_some_and(|w| mentions(w.text(), &e.from, dialect));
        when || t.update_of.contains(&e.from)
    });
    let policies = policies.map(|p| format!("DROP POLICY {} ON {on}", dialect.quote(&p.name)));
    let triggers = triggers.map(|t| format!("DROP TRIGGER {} ON {on}", dialect.quote(&t.name)));
    policies.chain(triggers).collect()
}
