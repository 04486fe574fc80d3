//! Text to [`Node`] trees: the only user of the YAML parser, and the limits against hostile input.
//!
//! Invariants: never panics; at most one syntax error a file (a YAML parser cannot go on after
//! one), but every duplicate key, tag and limit is reported.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};

use super::node::{Entry, Kind, Node, Style};
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::source::SourceFile;

/// Levels of nesting; the format itself needs about ten.
pub(super) const MAX_DEPTH: usize = 64;
/// Bytes of one file.
const MAX_BYTES: usize = 64 << 20;
/// Nodes that aliases may add to one file.
const MAX_ALIASED: usize = 100_000;

/// The documents of a file, and what was wrong with it.
pub(crate) fn parse(file: &SourceFile) -> (Vec<Node>, Vec<Diagnostic>) {
    let mut builder = Builder::new(file);
    if file.text.len() > MAX_BYTES {
        builder.diagnostics.push(
            Diagnostic::error("parse/yaml-limit", "The file is larger than 64 MiB")
                .at(Span::new(file.id, 0, 0), "this file")
                .help("split it: every YAML file of the folder is read"),
        );
        return (Vec::new(), builder.diagnostics);
    }
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    for next in Parser::new_from_str_with_options(&file.text, options) {
        match next {
            Ok((event, span)) => builder.event(event, &span),
            Err(error) => {
                builder.syntax_error(&error);
                // What was read before the error is incomplete: errors about it would mislead.
                return (Vec::new(), builder.diagnostics);
            }
        }
        if builder.stopped {
            return (Vec::new(), builder.diagnostics);
        }
    }
    (builder.documents, builder.diagnostics)
}

/// A collection that is still open.
struct Open {
    start: usize,
    anchor: usize,
    kind: OpenKind,
}

enum OpenKind {
    Sequence(Vec<Node>),
    Mapping(
        Vec<Entry>,
        Option<(Box<str>, Span)>,
        HashMap<Box<str>, Span>,
    ),
}

