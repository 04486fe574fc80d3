//! Literals of a type, in the form in which the type's output function prints them.
//!
//! The server reads a literal when it stores an expression, and prints it by the output function of
//! its type (ruleutils.c, `get_const_expr`). A rule stands here only where that is certain from the
//! text: what depends on a setting or on the time stays as it is written.

use super::interval;
use super::json;
use super::literal;
use super::moment::{split_offset, timestamp_in_zone, timestamp_with_zone};
use super::types::Type;
use crate::model::Zone;

/// The value of a literal of this type; `zone` is what a time without one is of.
pub(super) fn canonical(value: &str, of: &Type, zone: Option<Zone>) -> String {
    if let Some(element) = of.element().filter(|_| of.name.ends_with("[]")) {
        return array(value, &element, zone).unwrap_or_else(|| value.to_owned());
    }
    let trimmed = value.trim();
    let found = match of.name.as_str() {
        "boolean" => boolean(trimmed).map(str::to_owned),
        "smallint" | "integer" | "bigint" => trimmed.parse::<i64>().ok().map(|n| n.to_string()),
        "numeric" => Some(numeric(trimmed)),
        "real" | "double precision" => float(trimmed),
        "interval" => interval::canonical(trimmed),
        "jsonb" => json::canonical(trimmed),
        "uuid" => uuid(trimmed),
        "date" => date(trimmed),
        // A time zone in the text is ignored.
        "timestamp without time zone" => {
            timestamp(split_offset(trimmed).map_or(trimmed, |(plain, _)| plain))
        }
        "timestamp with time zone" => {
            timestamp_with_zone(trimmed).or_else(|| timestamp_in_zone(trimmed, zone?))
        }
        "money" => money(trimmed),
        "time without time zone" => literal::time(trimmed),
        "time with time zone" => literal::time_with_zone(trimmed),
        "macaddr" => literal::hardware_address(trimmed),
        "bytea" => literal::bytes(value),
        "jsonpath" => literal::json_path(trimmed),
        "tsvector" => literal::search_vector(trimmed),
        "tsquery" => literal::search_query(trimmed),
        name if name.ends_with("range") => literal::range(trimmed, name, zone),
        _ => None,
    };
    found.unwrap_or_else(|| value.to_owned())
}

/// Any unique beginning of true, false, yes, no, on, off, or 1 and 0 (bool.c, `parse_bool_with_len`).
fn boolean(value: &str) -> Option<&'static str> {
    let value = value.to_ascii_lowercase();
    if value.is_empty() {
        return None;
    }
    match value.as_str() {
        "on" | "1" => return Some("true"),
        "of" | "off" | "0" => return Some("false"),
        _ => {}
    }
    if "true".starts_with(&value) || "yes".starts_with(&value) {
        Some("true")
    } else if "false".starts_with(&value) || "no".starts_with(&value) {
        Some("false")
    } else {
        None
    }
}

/// Digits without needless zeros before the point; those behind it are the scale, and stay.
pub(super) fn numeric(digits: &str) -> String {
    let (sign, rest) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits.strip_prefix('+').unwrap_or(digits)),
    };
    let plain = rest.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !plain || rest.is_empty() {
        return exponential(sign, rest).unwrap_or_else(|| digits.to_owned());
    }
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match fraction {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// `1e3` and `1.5e-2`, written out.
fn exponential(sign: &str, digits: &str) -> Option<String> {
    let (mantissa, exponent) = digits.split_once(['e', 'E'])?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if exponent.abs() > 60 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let point = whole.len() as i32 + exponent;
    let written = if point <= 0 {
        format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize))
    } else if point as usize >= digits.len() {
        format!("{digits}{}", "0".repeat(point as usize - digits.len()))
    } else {
        format!(
            "{}.{}",
            &digits[..point as usize],
            &digits[point as usize..]
        )
    };
    Some(format!("{sign}{}", numeric(&written)))
}

pub(super) fn float(digits: &str) -> Option<String> {
    let value: f64 = digits.parse().ok()?;
    value.is_finite().then(|| value.to_string())
}

/// The sign of the currency and groups of three digits are decoration (cash.c, `cash_in`); cents stay as
/// written, which another currency may count otherwise.
fn money(value: &str) -> Option<String> {
    let (sign, rest) = match value.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", value),
    };
    let rest = rest.strip_prefix('$').unwrap_or(rest);
    let (whole, cents) = rest.split_once('.').unwrap_or((rest, "00"));
    let padded = format!("{cents}0");
    let cents = if cents.len() == 1 {
        padded.as_str()
    } else {
        cents
    };
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = groups.all(|g| digits(g, 3)) && digits(first, first.len()) && !first.is_empty();
    (grouped && digits(cents, 2)).then(|| format!("{sign}{}.{cents}", whole.replace(',', "")))
}

