//! What authors say beside the definition: comments, notes, suppressions, owners, grants.

use super::node::{Entry, Node};
use super::reader::{Document, Reader, Said};
use crate::diagnostic::Diagnostic;
use crate::model::{AclItem, Allow, Facets, FunctionalDependency, Grantee, Ident, Notes};
use crate::source::{Part, Statement, Target};

impl Said {
    /// Adds notes about a part where they say anything, with the places of its suppressions.
    pub(super) fn note(&mut self, part: Part, notes: Notes, node: &Node) {
        if notes == Notes::default() {
            return;
        }
        let lists = [("allow", false), ("dependencies", true)];
        for (key, is_dependency) in lists {
            for (n, item) in node
                .get(key)
                .map_or(&[][..], Node::items)
                .iter()
                .enumerate()
            {
                let n = u16::try_from(n).unwrap_or(u16::MAX);
                self.note_spans
                    .push((part.clone(), is_dependency, n, item.span));
            }
        }
        self.notes.push((part, notes));
    }

    /// The name of an object that stands under a key.
    pub(super) fn named(entry: &Entry) -> Self {
        let mut said = Self {
            parts: vec![(Part::Name, entry.key_span)],
            ..Self::default()
        };
        said.place_comment(Part::Comment, &entry.value);
        said
    }

    /// Where a description stands that links to something: such a one may have to be found again.
    pub(super) fn place_comment(&mut self, part: Part, node: &Node) {
        let texts = ["description", "comment"].into_iter();
        let mut texts = texts.filter_map(|key| node.get(key));
        let links = |text: &Node| text.text().is_some_and(|text| text.contains("[["));
        if let Some(text) = texts.find(|text| links(text)) {
            self.parts.push((part, text.span));
        }
    }
}

