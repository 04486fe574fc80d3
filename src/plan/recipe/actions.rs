//! The actions of a joined ALTER TABLE, taken apart by their text.

use crate::dialect::Dialect;
use crate::expr::{Lexer, Token};

/// `ALTER TABLE name`, and each action behind it; `None` where the text is not one.
pub(super) fn split(sql: &str, actions: usize, dialect: Dialect) -> Option<(String, Vec<String>)> {
    let tokens = Lexer::tokens(sql, dialect).ok()?;
    let word = |n: usize| tokens.get(n).map_or("", |t: &Token| t.text(sql));
    let is = |n: usize, w: &str| word(n).eq_ignore_ascii_case(w);
    if !is(0, "alter") {
        return None;
    }
    let mut at = if is(1, "foreign") { 3 } else { 2 };
    while is(at, "if") || is(at, "exists") || is(at, "only") {
        at += 1;
    }
    at += 1;
    while word(at) == "." {
        at += 2;
    }
    let head = sql[..tokens.get(at)?.start as usize].trim_end().to_owned();
    let mut parts = Vec::new();
    let mut start = tokens.get(at)?.start as usize;
    let mut depth = 0_i32;
    for token in &tokens[at..] {
        match token.text(sql) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "," if depth == 0 => {
                parts.push(sql[start..token.start as usize].trim().to_owned());
                start = token.end as usize;
            }
            _ => {}
        }
    }
    parts.push(sql[start..].trim().to_owned());
    (parts.len() == actions).then_some((head, parts))
}

/// One ALTER TABLE with these actions.
pub(super) fn join(head: &str, actions: &[String]) -> String {
    match actions {
        [one] => format!("{head} {one}"),
        several => format!("{head}\n    {}", several.join(",\n    ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_between_actions_part_them() {
        let sql = "ALTER TABLE ONLY public.t\n    ADD COLUMN a numeric(10, 2),\n    ALTER COLUMN b SET DEFAULT 'x, y'";
        let (head, parts) = split(sql, 2, Dialect::Postgres).unwrap();
        assert_eq!(head, "ALTER TABLE ONLY public.t");
        assert_eq!(
            parts,
            [
                "ADD COLUMN a numeric(10, 2)",
                "ALTER COLUMN b SET DEFAULT 'x, y'"
            ]
        );
        assert_eq!(join(&head, &parts), sql);
        assert!(split(sql, 3, Dialect::Postgres).is_none());
        assert!(split("DROP TABLE t", 1, Dialect::Postgres).is_none());
    }
}
