//! Storage parameters and options that do not exist, or have values that they cannot have.
//!
//! Source: src/backend/access/common/reloptions.c.

use crate::diagnostic::Diagnostic;
use crate::model::ObjectKind;
use crate::resolve::fold::Fold;

/// What a parameter takes.
#[derive(Clone, Copy)]
enum Takes {
    Boolean,
    /// A whole number from one to another.
    Number(i64, i64),
    /// A number, of which only the least is known.
    Real(f64),
    OneOf(&'static [&'static str]),
}

/// The words of a parameter of VACUUM that may be left to the server.
const AUTO: &[&str] = &["auto", "on", "off", "true", "false", "yes", "no", "1", "0"];

fn of_table(name: &str) -> Option<Takes> {
    Some(match name {
        "fillfactor" => Takes::Number(10, 100),
        "toast_tuple_target" => Takes::Number(128, 8160),
        "parallel_workers" => Takes::Number(0, 1024),
        "user_catalog_table" => Takes::Boolean,
        "autovacuum_analyze_threshold" => Takes::Number(0, i64::MAX),
        "autovacuum_analyze_scale_factor" => Takes::Real(0.0),
        _ => return of_toast(name),
    })
}

/// What the table of the large values has as well.
fn of_toast(name: &str) -> Option<Takes> {
    Some(match name {
        "autovacuum_enabled" | "vacuum_truncate" => Takes::Boolean,
        "vacuum_index_cleanup" => Takes::OneOf(AUTO),
        "autovacuum_vacuum_cost_limit" => Takes::Number(1, 10_000),
        "log_autovacuum_min_duration"
        | "log_autovacuum_analyze_min_duration"
        | "autovacuum_vacuum_insert_threshold"
        | "autovacuum_vacuum_max_threshold" => Takes::Number(-1, i64::MAX),
        "autovacuum_vacuum_threshold"
        | "autovacuum_freeze_min_age"
        | "autovacuum_freeze_max_age"
        | "autovacuum_freeze_table_age"
        | "autovacuum_multixact_freeze_min_age"
        | "autovacuum_multixact_freeze_max_age"
        | "autovacuum_multixact_freeze_table_age" => Takes::Number(0, i64::MAX),
        "autovacuum_vacuum_scale_factor"
        | "autovacuum_vacuum_insert_scale_factor"
        | "autovacuum_vacuum_cost_delay"
        | "vacuum_max_eager_freeze_failure_rate" => Takes::Real(0.0),
        _ => return None,
    })
}

fn of_view(name: &str) -> Option<Takes> {
    Some(match name {
        "security_barrier" | "security_invoker" => Takes::Boolean,
        "check_option" => Takes::OneOf(&["local", "cascaded"]),
        _ => return None,
    })
}

fn of_index(method: &str, name: &str) -> Option<Takes> {
    Some(match (method, name) {
        ("btree" | "hash" | "gist" | "spgist", "fillfactor") => Takes::Number(10, 100),
        ("btree", "deduplicate_items") | ("gin", "fastupdate") | ("brin", "autosummarize") => {
            Takes::Boolean
        }
        ("gist", "buffering") => Takes::OneOf(&["on", "off", "auto", "true", "false", "1", "0"]),
        ("gin", "gin_pending_list_limit") => Takes::Number(64, i64::MAX),
        ("brin", "pages_per_range") => Takes::Number(1, 131_072),
        _ => return None,
    })
}

impl Takes {
    fn has(self, value: &str) -> bool {
        let plain = value.trim_matches('\'').trim();
        // Only named, a switch is on.
        match self {
            Self::Boolean => plain.is_empty() || is_boolean(plain),
            Self::OneOf(words) => {
                plain.is_empty() || words.iter().any(|w| w.eq_ignore_ascii_case(plain))
            }
            Self::Number(least, most) => match plain.parse::<i64>() {
                Ok(n) => (least..=most).contains(&n),
                Err(_) => plain.parse::<f64>().is_ok(),
            },
            Self::Real(least) => plain.parse::<f64>().is_ok_and(|n| n >= least),
        }
    }
}

/// Whether the server reads a word as one of truth (`parse_bool`): a part of it will do.
pub(super) fn is_boolean(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let begins = |whole: &str| !word.is_empty() && whole.starts_with(&word);
    let switch = matches!(&*word, "on" | "of" | "off" | "1" | "0");
    switch || ["true", "false", "yes", "no"].into_iter().any(begins)
}

impl Fold {
    /// The parameters of a table, view or index; `method` is the index's.
    pub(super) fn unfit_parameters<'p>(
        &self,
        kind: ObjectKind,
        method: &str,
        mut pairs: impl Iterator<Item = (&'p str, &'p str)>,
    ) -> Option<Diagnostic> {
        let known = match kind {
            ObjectKind::Table | ObjectKind::MaterializedView => {
                method.is_empty() || method == "heap"
            }
            ObjectKind::View => true,
            ObjectKind::Index => {
                matches!(
                    method,
                    "btree" | "hash" | "gist" | "spgist" | "gin" | "brin"
                )
            }
            _ => false,
        };
        if !known {
            return None;
        }
        pairs.find_map(|(name, value)| {
            // Extensions have parameters under names of their own.
            if name.contains('.') && !name.starts_with("toast.") {
                return None;
            }
            let takes = match (kind, name.strip_prefix("toast.")) {
                (ObjectKind::View, _) => of_view(name),
                (ObjectKind::Index, _) => of_index(method, name),
                (_, Some(toast)) => of_toast(toast),
                // Without it tables have been for long: that they have none may be said.
                _ if name == "oids" && !matches!(value, "true" | "on" | "1" | "") => return None,
                _ => of_table(name),
            };
            match takes {
                None => self.cannot(
                    format!("a {kind} has no parameter `{name}`"),
                    "take it out, or write its name as the manual does",
                ),
                Some(takes) if !takes.has(value) => self.cannot(
                    format!("parameter `{name}` of a {kind} cannot be {value}"),
                    "give it a value that it takes",
                ),
                Some(_) => None,
            }
        })
    }
}
