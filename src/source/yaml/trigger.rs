//! Triggers and policies.

use super::column::deferral;
use super::draft::Draft;
use super::names::qualified;
use super::node::{Entry, Node};
use super::reader::{Reader, Said};
use crate::expr::expression;
use crate::model::{Ident, Notes, Policy, PolicyCommand, Trigger, TriggerEnabled};
use crate::source::Part;

impl<'a> Reader<'a> {
    pub(super) fn triggers(&mut self, draft: &mut Draft<'a>, node: &Node) {
        for entry in node.get("triggers").map_or(&[][..], Node::entries) {
            if let Some((trigger, said)) = self.trigger(entry) {
                draft.triggers.push((trigger, said, entry.span()));
            }
        }
    }

    pub(super) fn trigger(&mut self, entry: &Entry) -> Option<(Trigger, Said)> {
        let node = &entry.value;
        let text = |key: &str| node.get(key).and_then(Node::text);
        let mut trigger = Trigger {
            name: Ident::new(&entry.key),
            timing: self.timing(entry)?,
            events: events(node.get("events")?),
            update_of: self.names(node.get("update_of")),
            for_each_row: !text("for_each").is_some_and(|w| w.eq_ignore_ascii_case("statement")),
            constraint: node.get("constraint").and_then(Node::boolean) == Some(true),
            from: text("from").map(qualified),
            deferral: deferral(node),
            old_table: text("old_table").map(Ident::new),
            new_table: text("new_table").map(Ident::new),
            when: self.expression_of(node, "when"),
            enabled: enabled(text("enabled")),
            comment: self.comment(node),
            ..Trigger::default()
        };
        self.trigger_action(&mut trigger, entry)?;
        if !trigger.update_of.is_empty() && !trigger.events.iter().any(|e| &**e == "UPDATE") {
            self.error(
                "`update_of` narrows updates, and the trigger does not fire on any",
                entry.key_span,
                "add `update` to its events",
            );
        }
        Some((trigger, self.allowed(entry)))
    }

    /// PostgreSQL has no default, and a wrong guess would be a wrong trigger.
    fn timing(&mut self, entry: &Entry) -> Option<Box<str>> {
        match entry.value.get("timing").and_then(Node::text) {
            Some(text) => Some(text.to_ascii_uppercase().replace('_', " ").into()),
            None if !self.has_schemas() => Some("".into()),
            None => {
                let headline = format!("Trigger `{}` does not say when it fires", entry.key);
                self.error(
                    headline,
                    entry.key_span,
                    "give it `timing: before` or `timing: after`",
                );
                None
            }
        }
    }

    /// The function that is called, or SQLite's statements.
    fn trigger_action(&mut self, trigger: &mut Trigger, entry: &Entry) -> Option<()> {
        let node = &entry.value;
        if self.has_schemas() {
            let Some(function) = node.get("function").and_then(Node::text) else {
                self.error(
                    format!("Trigger `{}` calls no function", entry.key),
                    entry.key_span,
                    "give it `function:` with the name of a function that returns trigger",
                );
                return None;
            };
            trigger.function = qualified(function.trim_end_matches("()"));
            let arguments = node.get("arguments").map_or(&[][..], Node::items);
            trigger.arguments = arguments
                .iter()
                .filter_map(Node::text)
                .map(Box::from)
                .collect();
            return Some(());
        }
        if let Some(each) = node.get("for_each").filter(|_| !trigger.for_each_row) {
            self.error(
                "SQLite has row triggers only",
                each.span,
                "write `row`, or leave the key out",
            );
        }
        let Some(body) = node.get("body").and_then(Node::text) else {
            self.error(
                format!("Trigger `{}` does nothing", entry.key),
                entry.key_span,
                "give it `body:` with the statements between BEGIN and END",
            );
            return None;
        };
        trigger.body = Some(expression(&sqlite_body(body), self.dialect()));
        Some(())
    }

