//! Literals of the rarer types: times, ranges, hardware addresses, bytes, text search.
//!
//! Source: the input and output functions of each type (src/backend/utils/adt/date.c, rangetypes.c, mac.c,
//! varlena.c, tsvector.c, tsquery.c). What is not certain from the text stays as it is written.

use super::types::Type;
use super::value::{canonical, date_of, days_of};
use crate::model::Zone;

/// `10:00` as `10:00:00`.
pub(super) fn time(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, ':');
    let number = |text: &str, most: u32| -> Option<u32> {
        let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|n| plain && *n <= most)
    };
    let (hour, minute) = (number(parts.next()?, 23)?, number(parts.next()?, 59)?);
    let seconds = parts.next().unwrap_or("0");
    let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let second = number(second, 59)?;
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 6 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!(
        "{hour:02}:{minute:02}:{second:02}{point}{fraction}"
    ))
}

/// The same with an offset, which is kept.
pub(super) fn time_with_zone(value: &str) -> Option<String> {
    let at = value.find(['+', '-'])?;
    let digits = value[at + 1..].replace(':', "");
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    let (hours, minutes) = match digits.len() {
        1 | 2 if plain => (digits.as_str(), "00"),
        4 if plain => digits.split_at(2),
        _ => return None,
    };
    let hours: u32 = hours.parse().ok()?;
    let minutes = if minutes == "00" {
        String::new()
    } else {
        format!(":{minutes}")
    };
    let sign = &value[at..=at];
    Some(format!(
        "{}{sign}{hours:02}{minutes}",
        time(value[..at].trim_end())?
    ))
}

/// Twelve hexadecimal digits, in pairs.
pub(super) fn hardware_address(value: &str) -> Option<String> {
    let known = value
        .chars()
        .all(|c| c.is_ascii_hexdigit() || ":-.".contains(c));
    let digits: Vec<char> = value.chars().filter(char::is_ascii_hexdigit).collect();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
    (known && digits.len() == 12).then(|| pairs.join(":").to_lowercase())
}

/// Both input formats as hexadecimal digits.
pub(super) fn bytes(value: &str) -> Option<String> {
    if let Some(hex) = value.strip_prefix("\\x") {
        let plain = hex.len() % 2 == 0 && hex.bytes().all(|b| b.is_ascii_hexdigit());
        return plain.then(|| value.to_lowercase());
    }
    let mut out = String::from("\\x");
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        let byte = match (first, tail) {
            (b'\\', [b'\\', more @ ..]) => {
                rest = more;
                b'\\'
            }
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', more @ ..]) => {
                rest = more;
                (a - b'0') * 64 + (b - b'0') * 8 + (c - b'0')
            }
            (b'\\', _) => return None,
            (byte, more) => {
                rest = more;
                *byte
            }
        };
        out.push_str(&format!("{byte:02x}"));
    }
    Some(out)
}

/// A range with its bounds as their type prints them; of whole numbers and days from, inclusive, to.
pub(super) fn range(value: &str, name: &str, zone: Option<Zone>) -> Option<String> {
    let element = Type::new(match name {
        "int4range" => "integer",
        "int8range" => "bigint",
        "numrange" => "numeric",
        "daterange" => "date",
        "tsrange" => "timestamp without time zone",
        "tstzrange" => "timestamp with time zone",
        _ => return None,
    });
    if value.eq_ignore_ascii_case("empty") {
        return Some("empty".to_owned());
    }
    let (open, rest) = value.split_at_checked(1)?;
    let (inner, close) = rest.split_at_checked(rest.len().checked_sub(1)?)?;
    if !matches!(open, "[" | "(") || !matches!(close, "]" | ")") || inner.contains('\\') {
        return None;
    }
    let (lower, upper) = inner
        .split_once(',')
        .filter(|(_, upper)| !upper.contains(','))?;
    let bound = |text: &str| match text.trim() {
        "" => None,
        text => Some(canonical(text.trim_matches('"'), &element, zone)),
    };
    let (lower, upper) = (bound(lower), bound(upper));
    let discrete = matches!(name, "int4range" | "int8range" | "daterange");
    if !discrete {
        let open = if lower.is_none() { "(" } else { open };
        let close = if upper.is_none() { ")" } else { close };
        let text = |bound: Option<String>| bound.unwrap_or_default();
        return Some(format!("{open}{},{}{close}", text(lower), text(upper)));
    }
    let step = |bound: Option<String>, further: bool| -> Option<Option<i64>> {
        let Some(text) = bound else {
            return Some(None);
        };
        let number = if name == "daterange" {
            day(&text)?
        } else {
            text.parse().ok()?
        };
        Some(Some(number.checked_add(i64::from(further))?))
    };
    let (lower, upper) = (step(lower, open == "(")?, step(upper, close == "]")?);
    if let (Some(lower), Some(upper)) = (lower, upper)
        && lower >= upper
    {
        return Some("empty".to_owned());
    }
    let open = if lower.is_none() { "(" } else { "[" };
    let text = |bound: Option<i64>| bound.map_or_else(String::new, |n| n.to_string());
    Some(format!("{open}{},{})", text(lower), text(upper)))
}