fn uuid(value: &str) -> Option<String> {
    let hex: String = value.chars().filter(char::is_ascii_hexdigit).collect();
    let only = value
        .chars()
        .all(|c| c.is_ascii_hexdigit() || "-{}".contains(c));
    (only && hex.len() == 32).then(|| hex.to_lowercase())
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

/// An ISO date, which every DateStyle reads alike.
fn date(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let numbers = digits(year, 4) && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
    if !numbers {
        return None;
    }
    let (month, day): (u8, u8) = (month.parse().ok()?, day.parse().ok()?);
    Some(format!("{year}-{month:02}-{day:02}"))
}

/// `hh:mm[:ss[.fff]]`, with seconds and without needless zeros.
fn time(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, ':');
    let (hour, minute) = (parts.next()?, parts.next()?);
    if !(digits(hour, 2) && digits(minute, 2)) {
        return None;
    }
    let second = parts.next().unwrap_or("00");
    let (whole, fraction) = second.split_once('.').unwrap_or((second, ""));
    if !digits(whole, 2) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{hour}:{minute}:{whole}{point}{fraction}"))
}

pub(super) fn timestamp(value: &str) -> Option<String> {
    let (day, clock) = value.split_once([' ', 'T']).unwrap_or((value, "00:00"));
    Some(format!("{} {}", date(day)?, time(clock)?))
}

/// Days since the first of March of the year 0, in the Gregorian calendar.
pub(super) fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    year * 365 + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (month * 153 + 2) / 5
        + day
        - 1
}

/// The date of such a number of days.
pub(super) fn date_of(days: i64) -> (i64, i64, i64) {
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = year + era * 400;
    if month < 10 {
        (year, month + 3, day)
    } else {
        (year + 1, month - 9, day)
    }
}

/// The elements of an array literal, each as its own type prints it.
fn array(value: &str, element: &Type, zone: Option<Zone>) -> Option<String> {
    let value = value.trim();
    let inner = value.strip_prefix('{')?.strip_suffix('}')?;
    let mut out = String::from("{");
    let mut rest = inner.trim_start();
    while !rest.is_empty() {
        let (found, quoted, behind) = array_element(rest)?;
        if out.len() > 1 {
            out.push(',');
        }
        if !quoted && found.eq_ignore_ascii_case("null") {
            out.push_str("NULL");
        } else {
            out.push_str(&format!("{:?}", canonical(&found, element, zone)));
        }
        rest = behind.trim_start();
        rest = match rest.strip_prefix(',') {
            Some(more) if !more.trim().is_empty() => more.trim_start(),
            Some(_) => return None,
            None if rest.is_empty() => rest,
            None => return None,
        };
    }
    out.push('}');
    Some(out)
}

/// An element, whether it was quoted, and what stands behind it.
fn array_element(text: &str) -> Option<(String, bool, &str)> {
    let mut value = String::new();
    if let Some(quoted) = text.strip_prefix('"') {
        let mut chars = quoted.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => return Some((value, true, &quoted[at + 1..])),
                '\\' => value.push(chars.next()?.1),
                c => value.push(c),
            }
        }
        return None;
    }
    let end = text.find(',').unwrap_or(text.len());
    let plain = text[..end].trim_end();
    if plain.is_empty() || plain.contains(['{', '}', '"', '\\']) {
        return None;
    }
    Some((plain.to_owned(), false, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str, name: &str) -> String {
        canonical(value, &Type::new(name), None)
    }

    #[test]
    fn spellings_of_one_value_are_one() {
        for (name, a, b) in [
            ("boolean", "t", "YES"),
            ("boolean", "0", "off"),
            ("bigint", " 007", "7"),
            ("numeric", "01.50", "1.50"),
            ("numeric", "1.5e3", "1500"),
            ("double precision", "1e3", "1000.0"),
            (
                "timestamp without time zone",
                "2020-01-01",
                "2020-01-01 00:00:00",
            ),
            (
                "timestamp with time zone",
                "2020-01-01T10:00Z",
                "2020-01-01 10:00:00+00",
            ),
            (
                "timestamp with time zone",
                "2022-04-01 01:00:00+01",
                "2022-04-01 00:00:00+0:00",
            ),
            (
                "timestamp with time zone",
                "2020-02-29 23:30-0130",
                "2020-03-01 01:00Z",
            ),
            (
                "timestamp with time zone",
                "2021-01-01 00:30+01:00",
                "2020-12-31 23:30+00",
            ),
            (
                "timestamp without time zone",
                "1970-01-01 00:00:01+00:00",
                "1970-01-01 00:00:01",
            ),
            ("text[]", "{a, \"b\"}", "{a,b}"),
            ("integer[]", "{01,2}", "{1,2}"),
            (
                "jsonb",
                "{\"b\":1,\"a\":[1, 2]}",
                "{\"a\": [1, 2], \"b\": 1}",
            ),
        ] {
            assert_eq!(of(a, name), of(b, name), "{name}");
        }
    }

    #[test]
    fn other_values_stay_apart() {
        for (name, a, b) in [
            ("boolean", "t", "f"),
            ("numeric", "1.5", "1.50"),
            ("text", "a", "a "),
            ("text[]", "{a,b}", "{b,a}"),
            ("text[]", "{\"NULL\"}", "{NULL}"),
            (
                "timestamp with time zone",
                "2020-01-01",
                "2020-01-01 00:00:00+00",
            ),
            (
                "timestamp with time zone",
                "2020-01-01 00:00+01",
                "2020-01-01 00:00+02",
            ),
            ("json", "{\"a\":1}", "{\"a\": 1}"),
            ("interval", "1 month", "30 days"),
        ] {
            assert_ne!(of(a, name), of(b, name), "{name}");
        }
    }
}
