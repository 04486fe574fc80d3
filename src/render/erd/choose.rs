//! Which tables a diagram or document shows: by pattern, by group, or around a table.

use std::collections::BTreeSet;

use crate::model::{Catalog, ObjectId, QualifiedName};
use crate::render::RenderError;
use crate::render::grouping::Groups;
use crate::render::relations::Relations;

/// The deepest neighbourhood that is asked for.
const MAX_DEPTH: usize = 100;

/// What a person asks for; nothing asked for is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Patterns with `*` and `?`, of names with or without their schema.
    pub only: Vec<String>,
    pub groups: Vec<String>,
    /// Tables to stay near to.
    pub around: Vec<String>,
    /// How many foreign keys away from those.
    pub depth: usize,
}

impl Choice {
    /// Whether everything is chosen.
    pub fn is_all(&self) -> bool {
        self.only.is_empty() && self.groups.is_empty() && self.around.is_empty()
    }
}

/// The names of the chosen tables, partitions left out; in documents virtual tables, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub tables: BTreeSet<QualifiedName>,
}

impl Selection {
    /// The tables that satisfy every part of a choice; an error where a part names nothing.
    pub fn new(catalog: &Catalog, choice: &Choice) -> Result<Self, RenderError> {
        Self::chosen(catalog, choice, &[])
    }

    /// The same for documents, which have pages of virtual tables; no diagram draws these.
    pub fn of_documents(catalog: &Catalog, choice: &Choice) -> Result<Self, RenderError> {
        let tables: Vec<&QualifiedName> = catalog.virtual_tables.keys().collect();
        Self::chosen(catalog, choice, &tables)
    }

    fn chosen(
        catalog: &Catalog,
        choice: &Choice,
        undrawn: &[&QualifiedName],
    ) -> Result<Self, RenderError> {
        let mut tables: BTreeSet<QualifiedName> = BTreeSet::new();
        let relations = Relations::new(catalog);
        let mut chosen: BTreeSet<usize> = relations.drawn().collect();
        let titles = |n: usize| title(&relations, n);
        if !choice.only.is_empty() {
            let mut found = BTreeSet::new();
            for pattern in &choice.only {
                let matching = chosen.iter().copied();
                let matching: Vec<usize> =
                    matching.filter(|n| matches(pattern, titles(*n))).collect();
                let others = undrawn.iter().filter(|name| matches(pattern, name));
                let others: Vec<QualifiedName> = others.map(|name| (*name).clone()).collect();
                let nothing = matching.is_empty() && others.is_empty();
                found.extend(matching);
                tables.extend(others);
                if nothing {
                    return Err(unknown("--only", pattern, "matches no table", &relations));
                }
            }
            chosen = found;
        }
        if !choice.groups.is_empty() {
            let wanted = of_groups(catalog, &relations, &choice.groups)?;
            chosen.retain(|n| wanted.contains(n));
        }
        if !choice.around.is_empty() {
            let near = near(&relations, choice)?;
            chosen.retain(|n| near.contains(n));
        }
        // Virtual tables are in no group, and no foreign key leads to one.
        if !choice.groups.is_empty() || !choice.around.is_empty() {
            tables.clear();
        }
        let names = chosen.iter().map(|n| relations.nodes[*n].name.clone());
        tables.extend(names);
        Ok(Self { tables })
    }
}

fn title<'a>(relations: &Relations<'a>, n: usize) -> &'a QualifiedName {
    relations.nodes[n].name
}

/// Whether a pattern is a table's name, with its schema or without.
fn matches(pattern: &str, name: &QualifiedName) -> bool {
    glob(pattern, &name.name) || glob(pattern, &name.to_string()) || {
        // The printed name quotes odd parts; a pattern need not.
        name.schema.is_some() && glob(pattern, &format!("{}.{}", name.schema_str(), name.name))
    }
}

/// `*` is any text, `?` any one character. Linear but for one step back to the last `*`.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

