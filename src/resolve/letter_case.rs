//! SQLite compares names without regard to case: what refers to something spells it as its
//! declaration does, so that everything behind compares names as they are.

use std::collections::HashMap;

use super::fold::Fold;
use crate::dialect::Dialect;
use crate::model::{ConstraintKind, Ident, QualifiedName, Table};

/// The declared columns of each table, by lower case.
type Declared = HashMap<QualifiedName, HashMap<String, Ident>>;

impl Fold {
    /// Gives the names in keys and indexes the case of their declarations.
    pub(super) fn settle_letter_case(&mut self) {
        if self.dialect() != Dialect::Sqlite {
            return;
        }
        let tables = self.catalog.tables.values();
        let declared: Declared = tables
            .map(|table| {
                let columns = table.columns.iter().map(|c| &c.name);
                let columns = columns.map(|name| (name.to_lowercase(), name.clone()));
                (table.name.clone(), columns.collect())
            })
            .collect();
        let targets: HashMap<String, QualifiedName> = self
            .relations
            .keys()
            .map(|name| (name.name.to_lowercase(), name.clone()))
            .collect();
        for table in self.catalog.tables.values_mut() {
            settle(table, &declared, &targets);
        }
    }
}

fn settle(table: &mut Table, declared: &Declared, targets: &HashMap<String, QualifiedName>) {
    let column = |of: &QualifiedName, name: &mut Ident| {
        let Some(columns) = declared.get(of) else {
            return;
        };
        if let Some(found) = columns.get(&name.to_lowercase()) {
            *name = found.clone();
        }
    };
    let own = table.name.clone();
    for constraint in &mut table.constraints {
        match &mut constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
                columns.iter_mut().for_each(|c| column(&own, c));
            }
            ConstraintKind::ForeignKey(fk) => {
                fk.columns.iter_mut().for_each(|c| column(&own, c));
                if let Some(found) = targets.get(&fk.target.name.to_lowercase()) {
                    fk.target = found.clone();
                }
                let target = fk.target.clone();
                fk.target_columns
                    .iter_mut()
                    .for_each(|c| column(&target, c));
            }
            ConstraintKind::Check { .. } | ConstraintKind::Exclusion { .. } => {}
        }
    }
    for index in &mut table.indexes {
        let keys = index.elements.iter_mut().filter_map(|e| e.column.as_mut());
        keys.for_each(|c| column(&own, c));
    }
    for trigger in &mut table.triggers {
        trigger.update_of.iter_mut().for_each(|c| column(&own, c));
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::{Dialect, TargetVersion};
    use crate::source::{SourceFile, SourceKind};

    #[test]
    fn references_have_the_case_of_what_they_refer_to() {
        let text = "CREATE TABLE Users (Id INTEGER, Name text, PRIMARY KEY (ID));
            CREATE INDEX by_name ON USERS (name);
            CREATE TABLE logs (user_id, FOREIGN KEY (USER_ID) REFERENCES users (iD));";
        let file = SourceFile {
            id: crate::diagnostic::FileId(0),
            path: "schema.sql".to_owned(),
            kind: SourceKind::Sql,
            text: text.to_owned(),
            external: false,
        };
        let version = TargetVersion::default_of(Dialect::Sqlite);
        let loaded = crate::pipeline::load(&[file], version);
        let catalog = &loaded.catalog;
        let name = |n: &str| crate::model::QualifiedName::bare(n);
        let users = &catalog.tables[&name("Users")];
        assert_eq!(users.primary_key_columns(), ["Id"]);
        assert_eq!(users.indexes[0].plain_columns().unwrap(), ["Name"]);
        let (_, fk) = catalog.tables[&name("logs")].foreign_keys().next().unwrap();
        assert_eq!(fk.target, name("Users"));
        assert_eq!(
            (&*fk.columns, &*fk.target_columns),
            (&["user_id".into()][..], &["Id".into()][..])
        );
        let said: Vec<_> = loaded
            .diagnostics
            .iter()
            .filter(|d| d.rule.starts_with("resolve/"))
            .collect();
        assert!(said.is_empty(), "{said:?}");
    }
}