impl Reader<'_> {
    /// `description` or `comment`, whichever is there.
    pub(super) fn comment(&mut self, node: &Node) -> Option<Box<str>> {
        let (description, comment) = (node.get("description"), node.get("comment"));
        if let (Some(first), Some(second)) = (description, comment) {
            self.report(
                Diagnostic::error(
                    "parse/yaml-value",
                    "`description` and `comment` are the same thing",
                )
                .at(second.span, "and again here")
                .and_at(first.span, "said here")
                .help("keep one of them"),
            );
        }
        let text = written_text(description.or(comment)?)?;
        (!text.is_empty()).then(|| text.into())
    }

    /// The annotations that every kind can have.
    pub(super) fn notes(&mut self, node: &Node) -> Notes {
        let text = |key: &str| node.get(key).and_then(Node::text).map(Box::from);
        let ident = |key: &str| node.get(key).and_then(Node::text).map(Ident::new);
        let flag = |key: &str| node.get(key).and_then(Node::boolean).unwrap_or(false);
        Notes {
            group: text("group"),
            renamed_from: ident("renamed_from"),
            replaces: ident("replaces"),
            reason: text("reason"),
            retention: text("retention"),
            deprecated: text("deprecated"),
            offline: node.get("online").and_then(Node::boolean) == Some(false),
            expands: text("strategy").as_deref() == Some("expand-contract"),
            sensitive: flag("sensitive"),
            encrypted: flag("encrypted"),
            hashed: flag("hashed"),
            allow: allows(node),
            dependencies: self.dependencies(node),
            denormalized: node
                .get("denormalized")
                .map_or(&[][..], Node::items)
                .iter()
                .filter_map(|item| {
                    let reason = item.get("reason")?.text()?.into();
                    Some((self.names(item.get("columns")), reason))
                })
                .collect(),
            ..Notes::default()
        }
    }

    fn dependencies(&self, node: &Node) -> Vec<FunctionalDependency> {
        node.get("dependencies")
            .map_or(&[][..], Node::items)
            .iter()
            .map(|item| FunctionalDependency {
                from: self.names(item.get("from")),
                to: self.names(item.get("to")),
            })
            .collect()
    }

    /// Comment and owner; grants are statements of their own.
    pub(super) fn facets(&mut self, node: &Node) -> Facets {
        let owner = node.get("owner").and_then(|owner| self.role(owner));
        Facets {
            owner,
            comment: self.comment(node),
            ..Facets::default()
        }
    }

    /// The grants under an object's `grants:`, as statements behind it.
    pub(super) fn grants(&mut self, node: &Node, target: &Target, document: &Document<'_>) {
        // What is taken away first, as a server does that keeps the difference to its defaults.
        for (key, revoke) in [("revokes", true), ("grants", false)] {
            for entry in node.get(key).map_or(&[][..], Node::entries) {
                self.grant(entry, target, revoke, document);
            }
        }
    }

    /// The privileges of one role.
    fn grant(&mut self, entry: &Entry, target: &Target, revoke: bool, document: &Document<'_>) {
        self.check_role(&entry.key, entry.key_span);
        let value = &entry.value;
        let passed_on = value.get("grant_option").and_then(Node::boolean) == Some(true);
        let plain = match value.entries() {
            [] => Some(value),
            _ => value.get("privileges"),
        };
        let lists = [(plain, passed_on), (value.get("with_grant_option"), true)];
        for (list, option) in lists {
            let Some(list) = list else { continue };
            let items = self.privileges(list, &[grantee(&entry.key)], option);
            if items.is_empty() {
                continue;
            }
            let statement = Statement::Grant {
                targets: vec![target.clone()],
                items,
                revoke,
                only_option: revoke && option,
                all_in_schemas: Vec::new(),
            };
            self.declare(document, statement, entry.span());
        }
    }

    /// `all`, `select`, `[select, { update: [title] }]`: an item a grantee, privilege and column.
    pub(super) fn privileges(
        &mut self,
        node: &Node,
        grantees: &[Grantee],
        grant_option: bool,
    ) -> Vec<AclItem> {
        let mut named: Vec<(Box<str>, Option<Ident>)> = Vec::new();
        let single = node.text().map(|_| node);
        for item in single.into_iter().chain(node.items()) {
            if let Some(privilege) = self.privilege(item.text(), item) {
                named.push((privilege, None));
            }
            for entry in item.entries() {
                let Some(privilege) = self.privilege(Some(&entry.key), item) else {
                    continue;
                };
                for column in self.names(Some(&entry.value)) {
                    named.push((privilege.clone(), Some(column)));
                }
            }
        }
        let item = |grantee: &Grantee, (privilege, column): &(Box<str>, Option<Ident>)| AclItem {
            grantee: grantee.clone(),
            column: column.clone(),
            privilege: privilege.clone(),
            grant_option,
        };
        grantees
            .iter()
            .flat_map(|g| named.iter().map(move |n| item(g, n)))
            .collect()
    }

    fn privilege(&mut self, text: Option<&str>, node: &Node) -> Option<Box<str>> {
        const KNOWN: [&str; 15] = [
            "select",
            "insert",
            "update",
            "delete",
            "truncate",
            "references",
            "trigger",
            "usage",
            "execute",
            "create",
            "connect",
            "temporary",
            "maintain",
            "set",
            "all",
        ];
        let lower = text?.trim().to_ascii_lowercase();
        let word = lower.strip_suffix(" privileges").unwrap_or(&lower);
        if KNOWN.contains(&word) {
            return Some(word.to_ascii_uppercase().into());
        }
        let help = match crate::diagnostic::nearest(word, KNOWN) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of {}", KNOWN.join(", ")),
        };
        self.error(format!("`{word}` is not a privilege"), node.span, &help);
        None
    }
}

/// What an author means by a text of several lines: without the line breaks at its end, which are
/// the way to write it. Between quotes every byte counts.
pub(super) fn written_text(node: &Node) -> Option<&str> {
    let text = node.text()?;
    Some(match node.is_quoted() {
        true => text,
        false => text.trim_end_matches('\n'),
    })
}

pub(super) fn grantee(name: &str) -> Grantee {
    if name.eq_ignore_ascii_case("public") {
        Grantee::Public
    } else {
        Grantee::Role(Ident::new(name))
    }
}

fn allows(node: &Node) -> Vec<Allow> {
    let text = |item: &Node, key: &str| item.get(key).and_then(Node::text).map(Box::from);
    node.get("allow")
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(|item| {
            Some(Allow {
                rule: text(item, "rule")?,
                reason: text(item, "reason"),
                until: text(item, "until"),
            })
        })
        .collect()
}