struct Builder<'a> {
    file: &'a SourceFile,
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    aliased: usize,
    stopped: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn new(file: &'a SourceFile) -> Self {
        Self {
            file,
            documents: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            aliased: 0,
            stopped: false,
            diagnostics: Vec::new(),
        }
    }

    fn id(&self) -> FileId {
        self.file.id
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let start = self.offset(&span.start);
        Span::new(self.id(), start, self.offset(&span.end).max(start))
    }

    fn offset(&self, marker: &granit_parser::Marker) -> usize {
        let bytes = marker.byte_offset().unwrap_or(0);
        bytes.min(self.file.text.len())
    }

    fn event(&mut self, event: Event<'_>, place: &granit_parser::Span) {
        let span = self.span(place);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.is_some_and(|t| !t.is_yaml_core_schema()), span);
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted => Style::SingleQuoted,
                    ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                    _ => Style::Block,
                };
                let text = text.into_owned().into_boxed_str();
                let kind = Kind::Scalar { text, style };
                self.finish(Node { span, kind }, anchor);
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_tag(tag.is_some_and(|t| !t.is_yaml_core_schema()), span);
                self.start(span, anchor, OpenKind::Sequence(Vec::new()));
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_tag(tag.is_some_and(|t| !t.is_yaml_core_schema()), span);
                let kind = OpenKind::Mapping(Vec::new(), None, HashMap::new());
                self.start(span, anchor, kind);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => {
                self.diagnostics.push(
                    Diagnostic::error("parse/yaml", format!("No anchor `&{name}` stands before this alias"))
                        .at(span, "refers to nothing")
                        .help("define the anchor earlier in the same document, or use `mixins:` and `include:`"),
                );
                self.finish(null(span), 0);
            }
            Event::DocumentStart(..) => self.anchors.clear(),
            _ => {}
        }
    }

    fn start(&mut self, span: Span, anchor: usize, kind: OpenKind) {
        if self.open.len() >= MAX_DEPTH {
            self.too_deep(span);
            return;
        }
        let start = span.start as usize;
        self.open.push(Open {
            start,
            anchor,
            kind,
        });
    }

    fn close(&mut self, end: Span) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let (kind, last) = match open.kind {
            OpenKind::Sequence(items) => {
                let last = items.last().map_or(open.start, |n| n.span.end as usize);
                (Kind::Sequence(items), last)
            }
            OpenKind::Mapping(entries, ..) => {
                let last = entries.last().map_or(open.start, |e| e.span().end as usize);
                (Kind::Mapping(entries), last)
            }
        };
        // A block collection ends where its last value does, a flow collection at its bracket.
        let bracket = self.file.text.get(end.start as usize..end.end as usize);
        let end = match bracket {
            Some("]" | "}") => end.end as usize,
            _ => last,
        };
        let span = Span::new(self.id(), open.start, end);
        self.finish(Node { span, kind }, open.anchor);
    }

    /// Puts a complete node where it belongs.
    fn finish(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|o| &mut o.kind) {
            None => self.documents.push(node),
            Some(OpenKind::Sequence(items)) => items.push(node),
            Some(OpenKind::Mapping(entries, waiting, _)) => {
                if let Some((key, key_span)) = waiting.take() {
                    entries.push(Entry {
                        key,
                        key_span,
                        value: node,
                    });
                    self.drop_duplicate();
                } else {
                    self.key(node);
                }
            }
        }
    }

    fn key(&mut self, node: Node) {
        let span = node.span;
        let key = match node.kind {
            Kind::Scalar { text, .. } => text,
            _ => {
                self.diagnostics.push(
                    Diagnostic::error("parse/yaml", "A key must be a name, not a list or mapping")
                        .at(span, "this key")
                        .help("quote a key that begins with `[` or `{`"),
                );
                "".into()
            }
        };
        let Some(OpenKind::Mapping(_, waiting, _)) = self.open.last_mut().map(|o| &mut o.kind)
        else {
            return;
        };
        *waiting = Some((key, span));
    }

    /// Takes the entry just read out again where its key was there before: the first one counts.
    fn drop_duplicate(&mut self) {
        let Some(OpenKind::Mapping(entries, _, seen)) = self.open.last_mut().map(|o| &mut o.kind)
        else {
            return;
        };
        let Some(entry) = entries.last() else {
            return;
        };
        let (key, span) = (entry.key.clone(), entry.key_span);
        if let Some(first) = seen.get(&key).copied() {
            entries.pop();
            self.diagnostics.push(
                Diagnostic::error(
                    "parse/yaml-duplicate-key",
                    format!("The key `{key}` stands twice"),
                )
                .at(span, "again here")
                .and_at(first, "first here")
                .note("one of the two would be lost without a word")
                .help("remove or rename one of them"),
            );
        } else {
            seen.insert(key, span);
        }
    }

    fn alias(&mut self, id: usize, span: Span) {
        let Some(target) = self.anchors.get(&id) else {
            // The anchor is a collection that is still open: it would contain itself.
            self.diagnostics.push(
                Diagnostic::error("parse/yaml", "An alias stands within its own anchor")
                    .at(span, "this would never end"),
            );
            self.finish(null(span), 0);
            return;
        };
        self.aliased += target.size();
        if self.aliased > MAX_ALIASED {
            self.stopped = true;
            self.diagnostics.push(
                Diagnostic::error(
                    "parse/yaml-limit",
                    format!("Aliases expand to more than {MAX_ALIASED} values"),
                )
                .at(span, "the limit is reached here")
                .note("aliases of aliases grow without bound; the file is not read further")
                .help("use `mixins:` and `include:` for what tables share"),
            );
            return;
        }
        if self.open.len() + target.height() > MAX_DEPTH {
            self.too_deep(span);
            return;
        }
        self.finish(target.clone(), 0);
    }

    fn refuse_tag(&mut self, refused: bool, span: Span) {
        if refused {
            self.diagnostics.push(
                Diagnostic::error("parse/yaml", "Tags are not part of the schema format")
                    .at(span, "a tag stands before this value")
                    .help("remove the tag"),
            );
        }
    }

    fn too_deep(&mut self, span: Span) {
        self.stopped = true;
        self.diagnostics.push(too_deep(span));
    }

    fn syntax_error(&mut self, error: &granit_parser::ScanError) {
        let at = self.offset(error.marker());
        let end = self
            .file
            .text
            .get(at..)
            .and_then(|rest| rest.chars().next());
        let span = Span::new(self.id(), at, at + end.map_or(0, char::len_utf8));
        let text = error.kind().to_string();
        if text.contains("nesting") || text.contains("recursion") {
            self.diagnostics.push(too_deep(span));
            return;
        }
        let mut diagnostic = Diagnostic::error("parse/yaml", format!("Not YAML: {text}"))
            .at(span, "the parser stopped here")
            .note("nothing after this place was read; other errors of this file may follow");
        if self.line_has_tab(at) {
            diagnostic = diagnostic.help("indent with spaces: YAML does not allow tabs there");
        } else if self.line_has_bare_colon(at) {
            diagnostic = diagnostic
                .help("quote a text that contains `: ` or begins with one of `{ [ * & ! % @ `` `");
        }
        self.diagnostics.push(diagnostic);
    }

    fn line_at(&self, at: usize) -> &str {
        let (before, after) = self.file.text.split_at_checked(at).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |n| n + 1);
        let end = after.find('\n').map_or(self.file.text.len(), |n| at + n);
        &self.file.text[start..end]
    }

    fn line_has_tab(&self, at: usize) -> bool {
        let line = self.line_at(at);
        line[..line.len() - line.trim_start().len()].contains('\t')
    }

    fn line_has_bare_colon(&self, at: usize) -> bool {
        self.line_at(at).matches(": ").count() > 1
    }
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(
        "parse/yaml-limit",
        format!("The file nests deeper than {MAX_DEPTH} levels"),
    )
    .at(span, "the limit is reached here")
    .note("no schema needs that many; the file is not read further")
}

fn null(span: Span) -> Node {
    Node {
        span,
        kind: Kind::Scalar {
            text: "".into(),
            style: Style::Plain,
        },
    }
}