    pub(super) fn policies(&mut self, draft: &mut Draft<'a>, node: &Node) {
        for entry in node.get("policies").map_or(&[][..], Node::entries) {
            let (policy, said) = self.policy(entry);
            draft.policies.push((policy, said, entry.span()));
        }
    }

    pub(super) fn policy(&mut self, entry: &Entry) -> (Policy, Said) {
        let node = &entry.value;
        let text = |key: &str| node.get(key).and_then(Node::text).unwrap_or_default();
        let command = match text("for").to_ascii_lowercase().as_str() {
            "select" => PolicyCommand::Select,
            "insert" => PolicyCommand::Insert,
            "update" => PolicyCommand::Update,
            "delete" => PolicyCommand::Delete,
            _ => PolicyCommand::All,
        };
        let mut roles = self.roles(node.get("to"));
        roles.sort();
        roles.dedup();
        // PUBLIC is the default, and swallows any other.
        if roles.iter().any(|r| *r == "public") {
            roles.clear();
        }
        let policy = Policy {
            name: Ident::new(&entry.key),
            restrictive: text("as").eq_ignore_ascii_case("restrictive"),
            command,
            roles,
            using: self.expression_of(node, "using"),
            with_check: self.expression_of(node, "with_check"),
            comment: self.comment(node),
        };
        self.check_policy(&policy, entry);
        (policy, self.allowed(entry))
    }

    /// What the server refuses (CREATE POLICY, section "Description").
    fn check_policy(&mut self, policy: &Policy, entry: &Entry) {
        let (command, key, help) = match policy.command {
            PolicyCommand::Insert => ("insert", "using", "write the condition under `with_check:`"),
            PolicyCommand::Select => ("select", "with_check", "write the condition under `using:`"),
            PolicyCommand::Delete => ("delete", "with_check", "write the condition under `using:`"),
            _ => return,
        };
        if let Some(wrong) = entry.value.entry(key) {
            let headline = format!("A policy for {command} cannot have `{key}`");
            self.error(headline, wrong.key_span, help);
        }
    }

    /// The suppressions and the position of a named member.
    fn allowed(&mut self, entry: &Entry) -> Said {
        let mut said = Said::named(entry);
        let notes = Notes {
            allow: self.notes(&entry.value).allow,
            ..Notes::default()
        };
        said.note(Part::Object, notes, &entry.value);
        said
    }
}

/// In the order of `pg_get_triggerdef`.
fn events(node: &Node) -> Vec<Box<str>> {
    let single = node.text().map(|_| node);
    let given: Vec<String> = single
        .into_iter()
        .chain(node.items())
        .filter_map(Node::text)
        .map(str::to_ascii_uppercase)
        .collect();
    ["INSERT", "DELETE", "UPDATE", "TRUNCATE"]
        .into_iter()
        .filter(|e| given.iter().any(|g| g == e))
        .map(Box::from)
        .collect()
}

pub(super) fn enabled(word: Option<&str>) -> TriggerEnabled {
    match word.map(str::to_ascii_lowercase).as_deref() {
        Some("false") => TriggerEnabled::Disabled,
        Some("replica") => TriggerEnabled::Replica,
        Some("always") => TriggerEnabled::Always,
        _ => TriggerEnabled::Origin,
    }
}

/// The statements between BEGIN and END, whether or not the author wrote the two words.
fn sqlite_body(text: &str) -> String {
    let text = text.trim();
    let has_begin = text
        .get(..5)
        .is_some_and(|word| word.eq_ignore_ascii_case("begin"));
    if has_begin {
        return text.trim_end_matches(';').to_owned();
    }
    let semicolon = if text.ends_with(';') { "" } else { ";" };
    let indented: String = text.lines().map(|l| format!("    {l}\n")).collect();
    format!("BEGIN\n{}{semicolon}\nEND", indented.trim_end())
}
