//! Enums, domains, composite and range types, sequences.

use super::column::sequence_options;
use super::names::qualified;
use super::node::{Entry, Node};
use super::reader::{Document, Reader, Said, create};
use crate::diagnostic::{Diagnostic, Span};
use crate::expr::expression;
use crate::model::{
    CompositeType, ConstraintKind, DataType, Domain, DomainCheck, EnumType, Ident, Notes, Object,
    ObjectKind, Persistence, QualifiedName, RangeType, Sequence,
};
use crate::source::{Part, Target, sql};

impl<'a> Reader<'a> {
    /// Declares an object of an entry, with its notes and its grants.
    pub(super) fn declare_entry(
        &mut self,
        entry: &Entry,
        document: &Document<'a>,
        object: Object,
        target: Target,
    ) {
        self.declare_said(entry, document, object, target, Said::named(entry));
    }

    /// The same where something is said about its parts.
    fn declare_said(
        &mut self,
        entry: &Entry,
        document: &Document<'a>,
        object: Object,
        target: Target,
        mut said: Said,
    ) {
        let notes: Notes = self.notes(&entry.value);
        said.note(Part::Object, notes, &entry.value);
        self.declare_with(document, create(object), entry.span(), said);
        self.grants(&entry.value, &target, document);
    }

    pub(super) fn enum_type(&mut self, entry: &Entry, document: &Document<'a>) {
        let name = self.name(&entry.key, entry.key_span);
        let list = entry.value.get("values").unwrap_or(&entry.value);
        let mut values: Vec<(Box<str>, Span)> = Vec::new();
        let mut meanings = Vec::new();
        for item in list.items() {
            let label = item.get("name").unwrap_or(item);
            let Some(text) = label.text() else {
                // A bare `null` or `~` in the list.
                self.error(
                    "A value of an enum is a text",
                    item.span,
                    "quote a value that YAML reads as nothing: \"null\"",
                );
                continue;
            };
            self.enum_label(&name, text, label, &values);
            values.push((text.into(), label.span));
            if let Some(meaning) = item.get("description").and_then(Node::text) {
                meanings.push(format!("{text}: {}", meaning.trim()));
            }
        }
        let mut facets = self.facets(&entry.value);
        // PostgreSQL has no comments on single values, so they join that of the type.
        if !meanings.is_empty() {
            let head = facets.comment.as_deref().unwrap_or_default();
            let text = format!("{head}\n{}", meanings.join("\n"));
            facets.comment = Some(text.trim_start().into());
        }
        let object = Object::Enum(EnumType {
            name: name.clone(),
            values: values.into_iter().map(|(v, _)| v).collect(),
            facets,
        });
        let mut said = Said::named(entry);
        self.enum_renames(list, &mut said);
        let target = Target::new(ObjectKind::Enum, name);
        self.declare_said(entry, document, object, target, said);
    }

    fn enum_label(
        &mut self,
        name: &QualifiedName,
        text: &str,
        node: &Node,
        before: &[(Box<str>, Span)],
    ) {
        if let Some((_, first)) = before.iter().find(|(v, _)| &**v == text) {
            let first = *first;
            self.report(
                Diagnostic::error(
                    "parse/yaml-value",
                    format!("Enum `{name}` has `{text}` twice"),
                )
                .at(node.span, "again here")
                .and_at(first, "first here")
                .help("remove one of them"),
            );
        }
        if text.is_empty() || text.len() > 63 {
            let headline = format!("A value of enum `{name}` has {} bytes", text.len());
            self.error(headline, node.span, "PostgreSQL takes 1 to 63 bytes");
        }
    }

    /// `renamed_from` of a value: a note about the part that the new value is.
    fn enum_renames(&self, list: &Node, said: &mut Said) {
        for item in list.items() {
            let text = |key: &str| item.get(key).and_then(Node::text);
            let (Some(name), Some(former)) = (text("name"), text("renamed_from")) else {
                continue;
            };
            let notes = Notes {
                renamed_from: Some(Ident::new(former)),
                ..Notes::default()
            };
            said.notes.push((Part::Column(Ident::new(name)), notes));
        }
    }

    pub(super) fn domain(&mut self, entry: &Entry, document: &Document<'a>) {
        let name = self.name(&entry.key, entry.key_span);
        let mut domain = Domain {
            name: name.clone(),
            ..Domain::default()
        };
        if entry.value.text().is_some() {
            if self.short_domain(&mut domain, &entry.value).is_none() {
                return;
            }
        } else if self.long_domain(&mut domain, &entry.value).is_none() {
            return;
        }
        let target = Target::new(ObjectKind::Domain, name);
        self.declare_entry(entry, document, Object::Domain(domain), target);
    }

    /// `text not null check (value <> '')`, which reads like a column.
    fn short_domain(&mut self, domain: &mut Domain, node: &Node) -> Option<()> {
        let name = domain.name.name.clone();
        let (column, constraints) = self.fragment(node, |text, version| {
            sql::column_definition(&name, text, version)
        })?;
        domain.base = column.data_type;
        domain.collation = column.collation;
        domain.default = column.default;
        domain.not_null = column.not_null;
        let wrong = column.identity.is_some() || column.generated.is_some();
        for constraint in constraints {
            let ConstraintKind::Check { expression } = constraint.kind else {
                return self.no_domain(node);
            };
            domain.checks.push(DomainCheck {
                name: constraint.name,
                expression,
                not_valid: false,
                comment: None,
            });
        }
        if wrong {
            self.no_domain(node)
        } else {
            Some(())
        }
    }

