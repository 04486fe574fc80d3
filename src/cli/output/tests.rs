//! Writing into real folders.

use std::fs;
use std::path::Path;

use super::*;
use crate::cli::failure::Failure;

fn compare(folder: &Path, files: &[(&str, &str)], purpose: Purpose) -> Result<Comparison, Failure> {
    let mut comparing = Comparing::new(folder, purpose)?;
    for file in files {
        comparing.add(file.0.to_owned(), &[file.1.to_owned()])?;
    }
    comparing.finish()
}

fn build(folder: &Path, files: &[(&str, &str)]) -> Result<(), String> {
    let comparison = compare(folder, files, Purpose::Write);
    let mut comparison = comparison.map_err(|e| e.to_string())?;
    write(&mut comparison).map_err(|e| e.to_string())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn files_are_written_replaced_and_removed() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("out");
    build(&folder, &[("a.sql", "1\n"), ("docs/b.md", "2\n")]).unwrap();
    assert_eq!(names(&folder), [".schemagen-manifest", "a.sql", "docs"]);
    build(&folder, &[("a.sql", "3\n")]).unwrap();
    assert_eq!(fs::read_to_string(folder.join("a.sql")).unwrap(), "3\n");
    assert_eq!(names(&folder), [".schemagen-manifest", "a.sql"]);
}

#[test]
fn unchanged_files_are_not_written_again() {
    let root = tempfile::tempdir().unwrap();
    let files = [("a.sql", "1\n")];
    build(root.path(), &files).unwrap();
    let modified = |name: &str| fs::metadata(root.path().join(name)).unwrap().modified();
    let before = (
        modified("a.sql").unwrap(),
        modified(".schemagen-manifest").unwrap(),
    );
    std::thread::sleep(std::time::Duration::from_millis(20));
    build(root.path(), &files).unwrap();
    let after = (
        modified("a.sql").unwrap(),
        modified(".schemagen-manifest").unwrap(),
    );
    assert_eq!(before, after);
}

#[test]
fn foreign_files_stop_the_build_before_anything_is_written() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("b.md"), "mine").unwrap();
    let error = build(root.path(), &[("a.sql", "1\n"), ("b.md", "2\n")]).unwrap_err();
    assert!(error.contains("b.md is in the way"), "{error}");
    assert_eq!(names(root.path()), ["b.md"]);
    assert_eq!(
        fs::read_to_string(root.path().join("b.md")).unwrap(),
        "mine"
    );
}

#[test]
fn a_leftover_that_somebody_edited_stays() {
    let root = tempfile::tempdir().unwrap();
    build(root.path(), &[("a.sql", "1\n"), ("b.sql", "2\n")]).unwrap();
    fs::write(root.path().join("b.sql"), "mine now").unwrap();
    let files = [("a.sql", "1\n")];
    let mut comparison = compare(root.path(), &files, Purpose::Write).unwrap();
    assert_eq!(comparison.kept, ["b.sql"]);
    write(&mut comparison).unwrap();
    assert_eq!(
        fs::read_to_string(root.path().join("b.sql")).unwrap(),
        "mine now"
    );
}

#[test]
fn a_file_with_the_right_contents_is_adopted() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a.sql"), "1\n").unwrap();
    build(root.path(), &[("a.sql", "1\n")]).unwrap();
    build(root.path(), &[("a.sql", "2\n")]).unwrap();
    assert_eq!(
        fs::read_to_string(root.path().join("a.sql")).unwrap(),
        "2\n"
    );
}

#[test]
fn a_file_in_place_of_the_folder_is_an_error_and_stays() {
    let root = tempfile::tempdir().unwrap();
    let place = root.path().join("out");
    fs::write(&place, "a file").unwrap();
    build(&place, &[("a.sql", "1\n")]).unwrap_err();
    assert_eq!(fs::read_to_string(&place).unwrap(), "a file");
}

#[test]
fn what_fails_while_staging_leaves_no_trace() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("out");
    build(&folder, &[("a.sql", "1\n")]).unwrap();
    // `docs` is a file of somebody's, so the folder of the second output cannot be made.
    fs::write(folder.join("docs"), "a file").unwrap();
    let files = [("a.sql", "2\n"), ("b/c.sql", "3\n"), ("docs/b.md", "4\n")];
    build(&folder, &files).unwrap_err();
    assert_eq!(names(&folder), [".schemagen-manifest", "a.sql", "docs"]);
    assert_eq!(fs::read_to_string(folder.join("a.sql")).unwrap(), "1\n");
}

#[test]
fn the_list_names_what_is_stale_and_how() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("out");
    build(&folder, &[("a.sql", "one\ntwo\n"), ("b.sql", "x\n")]).unwrap();
    let files = [("a.sql", "one\n2\n"), ("c.sql", "y\n")];
    let comparison = compare(&folder, &files, Purpose::List).unwrap();
    assert!(!comparison.is_clean());
    let text = list(&comparison).replace(&folder.display().to_string(), "out");
    let expected = "stale    out/a.sql\nextra    out/b.sql\nmissing  out/c.sql\n\n\
                    --- out/a.sql\n+++ out/a.sql\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n";
    assert_eq!(text, expected);
}

#[test]
fn added_files_never_replace_one() {
    let root = tempfile::tempdir().unwrap();
    let files = [("1.up.sql".to_owned(), "up".to_owned())];
    add(root.path(), &files).unwrap();
    add(root.path(), &files).unwrap_err();
    assert_eq!(names(root.path()), ["1.up.sql"]);
}

#[test]
fn what_is_staged_and_never_written_leaves_no_trace() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("out");
    let files = [("a.sql", "1\n"), ("docs/b.md", "2\n")];
    drop(compare(&folder, &files, Purpose::Write).unwrap());
    assert!(names(root.path()).is_empty());
    drop(compare(&folder, &files, Purpose::List).unwrap());
    assert!(names(root.path()).is_empty());
}

#[test]
fn two_outputs_may_not_make_the_same_file() {
    let root = tempfile::tempdir().unwrap();
    let files = [("a.sql", "1\n"), ("a.sql", "2\n")];
    let problem = build(root.path(), &files).unwrap_err();
    assert!(problem.contains("a.sql"), "{problem}");
    assert!(names(root.path()).is_empty());
}

#[test]
fn two_may_stage_into_a_folder_that_is_not_there_yet() {
    for _ in 0..50 {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b/c");
        let barrier = std::sync::Barrier::new(2);
        let add_one = |name: &str| {
            barrier.wait();
            add(&folder, &[(name.to_owned(), "text".to_owned())])
        };
        std::thread::scope(|scope| {
            let other = scope.spawn(|| add_one("other"));
            add_one("one").unwrap();
            other.join().unwrap().unwrap();
        });
        assert_eq!(names(&folder), ["one", "other"]);
    }
}

#[test]
fn a_folder_that_somebody_else_has_just_made_is_none_of_ours() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("out");
    assert!(write::make_folder(&folder).unwrap());
    assert!(!write::make_folder(&folder).unwrap());
    let file = root.path().join("file");
    fs::write(&file, "a file").unwrap();
    write::make_folder(&file).unwrap_err();
}
