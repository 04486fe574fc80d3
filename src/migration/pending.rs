//! Columns that are two at the moment, by what the headers of migrations say.
//!
//! Invariant: the line of a first act is taken back by the line of its second one, and by nothing else.

use crate::dialect::Dialect;
use crate::plan::Expansion;

const EXPANDS: &str = "expands:";
const CONTRACTS: &str = "contracts:";

/// The lines that a header gets.
pub fn said(expands: &[Expansion], contracts: &[Expansion], dialect: Dialect) -> Vec<String> {
    let line = |word: &str, e: &Expansion| format!("{word} {}", e.print(dialect));
    let first = expands.iter().map(|e| line(EXPANDS, e));
    let second = contracts.iter().map(|e| line(CONTRACTS, e));
    first.chain(second).collect()
}

/// The columns that the lines of a header say to be one again behind it.
pub fn contracted<'t>(
    lines: impl IntoIterator<Item = &'t str>,
    dialect: Dialect,
) -> Vec<Expansion> {
    let lines = lines.into_iter().filter_map(|l| l.strip_prefix("-- "));
    let read = |line: &str| Expansion::parse(line.strip_prefix(CONTRACTS)?, dialect);
    lines.filter_map(read).collect()
}

/// What is pending after migrations, by their texts in their order.
pub fn pending<'t>(texts: impl IntoIterator<Item = &'t str>, dialect: Dialect) -> Vec<Expansion> {
    let mut found: Vec<Expansion> = Vec::new();
    for text in texts {
        for line in text.lines().filter_map(|line| line.strip_prefix("-- ")) {
            let read = |word: &str| Expansion::parse(line.strip_prefix(word)?, dialect);
            if let Some(expansion) = read(EXPANDS) {
                if !found.contains(&expansion) {
                    found.push(expansion);
                }
            } else if let Some(expansion) = read(CONTRACTS) {
                found.retain(|e| *e != expansion);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Ident, QualifiedName};

    #[test]
    fn a_second_act_takes_the_first_one_back() {
        let expansion = |column: &str| Expansion {
            table: QualifiedName::new("public", "t"),
            from: Ident::new(column),
            into: Ident::from(format!("{column}_new")),
            name: Ident::new(column),
        };
        let (a, b) = (expansion("a"), expansion("b"));
        let dialect = Dialect::Postgres;
        let text = |lines: Vec<String>| -> String {
            lines.iter().map(|line| format!("-- {line}\n")).collect()
        };
        let first = text(said(&[a.clone(), b.clone()], &[], dialect));
        assert_eq!(
            pending([first.as_str(), first.as_str()], dialect),
            [a.clone(), b.clone()]
        );
        let second = text(said(&[], &[a], dialect));
        assert_eq!(pending([first.as_str(), second.as_str()], dialect), [b]);
    }
}
