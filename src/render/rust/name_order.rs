//! The order in which rustfmt lists names: what a module imports and exports stands in it.
//!
//! Source: "Sorting" in the Rust style guide, 2024 edition.

/// The order in which rustfmt's 2024 style lists names: numbers by value, underscores first.
pub(super) fn version_order(a: &str, b: &str) -> std::cmp::Ordering {
    let (mut a_rest, mut b_rest) = (a, b);
    loop {
        let (a_chunk, b_chunk) = (chunk(&mut a_rest), chunk(&mut b_rest));
        let order = match (a_chunk, b_chunk) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return std::cmp::Ordering::Less,
            (Some(_), None) => return std::cmp::Ordering::Greater,
            (Some("_"), Some("_")) => continue,
            (Some("_"), Some(_)) => return std::cmp::Ordering::Less,
            (Some(_), Some("_")) => return std::cmp::Ordering::Greater,
            (Some(x), Some(y)) => match (x.parse::<u128>(), y.parse::<u128>()) {
                (Ok(x), Ok(y)) => x.cmp(&y),
                _ => x.cmp(y),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Takes an underscore, a run of digits or a run of other letters off the front.
fn chunk<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let text = *rest;
    let first = text.chars().next()?;
    let end = if first == '_' {
        1
    } else {
        let digits = first.is_ascii_digit();
        text.find(|c: char| c == '_' || c.is_ascii_digit() != digits)
            .unwrap_or(text.len())
    };
    let (chunk, after) = text.split_at(end);
    *rest = after;
    Some(chunk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_by_value_and_underscores_go_first() {
        let mut names = ["b", "a10", "a9", "a_1", "A", "aa", "a"];
        names.sort_by(|x, y| version_order(x, y));
        assert_eq!(names, ["A", "a", "a_1", "a9", "a10", "aa", "b"]);
    }
}
