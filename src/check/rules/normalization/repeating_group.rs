//! # normalization/repeating-group
//!
//! Columns that differ by a number only: `phone1`, `phone2`, `phone3`.
//!
//! ## Why
//!
//! The number of columns is a limit that the data will pass one day. Until then every query has to
//! name all of them: which of the three has this number, how many are there, is one there twice?
//! Rows of a child table have no limit, one index, and a key that keeps them apart (first normal
//! form, Codd 1971).
//!
//! Three columns or more of one type with consecutive numbers from 0 or 1 are reported, two (also
//! `phone` and `phone2`) as a hint. Names in which the number is no counter are left out: `sha256`,
//! `ipv4` and `ipv6`, `x1` and `y1`, `q1` to `q4`, `address_line_1`, periods of a calendar.
//!
//! ## Fix
//!
//! Move the columns into rows of a child table, or declare them as `denormalized:` with the reason.
//!
//! ```sql bad
//! CREATE TABLE contacts (id bigint PRIMARY KEY, phone1 text, phone2 text, phone3 text);
//! ```
//!
//! ```sql good
//! CREATE TABLE contacts (id bigint PRIMARY KEY, address_line_1 text, address_line_2 text);
//! CREATE TABLE contact_phones (
//!     contact_id bigint REFERENCES contacts (id),
//!     position integer,
//!     phone text NOT NULL,
//!     PRIMARY KEY (contact_id, position)
//! );
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::denormalized;
use crate::check::rules::remedy::{column_list, in_words, lowered};
use crate::check::{Context, Level, Rule, RuleInfo, words};
use crate::diagnostic::Diagnostic;
use crate::model::{Column, DataType, Ident, ObjectId, Table};

static INFO: RuleInfo = RuleInfo {
    id: "normalization/repeating-group",
    level: Level::Warning,
    docs: include_str!("repeating_group.rs"),
    options: &[],
};

/// Words whose number is a part of the name: of algorithms, formats, coordinates, periods.
static NUMBERED_WORDS: &[&str] = &[
    "aes",
    "base",
    "col",
    "crc",
    "d",
    "day",
    "float",
    "h",
    "hour",
    "i",
    "int",
    "ip",
    "ipv",
    "iso",
    "lat",
    "latitude",
    "lng",
    "lon",
    "longitude",
    "m",
    "md",
    "minute",
    "month",
    "mp",
    "oauth",
    "p",
    "percentile",
    "q",
    "quarter",
    "rsa",
    "s",
    "sha",
    "uint",
    "utf",
    "v",
    "w",
    "week",
    "x",
    "y",
    "year",
    "z",
];

/// Words of which two or three lines are the form of an address, and not a list.
static LINES: &[&str] = &["addr", "address", "line", "street"];

pub(in crate::check) struct RepeatingGroup;

impl Rule for RepeatingGroup {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables() {
            let mut exempt = None;
            for group in groups(table) {
                let exempt = exempt.get_or_insert_with(|| denormalized(cx, table));
                if group.columns.iter().any(|c| exempt.contains(c)) {
                    continue;
                }
                let mut finding = finding(cx, table, &group);
                if group.columns.len() < 3 {
                    finding = lowered(finding);
                }
                if words::is_record(&table.name.name) {
                    finding = lowered(finding);
                }
                out.push(finding);
            }
        }
    }
}

/// Columns of one base and type, by their number.
struct Group<'a> {
    base: &'a str,
    columns: Vec<&'a Ident>,
}

fn groups(table: &Table) -> Vec<Group<'_>> {
    let mut numbered: BTreeMap<(&str, &DataType), BTreeMap<u32, &Ident>> = BTreeMap::new();
    for column in table.columns.iter().filter(|c| !c.inherited) {
        if let Some((base, number)) = split_number(&column.name) {
            let group = numbered.entry((base, &column.data_type)).or_default();
            group.insert(number, &column.name);
        }
    }
    let groups = numbered.into_iter();
    groups
        .filter_map(|((base, data_type), members)| group(table, base, data_type, members))
        .collect()
}

/// The base and number of `phone_2`; none where the number is a part of the word.
fn split_number(name: &str) -> Option<(&str, u32)> {
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = &name[base.len()..];
    let base = base.trim_end_matches('_');
    // A leading zero or many digits are a code, not a counter.
    if number.is_empty() || number.len() > 2 || base.is_empty() {
        return None;
    }
    Some((base, number.parse().ok()?))
}

