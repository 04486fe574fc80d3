//! CREATE SEQUENCE, and the options that identity columns share with it.

use super::assembly::Assembly;
use super::columns;
use super::subject::owner_statement;
use crate::dialect::Dialect;
use crate::model::{ObjectId, ObjectRef, Persistence, Sequence, SequenceOptions};

impl<'a> Assembly<'a, '_> {
    /// Whether the sequence is what its column's `serial` makes.
    pub(super) fn is_serial(&self, sequence: &Sequence) -> bool {
        let Some((table, column)) = &sequence.owned_by else {
            return false;
        };
        if self.existing.contains(&ObjectId::table(table)) {
            return false;
        }
        let Some(table) = self.cx.catalog.tables.get(table) else {
            return false;
        };
        sequence.name == crate::dialect::sequence_name(&table.name, column)
            && table
                .column(column)
                .is_some_and(|c| columns::serial_type(&self.cx, table, c).is_some())
    }

    pub(super) fn sequence(&mut self, id: &ObjectId, sequence: &'a Sequence) {
        let dialect = self.cx.dialect;
        let owner = sequence.owned_by.as_ref().map(|(table, _)| table);
        let owner_exists = owner.is_some_and(|table| {
            self.cx.catalog.is_external(table) || self.is_done(&ObjectId::table(table))
        });
        if self.is_serial(sequence) {
            return;
        }
        self.push(id, create(sequence, dialect));
        let waits = owner.is_some_and(|t| self.existing.contains(&ObjectId::table(t)));
        if owner.is_none() || (owner_exists && !waits) {
            self.push_all(id, owned_by(sequence, dialect));
            self.describe(id, ObjectRef::Sequence(sequence));
        } else if let (true, Some(owner)) = (waits, &sequence.facets.owner) {
            // It is owned by a column only where both have one owner.
            let object = ObjectRef::Sequence(sequence);
            self.push_all(id, owner_statement(object, owner, dialect));
        }
    }
}

/// `CREATE SEQUENCE`; `OWNED BY` comes after its table, see [`owned_by`].
pub(super) fn create(sequence: &Sequence, dialect: Dialect) -> String {
    let persistence = match sequence.persistence {
        Persistence::Permanent => "",
        Persistence::Unlogged => "UNLOGGED ",
        Persistence::Temporary => "TEMPORARY ",
    };
    let name = dialect.quote_name(&sequence.name);
    let mut text = format!("CREATE {persistence}SEQUENCE {name}");
    for option in options(&sequence.options, dialect) {
        text.push_str(&format!("\n    {option}"));
    }
    text
}

/// `ALTER SEQUENCE ... OWNED BY`, for a sequence that a column owns.
pub(super) fn owned_by(sequence: &Sequence, dialect: Dialect) -> Option<String> {
    let (table, column) = sequence.owned_by.as_ref()?;
    let name = dialect.quote_name(&sequence.name);
    let table = dialect.quote_name(table);
    let column = dialect.quote(column);
    Some(format!("ALTER SEQUENCE {name} OWNED BY {table}.{column}"))
}

/// The options that differ from the server's defaults.
pub(super) fn options(options: &SequenceOptions, dialect: Dialect) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(data_type) = &options.data_type {
        words.push(format!("AS {}", dialect.print_type(data_type)));
    }
    let numbers = [
        ("START WITH", options.start),
        ("INCREMENT BY", options.increment),
        ("MINVALUE", options.min_value),
        ("MAXVALUE", options.max_value),
        ("CACHE", options.cache),
    ];
    for (word, value) in numbers {
        if let Some(value) = value {
            words.push(format!("{word} {value}"));
        }
    }
    if options.cycle {
        words.push("CYCLE".to_owned());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DataType, QualifiedName};

    #[test]
    fn only_given_options_are_printed() {
        let sequence = Sequence {
            name: QualifiedName::new("app", "ticket"),
            options: SequenceOptions {
                data_type: Some(DataType::builtin("integer")),
                start: Some(1000),
                cycle: true,
                ..SequenceOptions::default()
            },
            owned_by: Some((QualifiedName::new("app", "tickets"), "no".into())),
            ..Sequence::default()
        };
        assert_eq!(
            create(&sequence, Dialect::Postgres),
            "CREATE SEQUENCE app.ticket\n    AS integer\n    START WITH 1000\n    CYCLE"
        );
        assert_eq!(
            owned_by(&sequence, Dialect::Postgres).as_deref(),
            Some("ALTER SEQUENCE app.ticket OWNED BY app.tickets.no")
        );
    }
}
