//! The rules: one file a rule, one registry, findings as values.
