//! Statements as text, a block an object.

use std::collections::HashSet;

use super::subject::has;
use super::{Ddl, each_statement};
use crate::dialect::{Capability, Dialect};
use crate::graph::Graph;
use crate::model::{Catalog, ObjectId};

/// All statements as one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The statements, blank lines between objects.
    pub text: String,
    /// The objects that they make, once each, in the order of their first statements.
    pub made: Vec<ObjectId>,
}

/// Bytes that a text has room for, so that what is put before it does not copy it.
const ROOM: usize = 4096;

/// The canonical DDL of a catalog.
pub fn script(catalog: &Catalog, graph: &Graph, dialect: Dialect) -> Script {
    let mut body = Body::default();
    let mut made = Vec::new();
    let bodies = !catalog.routines.is_empty() && has(dialect, Capability::Routines);
    if bodies {
        // A body may use what is created later.
        body.text.push_str("SET check_function_bodies = false;\n");
    }
    each_statement(catalog, graph, dialect, &mut |ddl| {
        if body.begins(&ddl.object) {
            made.push(ddl.object.clone());
        }
        body.push(ddl);
    });
    once_each(&mut made);
    // Growing has left it up to twice its size.
    body.text.shrink_to(body.text.len() + ROOM);
    Script {
        text: body.text,
        made,
    }
}

/// Keeps the first of those that are there twice.
fn once_each(made: &mut Vec<ObjectId>) {
    let mut known = HashSet::with_capacity(made.len());
    let first: Vec<bool> = made.iter().map(|id| known.insert(id)).collect();
    let mut first = first.into_iter();
    made.retain(|_| first.next() == Some(true));
    made.shrink_to_fit();
}

/// Statements one after the other, blank lines between objects.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) text: String,
    previous: Option<ObjectId>,
}

impl Body {
    /// Whether the next statement, of that object, is the first of its block.
    fn begins(&self, object: &ObjectId) -> bool {
        self.previous.as_ref() != Some(object)
    }

    pub(crate) fn push(&mut self, ddl: Ddl) {
        let begins = self.begins(&ddl.object);
        if begins && !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&ddl.sql);
        self.text.push_str(";\n");
        if begins {
            self.previous = Some(ddl.object);
        }
    }
}
