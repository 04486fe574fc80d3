//! The statements of the first act: the function and the trigger that write both columns, and the block
//! that fills the new one.

use super::Expansion;
use crate::model::Column;
use crate::plan::using::{Casting, name};

/// Pages of a table that one transaction fills.
const PAGES: u32 = 200;

/// A value of one column as one of another, spelled out.
fn cast(value: &str, from: &Column, to: &Column, casting: Casting<'_>) -> String {
    if from.data_type == to.data_type {
        return value.to_owned();
    }
    let printed = casting.version.dialect.print_type(&to.data_type);
    casting
        .using(value, &printed, &from.data_type, &to.data_type)
        .unwrap_or_else(|| format!("{value}::{printed}"))
}

/// Types without an operator for equality are compared as texts.
fn compared(value: &str, column: &Column) -> String {
    match name(&column.data_type).as_str() {
        "json" | "xml" | "point" | "polygon" | "path" | "line" => format!("{value}::text"),
        _ => value.to_owned(),
    }
}

/// CREATE FUNCTION and CREATE TRIGGER.
pub(super) fn writes(
    expansion: &Expansion,
    (old, new): (&Column, &Column),
    casting: Casting<'_>,
) -> [String; 2] {
    let dialect = casting.version.dialect;
    let (from, into) = (
        dialect.quote(&expansion.from),
        dialect.quote(&expansion.into),
    );
    let [new_from, new_into] = [&from, &into].map(|c| format!("NEW.{c}"));
    let forth = format!("{new_into} := {};", cast(&new_from, old, new, casting));
    let back = format!("{new_from} := {};", cast(&new_into, new, old, casting));
    let body = match expansion.is_swapped() {
        // Nobody writes to the new column before it has its name.
        true => format!("    {forth}\n"),
        false => {
            let [is, was] = ["NEW", "OLD"].map(|row| compared(&format!("{row}.{into}"), new));
            format!(
                "    IF TG_OP = 'INSERT' AND {new_into} IS NULL THEN\n        {forth}\n    ELSIF TG_OP = \
                 'INSERT' THEN\n        {back}\n    ELSIF {is} IS DISTINCT FROM {was} THEN\n        \
                 {back}\n    ELSE\n        {forth}\n    END IF;\n"
            )
        }
    };
    let made = expansion.made_name(dialect);
    let (function, trigger) = (dialect.quote_name(&made), dialect.quote(&made.name));
    let table = dialect.quote_name(&expansion.table);
    [
        format!(
            "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $expand$\nBEGIN\n{body}    \
             RETURN NEW;\nEND\n$expand$"
        ),
        format!(
            "CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION \
             {function}()"
        ),
    ]
}

/// Fills the new column page by page, each batch in a transaction of its own. Running it again goes on
/// where it stopped: rows that are filled are left alone.
pub(super) fn fills(
    expansion: &Expansion,
    (old, new): (&Column, &Column),
    casting: Casting<'_>,
) -> String {
    let dialect = casting.version.dialect;
    let (from, into) = (
        dialect.quote(&expansion.from),
        dialect.quote(&expansion.into),
    );
    let table = dialect.quote_name(&expansion.table);
    let regclass = dialect.literal(&table);
    let value = cast(&from, old, new, casting);
    format!(
        "DO $fill$\nDECLARE\n    page bigint := 0;\n    pages bigint;\nBEGIN\n    SELECT \
         max(pg_catalog.pg_relation_size(relid)) / pg_catalog.current_setting('block_size')::bigint INTO \
         pages\n        FROM (SELECT relid FROM pg_catalog.pg_partition_tree({regclass}) UNION ALL SELECT \
         {regclass}::regclass) AS parts;\n    WHILE page <= pages LOOP\n        UPDATE {table} SET {into} = \
         {value}\n            WHERE ctid >= pg_catalog.format('(%s,0)', page)::tid\n                AND ctid < \
         pg_catalog.format('(%s,0)', page + {PAGES})::tid\n                AND {into} IS NULL AND {from} IS NOT \
         NULL;\n        COMMIT;\n        page := page + {PAGES};\n    END LOOP;\nEND\n$fill$"
    )
}
