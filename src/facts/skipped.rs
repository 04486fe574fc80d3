//! Statements that change no schema, and keep others waiting all the same.

use super::LockMode as L;
use super::scene::Scene;
use super::{Effect, ScanKind};
use crate::model::{Ident, ObjectId, QualifiedName};

/// The words of a statement: names as they stand in the catalog, all else in lower case.
pub(super) struct Words<'w>(pub(super) &'w [String]);

impl Words<'_> {
    fn at(&self, n: usize) -> &str {
        self.0.get(n).map_or("", String::as_str)
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.0.iter().any(|w| w == word)
    }

    /// The name that begins at a word.
    fn name(&self, n: usize) -> QualifiedName {
        match self.at(n + 1) {
            "." => QualifiedName::new(Ident::new(self.at(n)), Ident::new(self.at(n + 2))),
            _ => QualifiedName::bare(Ident::new(self.at(n))),
        }
    }

    /// The place behind words that may stand there.
    fn behind(&self, mut n: usize, words: &[&str]) -> usize {
        while words.contains(&self.at(n)) {
            n += 1;
        }
        n
    }
}

pub(super) fn tell(scene: &mut Scene<'_>, words: &Words<'_>) {
    match words.at(0) {
        "truncate" => truncate(scene, words),
        "lock" => lock(scene, words),
        "reindex" => reindex(scene, words),
        // Without a name it is every table that has been clustered before.
        "cluster" if words.0.len() > 1 => {
            let name = scene.relation(&words.name(words.behind(1, &["verbose"])));
            scene.lock(&name, L::AccessExclusive);
            scene.rewrite(&name);
        }
        "vacuum" => vacuum(scene, words),
        "analyze" if words.0.len() > 1 => {
            let name = scene.relation(&words.name(words.behind(1, &["verbose"])));
            scene.lock(&name, L::ShareUpdateExclusive);
            // Partitions are analysed with their table (`expand_vacuum_rel` in vacuum.c), children are not.
            for part in scene.tree(&name) {
                if scene.table(&part).is_some_and(|t| t.partition_of.is_some()) {
                    scene.lock(&part, L::ShareUpdateExclusive);
                }
            }
        }
        "refresh" => {
            let at = words.behind(1, &["materialized", "view", "concurrently"]);
            let name = scene.relation(&words.name(at));
            let mode = match words.has("concurrently") {
                true => L::Exclusive,
                false => L::AccessExclusive,
            };
            scene.lock(&name, mode);
            if mode == L::AccessExclusive {
                scene.rewrite(&name);
            }
            scene.effect(Effect::Recomputes(name));
        }
        "update" | "delete" | "insert" | "merge" => {
            scene.facts.retry = false;
        }
        _ => {}
    }
}

fn truncate(scene: &mut Scene<'_>, words: &Words<'_>) {
    let mut at = words.behind(1, &["table", "only"]);
    loop {
        let name = scene.relation(&words.name(at));
        for table in scene.tree(&name) {
            scene.lock(&table, L::AccessExclusive);
            scene.destroy(ObjectId::table(&table));
        }
        at = match words.at(at + 1) {
            "." => at + 3,
            _ => at + 1,
        };
        if words.at(at) != "," {
            return;
        }
        at = words.behind(at + 1, &["only"]);
    }
}

fn lock(scene: &mut Scene<'_>, words: &Words<'_>) {
    let name = scene.relation(&words.name(words.behind(1, &["table", "only"])));
    let mode = words
        .0
        .iter()
        .position(|w| w == "in")
        .map_or(String::new(), |at| {
            let mode = words.0[at + 1..].iter().take_while(|w| *w != "mode");
            mode.map(String::as_str).collect::<Vec<_>>().join(" ")
        });
    let mode = match mode.as_str() {
        "access share" | "row share" | "row exclusive" => return,
        "share update exclusive" => L::ShareUpdateExclusive,
        "share" => L::Share,
        "share row exclusive" => L::ShareRowExclusive,
        "exclusive" => L::Exclusive,
        _ => L::AccessExclusive,
    };
    scene.lock_tree(&name, mode);
}

fn reindex(scene: &mut Scene<'_>, words: &Words<'_>) {
    let mode = match words.has("concurrently") {
        true => L::ShareUpdateExclusive,
        false => L::Share,
    };
    let at = words.behind(1, &["(", ")", "verbose", "concurrently", ","]);
    let name = words.name(words.behind(at + 1, &["concurrently"]));
    let relation = match words.at(at) {
        "table" => Some(scene.relation(&name)),
        "index" => scene.relation_behind(&name),
        _ => None,
    };
    if let Some(relation) = relation {
        scene.lock(&relation, mode);
        scene.scan(&relation, ScanKind::BuildIndex);
    }
    if words.has("concurrently") || matches!(words.at(at), "schema" | "database" | "system") {
        scene.outside_transactions();
    }
}

fn vacuum(scene: &mut Scene<'_>, words: &Words<'_>) {
    let among = [
        "(", ")", ",", "full", "freeze", "verbose", "analyze", "true", "on",
    ];
    let at = words.behind(1, &among);
    scene.outside_transactions();
    scene.facts.precondition = None;
    scene.facts.retry = true;
    // Without a name it is every table.
    if words.at(at).is_empty() {
        return;
    }
    let name = scene.relation(&words.name(at));
    match words.has("full") {
        true => {
            scene.lock(&name, L::AccessExclusive);
            scene.rewrite(&name);
        }
        false => scene.lock(&name, L::ShareUpdateExclusive),
    }
}
