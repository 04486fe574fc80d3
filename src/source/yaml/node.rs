//! A YAML document as a tree whose every key and value knows its place.
//!
//! Invariants: aliases are already expanded, keys are unique within their mapping, and nothing is
//! deeper than [`super::parse::MAX_DEPTH`], so that recursion over a tree is safe.

use crate::diagnostic::Span;

/// How a scalar was written: quotes decide whether `null`, `true` and `12` are texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|` or `>`.
    Block,
}

/// A value.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Scalar { text: Box<str>, style: Style },
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Box<str>,
    pub(crate) key_span: Span,
    pub(crate) value: Node,
}

impl Entry {
    /// From the first byte of the key to the last of the value.
    pub(crate) fn span(&self) -> Span {
        Span {
            file: self.key_span.file,
            start: self.key_span.start,
            end: self.value.span.end.max(self.key_span.end),
        }
    }
}

impl Node {
    /// The text of a scalar that is not null.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        match &self.kind {
            Kind::Scalar {
                text,
                style: Style::Plain,
            } => matches!(&**text, "" | "~" | "null" | "Null" | "NULL"),
            _ => false,
        }
    }

    pub(crate) fn is_plain(&self) -> bool {
        matches!(
            &self.kind,
            Kind::Scalar {
                style: Style::Plain,
                ..
            }
        )
    }

    pub(crate) fn is_quoted(&self) -> bool {
        matches!(
            &self.kind,
            Kind::Scalar {
                style: Style::SingleQuoted | Style::DoubleQuoted,
                ..
            }
        )
    }

    /// A plain `true` or `false`.
    pub(crate) fn boolean(&self) -> Option<bool> {
        let text = self.text().filter(|_| self.is_plain())?;
        match text {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// A plain whole number.
    pub(crate) fn integer(&self) -> Option<i64> {
        self.text()
            .filter(|_| self.is_plain())
            .and_then(|text| text.replace('_', "").parse().ok())
    }

    pub(crate) fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Sequence(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|e| &*e.key == key)
    }

    /// The value of a key that is present and not null.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.value).filter(|v| !v.is_null())
    }

    /// What it is, for messages.
    pub(crate) fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar { .. } if self.is_null() => "nothing",
            Kind::Scalar { .. } if self.boolean().is_some() => "a boolean",
            Kind::Scalar { .. } if self.integer().is_some() => "a number",
            Kind::Scalar { .. } => "a text",
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
        }
    }

    /// The number of nodes in the tree, this one included.
    pub(crate) fn size(&self) -> usize {
        1 + match &self.kind {
            Kind::Scalar { .. } => 0,
            Kind::Sequence(items) => items.iter().map(Self::size).sum(),
            Kind::Mapping(entries) => entries.iter().map(|e| e.value.size() + 1).sum(),
        }
    }

    /// The number of levels of the tree, this one included.
    pub(crate) fn height(&self) -> usize {
        1 + match &self.kind {
            Kind::Scalar { .. } => 0,
            Kind::Sequence(items) => items.iter().map(Self::height).max().unwrap_or(0),
            Kind::Mapping(entries) => entries.iter().map(|e| e.value.height()).max().unwrap_or(0),
        }
    }

    /// The tree as JSON: plain scalars by YAML 1.2's core schema, quoted ones as strings.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            Kind::Scalar { text, style } => {
                if *style != Style::Plain {
                    return Value::from(&**text);
                }
                if self.is_null() {
                    return Value::Null;
                }
                if let Some(boolean) = self.boolean() {
                    return Value::from(boolean);
                }
                if let Some(integer) = self.integer() {
                    return Value::from(integer);
                }
                match text
                    .parse::<f64>()
                    .ok()
                    .and_then(serde_json::Number::from_f64)
                {
                    // "inf" and "nan" parse as numbers in Rust, but are words in YAML.
                    Some(number) if text.contains(|c: char| c.is_ascii_digit()) => {
                        Value::Number(number)
                    }
                    _ => Value::from(&**text),
                }
            }
            Kind::Sequence(items) => items.iter().map(Self::to_json).collect(),
            Kind::Mapping(entries) => Value::Object(
                entries
                    .iter()
                    .map(|e| (e.key.to_string(), e.value.to_json()))
                    .collect(),
            ),
        }
    }
}

/// The byte of the file where byte `offset` of a scalar's value stands.
///
/// A plain scalar of one line is copied byte for byte. In the other styles the value is matched
/// against the source from left to right, passing over indentation, folded line ends and escapes.
pub(crate) fn position_in_scalar(source: &str, node: &Node, offset: usize) -> usize {
    let Kind::Scalar { text, style } = &node.kind else {
        return node.span.start as usize;
    };
    let (start, end) = (node.span.start as usize, node.span.end as usize);
    let raw = source.get(start..end).unwrap_or("");
    if *style == Style::Plain && raw.len() == text.len() {
        return start + offset.min(raw.len());
    }
    let mut at = header_len(raw, *style);
    for c in text.get(..offset).unwrap_or(text).chars() {
        at = skip_to(raw, at, c, *style);
    }
    // The wanted character itself: what stands before it is not part of the value.
    if let Some(c) = text.get(offset..).and_then(|rest| rest.chars().next()) {
        let next = skip_to(raw, at, c, *style);
        at = next.saturating_sub(c.len_utf8()).max(at);
    }
    start + at.min(raw.len())
}

/// The bytes of the file where each byte of a scalar's value stands, and where the value ends.
pub(crate) fn positions_in_scalar(source: &str, node: &Node) -> Vec<usize> {
    let Kind::Scalar { text, style } = &node.kind else {
        return Vec::new();
    };
    let (start, end) = (node.span.start as usize, node.span.end as usize);
    let raw = source.get(start..end).unwrap_or("");
    if *style == Style::Plain && raw.len() == text.len() {
        return (start..=end).collect();
    }
    let mut positions = Vec::with_capacity(text.len() + 1);
    let mut at = header_len(raw, *style);
    for c in text.chars() {
        let next = skip_to(raw, at, c, *style);
        let own = next.saturating_sub(c.len_utf8()).max(at);
        positions.resize(positions.len() + c.len_utf8(), start + own.min(raw.len()));
        at = next;
    }
    positions.push(start + at.min(raw.len()));
    positions
}

/// The quote, or the line with `|` or `>`.
fn header_len(raw: &str, style: Style) -> usize {
    match style {
        Style::Plain => 0,
        Style::SingleQuoted | Style::DoubleQuoted => 1,
        Style::Block if raw.starts_with(['|', '>']) => raw.find('\n').map_or(raw.len(), |n| n + 1),
        Style::Block => 0,
    }
}

/// One past the place of `wanted` in `raw` at or after `at`.
fn skip_to(raw: &str, at: usize, wanted: char, style: Style) -> usize {
    let rest = raw.get(at..).unwrap_or("");
    if style == Style::DoubleQuoted && rest.starts_with('\\') {
        let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
        return at + 1 + escaped;
    }
    if style == Style::SingleQuoted && wanted == '\'' && rest.starts_with("''") {
        return at + 2;
    }
    for (n, c) in rest.char_indices() {
        if c == wanted || (wanted == ' ' && c == '\n') {
            return at + n + c.len_utf8();
        }
    }
    raw.len()
}