/// The number of a day; only what the text of a date is certain to be.
fn day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let number = days_of(year, month, day);
    (date_of(number) == (year, month, day)).then_some(number)
}

/// A path of keys and subscripts alone: keys in quotes.
pub(super) fn json_path(value: &str) -> Option<String> {
    let value = value.strip_prefix("lax ").unwrap_or(value);
    let mut rest = value.strip_prefix('$')?;
    let mut out = String::from("$");
    while !rest.is_empty() {
        let end = if let Some(inner) = rest.strip_prefix('[') {
            let end = inner.find(']')? + 2;
            let subscript = &inner[..end - 2];
            let plain = subscript == "*" || subscript.bytes().all(|b| b.is_ascii_digit());
            (plain && !subscript.is_empty()).then(|| out.push_str(&rest[..end]))?;
            end
        } else {
            let key = rest.strip_prefix('.')?;
            let key = key.strip_prefix('"').unwrap_or(key);
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let end = key.find(|c| !word(c)).unwrap_or(key.len());
            let behind = rest.len() - key.len() + end;
            let quoted = rest.starts_with(".\"");
            let closed = !quoted || rest[behind..].starts_with('"');
            (end > 0 && closed).then(|| out.push_str(&format!(".\"{}\"", &key[..end])))?;
            behind + usize::from(quoted)
        };
        rest = &rest[end..];
    }
    Some(out)
}

/// Words in their order, each once.
pub(super) fn search_vector(value: &str) -> Option<String> {
    let words = value.split_whitespace().map(|word| lexeme(word, "':\\"));
    let mut words: Vec<&str> = words.collect::<Option<_>>()?;
    words.sort_unstable();
    words.dedup();
    let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    Some(words.join(" "))
}

/// Words joined by `&` and `|`.
pub(super) fn search_query(value: &str) -> Option<String> {
    let mut out = Vec::new();
    for part in value
        .replace('&', " & ")
        .replace('|', " | ")
        .split_whitespace()
    {
        out.push(match part {
            "&" | "|" => part.to_owned(),
            word => format!("'{}'", lexeme(word, "':\\()!<>*")?),
        });
    }
    Some(out.join(" "))
}

/// A word, quoted or not, without any of the special characters.
fn lexeme<'w>(word: &'w str, special: &str) -> Option<&'w str> {
    let quoted = word.strip_prefix('\'').and_then(|w| w.strip_suffix('\''));
    let word = quoted.unwrap_or(word);
    (!word.contains(|c| special.contains(c)) && !word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_value_are_one() {
        let of = |value: &str, name: &str| canonical(value, &Type::new(name), None);
        for (name, a, b) in [
            ("time without time zone", "8:00", "08:00:00"),
            ("time without time zone", "08:00:00.50", "08:00:00.5"),
            ("time with time zone", "10:00+02", "10:00:00+02:00"),
            ("macaddr", "08-00-2B-01-02-03", "08:00:2b:01:02:03"),
            ("bytea", "abc", "\\x616263"),
            ("bytea", "\\000\\\\", "\\x005C"),
            ("int4range", "[1,5]", "[1,6)"),
            ("int4range", "(0,5]", "[1, 6)"),
            ("int8range", "[,5)", "(,5)"),
            ("int4range", "[3,3)", "empty"),
            (
                "daterange",
                "[2020-01-31,2020-02-29]",
                "[2020-01-31,2020-03-01)",
            ),
            ("numrange", "[1.0, 2.50]", "[1.0,2.50]"),
            ("tsrange", "[2020-01-01,)", "[\"2020-01-01 00:00:00\",)"),
            ("jsonpath", "$.a[*].b_1", "$.\"a\"[*].\"b_1\""),
            ("tsvector", "b a b", "'a' 'b'"),
            ("tsquery", "a&b", "'a' & 'b'"),
            ("interval", "P1Y2M3DT4H", "1 year 2 mons 3 days 04:00:00"),
            ("interval", "0", "00:00:00"),
        ] {
            assert_eq!(of(a, name), of(b, name), "{name} {a} {b}");
        }
        for (name, a, b) in [
            ("time without time zone", "08:00", "20:00"),
            ("time with time zone", "10:00+02", "10:00-02"),
            ("bytea", "abc", "abc "),
            ("int4range", "[1,5]", "[1,5)"),
            ("numrange", "[1,5]", "[1,6)"),
            (
                "daterange",
                "[2020-02-30,2020-03-01]",
                "[2020-03-01,2020-03-01]",
            ),
            ("tsvector", "a:1 b", "a b"),
            ("tsquery", "a & b", "a | b"),
        ] {
            assert_ne!(of(a, name), of(b, name), "{name} {a} {b}");
        }
    }
}
