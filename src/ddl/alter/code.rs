//! Routines and text search.

use crate::ddl::{Context, create_statement, fragments};
use crate::dialect::Dialect;
use crate::model::{Argument, ArgumentMode, ObjectRef, Routine, TextSearch, TextSearchKind};

/// CREATE OR REPLACE, within its limits.
///
/// Source: the manual, CREATE FUNCTION, Notes: the return type and the names of arguments stay,
/// and defaults are not taken away; `ProcedureCreate` in pg_proc.c.
pub(super) fn routine(cx: &Context<'_>, before: &Routine, after: &Routine) -> Option<Vec<String>> {
    let mut rest = before.clone();
    rest.facets = after.facets.clone();
    if rest == *after {
        return Some(Vec::new());
    }
    let outputs = |r: &Routine| -> Vec<Argument> {
        let out = |a: &&Argument| !matches!(a.mode, ArgumentMode::In | ArgumentMode::Variadic);
        let bare = |a: &Argument| Argument {
            default: None,
            ..a.clone()
        };
        r.arguments.iter().filter(out).map(bare).collect()
    };
    let alike = before.kind == after.kind
        && before.returns == after.returns
        && before.window == after.window
        && before.arguments.len() == after.arguments.len()
        && outputs(before) == outputs(after);
    let mut pairs = before.arguments.iter().zip(&after.arguments);
    let fits = pairs.all(|(b, a)| {
        b.mode == a.mode
            && b.data_type == a.data_type
            && (b.name.is_none() || b.name == a.name)
            && (b.default.is_none() || a.default.is_some())
    });
    if !alike || !fits {
        return None;
    }
    let create = create_statement(cx, ObjectRef::Routine(after))?;
    Some(vec![create.replacen("CREATE ", "CREATE OR REPLACE ", 1)])
}

/// Mappings of a configuration, options of a dictionary.
pub(super) fn text_search(
    before: &TextSearch,
    after: &TextSearch,
    dialect: Dialect,
) -> Option<Vec<String>> {
    let mut now = before.clone();
    now.facets = after.facets.clone();
    let name = dialect.quote_name(&after.name);
    let alter = format!("ALTER TEXT SEARCH CONFIGURATION {name}");
    let mut out = Vec::new();
    for token in before.mappings.keys() {
        if !after.mappings.contains_key(token) {
            out.push(format!("{alter} DROP MAPPING FOR {}", dialect.quote(token)));
        }
    }
    for (token, dictionaries) in &after.mappings {
        let verb = match before.mappings.get(token) {
            Some(old) if old == dictionaries => continue,
            Some(_) => "ALTER",
            None => "ADD",
        };
        let list = fragments::join(dictionaries.iter().map(|d| dialect.quote_name(d)));
        let token = dialect.quote(token);
        out.push(format!("{alter} {verb} MAPPING FOR {token} WITH {list}"));
    }
    now.mappings = after.mappings.clone();
    if after.kind == TextSearchKind::Dictionary {
        out.extend(dictionary_options(before, after, &name));
        let template = now.options.remove("template");
        now.options = after.options.clone();
        match template {
            Some(template) => now.options.insert("template".into(), template),
            None => now.options.remove("template"),
        };
    }
    (now == *after).then_some(out)
}

/// `ALTER TEXT SEARCH DICTIONARY d (stopwords = 'x', accept)`: a name alone takes the option away. The
/// template cannot be changed.
fn dictionary_options(before: &TextSearch, after: &TextSearch, name: &str) -> Option<String> {
    let is_option = |option: &str| option != "template";
    let set = after
        .options
        .iter()
        .filter(|(option, value)| is_option(option) && before.options.get(*option) != Some(*value));
    let set = set.map(|(option, value)| format!("{option} = {}", value.text()));
    let gone = before.options.keys();
    let gone = gone.filter(|option| is_option(option) && !after.options.contains_key(*option));
    let gone = gone.map(ToString::to_string);
    let words: Vec<String> = set.chain(gone).collect();
    let words = words.join(", ");
    (!words.is_empty()).then(|| format!("ALTER TEXT SEARCH DICTIONARY {name} ({words})"))
}
