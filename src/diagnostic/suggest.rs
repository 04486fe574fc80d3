//! The nearest known name to a mistyped one.

/// The known name that `wanted` is most likely meant to be; `None` where none is near.
///
/// Near is at most a third of the letters changed. Of equally near names the first wins.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = wanted.chars().flat_map(char::to_lowercase).collect();
    // A very long name is no slip of the fingers, and the distance takes quadratic time.
    if letters.is_empty() || letters.len() > 128 {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let other: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
        let limit = (letters.len().max(other.len()) / 3).max(1);
        if letters.len().abs_diff(other.len()) > limit || other.is_empty() {
            continue;
        }
        let distance = distance(&letters, &other);
        if distance <= limit && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(a: &[char], b: &[char]) -> usize {
    // Rows of the table of optimal string alignment: two back, one back, and this one.
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut row = before.clone();
    for (i, &x) in a.iter().enumerate() {
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            row[j + 1] = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name() {
        let known = ["nullable", "default", "references", "unique"];
        assert_eq!(nearest("nulable", known), Some("nullable"));
        assert_eq!(nearest("refrences", known), Some("references"));
        assert_eq!(nearest("Default", known), Some("default"));
        assert_eq!(nearest("unqiue", known), Some("unique"));
    }

    #[test]
    fn a_stranger_finds_none() {
        assert_eq!(nearest("primary", ["nullable", "default"]), None);
        assert_eq!(nearest("", ["a"]), None);
        assert_eq!(nearest(&"x".repeat(1000), ["x"]), None);
    }

    #[test]
    fn a_swap_of_neighbours_is_one_change() {
        let word = |s: &str| s.chars().collect::<Vec<_>>();
        assert_eq!(distance(&word("form"), &word("from")), 1);
        assert_eq!(distance(&word("kitten"), &word("sitting")), 3);
        assert_eq!(distance(&word(""), &word("ab")), 2);
    }

    #[test]
    fn of_equals_the_first_wins() {
        assert_eq!(nearest("user", ["users", "usera"]), Some("users"));
    }
}
