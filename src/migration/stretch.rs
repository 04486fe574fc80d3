//! The text of a stretch of a plan: of what becomes one file.

use crate::model::ObjectId;
use crate::plan::Group;
use crate::plan::facts::Facts;

/// A stretch of a plan that becomes one file.
pub(super) struct Stretch {
    pub(super) sql: String,
    pub(super) transaction: bool,
}

impl Stretch {
    /// `local` settings end with the transaction that a tool opens around the file.
    pub(super) fn of(group: &Group<'_>, local: bool) -> Self {
        let set = if local { "SET LOCAL" } else { "SET" };
        let mut sql = String::new();
        for (setting, milliseconds) in timeouts(group) {
            sql.push_str(&format!("{set} {setting} = {milliseconds};\n"));
        }
        let mut previous: Option<&ObjectId> = None;
        for step in group.steps {
            if !sql.is_empty() && previous != Some(&step.object) {
                sql.push('\n');
            }
            match step.sql.strip_prefix("SET ") {
                Some(setting) if group.transactional => sql.push_str(&format!("{set} {setting}")),
                _ => sql.push_str(&step.sql),
            }
            sql.push_str(";\n");
            previous = Some(&step.object);
        }
        Self {
            sql,
            transaction: group.transactional,
        }
    }
}

/// How long the statements of a transaction wait and take. Outside of one a file has one statement,
/// and no room for settings.
fn timeouts(group: &Group<'_>) -> Vec<(&'static str, u32)> {
    let longest = |timeout: fn(&Facts) -> Option<u32>| {
        let steps = group.steps.iter().filter(|_| group.transactional);
        steps.filter_map(|s| timeout(&s.facts)).max()
    };
    let all = [
        ("lock_timeout", longest(|f| f.lock_timeout)),
        ("statement_timeout", longest(|f| f.statement_timeout)),
    ];
    let given = all.into_iter();
    given
        .filter_map(|(setting, value)| Some((setting, value?)))
        .collect()
}
