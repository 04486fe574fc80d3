//! Property tests: everything against brute force over all subsets of small random relations.

use proptest::prelude::*;

use super::*;

const WIDTH: usize = 6;

fn subset() -> impl Strategy<Value = AttributeSet> {
    (0_u32..1 << WIDTH).prop_map(from_mask)
}

fn from_mask(mask: u32) -> AttributeSet {
    (0..WIDTH).filter(|a| mask >> a & 1 == 1).collect()
}

fn subsets() -> impl Iterator<Item = AttributeSet> {
    (0_u32..1 << WIDTH).map(from_mask)
}

fn dependencies() -> impl Strategy<Value = Vec<Dependency>> {
    let dependency = (subset(), subset()).prop_map(|(from, to)| Dependency { from, to });
    proptest::collection::vec(dependency, 0..6)
}

/// The closure by its definition: fire until nothing changes.
fn naive_closure(list: &[Dependency], start: &AttributeSet) -> AttributeSet {
    let mut closed = start.clone();
    loop {
        let before = closed.clone();
        for dependency in list.iter().filter(|d| d.from.is_subset(&before)) {
            closed.extend_from(&dependency.to);
        }
        if closed == before {
            return closed;
        }
    }
}

fn naive_keys(list: &[Dependency]) -> Vec<AttributeSet> {
    let all = AttributeSet::all(WIDTH);
    let superkeys: Vec<AttributeSet> = subsets()
        .filter(|s| naive_closure(list, s) == all)
        .collect();
    let minimal = |s: &&AttributeSet| !superkeys.iter().any(|t| t != *s && t.is_subset(s));
    let mut keys: Vec<AttributeSet> = superkeys.iter().filter(minimal).cloned().collect();
    keys.sort();
    keys
}

/// Every dependency `X -> A` of a component that follows from the list, by projection.
fn projected(list: &[Dependency], component: &AttributeSet) -> Vec<(AttributeSet, AttributeSet)> {
    subsets()
        .filter(|s| s.is_subset(component))
        .map(|s| (s.clone(), naive_closure(list, &s).intersection(component)))
        .collect()
}

/// Third normal form by its definition, over the projected dependencies.
fn is_third_normal_form(list: &[Dependency], component: &AttributeSet) -> bool {
    let projection = projected(list, component);
    let superkeys: Vec<&AttributeSet> = projection
        .iter()
        .filter(|(_, c)| c == component)
        .map(|(s, _)| s)
        .collect();
    let minimal = |s: &AttributeSet| !superkeys.iter().any(|t| *t != s && t.is_subset(s));
    let prime = superkeys
        .iter()
        .filter(|s| minimal(s))
        .fold(AttributeSet::new(), |all, key| all.union(key));
    projection.iter().all(|(from, closed)| {
        superkeys.contains(&from) || closed.difference(from).is_subset(&prime)
    })
}

