//! The known name that a misspelled one most likely meant.

/// The candidate nearest to `name`, where one is near enough to be worth a suggestion: at most a
/// third of the longer name differs. Ties go to the first in byte order.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let longest = lower.chars().count().max(candidate.chars().count());
            let distance = distance(&lower, &candidate.to_lowercase());
            (distance * 3 <= longest.max(3)).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// The number of insertions, deletions, substitutions and swaps of neighbours between two words
/// (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // Identifiers are short; a longer text is no misspelling of one.
    if a.len().max(b.len()) > 128 {
        return usize::MAX / 8;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let substitution = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = substitution.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before_last[j - 2] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_find_their_name() {
        let keys = ["columns", "indexes", "nullable", "description"];
        assert_eq!(nearest("colums", keys), Some("columns"));
        assert_eq!(nearest("indxees", keys), Some("indexes"));
        assert_eq!(nearest("Nullable", keys), Some("nullable"));
    }

    #[test]
    fn strangers_find_nothing() {
        assert_eq!(nearest("zebra", ["columns", "indexes"]), None);
        assert_eq!(nearest("id", ["to", "from"]), None);
    }

    #[test]
    fn ties_are_stable() {
        assert_eq!(nearest("cat", ["bat", "hat"]), Some("bat"));
        assert_eq!(nearest("cat", ["hat", "bat"]), Some("bat"));
    }
}
