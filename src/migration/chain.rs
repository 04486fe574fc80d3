//! Whether migrations follow one another: what was edited, is missing, or came in between.
//!
//! Migrations that have no header were written by hand; they are held by the header of the one that
//! follows them.

use super::header::Header;
use crate::diagnostic::{Diagnostic, FileId, Span};

/// A migration of the folder, as far as its place in the chain is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its version and name.
    pub label: String,
    pub version: Vec<u128>,
    /// Of its way up.
    pub hash: String,
    pub header: Option<Header>,
    pub file: FileId,
}

/// What is wrong with a chain. Numbers are places in the list of migrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not what it was when `by` was made after it.
    Edited { at: usize, by: usize },
    /// The one that it follows is not there; perhaps under another name.
    Missing {
        at: usize,
        label: String,
        renamed: Option<usize>,
    },
    /// It follows the same one as an earlier one does: two people wrote the next migration.
    Forked { at: usize, with: usize },
    /// It runs before `of` does, which was made without it, or before the one that it follows.
    OutOfOrder { at: usize, of: usize },
    /// Two have one version.
    SameVersion { at: usize, with: usize },
}

/// Everything that is wrong with a chain, in the order of its migrations.
pub fn faults(migrations: &[Migration]) -> Vec<Fault> {
    let mut found: Vec<Fault> = Vec::new();
    for (at, migration) in migrations.iter().enumerate() {
        let earlier = at.checked_sub(1).and_then(|n| migrations.get(n));
        if earlier.is_some_and(|e| e.version == migration.version) {
            found.push(Fault::SameVersion { at, with: at - 1 });
        }
        if let Some(header) = &migration.header {
            for fault in of_header(migrations, at, header, &found) {
                if !found.contains(&fault) {
                    found.push(fault);
                }
            }
        }
    }
    found
}

fn of_header(migrations: &[Migration], at: usize, header: &Header, found: &[Fault]) -> Vec<Fault> {
    let place = match &header.follows {
        None => None,
        Some(link) => {
            let named = migrations.iter().position(|m| m.label == link.label);
            let Some(place) = named else {
                let renamed = migrations.iter().position(|m| m.hash == link.hash);
                let label = link.label.clone();
                return vec![Fault::Missing { at, label, renamed }];
            };
            if place >= at {
                return vec![Fault::OutOfOrder { at, of: place }];
            }
            Some((place, link))
        }
    };
    let mut out = Vec::new();
    if let Some((place, link)) = place
        && migrations[place].hash != link.hash
        && !found
            .iter()
            .any(|f| matches!(f, Fault::Edited { at, .. } if *at == place))
    {
        out.push(Fault::Edited { at: place, by: at });
    }
    let between = place.map_or(0, |(place, _)| place + 1)..at;
    let label = header.follows.as_ref().map(|link| &link.label);
    let same = |other: &Migration| {
        let header = other.header.as_ref();
        header.is_some_and(|h| h.follows.as_ref().map(|link| &link.label) == label)
    };
    if let Some(with) = between.clone().find(|n| same(&migrations[*n])) {
        out.push(Fault::Forked { at, with });
        return out;
    }
    for other in between {
        let known = found.iter().any(|f| f.at() == other && f.is_about_order());
        if !known {
            out.push(Fault::OutOfOrder { at: other, of: at });
        }
    }
    out
}

impl Fault {
    /// The migration that is at fault.
    pub fn at(&self) -> usize {
        match self {
            Self::Edited { at, .. }
            | Self::Missing { at, .. }
            | Self::Forked { at, .. }
            | Self::OutOfOrder { at, .. }
            | Self::SameVersion { at, .. } => *at,
        }
    }

    /// Whether `migrate rebase` mends it.
    pub fn is_about_order(&self) -> bool {
        matches!(self, Self::Forked { .. } | Self::OutOfOrder { .. })
    }

