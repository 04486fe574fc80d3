//! The colours of lines, by the table that they lead to.
//!
//! A colour follows from the table's name, so that it stays what it was when others come; but lines
//! that end at one table have different ones where there are enough, because they run side by side.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::style::LINE_COUNT;
use crate::render::erd::Picture;

/// By table: the colour of the lines to it.
pub(super) fn colours(picture: &Picture) -> Vec<usize> {
    let mut lines = vec![0_usize; picture.tables.len()];
    // By child: itself, whose own lines begin where those to its parents end, and its parents.
    let mut meeting: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut children: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); picture.tables.len()];
    for line in &picture.lines {
        lines[line.parent] += 1;
        let all = meeting.entry(line.child).or_default();
        all.extend([line.child, line.parent]);
        children[line.parent].insert(line.child);
    }
    let mut parents: Vec<usize> = (0..lines.len()).filter(|n| lines[*n] > 0).collect();
    // Those of many lines first: they meet with most others.
    parents.sort_by_key(|n| (Reverse(lines[*n]), *n));
    let mut colours: Vec<Option<usize>> = vec![None; picture.tables.len()];
    for parent in parents {
        let own = meeting.get_key_value(&parent);
        let near = children[parent].iter().filter_map(|c| meeting.get(c));
        let near = near.chain(own.map(|(_, all)| all)).flatten();
        let taken: BTreeSet<usize> = near.filter_map(|n| colours[*n]).collect();
        let first = hash(&picture.tables[parent].name) % LINE_COUNT;
        let mut free = (0..LINE_COUNT).map(|n| (first + n) % LINE_COUNT);
        let colour = free.find(|colour| !taken.contains(colour));
        colours[parent] = Some(colour.unwrap_or(first));
    }
    colours.into_iter().map(Option::unwrap_or_default).collect()
}

fn hash(name: &str) -> usize {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash >> 8) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::QualifiedName;
    use crate::render::erd::{Line, TableBox};

    /// Tables by their names, and lines from children to parents.
    fn picture(names: &[&str], lines: &[(usize, usize)]) -> Picture {
        let table = |name: &&str| TableBox {
            qualified: QualifiedName::bare(*name),
            name: (*name).to_owned(),
            comment: None,
            rows: Vec::new(),
            hidden: 0,
            group: None,
            outside: false,
            link: None,
        };
        let line = |(child, parent): &(usize, usize)| Line {
            edge: None,
            parent: *parent,
            child: *child,
            parent_rows: Vec::new(),
            child_rows: Vec::new(),
            columns: Vec::new(),
            label: String::new(),
            parent_optional: false,
            child_unique: false,
            identifying: false,
        };
        Picture {
            tables: names.iter().map(table).collect(),
            lines: lines.iter().map(line).collect(),
            ..Picture::default()
        }
    }

    #[test]
    fn lines_that_end_at_one_table_differ() {
        // Every name with every other one: some of them have one colour by themselves.
        let names = ["users", "changesets", "notes", "issues", "tags", "ways"];
        let same = |a: &str, b: &str| hash(a) % LINE_COUNT == hash(b) % LINE_COUNT;
        let mut alike = 0;
        for (n, a) in names.iter().enumerate() {
            for b in &names[n + 1..] {
                alike += usize::from(same(a, b));
                let found = colours(&picture(&[a, b, "child"], &[(2, 0), (2, 1)]));
                assert_ne!(found[0], found[1], "{a} {b}");
                let chain = colours(&picture(&[a, b, "child"], &[(1, 0), (2, 1)]));
                assert_ne!(chain[0], chain[1], "{a} {b}");
            }
        }
        assert!(alike > 0);
    }

    #[test]
    fn a_colour_stays_where_nothing_is_near() {
        let before = colours(&picture(&["a", "b", "c", "d"], &[(1, 0), (3, 2)]));
        let after = colours(&picture(
            &["a", "b", "c", "d", "e"],
            &[(1, 0), (3, 2), (4, 2)],
        ));
        assert_eq!(before[..], after[..4]);
    }

    #[test]
    fn more_parents_than_colours_is_no_obstacle() {
        let names: Vec<String> = (0..20).map(|n| format!("t{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let lines: Vec<(usize, usize)> = (0..19).map(|n| (19, n)).collect();
        let found = colours(&picture(&names, &lines));
        let used: BTreeSet<usize> = found[..19].iter().copied().collect();
        assert_eq!(used.len(), LINE_COUNT);
    }
}