fn singletons(list: &[Dependency]) -> Vec<Dependency> {
    let single = |d: &Dependency| {
        let from = d.from.clone();
        d.to.iter()
            .map(move |a| Dependency {
                from: from.clone(),
                to: [a].into_iter().collect(),
            })
            .collect::<Vec<_>>()
    };
    list.iter().flat_map(single).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn closure_is_the_naive_one(list in dependencies(), start in subset()) {
        let expected = naive_closure(&list, &start);
        prop_assert_eq!(Dependencies::new(list).closure(&start), expected);
    }

    #[test]
    fn keys_are_all_minimal_superkeys(list in dependencies()) {
        let expected = naive_keys(&list);
        prop_assert_eq!(candidate_keys(&Dependencies::new(list), WIDTH), Some(expected));
    }

    #[test]
    fn the_cover_is_equivalent_and_minimal(list in dependencies()) {
        let cover = minimal_cover(&Dependencies::new(list.clone()));
        for s in subsets() {
            prop_assert_eq!(naive_closure(cover.list(), &s), naive_closure(&list, &s));
        }
        let single = singletons(cover.list());
        for (n, d) in single.iter().enumerate() {
            let mut others = single.clone();
            others.remove(n);
            prop_assert!(!d.to.is_subset(&naive_closure(&others, &d.from)), "{d:?} is superfluous");
            for a in d.from.iter() {
                prop_assert!(
                    !d.to.is_subset(&naive_closure(&list, &d.from.without(a))),
                    "{a} is superfluous in {d:?}"
                );
            }
        }
    }

    #[test]
    fn what_is_redundant_can_go_and_nothing_more(list in dependencies()) {
        let dropped = redundant(&list, &[]);
        let kept: Vec<Dependency> = (0..list.len())
            .filter(|n| !dropped.contains(n)).map(|n| list[n].clone()).collect();
        for s in subsets() {
            prop_assert_eq!(naive_closure(&kept, &s), naive_closure(&list, &s));
        }
        prop_assert!(redundant(&kept, &[]).is_empty());
    }

    #[test]
    fn synthesis_is_lossless_preserving_and_in_third_normal_form(
        list in dependencies(), preferred in subset(),
    ) {
        let all = AttributeSet::all(WIDTH);
        let preferred = if naive_closure(&list, &preferred) == all { preferred } else { all };
        let d = Dependencies::new(list.clone());
        let s = synthesise(&d, WIDTH, &preferred);
        prop_assert!(is_lossless(WIDTH, &d, &s.attribute_sets()));
        let mut preserved = Vec::new();
        for c in &s.components {
            prop_assert!(is_third_normal_form(&list, &c.attributes), "{c:?}");
            for (from, to) in projected(&list, &c.attributes) {
                preserved.push(Dependency { from, to });
            }
            for key in &c.keys {
                prop_assert!(c.attributes.is_subset(&naive_closure(&list, key)));
                for a in key.iter() {
                    prop_assert!(!key.is_subset(&naive_closure(&list, &key.without(a))));
                }
            }
        }
        for dependency in &list {
            prop_assert!(dependency.to.is_subset(&naive_closure(&preserved, &dependency.from)));
        }
        prop_assert_eq!(naive_closure(&list, &s.components[0].attributes), AttributeSet::all(WIDTH));
        for (n, c) in s.components.iter().enumerate() {
            for (m, other) in s.components.iter().enumerate() {
                prop_assert!(n == m || !c.attributes.is_subset(&other.attributes));
            }
        }
    }

    #[test]
    fn the_chase_finds_what_a_counterexample_shows(list in dependencies(), parts in
        proptest::collection::vec(subset(), 1..4)) {
        // Two parts: lossless exactly when what they share determines one of them (Rissanen 1977).
        let d = Dependencies::new(list.clone());
        if let [a, b] = parts.as_slice() {
            let covered = a.union(b) == AttributeSet::all(WIDTH);
            let shared = naive_closure(&list, &a.intersection(b));
            let expected = covered && (a.is_subset(&shared) || b.is_subset(&shared));
            prop_assert_eq!(is_lossless(WIDTH, &d, &parts), expected);
        }
        // More parts never lose what fewer keep.
        let whole: Vec<AttributeSet> =
            parts.iter().cloned().chain([AttributeSet::all(WIDTH)]).collect();
        prop_assert!(is_lossless(WIDTH, &d, &whole));
    }

    #[test]
    fn violations_are_those_of_the_definitions(list in dependencies()) {
        let analysis = Analysis::new(WIDTH, &Dependencies::new(list.clone()), AttributeSet::new());
        let keys = naive_keys(&list);
        let prime = keys.iter().fold(AttributeSet::new(), |all, key| all.union(key));
        // Second normal form: attributes outside keys within the closure of a proper part of one.
        let mut partial = AttributeSet::new();
        for key in &keys {
            for part in subsets().filter(|s| s.is_subset(key) && s != key) {
                partial.extend_from(&naive_closure(&list, &part).difference(&prime));
            }
        }
        let mut reported = AttributeSet::new();
        for d in analysis.partial_dependencies() {
            prop_assert!(keys.iter().any(|k| d.from.is_subset(k) && d.from != *k));
            prop_assert!(d.to.is_subset(&naive_closure(&list, &d.from)));
            reported.extend_from(&d.to);
        }
        prop_assert_eq!(&reported, &partial);
        let all = AttributeSet::all(WIDTH);
        let third = is_third_normal_form(&list, &all);
        let transitive = analysis.transitive_dependencies();
        prop_assert_eq!(third, partial.is_empty() && transitive.is_empty());
        // Boyce-Codd: every non-trivial dependency starts from a superkey.
        let boyce_codd = subsets().all(|s| {
            let closed = naive_closure(&list, &s);
            closed == all || closed == s
        });
        prop_assert_eq!(boyce_codd, third && analysis.boyce_codd_violations().is_empty());
    }
}
