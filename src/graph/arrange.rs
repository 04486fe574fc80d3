//! What has to stay together, and what may stand apart.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::order::components;

/// Groups `0..count` so that each edge leads to its own group or to a later one: the strongly
/// connected components, each sorted, the one with the smallest member first where edges leave a choice.
pub fn arrange(count: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let component = components(count, edges.iter().copied());
    let groups = component.iter().max().map_or(0, |last| last + 1);
    let mut members = vec![Vec::new(); groups];
    for (member, group) in component.iter().enumerate() {
        members[*group].push(member);
    }
    let mut next = vec![Vec::new(); groups];
    let mut waits = vec![0_usize; groups];
    for (from, to) in edges {
        let (from, to) = (component[*from], component[*to]);
        if from != to {
            next[from].push(to);
            waits[to] += 1;
        }
    }
    let first = |group: usize| Reverse((members[group][0], group));
    let free = (0..groups).filter(|group| waits[*group] == 0);
    let mut ready: BinaryHeap<_> = free.map(first).collect();
    let mut order = Vec::with_capacity(groups);
    while let Some(Reverse((_, group))) = ready.pop() {
        order.push(group);
        for to in &next[group] {
            waits[*to] -= 1;
            if waits[*to] == 0 {
                ready.push(first(*to));
            }
        }
    }
    let mut taken = |group: usize| std::mem::take(&mut members[group]);
    order.into_iter().map(&mut taken).collect()
}

#[cfg(test)]
mod tests {
    use super::arrange;

    #[test]
    fn cycles_stay_together_and_edges_lead_forward() {
        let edges = [(0, 3), (3, 0), (2, 1), (1, 4), (4, 1), (3, 5)];
        assert_eq!(
            arrange(6, &edges),
            [vec![0, 3], vec![2], vec![1, 4], vec![5]]
        );
        assert_eq!(arrange(2, &[]), [[0], [1]]);
        assert!(arrange(0, &[]).is_empty());
    }
}
