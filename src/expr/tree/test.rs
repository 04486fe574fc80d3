//! Tests and operators of words: IS JSON, IS NORMALIZED, OVERLAPS, AT TIME ZONE.
//!
//! Source: gram.y, `a_expr`.

use super::Node;
use super::cursor::Cursor;
use super::expression::{AT, PATTERN, call};

impl Cursor<'_> {
    /// What follows IS JSON: its kind, and whether keys are unique.
    pub(super) fn json_test(&mut self) -> String {
        let mut test = String::from("json");
        for kind in ["array", "object", "scalar"] {
            if self.accept(kind) {
                test.push_str(&format!(" {kind}"));
            }
        }
        self.accept("value");
        if self.accept_all(&["with", "unique"]) {
            self.accept("keys");
            test.push_str(" unique");
        } else if self.accept_all(&["without", "unique"]) {
            self.accept("keys");
        }
        test
    }

    /// `IS NFC NORMALIZED`: a call of is_normalized, of NFC where nothing is said.
    pub(super) fn normalized(&mut self, left: Node, form: String, not: bool) -> Option<Node> {
        let form = match form.as_str() {
            "normalized" => "nfc".to_owned(),
            _ => {
                self.expect("normalized")?;
                form
            }
        };
        let test = call("is_normalized", vec![left, Node::text(form)]);
        Some(if not { Node::Not(Box::new(test)) } else { test })
    }

    /// `(a, b) OVERLAPS (c, d)`
    pub(super) fn overlaps(&mut self, left: Node) -> Option<Node> {
        match (left, self.expression(PATTERN)?) {
            (Node::Row(mut left), Node::Row(right)) if left.len() == 2 && right.len() == 2 => {
                left.extend(right);
                Some(call("overlaps", left))
            }
            _ => None,
        }
    }

    pub(super) fn at_time_zone(&mut self, left: Node) -> Option<Node> {
        if self.accept("local") {
            return Some(call("timezone", vec![left]));
        }
        self.expect("time")?;
        self.expect("zone")?;
        let zone = self.expression(AT)?;
        Some(call("timezone", vec![zone, left]))
    }
}
