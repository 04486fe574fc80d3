//! Bounds of partitions that take the same rows.
//!
//! Source: `check_new_partition_bound` in src/backend/partitioning/partbounds.c. What values there are of a
//! type, and in which order, is only said of whole numbers and of dates; other bounds are compared for equality.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::expr::{unquote_string, without_cast};
use crate::model::{DataType, Expr, ObjectId, PartitionBound, QualifiedName, Table};

/// What is wrong with a bound, and the way out.
type Unfit = (String, &'static str);

impl Fold {
    /// Why a table cannot be, or become, a partition with this bound.
    pub(super) fn against_bound(
        &self,
        parent: &Table,
        child: &QualifiedName,
        bound: &PartitionBound,
    ) -> Option<Diagnostic> {
        let others = || {
            let mut others = self.catalog.tables.values();
            others.find(|t| {
                let of = t.partition_of.as_ref();
                let of = of.filter(|of| of.parent == parent.name && t.name != *child);
                of.is_some_and(|of| overlap(&of.bound, bound, &key_types(parent)))
            })
        };
        let unfit = || Some(same_rows(child, &others()?.name));
        let (headline, help) = unfit_bound(parent, child, bound).or_else(unfit)?;
        Some(self.refusal("resolve/unsupported-alter", headline, help))
    }

    /// The bounds of a schema of files, when all of it is there.
    pub(super) fn check_bounds(&mut self) {
        let mut partitions: BTreeMap<&QualifiedName, Vec<(&QualifiedName, &PartitionBound)>> =
            BTreeMap::new();
        for table in self.catalog.tables.values() {
            if let Some(of) = &table.partition_of {
                let all = partitions.entry(&of.parent).or_default();
                all.push((&table.name, &of.bound));
            }
        }
        let mut wrong: Vec<(ObjectId, Unfit)> = Vec::new();
        for (parent, children) in partitions {
            let Some(parent) = self.catalog.tables.get(parent) else {
                continue;
            };
            let alone = |(child, bound): &(&QualifiedName, &PartitionBound)| {
                unfit_bound(parent, child, bound)
            };
            let (unfit, fit): (Vec<_>, Vec<_>) =
                { children.into_iter() }.partition(|child| alone(child).is_some());
            let unfit = unfit
                .iter()
                .filter_map(|child| Some((child.0, alone(child)?)));
            let twice = { overlapping(&fit, &key_types(parent)).into_iter() }
                .map(|(one, other)| (other, same_rows(other, one)));
            let all = unfit.chain(twice);
            wrong.extend(all.map(|(name, why)| (ObjectId::table(name), why)));
        }
        for (id, (headline, help)) in wrong {
            self.report(&id, "resolve/partition-bound", headline, help);
        }
    }
}

fn key_types(parent: &Table) -> Vec<Option<&DataType>> {
    let keys = parent.partition_by.iter().flat_map(|by| &by.keys);
    keys.map(|k| Some(&parent.column(k.column.as_ref()?)?.data_type))
        .collect()
}

/// What is wrong with a bound by itself.
fn unfit_bound(parent: &Table, child: &QualifiedName, bound: &PartitionBound) -> Option<Unfit> {
    let by = parent.partition_by.as_ref()?;
    let strategy = match bound {
        PartitionBound::Default => &*by.strategy,
        PartitionBound::Range { .. } => "range",
        PartitionBound::List(_) => "list",
        PartitionBound::Hash { .. } => "hash",
    };
    if strategy != &*by.strategy {
        let headline = format!(
            "`{}` is partitioned by {}, not by {strategy}",
            parent.name, by.strategy
        );
        return Some((headline, "give the partition a bound of that kind"));
    }
    if let PartitionBound::Hash { modulus, remainder } = bound
        && remainder >= modulus
    {
        let headline =
            format!("no row could be in `{child}`: no remainder of {modulus} is {remainder}");
        return Some((headline, "let the remainder be less than the modulus"));
    }
    is_empty(bound, &key_types(parent)).then(|| {
        let headline = format!("no row could be in `{child}`: its bound begins where it ends");
        (headline, "let the range begin before its end")
    })
}

fn same_rows(child: &QualifiedName, other: &QualifiedName) -> Unfit {
    let headline = format!("`{child}` would have rows of `{other}`: their bounds overlap");
    let help = "detach or drop the one before, or give the other a bound of its own";
    (headline, help)
}

/// Partitions that take the same rows. What can be sorted is only held against its neighbours, so that a
/// thousand partitions are not each held against each other.
fn overlapping<'n>(
    partitions: &[(&'n QualifiedName, &PartitionBound)],
    types: &[Option<&DataType>],
) -> Vec<(&'n QualifiedName, &'n QualifiedName)> {
    let mut found = Vec::new();
    let mut sorted = Vec::new();
    for (n, (name, bound)) in partitions.iter().enumerate() {
        if matches!(bound, PartitionBound::Hash { .. }) {
            let before = { partitions[..n].iter() }.filter(|other| overlap(other.1, bound, types));
            found.extend(before.map(|other| (other.0, *name)));
        }
        sorted.extend(places(bound, types).into_iter().map(|p| (p, *name, *bound)));
    }
    sorted.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let next = sorted.iter().skip(1);
    let pairs = sorted.iter().zip(next);
    let twice = pairs.filter(|(a, b)| a.1 != b.1 && overlap(a.2, b.2, types));
    found.extend(twice.map(|(a, b)| (a.1, b.1)));
    found
}

/// Where a bound stands among others of its table.
fn places<'b>(bound: &'b PartitionBound, types: &[Option<&DataType>]) -> Vec<Vec<Value<'b>>> {
    let value = |(n, e): (usize, &'b Expr)| Value::of(e, types.get(n).copied().flatten());
    match bound {
        PartitionBound::Default => vec![vec![Value::Most]],
        PartitionBound::List(values) => values.iter().map(|e| vec![value((0, e))]).collect(),
        PartitionBound::Range { from, .. } => vec![from.iter().enumerate().map(value).collect()],
        PartitionBound::Hash { .. } => Vec::new(),
    }
}

/// A value of a bound. Only whole numbers and dates have an order here.
#[derive(Eq, Ord, PartialEq, PartialOrd)]
enum Value<'b> {
    Least,
    Number(i128),
    /// A date and a time of day, as the server spells them.
    Date(&'b str, String),
    Other(String),
    Most,
}

impl<'b> Value<'b> {
    fn of(expr: &'b Expr, data_type: Option<&DataType>) -> Self {
        let bare = without_cast(expr.text());
        let inner = bare.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
        let bare = inner.unwrap_or(bare);
        match &*bare.to_ascii_lowercase() {
            "minvalue" => return Self::Least,
            "maxvalue" => return Self::Most,
            _ => {}
        }
        let quoted = bare.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
        let name = data_type.map_or("", |t| t.name.name.as_str());
        // The text `10` is before the text `2`.
        let whole = matches!(name, "smallint" | "integer" | "bigint");
        if let Some(number) = quoted.unwrap_or(bare).parse().ok().filter(|_| whole) {
            return Self::Number(number);
        }
        match quoted.filter(|q| is_date(q)) {
            Some(date) if name == "date" || name.starts_with("timestamp") => {
                let (day, time) = date.split_at(10);
                Self::Date(day, time_of_day(time))
            }
            _ => {
                Self::Other(unquote_string(bare).map_or_else(|| bare.to_owned(), |s| s.to_string()))
            }
        }
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => Some(a.cmp(b)),
            (Self::Date(a, at), Self::Date(b, other)) => Some((a, at).cmp(&(b, other))),
            (a, b) if a == b => Some(Ordering::Equal),
            (Self::Least, _) | (_, Self::Most) => Some(Ordering::Less),
            (Self::Most, _) | (_, Self::Least) => Some(Ordering::Greater),
            _ => None,
        }
    }
}

