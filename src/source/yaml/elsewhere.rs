//! Additions to objects that are declared elsewhere: indexes, triggers, policies, grants, comments.

use super::names::qualified;
use super::node::{Entry, Node};
use super::reader::{Document, Reader, create};
use super::said::{grantee, written_text};
use crate::model::{AclItem, Grantee, Ident, Object, ObjectKind, QualifiedName};
use crate::source::{Statement, Target, sql};

impl<'a> Reader<'a> {
    pub(super) fn file_indexes(&mut self, items: &[Node], document: &Document<'a>) {
        for item in items {
            if let Some(table) = item.get("table").and_then(Node::text) {
                self.indexes_of(&qualified(table), std::slice::from_ref(item), document);
            }
        }
    }

    pub(super) fn file_trigger(&mut self, entry: &Entry, document: &Document<'a>) {
        let table = entry.value.get("table").and_then(Node::text).map(qualified);
        if let (Some(table), Some((trigger, said))) = (table, self.trigger(entry)) {
            let object = Object::Trigger(table, Box::new(trigger));
            self.declare_with(document, create(object), entry.span(), said);
        }
    }

    pub(super) fn file_policy(&mut self, entry: &Entry, document: &Document<'a>) {
        let Some(table) = entry.value.get("table").and_then(Node::text) else {
            return;
        };
        let (policy, said) = self.policy(entry);
        let object = Object::Policy(qualified(table), Box::new(policy));
        self.declare_with(document, create(object), entry.span(), said);
    }

    /// The grantees, privileges and revocation that both kinds of grant have.
    fn granted(&mut self, node: &Node) -> (Vec<AclItem>, bool) {
        let grantees: Vec<Grantee> = self
            .roles(node.get("to"))
            .iter()
            .map(|role| grantee(role))
            .collect();
        let is = |key: &str| node.get(key).and_then(Node::boolean) == Some(true);
        let items = match node.get("privileges") {
            Some(privileges) => self.privileges(privileges, &grantees, is("grant_option")),
            None => Vec::new(),
        };
        (items, is("revoke"))
    }

    pub(super) fn file_grant(&mut self, node: &Node, document: &Document<'a>) {
        let (items, revoke) = self.granted(node);
        let Some(on) = node.get("on").filter(|_| !items.is_empty()) else {
            return;
        };
        let single = on.text().map(|_| on);
        for target in single.into_iter().chain(on.items()) {
            let Some((targets, all_in_schemas)) = self.grant_target(target) else {
                continue;
            };
            let statement = Statement::Grant {
                targets,
                items: items.clone(),
                revoke,
                only_option: revoke && items.iter().any(|i| i.grant_option),
                all_in_schemas,
            };
            self.declare(document, statement, node.span);
        }
    }

    /// `tasks`, `function f(integer)`, `all tables in schema app`.
    fn grant_target(&mut self, node: &Node) -> Option<(Vec<Target>, Vec<Ident>)> {
        let text = node.text()?;
        let words: Vec<&str> = text.split_whitespace().collect();
        let lower: Vec<String> = words.iter().map(|w| w.to_ascii_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        if let ["all", kind, "in", "schema", schemas @ ..] = lower.as_slice() {
            let kind = match *kind {
                "tables" => ObjectKind::Table,
                "sequences" => ObjectKind::Sequence,
                "functions" | "routines" => ObjectKind::Function,
                "procedures" => ObjectKind::Procedure,
                other => {
                    self.error(
                        format!("`all {other}` is not something to grant on"),
                        node.span,
                        "one of all tables, all sequences, all functions, all procedures",
                    );
                    return None;
                }
            };
            let from = words.len() - schemas.len();
            let names = words[from..].join(" ");
            let schemas = names.split(',').map(|s| Ident::new(s.trim())).collect();
            return Some((vec![Target::new(kind, QualifiedName::default())], schemas));
        }
        let target = self.fragment(node, sql::named_object)?;
        Some((vec![target], Vec::new()))
    }

    pub(super) fn default_privileges(&mut self, node: &Node, document: &Document<'a>) {
        let (items, revoke) = self.granted(node);
        let word = node.get("on").and_then(Node::text).unwrap_or_default();
        let kind = match word.to_ascii_lowercase().as_str() {
            "tables" => ObjectKind::Table,
            "sequences" => ObjectKind::Sequence,
            "functions" => ObjectKind::Function,
            "types" => ObjectKind::ShellType,
            "schemas" => ObjectKind::Schema,
            _ => return,
        };
        let statement = Statement::DefaultPrivileges {
            roles: self.roles(node.get("for")),
            schemas: self.names(node.get("in")),
            kind,
            items,
            revoke,
            only_option: false,
        };
        self.declare(document, statement, node.span);
    }

    /// `table tasks`, `column tasks.title`: the kind and the name are the key.
    pub(super) fn file_comment(&mut self, entry: &Entry, document: &Document<'a>) {
        let target = match sql::named_object(&entry.key, self.version) {
            Ok(target) => target,
            Err(error) => {
                self.error(
                    error.message,
                    entry.key_span,
                    "write the kind and the name: `column tasks.title`",
                );
                return;
            }
        };
        let statement = Statement::Comment {
            target,
            text: written_text(&entry.value).map(Box::from),
        };
        self.declare(document, statement, entry.span());
    }
}
