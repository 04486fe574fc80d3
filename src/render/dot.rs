//! The dependency graph in Graphviz' language, for `schemagen render graph`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Report;
use crate::model::{ObjectId, ObjectKind};

/// The graph: nodes in the order of creation, an arrow from each object to what it needs.
pub fn dot(report: &Report<'_>) -> String {
    let mut text = String::from(
        "digraph schema {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n",
    );
    // Short node names keep the arrows readable, and need no escapes.
    let mut numbers: BTreeMap<&ObjectId, usize> = BTreeMap::new();
    for object in &report.graph.order {
        let number = numbers.len() + 1;
        numbers.insert(object, number);
        let label = format!(
            "{}\\n{}",
            escape(object.kind.as_str()),
            escape(&object.path())
        );
        let _ = writeln!(
            text,
            "  n{number} [label=\"{label}\"{}];",
            style(object.kind)
        );
    }
    for (from, to) in report.graph.edges() {
        let _ = writeln!(text, "  n{} -> n{};", numbers[from], numbers[to]);
    }
    text.push_str("}\n");
    text
}

/// What sets tables and views apart from what belongs to them.
fn style(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Table => ", style=bold",
        ObjectKind::View | ObjectKind::MaterializedView => ", style=rounded",
        ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite | ObjectKind::Range => {
            ", shape=ellipse"
        }
        _ => "",
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::diagnostic::SourceMap;
    use crate::dialect::{Dialect, TargetVersion};
    use crate::graph::Graph;
    use crate::model::{Catalog, QualifiedName};
    use crate::render::Templates;

    #[test]
    fn nodes_and_arrows() {
        let users = ObjectId::table(&QualifiedName::new("public", "users"));
        let hostile = ObjectId::table(&QualifiedName::new("public", "a\"\\\nb"));
        let graph = Graph::new(vec![users.clone(), hostile.clone()], &[(hostile, users)]);
        let report = Report {
            dialect: Dialect::Postgres,
            version: TargetVersion::default_of(Dialect::Postgres),
            catalog: &Catalog::default(),
            graph: &graph,
            source_map: &SourceMap::default(),
            findings: &[],
            templates: &Templates::default(),
            history: None,
            rule: |_| None,
            options: &BTreeMap::new(),
            script: Default::default(),
        };
        let text = dot(&report);
        assert!(text.contains("n1 [label=\"table\\npublic.users\", style=bold];"));
        assert!(
            text.contains("n2 [label=\"table\\npublic.a\\\"\\\\ b\", style=bold];"),
            "{text}"
        );
        assert!(text.contains("  n2 -> n1;\n}\n"));
    }
}
