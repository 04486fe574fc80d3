//! Verbatim statements about what others own (a privilege on a function of an extension): a database
//! names the schema of the object, and its author need not.
//!
//! Only between a declared schema and a database, where the server has resolved the name; two declared
//! schemas say the same only where they say it in the same words.

use std::collections::BTreeSet;

use super::differ::Differ;
use crate::expr::key_of;
use crate::model::{Catalog, ObjectId, ObjectKind, Opaque, Property};

impl<'a> Differ<'a> {
    pub(super) fn opaque(&mut self) {
        let id =
            |o: &Opaque| ObjectId::overload(ObjectKind::Opaque, o.name.clone(), o.kind.clone());
        self.objects(
            |c| &c.opaque,
            id,
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Statements, &before.statements, &after.statements);
                differ.altered(id, d);
            },
        );
        if self.options.executor.is_some() {
            let same: BTreeSet<ObjectId> = self.resolved().into_iter().map(id).collect();
            self.forget(|change| same.contains(change));
        }
    }

    /// Those of either side that the other side has under a name with, or without, a schema.
    fn resolved(&self) -> Vec<&'a Opaque> {
        let (before, after) = (self.pair.before, self.pair.after);
        let mut same = Vec::new();
        for (one, other) in [(before, after), (after, before)] {
            for bare in alone(one, other).filter(|o| o.name.schema.is_none()) {
                let mut others = alone(other, one);
                if let Some(full) = others.find(|full| self.says_the_same(bare, full)) {
                    same.extend([bare, full]);
                }
            }
        }
        same
    }

    fn says_the_same(&self, bare: &Opaque, full: &Opaque) -> bool {
        let Some(schema) = &full.name.schema else {
            return false;
        };
        let dialect = self.options.dialect;
        let qualifier = format!("{}.", dialect.quote(schema));
        let spelled = |text: &str| {
            let key = key_of(text, dialect);
            key.replace(&qualifier, "").replace("pg_catalog.", "")
        };
        let all = |o: &Opaque| -> Vec<String> { o.statements.iter().map(|s| spelled(s)).collect() };
        bare.kind == full.kind && bare.name.name == full.name.name && all(bare) == all(full)
    }
}

/// What one side has and the other does not.
fn alone<'a>(side: &'a Catalog, other: &'a Catalog) -> impl Iterator<Item = &'a Opaque> {
    let own = side.opaque.iter();
    let own = own.filter(|(key, _)| !other.opaque.contains_key(*key));
    own.map(|(_, opaque)| opaque)
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;
    use crate::diff::{Options, compare};
    use crate::model::{Catalog, Opaque, Pair, QualifiedName};

    fn with(name: QualifiedName, statement: &str) -> Catalog {
        let kind: Box<str> = "grant on function".into();
        let opaque = Opaque {
            kind: kind.clone(),
            name: name.clone(),
            statements: vec![statement.into()],
            depends_on: Vec::new(),
        };
        Catalog {
            opaque: [((kind, name), opaque)].into(),
            ..Catalog::default()
        }
    }

    #[test]
    fn a_database_names_the_schema_that_an_author_leaves_out() {
        let bare = QualifiedName::bare("hstore");
        let file = with(
            bare,
            "REVOKE EXECUTE ON FUNCTION hstore(text, text) FROM PUBLIC",
        );
        let server = |grantee: &str| {
            let function = "public.hstore(pg_catalog.text,pg_catalog.text)";
            let statement = format!("REVOKE EXECUTE ON FUNCTION {function} FROM {grantee}");
            with(QualifiedName::new("public", "hstore"), &statement)
        };
        let live = Options {
            executor: Some("postgres".into()),
            ..Options::new(Dialect::Postgres)
        };
        let changes = |one: &Catalog, other: &Catalog, options: &Options| {
            compare(Pair::new(one, other), options).changes.len()
        };
        let same = server("PUBLIC");
        assert_eq!(changes(&file, &same, &live), 0);
        assert_eq!(changes(&same, &file, &live), 0);
        assert_eq!(changes(&file, &server("alice"), &live), 2);
        assert_eq!(changes(&file, &same, &Options::new(Dialect::Postgres)), 2);
    }
}
