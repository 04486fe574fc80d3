//! Every format over the same findings.

use super::*;
use crate::diagnostic::{FileId, Span};
use crate::model::{ObjectId, QualifiedName};
use crate::source::SourceKind;

const TEXT: &str = "CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  \"größe\" text\n);\n";

fn sources() -> Vec<SourceFile> {
    let file = |id, path: &str, text: &str| SourceFile {
        id: FileId(id),
        path: path.to_owned(),
        kind: SourceKind::Sql,
        text: text.to_owned(),
        external: false,
    };
    vec![
        file(0, "schema/users.sql", TEXT),
        file(1, "schema/wide.sql", &"x".repeat(100_000)),
    ]
}

fn span(of: &str) -> Span {
    let start = TEXT.find(of).expect("a part of the text");
    Span::new(FileId(0), start, start + of.len())
}

fn diagnostics() -> Vec<Diagnostic> {
    let table = QualifiedName::new("public", "users");
    vec![
        Diagnostic::new("naming/case", Severity::Warning, "a name is odd")
            .about(ObjectId::column(&table, &"größe".into()))
            .at(span("\"größe\""), "this one")
            .and_at(span("users"), "of this table")
            .note("it must be quoted")
            .help("rename it"),
        Diagnostic::error("resolve/missing", "a folder\u{1b}[31m is missing"),
        Diagnostic::new("type/no-char", Severity::Info, "far out")
            .at(Span::new(FileId(1), 50_000, 50_003), "here"),
        Diagnostic::error("parse/end", "the file ends").at(
            Span::new(FileId(0), TEXT.len(), TEXT.len() + 9),
            "after this",
        ),
    ]
}

fn printed(format: Format, color: bool) -> String {
    let mut out = Vec::new();
    write(&diagnostics(), &sources(), format, color, &mut out).expect("memory");
    String::from_utf8(out).expect("text")
}

#[test]
fn concise_is_a_line_a_finding() {
    assert_eq!(
        printed(Format::Concise, true),
        "schema/users.sql:3:3: warning[naming/case] a name is odd\n\
         error[resolve/missing] a folder\u{fffd}[31m is missing\n\
         schema/wide.sql:1:50001: info[type/no-char] far out\n\
         schema/users.sql:5:1: error[parse/end] the file ends\n"
    );
}

#[test]
fn human_shows_the_source() {
    insta::assert_snapshot!(printed(Format::Human, false));
}

#[test]
fn human_has_colours_only_when_asked() {
    assert!(!printed(Format::Human, false).contains('\u{1b}'));
    assert!(printed(Format::Human, true).contains("\u{1b}["));
}

#[test]
fn json_is_complete() {
    let value: serde_json::Value =
        serde_json::from_str(&printed(Format::Json, true)).expect("JSON");
    let first = &value["findings"][0];
    assert_eq!(first["rule"], "naming/case");
    assert_eq!(first["severity"], "warning");
    assert_eq!(first["object"]["path"], "public.users.größe");
    assert_eq!(first["location"]["path"], "schema/users.sql");
    assert_eq!(first["location"]["start"]["line"], 3);
    assert_eq!(first["location"]["end"]["column"], 10);
    assert_eq!(first["related"][0]["label"], "of this table");
    assert_eq!(first["help"], "rename it");
    assert_eq!(value["findings"][1].get("location"), None);
    assert_eq!(value["summary"]["error"], 2);
}

#[test]
fn counts_are_words() {
    let counts = Counts::of(&diagnostics());
    assert_eq!(counts.to_string(), "2 errors, 1 warning, 1 hint");
    assert_eq!(Counts::default().to_string(), "no findings");
}