/// `12:00` and `12:00:00` are one time, and no time is midnight.
fn time_of_day(time: &str) -> String {
    let mut parts = time.trim().split(':');
    let parts =
        std::array::from_fn::<_, 3, _>(|_| parts.next().filter(|p| !p.is_empty()).unwrap_or("00"));
    parts.join(":")
}

/// `2026-01-31`, with or without a time; a zone would have to be known.
fn is_date(text: &str) -> bool {
    let digits =
        |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.get(..10).unwrap_or_default().split('-');
    let is_day = [4, 2, 2]
        .iter()
        .all(|count| parts.next().is_some_and(|p| digits(p, *count)));
    is_day && { text[10..].bytes() }.all(|b| b.is_ascii_digit() || matches!(b, b' ' | b':'))
}

/// The order of two ends of ranges, as far as it is known.
fn compare(a: &[Expr], b: &[Expr], types: &[Option<&DataType>]) -> Option<Ordering> {
    for (n, (a, b)) in a.iter().zip(b).enumerate() {
        let data_type = types.get(n).copied().flatten();
        let (a, b) = (Value::of(a, data_type), Value::of(b, data_type));
        match a.compare(&b)? {
            Ordering::Equal if matches!(a, Value::Least | Value::Most) => {
                return Some(Ordering::Equal);
            }
            Ordering::Equal => {}
            order => return Some(order),
        }
    }
    Some(Ordering::Equal)
}

fn is_empty(bound: &PartitionBound, types: &[Option<&DataType>]) -> bool {
    match bound {
        PartitionBound::Range { from, to } => {
            compare(from, to, types).is_some_and(|order| order != Ordering::Less)
        }
        _ => false,
    }
}

fn overlap(a: &PartitionBound, b: &PartitionBound, types: &[Option<&DataType>]) -> bool {
    use PartitionBound as P;
    match (a, b) {
        (P::Default, P::Default) => true,
        (P::List(a), P::List(b)) => {
            let data_type = types.first().copied().flatten();
            let of = |e| Value::of(e, data_type);
            a.iter().any(|a| b.iter().any(|b| of(a) == of(b)))
        }
        (P::Range { from: a, to: a_end }, P::Range { from: b, to: b_end }) => {
            let before = |x: &[Expr], y: &[Expr]| compare(x, y, types) == Some(Ordering::Less);
            before(a, b_end) && before(b, a_end)
        }
        (
            P::Hash {
                modulus: m,
                remainder: r,
            },
            P::Hash {
                modulus: n,
                remainder: s,
            },
        ) => {
            // Each modulus divides the next larger one.
            let (small, large) = ((*m.min(n)).max(1), *m.max(n));
            large % small != 0 || r % small == s % small
        }
        _ => false,
    }
}
