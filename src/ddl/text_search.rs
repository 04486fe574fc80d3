//! Text search configurations, dictionaries, parsers and templates.

use super::fragments::{definition, join};
use crate::dialect::Dialect;
use crate::model::{TextSearch, TextSearchKind};

/// `CREATE TEXT SEARCH ...`.
pub(super) fn create(object: &TextSearch, dialect: Dialect) -> String {
    let kind = object.kind.as_sql();
    let name = dialect.quote_name(&object.name);
    let options = object.options.iter().map(|(k, v)| (&**k, Some(v)));
    let entries = definition(options, &["template", "parser", "copy"]);
    format!("CREATE TEXT SEARCH {kind} {name} ({})", entries.join(", "))
}

/// The mappings of a configuration. Where it is a copy, its tokens may be mapped already: ALTER
/// takes both, ADD only new ones.
pub(super) fn mappings(object: &TextSearch, dialect: Dialect) -> Vec<String> {
    if object.kind != TextSearchKind::Configuration {
        return Vec::new();
    }
    let name = dialect.quote_name(&object.name);
    let alter = format!("ALTER TEXT SEARCH CONFIGURATION {name}");
    let verb = if object.options.contains_key("copy") {
        "ALTER"
    } else {
        "ADD"
    };
    let mut out: Vec<(Vec<&str>, String)> = Vec::new();
    for (token, dictionaries) in &object.mappings {
        let with = join(dictionaries.iter().map(|d| dialect.quote_name(d)));
        match out.iter_mut().find(|(_, w)| *w == with) {
            Some((tokens, _)) => tokens.push(token),
            None => out.push((vec![token], with)),
        }
    }
    let print = |(tokens, with): (Vec<&str>, String)| {
        let tokens = join(tokens.iter().map(|t| dialect.quote(t).into_owned()));
        if with.is_empty() {
            format!("{alter} DROP MAPPING IF EXISTS FOR {tokens}")
        } else {
            format!("{alter} {verb} MAPPING FOR {tokens} WITH {with}")
        }
    };
    out.into_iter().map(print).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Expr, QualifiedName};

    #[test]
    fn tokens_with_the_same_dictionaries_share_a_statement() {
        let simple = vec![QualifiedName::new("pg_catalog", "simple")];
        let mut object = TextSearch {
            name: QualifiedName::new("public", "english"),
            kind: TextSearchKind::Configuration,
            options: [("parser".into(), Expr::new("pg_catalog.default", ""))].into(),
            mappings: [
                ("word".into(), simple.clone()),
                ("asciiword".into(), simple),
            ]
            .into(),
            facets: Default::default(),
        };
        assert_eq!(
            create(&object, Dialect::Postgres),
            "CREATE TEXT SEARCH CONFIGURATION public.english (PARSER = pg_catalog.default)"
        );
        assert_eq!(
            mappings(&object, Dialect::Postgres),
            ["ALTER TEXT SEARCH CONFIGURATION public.english \
              ADD MAPPING FOR asciiword, word WITH pg_catalog.simple"]
        );
        object.options = [("copy".into(), Expr::new("pg_catalog.english", ""))].into();
        assert!(mappings(&object, Dialect::Postgres)[0].contains("ALTER MAPPING"));
    }
}
