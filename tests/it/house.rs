//! Holds the sources against the table of rooms in ARCHITECTURE.md, and against the habits of the
//! house: the length of files, their names, and their opening words.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The longest file, tests within it included.
const LONGEST_FILE: usize = 400;

/// A row of the table: what a room may use.
#[derive(Debug)]
struct Room {
    rooms: BTreeSet<String>,
    crates: BTreeSet<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rooms by name, as ARCHITECTURE.md has them.
fn rooms(document: &str) -> BTreeMap<String, Room> {
    let rows = document.lines().filter(|l| l.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, _, rooms, crates] = cells[..] else {
            panic!("a row of the table has other than four cells: {row}");
        };
        let words = |cell: &str| {
            let words = cell.split(',').map(|w| w.trim().to_owned());
            words.filter(|w| !w.is_empty()).collect()
        };
        let room = Room {
            rooms: words(rooms),
            crates: words(crates),
        };
        (
            name.trim_matches('`').trim_end_matches('/').to_owned(),
            room,
        )
    })
    .collect()
}

/// Every Rust file below a folder, in order.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

/// The code of a file: without comments, and without its tests.
fn code(text: &str) -> String {
    let mut code = String::new();
    for line in text.lines() {
        if line.trim() == "#[cfg(test)]" {
            break;
        }
        let line = line.trim_start();
        if !line.starts_with("//") {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}

fn is_test(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|n| n.to_string_lossy().ends_with("tests.rs"))
        || path.components().any(|c| c.as_os_str() == "tests")
}

/// The names that follow `prefix` in a path: `crate::a::b` and `crate::{a::B, c}` give `a` and `c`.
fn heads(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut heads = BTreeSet::new();
    for (at, _) in code.match_indices(prefix) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(group) => heads.extend(group_heads(group)),
            None => heads.extend(word(rest)),
        }
    }
    heads
}

/// The first words of the members of a `{...}` that has just been opened.
fn group_heads(group: &str) -> Vec<String> {
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut member_begins = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => member_begins = true,
            c if member_begins && !c.is_whitespace() => {
                heads.extend(word(&group[at..]));
                member_begins = false;
            }
            _ => {}
        }
    }
    heads
}

fn word(text: &str) -> Option<String> {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// The crates under `[dependencies]`, as code spells them.
fn dependencies() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let table = manifest
        .split("\n[")
        .find(|t| t.starts_with("dependencies]"));
    let lines = table
        .expect("Cargo.toml has [dependencies]")
        .lines()
        .skip(1);
    lines
        .filter_map(|l| l.split_once('='))
        .map(|(name, _)| name.trim().replace('-', "_"))
        .collect()
}

/// Files and processes.
fn uses_files(code: &str) -> bool {
    uses(code, &["fs::", "process::"], &["fs", "process"])
}

/// The environment and the terminal.
fn uses_environment(code: &str) -> bool {
    let names = ["env::", "println!", "eprintln!", "print!", "eprint!"];
    uses(code, &names, &["env"])
        || code.contains("io::stdout")
        || code.contains("io::stderr")
        || code.contains("io::stdin")
}

fn uses(code: &str, names: &[&str], std: &[&str]) -> bool {
    names.iter().any(|n| {
        code.match_indices(n).any(|(at, _)| {
            let before = code[..at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
    }) || std.iter().any(|n| heads(code, "std::").contains(*n))
}

#[test]
fn every_room_imports_what_the_table_allows() {
    let rooms = rooms(&fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap());
    let dependencies = dependencies();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for path in rust_files(&root().join("src")) {
        let place = path.strip_prefix(root().join("src")).unwrap();
        let mut parts = place.components();
        let name = parts
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .into_owned();
        if parts.next().is_none() || is_test(place) {
            continue;
        }
        let Some(room) = rooms.get(&name) else {
            wrong.push(format!("src/{name}/ has no row in ARCHITECTURE.md"));
            continue;
        };
        seen.insert(name.clone());
        let code = code(&fs::read_to_string(&path).unwrap());
        let place = place.display();
        for used in heads(&code, "crate::") {
            if used != name && rooms.contains_key(&used) && !room.rooms.contains(&used) {
                wrong.push(format!("{place}: {name}/ may not import {used}/"));
            }
        }
        for used in &dependencies {
            if !heads(&code, &format!("{used}::")).is_empty() && !room.crates.contains(used) {
                wrong.push(format!("{place}: {name}/ may not use the crate {used}"));
            }
        }
        if uses_environment(&code) && !room.crates.contains("std::env") {
            wrong.push(format!("{place}: {name}/ may not touch the environment"));
        }
        if uses_files(&code) && !room.crates.contains("std::fs") {
            wrong.push(format!("{place}: {name}/ may not touch files or processes"));
        }
    }
    let documented: BTreeSet<String> = rooms.into_keys().collect();
    assert_eq!(
        seen, documented,
        "the rooms of src/ and those of ARCHITECTURE.md"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short_and_open_with_their_purpose() {
    let mut wrong = Vec::new();
    for path in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        let place = path.strip_prefix(root()).unwrap().display();
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            wrong.push(format!(
                "{place} has {lines} lines, more than {LONGEST_FILE}"
            ));
        }
        if !text.starts_with("//! ") {
            wrong.push(format!(
                "{place} does not say what it is for in its first line"
            ));
        }
        let name = path.file_stem().unwrap().to_string_lossy();
        if ["util", "utils", "helper", "helpers", "common", "misc"].contains(&&*name) {
            wrong.push(format!("{place} is named after nothing"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_every_form() {
    let text = "use crate::model::Ident;\n// crate::comment::x\nuse crate::{check::{a, b}, graph};\n\
                let x = crate::render::sql::print();\nmycrate::no::x;\n#[cfg(test)]\nuse crate::cli;\n";
    let found: Vec<String> = heads(&code(text), "crate::").into_iter().collect();
    assert_eq!(found, ["check", "graph", "model", "render"]);
    assert!(uses_files("std::fs::read(path)"));
    assert!(!uses_environment("std::fs::read(path)"));
    assert!(uses_environment("use std::{env, io};"));
    assert!(!uses_files("graph.offs::x"));
}