fn group<'a>(
    table: &'a Table,
    base: &'a str,
    data_type: &DataType,
    members: BTreeMap<u32, &'a Ident>,
) -> Option<Group<'a>> {
    let numbers: Vec<u32> = members.keys().copied().collect();
    let mut columns: Vec<&Ident> = members.into_values().collect();
    let consecutive = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    // `phone` and `phone2`: the first one has no number.
    let unnumbered = table
        .column(base)
        .filter(|c: &&Column| c.data_type == *data_type);
    match (numbers.first()?, unnumbered) {
        (0 | 1, _) => {}
        (2, Some(first)) => columns.insert(0, &first.name),
        _ => return None,
    }
    let tokens = words::tokens(base);
    let last = tokens.last()?;
    let is_line = LINES.binary_search(&last.as_str()).is_ok() && columns.len() <= 3;
    let is_word = NUMBERED_WORDS.binary_search(&last.as_str()).is_ok();
    // Foreign keys of two roles (`team1_id` has another form) and keys of two parts stay.
    let in_key = table.primary_key_columns().iter().collect::<BTreeSet<_>>();
    let is_key = columns.iter().any(|c| in_key.contains(c));
    (consecutive && columns.len() >= 2 && !is_line && !is_word && !is_key)
        .then_some(Group { base, columns })
}

fn finding(cx: &Context<'_>, table: &Table, group: &Group<'_>) -> Diagnostic {
    let names = in_words(&group.columns);
    let headline = format!("table {} repeats a column: {names}", table.name);
    let first = ObjectId::column(&table.name, group.columns[0]);
    let mut finding = cx
        .finding(first, headline)
        .note("the number of columns is a limit, and every query has to look into each of them")
        .help(help(cx, table, group));
    finding.discriminator = group.base.to_owned();
    finding
}

fn help(cx: &Context<'_>, table: &Table, group: &Group<'_>) -> String {
    let one = words::entity(&table.name.name);
    let thing = words::entity(group.base);
    let child = format!("{one}_{}", words::plural(&thing));
    let key = table.primary_key_columns();
    let column_type = table
        .column(group.columns[0])
        .map(|c| cx.dialect.print_type(&c.data_type));
    let Some(column_type) = column_type.filter(|_| key.len() == 1) else {
        return format!("keep them as rows of a table `{child}`, one for each, with a position");
    };
    format!(
        "keep them as rows: in YAML `{child}: {{ columns: {{ {one}_{key}: {{ references: {table}.{key}, nullable: false }}, \
         position: integer not null, {thing}: {column_type} not null }}, primary_key: [{one}_{key}, position] }}`, \
         and drop ({})",
        column_list(cx.dialect, &group.columns),
        key = key[0],
        table = table.name.name,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: &[(&str, &str)]) -> Table {
        let column = |(name, data_type): &(&str, &str)| Column {
            name: Ident::new(name),
            data_type: DataType::builtin(data_type),
            ..Column::default()
        };
        Table {
            columns: columns.iter().map(column).collect(),
            ..Table::default()
        }
    }

    fn found(columns: &[(&str, &str)]) -> Vec<Vec<String>> {
        let table = table(columns);
        let names = |g: Group<'_>| g.columns.iter().map(|c| c.to_string()).collect();
        groups(&table).into_iter().map(names).collect()
    }

    #[test]
    fn lists_are_sorted_for_search() {
        assert!(NUMBERED_WORDS.is_sorted() && LINES.is_sorted());
    }

    #[test]
    fn counted_columns_are_groups() {
        assert_eq!(
            found(&[("tag1", "text"), ("tag2", "text")]),
            [["tag1", "tag2"]]
        );
        assert_eq!(
            found(&[("tag_0", "text"), ("tag_1", "text")]),
            [["tag_0", "tag_1"]]
        );
        assert_eq!(
            found(&[("phone", "text"), ("phone2", "text")]),
            [["phone", "phone2"]]
        );
    }

    #[test]
    fn numbers_within_words_are_not() {
        for names in [
            ["ipv4", "ipv6"],
            ["sha1", "sha256"],
            ["x1", "x2"],
            ["q1", "q2"],
            ["address_line_1", "address_line_2"],
            ["p50", "p95"],
            ["tag1", "tag3"],
            ["tag2", "tag3"],
        ] {
            let columns = names.map(|n| (n, "text"));
            assert!(found(&columns).is_empty(), "{names:?}");
        }
        assert!(found(&[("tag1", "text"), ("tag2", "integer")]).is_empty());
    }
}
