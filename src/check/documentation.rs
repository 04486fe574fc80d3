//! The published documentation of the rules: the leading comment of each rule's file, read.
//!
//! The comment is Markdown. Its fenced blocks ```` ```sql bad ```` and ```` ```yaml good ```` are
//! examples that a test executes; `{dialect=sqlite preset=supabase set.option=value}` after the
//! word says how.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{DefaultValue, Level, Preset, RULES, RuleInfo, find, nearest_rule};

/// How an example is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Sql,
    Yaml,
}

/// A schema that a rule finds fault with, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    pub language: Language,
    pub good: bool,
    /// What stands in braces after the language: under which settings the example is executed.
    pub attributes: BTreeMap<String, String>,
    pub text: String,
}

/// The leading comment of a rule's file, as Markdown.
pub fn markdown(rule: &RuleInfo) -> String {
    let mut text = String::new();
    for line in rule.docs.lines().map_while(|line| line.strip_prefix("//!")) {
        text.push_str(line.strip_prefix(' ').unwrap_or(line));
        text.push('\n');
    }
    text
}

/// The examples of a rule, in their order.
pub fn examples(rule: &RuleInfo) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut current: Option<Example> = None;
    for line in markdown(rule).lines() {
        match (&mut current, line.strip_prefix("```")) {
            (None, Some(info)) => current = example_of(info),
            (Some(_), Some(_)) => examples.extend(current.take()),
            (Some(example), None) => {
                example.text.push_str(line);
                example.text.push('\n');
            }
            (None, None) => {}
        }
    }
    examples
}

fn example_of(info: &str) -> Option<Example> {
    let (words, attributes) = match info.split_once('{') {
        Some((words, rest)) => (words, rest.trim_end().trim_end_matches('}')),
        None => (info, ""),
    };
    let (language, polarity) = words.trim().split_once(' ')?;
    let attributes = attributes
        .split_whitespace()
        .filter_map(|a| a.split_once('='));
    Some(Example {
        language: match language {
            "sql" => Language::Sql,
            "yaml" => Language::Yaml,
            _ => return None,
        },
        good: match polarity.trim() {
            "good" => true,
            "bad" => false,
            _ => return None,
        },
        attributes: attributes
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect(),
        text: String::new(),
    })
}

/// What generated documents say about a rule: its documentation without its examples, as Markdown
/// under headings of the third level.
pub fn brief(id: &str) -> Option<String> {
    let text = markdown(find(id)?.info());
    let mut out = String::new();
    let mut fenced = false;
    for line in text.lines().skip(1) {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if let Some(title) = line.strip_prefix("## ").filter(|_| !fenced) {
            out.push_str(&format!("### {title}\n"));
        } else if !fenced {
            out.push_str(line);
            out.push('\n');
        }
    }
    Some(out.trim().to_owned())
}

/// What `schemagen explain` prints about a rule, or what is wrong with the id and what to do.
pub fn explain(id: &str) -> Result<String, (String, String)> {
    if let Some(rule) = find(id) {
        return Ok(explanation(rule.info()));
    }
    if id.starts_with("parse/") || id.starts_with("resolve/") {
        return Err((
            format!("`{id}` is an error in a source, not a rule"),
            "its own message says what is wrong; it cannot be configured or allowed".to_owned(),
        ));
    }
    let help = match nearest_rule(id) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "rules are named `group/name`, as reports print them".to_owned(),
    };
    Err((format!("there is no rule `{id}`"), help))
}

/// The documentation of a rule for a terminal: Markdown without its marks where they only disturb.
fn explanation(rule: &RuleInfo) -> String {
    let mut text = String::new();
    let mut in_example = false;
    for line in markdown(rule).lines() {
        if let Some(info) = line.strip_prefix("```") {
            in_example = !in_example;
            if in_example {
                let good = example_of(info).is_some_and(|e| e.good);
                text.push_str(if good { "Good:\n\n" } else { "Bad:\n\n" });
            }
        } else if in_example {
            let _ = writeln!(text, "    {line}");
        } else if let Some(title) = line.strip_prefix("# ") {
            let _ = writeln!(text, "{title} (by default: {})", rule.level.as_str());
        } else {
            let _ = writeln!(text, "{}", line.strip_prefix("## ").unwrap_or(line));
        }
    }
    if !rule.options.is_empty() {
        text.push_str("\nOptions\n\n");
        for option in rule.options {
            let default = default_text(option.default);
            let _ = writeln!(text, "    {} ({default})", option.name);
            let _ = writeln!(text, "        {}", option.docs);
        }
    }
    text
}