    fn no_domain(&mut self, node: &Node) -> Option<()> {
        self.error(
            "A domain has a type, a default, NOT NULL and checks, nothing else",
            node.span,
            "keys, references, identity and generated belong to columns",
        );
        None
    }

    fn long_domain(&mut self, domain: &mut Domain, node: &Node) -> Option<()> {
        domain.base = self.fragment(node.get("type")?, sql::data_type)?;
        domain.not_null = node.get("nullable").and_then(Node::boolean) == Some(false);
        domain.collation = node.get("collation").and_then(Node::text).map(qualified);
        if let Some(default) = node.get("default") {
            domain.default = self.default_expression(default);
        }
        if let Some(check) = node.get("check") {
            domain.checks.extend(self.domain_check("", check));
        }
        for entry in node.get("checks").map_or(&[][..], Node::entries) {
            domain
                .checks
                .extend(self.domain_check(&entry.key, &entry.value));
        }
        domain.facets = self.facets(node);
        Some(())
    }

    fn domain_check(&mut self, name: &str, node: &Node) -> Option<DomainCheck> {
        let expression = node.get("expression").unwrap_or(node);
        Some(DomainCheck {
            name: Ident::new(name),
            expression: self.expression(expression)?,
            not_valid: node.get("not_valid").and_then(Node::boolean) == Some(true),
            comment: self.comment(node),
        })
    }

    pub(super) fn composite(&mut self, entry: &Entry, document: &Document<'a>) {
        let name = self.name(&entry.key, entry.key_span);
        let mut composite = CompositeType {
            name: name.clone(),
            facets: self.facets(&entry.value),
            ..CompositeType::default()
        };
        let mut said = Said::named(entry);
        let attributes = entry.value.get("attributes");
        for attribute in attributes.map_or(&[][..], Node::entries) {
            let ident = Ident::new(&attribute.key);
            let node = attribute.value.get("type").unwrap_or(&attribute.value);
            let Some(data_type) = self.fragment(node, sql::data_type) else {
                continue;
            };
            let collation = attribute.value.get("collation").and_then(Node::text);
            let part = Part::Column(ident.clone());
            said.parts.push((part, attribute.key_span));
            if let Some(comment) = self.comment(&attribute.value) {
                composite.attribute_comments.insert(ident.clone(), comment);
            }
            composite
                .attributes
                .push((ident, data_type, collation.map(qualified)));
        }
        let target = Target::new(ObjectKind::Composite, name);
        self.declare_said(entry, document, Object::Composite(composite), target, said);
    }

    pub(super) fn range(&mut self, entry: &Entry, document: &Document<'a>) {
        let name = self.name(&entry.key, entry.key_span);
        let Some(subtype) = entry
            .value
            .get("subtype")
            .and_then(|node| self.fragment(node, sql::data_type))
        else {
            return;
        };
        let mut range = RangeType {
            name: name.clone(),
            subtype,
            facets: self.facets(&entry.value),
            ..RangeType::default()
        };
        let options = [
            "subtype_opclass",
            "subtype_diff",
            "collation",
            "canonical",
            "multirange_type_name",
        ];
        for key in options {
            if let Some(text) = entry.value.get(key).and_then(Node::text) {
                let value = self.dialect().quote_name(&qualified(text));
                range
                    .options
                    .insert(key.into(), expression(&value, self.dialect()));
            }
        }
        let target = Target::new(ObjectKind::Range, name);
        self.declare_entry(entry, document, Object::Range(range), target);
    }

    pub(super) fn sequence(&mut self, entry: &Entry, document: &Document<'a>) {
        let name = self.name(&entry.key, entry.key_span);
        let node = &entry.value;
        let mut options = sequence_options(node);
        if let Some(word) = node.get("type").and_then(Node::text) {
            options.data_type = Some(DataType::builtin(&word.to_ascii_lowercase()));
        }
        let owned_by = node.get("owned_by").and_then(|owner| {
            let target = self.target(owner, document)?;
            match target.columns.as_slice() {
                [column] => Some((target.table, column.clone())),
                _ => {
                    self.error(
                        "A sequence is owned by one column",
                        owner.span,
                        "write it as `tasks.id`",
                    );
                    None
                }
            }
        });
        let is = |key: &str| node.get(key).and_then(Node::boolean) == Some(true);
        let sequence = Sequence {
            name: name.clone(),
            options,
            owned_by,
            persistence: match (is("unlogged"), is("temporary")) {
                (_, true) => Persistence::Temporary,
                (true, false) => Persistence::Unlogged,
                (false, false) => Persistence::Permanent,
            },
            facets: self.facets(node),
        };
        let target = Target::new(ObjectKind::Sequence, name);
        self.declare_entry(entry, document, Object::Sequence(sequence), target);
    }
}