    /// What is to be said about it.
    pub fn diagnostic(&self, migrations: &[Migration]) -> Diagnostic {
        let label = |n: usize| migrations.get(n).map_or("", |m| m.label.as_str());
        let one = label(self.at());
        let said = match self {
            Self::Edited { by, .. } => {
                let by = label(*by);
                Diagnostic::error(
                    "migration/edited",
                    format!("migration {one} has been edited"),
                )
                .note(format!(
                    "{by} was made after it and holds its hash; databases that have run it do not \
                         have what it says now"
                ))
                .help("bring back its text, and write what is to change into a new migration")
            }
            Self::Missing {
                label: old,
                renamed,
                ..
            } => {
                let headline = format!("migration {one} follows {old}, which is not there");
                let said = Diagnostic::error("migration/missing", headline);
                match renamed {
                    Some(new) => said
                        .note(format!("{} has the same text: it was renamed", label(*new)))
                        .help("give it its old name: tools know migrations by their names"),
                    None => said
                        .note("what it made is missing from every database that is built from here")
                        .help(
                            "bring it back, from version control or from the branch that it is on",
                        ),
                }
            }
            Self::Forked { with, .. } => {
                let with = label(*with);
                let headline = format!("migrations {with} and {one} follow the same one");
                Diagnostic::error("migration/forked", headline)
                    .note("each was made without the other, as on two branches")
                    .help(format!(
                        "while no database has run {one}, rewrite it with `schemagen migrate rebase \
                         {one} --unapplied`"
                    ))
            }
            Self::OutOfOrder { of, .. } => {
                let of = label(*of);
                let headline =
                    format!("migration {one} runs before {of}, which was made without it");
                Diagnostic::error("migration/out-of-order", headline)
                    .note(format!("databases that have run {of} would get {one} after it, if at all"))
                    .help(format!(
                        "while no database has run {one}, move it behind the others with `schemagen \
                         migrate rebase {one} --unapplied`"
                    ))
            }
            Self::SameVersion { with, .. } => {
                let headline = format!("migrations {} and {one} have one version", label(*with));
                Diagnostic::error("migration/same-version", headline)
                    .note("tools know migrations by their versions, and would run only one of them")
                    .help("give one of them another version, while no database has run it")
            }
        };
        match migrations.get(self.at()) {
            Some(migration) => said.at(Span::new(migration.file, 0, 0), "this migration"),
            None => said,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::{Fingerprint, Link};

    /// `label`, what it follows (`-` for nothing, empty for no header), and whether its text changed.
    fn chain(rows: &[(&str, &str, bool)]) -> Vec<Fault> {
        let rows = rows.iter().enumerate();
        let migrations: Vec<Migration> = rows
            .map(|(n, (label, follows, edited))| {
                let print = Fingerprint::parse("1:aa").unwrap();
                let header = (!follows.is_empty()).then(|| Header {
                    before: print.clone(),
                    after: print.clone(),
                    follows: (*follows != "-").then(|| Link {
                        label: (*follows).to_owned(),
                        hash: format!("hash of {follows}"),
                    }),
                });
                Migration {
                    label: (*label).to_owned(),
                    version: vec![label[..1].parse().unwrap()],
                    hash: format!("hash of {label}{}", if *edited { ", edited" } else { "" }),
                    header,
                    file: FileId(n as u32),
                }
            })
            .collect();
        let found = faults(&migrations);
        for fault in &found {
            let said = fault.diagnostic(&migrations);
            assert!(
                said.headline.contains(&migrations[fault.at()].label),
                "{said:?}"
            );
        }
        found
    }

    #[test]
    fn a_chain_is_whole() {
        assert_eq!(chain(&[("1a", "-", false), ("2b", "1a", false)]), []);
        // By hand, and held by the next one.
        assert_eq!(
            chain(&[("1a", "", false), ("2b", "1a", false), ("3c", "", false)]),
            []
        );
        assert_eq!(chain(&[]), []);
    }

    #[test]
    fn an_edited_one_is_found_once() {
        let found = chain(&[("1a", "-", true), ("2b", "1a", false), ("3c", "2b", false)]);
        assert_eq!(found, [Fault::Edited { at: 0, by: 1 }]);
        let found = chain(&[("1a", "", true), ("2b", "1a", false)]);
        assert_eq!(found, [Fault::Edited { at: 0, by: 1 }]);
    }

    #[test]
    fn a_missing_one_is_named() {
        let found = chain(&[("1a", "-", false), ("3c", "2b", false)]);
        let Fault::Missing {
            at: 1,
            label,
            renamed: None,
        } = &found[0]
        else {
            panic!("{found:?}");
        };
        assert_eq!(label, "2b");
    }

    #[test]
    fn two_that_follow_one_are_a_fork() {
        let found = chain(&[("1a", "-", false), ("2b", "1a", false), ("3c", "1a", false)]);
        assert_eq!(found, [Fault::Forked { at: 2, with: 1 }]);
        // What follows the later branch is not at fault itself.
        let found = chain(&[
            ("1a", "-", false),
            ("2b", "1a", false),
            ("3c", "1a", false),
            ("4d", "2b", false),
        ]);
        assert_eq!(found, [Fault::Forked { at: 2, with: 1 }]);
        let found = chain(&[("1a", "-", false), ("2b", "-", false)]);
        assert_eq!(found, [Fault::Forked { at: 1, with: 0 }]);
    }

    #[test]
    fn what_came_in_between_is_out_of_order() {
        let found = chain(&[("1a", "-", false), ("2b", "", false), ("3c", "1a", false)]);
        assert_eq!(found, [Fault::OutOfOrder { at: 1, of: 2 }]);
        let found = chain(&[("1a", "2b", false), ("2b", "-", false)]);
        assert!(
            found.contains(&Fault::OutOfOrder { at: 0, of: 1 }),
            "{found:?}"
        );
    }

    #[test]
    fn a_version_is_one_migration() {
        let found = chain(&[("1a", "", false), ("1b", "", false)]);
        assert_eq!(found, [Fault::SameVersion { at: 1, with: 0 }]);
    }
}
