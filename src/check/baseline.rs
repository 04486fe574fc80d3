//! Findings that were there when a project began to check: known, and not to grow.
//!
//! A baseline is a text with a line a finding: its fingerprint, rule and object, sorted. The
//! fingerprint is a hash of the rule, the object and what tells findings of one rule on one object
//! apart; never of a line number or a wording, so that it survives edits elsewhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;

/// The name by which a finding is known from run to run: sixteen hexadecimal digits.
pub fn fingerprint(diagnostic: &Diagnostic) -> String {
    let object = diagnostic
        .object
        .as_ref()
        .map_or(String::new(), ToString::to_string);
    let mut hash = Sha256::new();
    for part in [diagnostic.rule, &object, &diagnostic.discriminator] {
        hash.update(part.as_bytes());
        // No part holds this byte, so that no two lists of parts run together.
        hash.update([0]);
    }
    let mut text = String::with_capacity(16);
    for byte in hash.finalize().iter().take(8) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The known findings of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Fingerprints, with the rest of their line.
    entries: BTreeMap<String, String>,
}

/// Findings held against a baseline.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// Not in the baseline, in their order.
    pub new: Vec<Diagnostic>,
    /// The number of findings that the baseline knows.
    pub known: usize,
    /// Lines of the baseline that no finding has any more.
    pub stale: Vec<String>,
}

/// A line that is no entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the baseline is not a fingerprint, a rule and an object")]
pub struct BaselineError {
    /// From 1.
    pub line: usize,
}

const HEAD: &str = "\
# Findings that schemagen check knows and does not report: fingerprint, rule, object.
# Written by `schemagen check --write-baseline FILE`.
";

impl Baseline {
    /// The baseline that knows exactly these findings.
    pub fn of(findings: &[Diagnostic]) -> Self {
        let entry = |d: &Diagnostic| {
            let object = d
                .object
                .as_ref()
                .map_or("-".to_owned(), ToString::to_string);
            (fingerprint(d), format!("{} {object}", d.rule))
        };
        Self {
            entries: findings.iter().map(entry).collect(),
        }
    }

    /// Reads what [`Self::print`] wrote. Empty lines and lines that begin with `#` say nothing.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let mut entries = BTreeMap::new();
        for (n, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let entry = line.split_once(' ').filter(|(fingerprint, _)| {
                fingerprint.len() == 16 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit())
            });
            let (fingerprint, rest) = entry.ok_or(BaselineError { line: n + 1 })?;
            entries.insert(fingerprint.to_owned(), rest.to_owned());
        }
        Ok(Self { entries })
    }

    /// As the text of its file: by rule and object, so that a difference reads well.
    pub fn print(&self) -> String {
        let mut lines: Vec<(&String, &String)> = self.entries.iter().map(|(f, r)| (r, f)).collect();
        lines.sort();
        let mut text = HEAD.to_owned();
        for (rest, fingerprint) in lines {
            // A quoted name may hold a line break.
            let rest = rest.replace(['\n', '\r'], " ");
            let _ = writeln!(text, "{fingerprint} {rest}");
        }
        text
    }

    /// Takes the known findings out.
    pub fn compare(&self, findings: Vec<Diagnostic>) -> Compared {
        let mut unseen = self.entries.clone();
        let mut compared = Compared::default();
        for finding in findings {
            let fingerprint = fingerprint(&finding);
            unseen.remove(&fingerprint);
            if self.entries.contains_key(&fingerprint) {
                compared.known += 1;
            } else {
                compared.new.push(finding);
            }
        }
        compared.stale = unseen.into_values().collect();
        compared.stale.sort();
        compared
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{FileId, Severity, Span};
    use crate::model::{ObjectId, QualifiedName};

    fn finding(rule: &'static str, table: &str) -> Diagnostic {
        Diagnostic::new(rule, Severity::Warning, "a headline")
            .about(ObjectId::table(&QualifiedName::new("public", table)))
    }

    #[test]
    fn survives_lines_and_wording() {
        let a = finding("naming/case", "t").at(Span::new(FileId(0), 1, 2), "");
        let mut b = finding("naming/case", "t").at(Span::new(FileId(0), 9, 10), "");
        b.headline = "another headline".into();
        assert_eq!(fingerprint(&a), fingerprint(&b));
    }

    #[test]
    fn tells_rule_object_and_discriminator_apart() {
        let a = finding("naming/case", "t");
        let mut b = a.clone();
        b.discriminator = "x".into();
        let others = [b, finding("naming/case", "u"), finding("type/no-char", "t")];
        for other in others {
            assert_ne!(fingerprint(&a), fingerprint(&other));
        }
    }

    #[test]
    fn knows_what_it_was_made_of() {
        let findings = vec![finding("naming/case", "t"), finding("type/no-char", "t")];
        let text = Baseline::of(&findings).print();
        let baseline = Baseline::parse(&text).expect("its own text");
        assert_eq!(baseline, Baseline::of(&findings));
        let now = vec![finding("naming/case", "t"), finding("naming/case", "new")];
        let compared = baseline.compare(now);
        assert_eq!(compared.known, 1);
        assert_eq!(compared.new, [finding("naming/case", "new")]);
        assert_eq!(compared.stale, ["type/no-char table public.t"]);
    }

    #[test]
    fn a_broken_line_is_named() {
        let error = Baseline::parse("# head\n\nnothing here\n");
        assert_eq!(error, Err(BaselineError { line: 3 }));
    }
}