/// A default as the configuration would write it, with the other choices.
fn default_text(default: DefaultValue) -> String {
    match default {
        DefaultValue::Flag(value) => format!("default: {value}"),
        DefaultValue::Number(value) => format!("default: {value}"),
        DefaultValue::Text(value) => format!("default: \"{value}\""),
        DefaultValue::List(values) => format!("default: [{}]", values.join(", ")),
        DefaultValue::Choice(choices) => {
            let (first, others) = choices.split_first().unwrap_or((&"", &[]));
            format!("default: {first}; or {}", others.join(", "))
        }
    }
}

/// Every rule on one page, as Markdown.
pub fn page() -> String {
    let mut text = String::from(
        "# Rules\n\n\
         Made from the files of the rules; `schemagen explain RULE` prints the same.\n\n\
         | rule | recommended | strict | supabase | |\n|---|---|---|---|---|\n",
    );
    for rule in RULES.iter().map(|rule| rule.info()) {
        let levels = Preset::ALL.map(|preset| preset.level(rule).as_str());
        let anchor = rule.id.replace('/', "");
        let _ = writeln!(
            text,
            "| [{id}](#{anchor}) | {} | {} | {} | {} |",
            levels[0],
            levels[1],
            levels[2],
            summary(rule),
            id = rule.id,
        );
    }
    for rule in RULES.iter().map(|rule| rule.info()) {
        text.push('\n');
        push_section(rule, &mut text);
    }
    text
}

/// The first sentence of a rule's documentation.
fn summary(rule: &RuleInfo) -> String {
    let text = markdown(rule);
    let lines = text.lines().skip(1).skip_while(|line| line.is_empty());
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    let end = paragraph.find(". ").map_or(paragraph.len(), |end| end + 1);
    paragraph[..end].replace('|', "\\|")
}

fn push_section(rule: &RuleInfo, text: &mut String) {
    for line in markdown(rule).lines() {
        if let Some(info) = line.strip_prefix("```")
            && let Some(example) = example_of(info)
        {
            let polarity = if example.good { "Good" } else { "Bad" };
            let language = match example.language {
                Language::Sql => "sql",
                Language::Yaml => "yaml",
            };
            let _ = writeln!(text, "{polarity}:\n\n```{language}");
        } else if line.starts_with('#') {
            // The page has the only heading of the first level.
            let _ = writeln!(text, "#{line}");
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
    if rule.level == Level::Off {
        text.push_str("\nOff unless configured.\n");
    }
    if !rule.options.is_empty() {
        text.push_str("\n### Options\n\n");
    }
    for option in rule.options {
        let default = default_text(option.default);
        let _ = writeln!(text, "- `{}` ({default}): {}", option.name, option.docs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static INFO: RuleInfo = RuleInfo {
        id: "group/name",
        level: Level::Info,
        docs: "//! # group/name\n//!\n//! Says a | b. And more.\n//!\n\
               //! ```yaml bad {dialect=sqlite set.form=plural}\n//! a:\n//!   b\n//! ```\n\
               //!\n//! ```text\n//! no example\n//! ```\n\nuse x;\n//! not this\n",
        options: &[],
    };

    #[test]
    fn only_the_leading_comment_is_published() {
        let text = markdown(&INFO);
        assert!(text.starts_with("# group/name\n\nSays"));
        assert!(!text.contains("not this"));
        assert_eq!(summary(&INFO), "Says a \\| b.");
    }

    #[test]
    fn examples_have_settings_and_keep_their_indentation() {
        let examples = examples(&INFO);
        let [example] = examples.as_slice() else {
            panic!("one example, not {examples:?}");
        };
        assert_eq!(example.language, Language::Yaml);
        assert!(!example.good);
        assert_eq!(example.text, "a:\n  b\n");
        assert_eq!(example.attributes["dialect"], "sqlite");
        assert_eq!(example.attributes["set.form"], "plural");
    }

    #[test]
    fn a_mistyped_rule_is_not_explained() {
        let (what, help) = explain("naming/csae").expect_err("no such rule");
        assert_eq!(what, "there is no rule `naming/csae`");
        assert_eq!(help, "did you mean `naming/case`?");
    }
}
