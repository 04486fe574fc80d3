//! What README.md shows is what the program prints: every `console` block is run.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The command and the expected output of each block.
fn blocks(document: &str) -> Vec<(&str, &str)> {
    let blocks = document.split("```console\n$ schemagen ").skip(1);
    blocks
        .filter_map(|rest| rest.split("```").next()?.split_once('\n'))
        .collect()
}

#[test]
fn every_block_is_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("README.md")).unwrap();
    let blocks = blocks(&document);
    assert!(blocks.len() >= 2, "the README shows what the program says");
    for (command, expected) in blocks {
        let output = Command::new(env!("CARGO_BIN_EXE_schemagen"))
            .args(command.split(' '))
            .current_dir(root)
            .output()
            .unwrap();
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8(printed).unwrap();
        match expected.strip_suffix("...\n") {
            Some(beginning) => assert!(printed.starts_with(beginning), "{command}:\n{printed}"),
            None => assert_eq!(printed, expected, "{command}"),
        }
    }
}
