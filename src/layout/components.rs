//! Parts of a diagram that no line connects.

/// The connected parts, each in order, by their first member. What has no lines at all is one part,
/// the last.
pub(super) fn components(
    count: usize,
    links: impl Iterator<Item = (usize, usize)>,
) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..count).collect();
    let mut linked = vec![false; count];
    for (a, b) in links {
        linked[a] = true;
        linked[b] = true;
        let (a, b) = (find(&mut leader, a), find(&mut leader, b));
        leader[a.max(b)] = a.min(b);
    }
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut part_of = vec![usize::MAX; count];
    let mut alone = Vec::new();
    for (n, linked) in linked.into_iter().enumerate() {
        if !linked {
            alone.push(n);
            continue;
        }
        let leader = find(&mut leader, n);
        if part_of[leader] == usize::MAX {
            part_of[leader] = parts.len();
            parts.push(Vec::new());
        }
        parts[part_of[leader]].push(n);
    }
    if !alone.is_empty() {
        parts.push(alone);
    }
    parts
}

fn find(leader: &mut [usize], mut n: usize) -> usize {
    while leader[n] != n {
        leader[n] = leader[leader[n]];
        n = leader[n];
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_by_their_first_member_and_the_unconnected_last() {
        let links = [(4, 1), (0, 5), (1, 2)];
        let parts = components(7, links.into_iter());
        assert_eq!(parts, [vec![0, 5], vec![1, 2, 4], vec![3, 6]]);
    }
}
