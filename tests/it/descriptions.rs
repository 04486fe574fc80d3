//! Descriptions as people write them: paragraphs, lists and links, in every output.

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::support::program::Folder;

const SCHEMA: &str = "
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
CREATE TABLE tasks (
  id bigint PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users
);
CREATE INDEX ON tasks (user_id);
COMMENT ON TABLE users IS 'People who sign in.';
COMMENT ON TABLE tasks IS 'What [[users]] do, see [[users.email]].

A task goes
- from <b>todo</b>
- to [done](javascript:alert(1))

and *not* back.';
COMMENT ON COLUMN tasks.user_id IS 'Who does it: [[public.users.id]], not [[1,2]]';
";

fn project() -> Folder {
    Folder::with(&[("schema/a.sql", SCHEMA)])
}

/// The links of a page and the texts of its items.
fn read(text: &str) -> (Vec<String>, usize) {
    let mut links = Vec::new();
    let mut items = 0;
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::Start(Tag::Item) => items += 1,
            Event::InlineHtml(html) => assert_eq!(&*html, "<br>"),
            _ => {}
        }
    }
    (links, items)
}

#[test]
fn paragraphs_lists_and_links_are_markdown_and_nothing_else_is() {
    let folder = project();
    folder.run(&["build"]).expect(0);
    let page = folder.read("generated/docs/tables/public.tasks.md");
    let description = page.split("## Columns").next().unwrap();
    let description = description.split_once("\n\n").unwrap().1;
    let description = description.split_once("\n\n").unwrap().1;
    let (links, items) = read(description);
    assert_eq!(
        links,
        ["public.users.md", "public.users.md"],
        "{description}"
    );
    assert_eq!(items, 2);
    assert!(page.contains("Who does it: [public.users.id](public.users.md), not \\[\\[1,2\\]\\]"));
    let index = folder.read("generated/docs/README.md");
    assert!(index.contains("| What [users](tables/public.users.md) do, see [users.email](tables/public.users.md). |"), "{index}");
    let html = folder.read("generated/schema.html");
    assert!(
        html.contains("What <a href=\"#t=public.users\">users</a> do"),
        "{html}"
    );
    assert!(html.contains("<li>from &lt;b&gt;todo&lt;/b&gt;"));
    assert!(html.contains("<li>to [done](javascript:alert(1))"));
    let svg = folder.read("generated/erd.svg");
    assert!(svg.contains("What users do, see users.email."), "{svg}");
    assert!(!svg.contains("[[users"));
}

#[test]
fn a_link_that_leads_nowhere_is_a_finding_at_its_place() {
    let text = SCHEMA.replace("see [[users.email]]", "see [[users.mail]]");
    let folder = Folder::with(&[("schema/a.sql", &text)]);
    let run = folder.run(&["check"]).expect(0);
    for words in [
        "warning[documentation/broken-link]",
        "The description of table public.tasks links to `users.mail`",
        "schema/a.sql:9:1",
        "did you mean `[[users.email]]`?",
    ] {
        assert!(
            run.stdout.contains(words) || run.stderr.contains(words),
            "{words}\n{}{}",
            run.stdout,
            run.stderr
        );
    }
    folder.run(&["build"]).expect(0);
    let page = folder.read("generated/docs/tables/public.tasks.md");
    assert!(page.contains("see users.mail."), "{page}");
    let findings = folder.read("generated/docs/findings.md");
    for words in [
        "<a id=\"r-documentation.broken-link\"></a>",
        "### Why",
        "### Fix",
        "[tasks](tables/public.tasks.md)",
    ] {
        assert!(findings.contains(words), "{words}\n{findings}");
    }
}

#[test]
fn in_yaml_it_stands_at_the_description() {
    let yaml = "tables:\n  users:\n    description: \"People, see [[grants]]\"\n    columns:\n      \
                id: { type: bigint, primary_key: true, description: \"Also in [[users.uid]]\" }\n      \
                name:\n        type: text\n        comment: |\n          A name\n          \
                of [[nothing]].\nenums:\n  kind: { values: [a], description: \"see [[gone]]\" }\n";
    let folder = Folder::with(&[("schema/a.yaml", yaml)]);
    let run = folder.run(&["check"]).expect(0);
    let said = run.stdout + &run.stderr;
    for place in ["3:18", "5:59", "9:11", "12:37"] {
        assert!(
            said.contains(&format!("schema/a.yaml:{place}")),
            "{place}\n{said}"
        );
    }
}

#[test]
fn one_file_and_short_columns_are_asked_for() {
    let config = "outputs: { markdown: { form: one-file, columns: short } }\n";
    let folder = Folder::with(&[("schema/a.sql", SCHEMA), ("schemagen.yaml", config)]);
    folder.run(&["build"]).expect(0);
    let files = folder.files();
    let documents = files.keys().filter(|p| p.starts_with("generated/docs/"));
    assert_eq!(documents.count(), 1);
    let text = folder.read("generated/docs/README.md");
    assert!(text.contains("| Column | Type | Description |"));
    assert!(
        text.contains("(references [users.id](#t-public.users))"),
        "{text}"
    );
    for (links, _) in [read(&text.replace("<a id", "<br>").replace("</a>", ""))] {
        for link in links.iter().filter(|link| link.starts_with('#')) {
            let anchor = format!("<a id=\"{}\"></a>", &link[1..]);
            assert!(text.contains(&anchor), "{link}\n{text}");
        }
    }
    let wrong = config.replace("one-file", "book");
    folder.write("schemagen.yaml", wrong);
    let run = folder.run(&["build"]).expect(2);
    assert!(run.stderr.contains("one-file"), "{}", run.stderr);
}
