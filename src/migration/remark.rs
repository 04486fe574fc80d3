//! What the comments above a migration say about it.

use super::header::Header;

/// What a header says of hazards.
pub(super) fn named_hazards(text: &str) -> Vec<String> {
    let hazards = comments(text).filter_map(|line| line.strip_prefix("hazard: "));
    hazards.map(str::to_owned).collect()
}

/// The comments before the first statement.
fn comments(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map_while(|line| line.strip_prefix("--").map(str::trim))
}

/// What a person wrote above the migration, else the words of its name.
pub(super) fn summary(label: &str, text: &str) -> String {
    /// Longer first lines are no summaries.
    const MOST: usize = 200;
    let header = Header::read(text);
    let is_made = header
        .as_ref()
        .is_some_and(|header| header.follows.is_some());
    let machine = [
        "schemagen",
        "state before:",
        "state after:",
        "follows:",
        "hazard:",
        "no-transaction",
        "migrate:",
        "+",
    ];
    let said = comments(text).find(|line| {
        let speaks = line.chars().any(char::is_alphabetic);
        speaks && !machine.iter().any(|mark| line.starts_with(mark))
    });
    if let Some(said) = said.filter(|said| !is_made && said.len() <= MOST) {
        return said.trim_end_matches('.').to_owned();
    }
    let name = label.trim_start_matches(|c: char| c.is_ascii_digit() || "V.-_".contains(c));
    let words = name.replace(['_', '-'], " ");
    let mut characters = words.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_quoted_and_machines_are_not() {
        assert_eq!(summary("1_a", "-- Why it is.\nSELECT 1;"), "Why it is");
        assert_eq!(
            summary("1_a", "-- no-transaction\n-- ----\n\nSELECT 1;"),
            "A"
        );
        assert_eq!(summary("V2__add_x-y", "SELECT 1; -- no"), "Add x y");
        assert_eq!(summary("20260101", ""), "20260101");
        let hazards = named_hazards("-- hazard: deletes-data: table t is dropped\nDROP TABLE t;");
        assert_eq!(hazards, ["deletes-data: table t is dropped"]);
    }
}
