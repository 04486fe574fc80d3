//! What pictures and documents do not change by: a table in another group, the order of files, and
//! whatever a schema says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::page;
use crate::support::browser::Browser;
use crate::support::program::Folder;

/// The files of the example's schema.
fn example() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    let files = fs::read_dir(folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).unwrap())
    });
    files.collect()
}

/// The example's diagram, with some more YAML.
fn diagram(more: &str) -> String {
    let config = "dialect: postgres\nexternal_schemas: [auth]\n";
    let folder = Folder::with(&[("schemagen.yaml", config)]);
    for (name, text) in example() {
        folder.write(&format!("schema/{name}"), text);
    }
    if !more.is_empty() {
        folder.write("schema/more.yaml", more);
    }
    let arguments = ["render", "erd", "--format", "svg"];
    folder.run(&arguments).expect(0).stdout
}

/// The lines of each group, without the one that says where it stands.
fn groups(svg: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut now: Option<(&str, usize)> = None;
    for line in svg.lines() {
        if let Some(id) = line.strip_prefix("<g id=\"g-") {
            now = Some((id.split('"').next().unwrap(), 1));
        } else if let Some((id, depth)) = &mut now {
            *depth = *depth + line.matches("<g").count() - line.matches("</g>").count();
            match *depth {
                0 => now = None,
                _ => found.entry(*id).or_default().push(line),
            }
        }
    }
    found
}

/// In the file of a group at most so many of a hundred lines change with a table more in it.
const MOST_CHANGED: usize = 15;

#[test]
fn a_table_more_in_a_group_of_the_example_changes_no_other_one() {
    let before = diagram("");
    let before = groups(&before);
    assert_eq!(before.len(), 6);
    for (group, parent) in [
        ("accounts", Some("users")),
        ("code", Some("code_snippets")),
        ("generation", Some("generations")),
        ("logs", None),
        ("logs", Some("users")),
        ("projects", Some("projects")),
        ("tasks", Some("tasks")),
        ("tasks", Some("users")),
    ] {
        let reference = parent.map_or_else(String::new, |parent| {
            format!("      parent_id: {{ references: {parent}.id }}\n")
        });
        let more = format!(
            "tables:\n  one_more:\n    group: {group}\n    columns:\n      \
             id: bigint primary key\n      said: text\n{reference}"
        );
        let after = diagram(&more);
        let after = groups(&after);
        for (id, lines) in &before {
            let gone = lines.iter().filter(|line| !after[id].contains(line));
            let gone = gone.count();
            let most = match *id == group {
                true => MOST_CHANGED * lines.len() / 100,
                false => 0,
            };
            assert!(
                gone <= most,
                "{group} and {parent:?}: {gone} of {} lines of {id}",
                lines.len()
            );
            assert!(*id == group || lines.len() == after[id].len(), "{id}");
        }
    }
}

#[test]
fn files_in_another_order_are_the_same_outputs() {
    let config = "dialect: postgres\nexternal_schemas: [auth]\n";
    let folder = Folder::with(&[("schemagen.yaml", config)]);
    let files = example();
    let place = |n: usize, name: &str| format!("schema/{n:02}-{name}");
    for (n, (name, text)) in files.iter().enumerate() {
        folder.write(&place(n, name), text);
    }
    folder.run(&["build"]).expect(0);
    let built = |folder: &Folder| {
        let mut files = folder.files();
        files.retain(|path, _| path.starts_with("generated/"));
        files
    };
    let before = built(&folder);
    assert!(before.len() > 45, "{:?}", before.keys());
    for (n, (name, text)) in files.iter().enumerate() {
        fs::remove_file(folder.path().join(place(n, name))).unwrap();
        folder.write(&place(files.len() + files.len() - n, name), text);
    }
    folder.run(&["build"]).expect(0);
    let after = built(&folder);
    assert!(before.keys().eq(after.keys()), "{:?}", after.keys());
    for (path, bytes) in &before {
        assert!(*bytes == after[path], "{path} differs");
    }
}

#[test]
fn hostile_texts_run_nothing_in_a_picture() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let (sql, texts) = page::hostile();
    let folder = Folder::with(&[("schema.sql", &sql)]);
    let arguments = ["render", "erd", "--format", "svg", "schema.sql"];
    let drawn = folder.run(&arguments).expect(0).stdout;
    folder.write("erd.svg", &drawn);
    browser.open(&folder.path().join("erd.svg"));
    let strange = browser.eval(
        "[window.ran ?? null, document.documentElement.nodeName, \
         document.querySelectorAll('script, image, foreignObject, iframe').length, \
         [...document.querySelectorAll('*')].filter(e => e.getAttributeNames().some(n => n.startsWith('on'))).length, \
         document.querySelectorAll('g.table').length]",
    );
    let tables = json!(texts.len());
    assert_eq!(strange, json!([Value::Null, "svg", 0, 0, tables]));
    let (asked, errors) = browser.traffic();
    assert_eq!(
        (asked.len(), errors),
        (1, Vec::<String>::new()),
        "{asked:?}"
    );
}