fn of_groups(
    catalog: &Catalog,
    relations: &Relations<'_>,
    wanted: &[String],
) -> Result<BTreeSet<usize>, RenderError> {
    let groups = Groups::new(catalog, relations);
    let mut found = BTreeSet::new();
    for name in wanted {
        let mut members: Vec<usize> = relations
            .drawn()
            .filter(|n| {
                let notes = catalog.notes(&ObjectId::table(relations.nodes[*n].name));
                notes.and_then(|notes| notes.group.as_deref()) == Some(name.as_str())
            })
            .collect();
        // Parts that nobody declared have titles all the same.
        let titled = groups.sections.iter().chain(&groups.parts);
        for group in titled.filter(|group| group.title == *name) {
            members.extend(&group.members);
        }
        if members.is_empty() {
            let mut known: Vec<&str> = groups.sections.iter().map(|g| g.title.as_str()).collect();
            known.extend(groups.parts.iter().map(|g| g.title.as_str()));
            known.retain(|title| !title.is_empty());
            known.sort_unstable();
            known.dedup();
            let known = match known.as_slice() {
                [] => "no table says which group it is in (`group:`)".to_owned(),
                known => format!("the groups are {}", known.join(", ")),
            };
            return Err(RenderError::Unsupported(format!(
                "--group {name:?} names no group; {known}"
            )));
        }
        found.extend(members);
    }
    Ok(found)
}

/// The tables within some number of foreign keys, either way.
fn near(relations: &Relations<'_>, choice: &Choice) -> Result<BTreeSet<usize>, RenderError> {
    let mut found = BTreeSet::new();
    let mut edge: Vec<usize> = Vec::new();
    for name in &choice.around {
        let named = relations.drawn().filter(|n| {
            let full = title(relations, *n);
            *full.name == **name || full.to_string() == *name
        });
        let named: Vec<usize> = named.collect();
        if named.is_empty() {
            return Err(unknown("--around", name, "is no table", relations));
        }
        edge.extend(named);
    }
    found.extend(edge.iter().copied());
    for _ in 0..choice.depth.min(MAX_DEPTH) {
        let mut next = Vec::new();
        for n in edge {
            let parents = relations.outgoing[n]
                .iter()
                .map(|e| relations.edges[*e].parent);
            let children = relations.incoming[n]
                .iter()
                .map(|e| relations.edges[*e].child);
            next.extend(parents.chain(children).filter(|n| found.insert(*n)));
        }
        edge = next;
    }
    Ok(found)
}

/// An error that names what comes near.
fn unknown(option: &str, given: &str, what: &str, relations: &Relations<'_>) -> RenderError {
    let stem: String = given.chars().filter(|c| !matches!(c, '*' | '?')).collect();
    let name = stem.rsplit('.').next().unwrap_or(&stem).to_lowercase();
    let names = relations.drawn().map(|n| title(relations, n));
    let mut near: Vec<(usize, String)> = names
        .map(|full| (distance(&name, &full.name.to_lowercase()), full.to_string()))
        .filter(|(far, _)| *far <= name.chars().count().max(3) / 2)
        .collect();
    near.sort();
    near.truncate(3);
    let near: Vec<String> = near.into_iter().map(|(_, name)| name).collect();
    let hint = match near.as_slice() {
        [] => String::new(),
        near => format!("; did you mean {}?", near.join(" or ")),
    };
    RenderError::Unsupported(format!("{option} {given:?} {what} of this schema{hint}"))
}

/// How many single changes make one word the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(100).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().take(100).enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, d) in b.iter().enumerate() {
            let changed = corner + usize::from(c != *d);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, fits) in [
            ("users", "users", true),
            ("user*", "users", true),
            ("*", "", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("?s", "as", true),
            ("?", "", false),
            ("**a", "bba", true),
            ("ü*", "über", true),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn distances() {
        assert_eq!(distance("users", "user"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("tasks", "tasks"), 0);
    }
}
