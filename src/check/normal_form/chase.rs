//! Whether a decomposition loses information.

use std::collections::HashMap;

use super::{AttributeSet, Dependencies};

/// Whether the natural join of the projections onto `components` gives back every relation of
/// `width` attributes in which the dependencies hold.
///
/// The chase (Aho, Beeri and Ullman 1979): one row a component, with the distinguished symbol in
/// its attributes and a symbol of its own elsewhere; dependencies equate symbols until nothing
/// changes; lossless if and only if a row of distinguished symbols comes out. Symbols are row
/// numbers, from 1, and 0 is the distinguished one.
pub fn is_lossless(width: usize, dependencies: &Dependencies, components: &[AttributeSet]) -> bool {
    let mut tableau: Vec<Vec<u32>> = (1_u32..)
        .zip(components)
        .map(|(own, c)| {
            (0..width)
                .map(|a| if c.contains(a) { 0 } else { own })
                .collect()
        })
        .collect();
    let mut changed = true;
    while changed {
        changed = false;
        for dependency in dependencies.list() {
            let from: Vec<usize> = dependency.from.iter().collect();
            for attribute in dependency.to.difference(&dependency.from).iter() {
                changed |= equate(&mut tableau, &from, attribute);
            }
        }
    }
    width == 0
        || tableau
            .iter()
            .any(|row| row.iter().all(|symbol| *symbol == 0))
}

/// Equates the symbols of `attribute` in rows that agree in `from`: the smaller one stays, which
/// makes the distinguished one win. Whether anything changed.
fn equate(tableau: &mut [Vec<u32>], from: &[usize], attribute: usize) -> bool {
    let mut least: HashMap<Vec<u32>, u32> = HashMap::new();
    for row in tableau.iter() {
        let key = from.iter().map(|a| row[*a]).collect();
        let symbol = least.entry(key).or_insert(row[attribute]);
        *symbol = (*symbol).min(row[attribute]);
    }
    let mut replaced: HashMap<u32, u32> = HashMap::new();
    for row in tableau.iter() {
        let key: Vec<u32> = from.iter().map(|a| row[*a]).collect();
        let symbol = least[&key];
        if symbol != row[attribute] {
            let to = replaced.entry(row[attribute]).or_insert(symbol);
            *to = (*to).min(symbol);
        }
    }
    // A symbol stands for one unknown value wherever it occurs in the column.
    for row in tableau.iter_mut() {
        if let Some(symbol) = replaced.get(&row[attribute]) {
            row[attribute] = *symbol;
        }
    }
    !replaced.is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::Dependency;
    use super::*;

    fn set(list: &[usize]) -> AttributeSet {
        list.iter().copied().collect()
    }

    #[test]
    fn a_split_on_a_key_of_one_side_is_lossless() {
        let d = Dependencies::new(vec![Dependency::new([1], [2])]);
        assert!(is_lossless(3, &d, &[set(&[0, 1]), set(&[1, 2])]));
        assert!(!is_lossless(3, &d, &[set(&[0, 2]), set(&[1, 2])]));
    }

    #[test]
    fn three_parts_need_several_steps() {
        // A -> B, B -> C over A..D split into AB, BC, AD.
        let d = Dependencies::new(vec![Dependency::new([0], [1]), Dependency::new([1], [2])]);
        assert!(is_lossless(
            4,
            &d,
            &[set(&[1, 2]), set(&[0, 1]), set(&[0, 3])]
        ));
        assert!(!is_lossless(
            4,
            &d,
            &[set(&[1, 2]), set(&[0, 1]), set(&[2, 3])]
        ));
    }
}
