//! Moments: times with an offset, or of a time zone, as the server keeps and prints them.
//!
//! Source: PostgreSQL manual, section 8.5.1.3; src/backend/utils/adt/datetime.c.

use super::value::{date_of, days_of, timestamp};
use crate::model::Zone;

/// Only with an offset: what others mean depends on the session's time zone. The server keeps the moment.
pub(super) fn timestamp_with_zone(value: &str) -> Option<String> {
    let (plain, offset) = split_offset(value)?;
    let text = timestamp(plain)?;
    let (day, clock) = text.split_once(' ')?;
    let number = |text: &str| text.parse::<i64>().ok();
    let (year, month, day) = (number(&day[..4])?, number(&day[5..7])?, number(&day[8..])?);
    let (hour, minute, rest) = (number(&clock[..2])?, number(&clock[3..5])?, &clock[5..]);
    let minutes = days_of(year, month, day) * 1440 + hour * 60 + minute - offset;
    let (year, month, day) = date_of(minutes.div_euclid(1440));
    let within = minutes.rem_euclid(1440);
    let (hour, minute) = (within / 60, within % 60);
    Some(format!(
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}{rest}+00"
    ))
}

/// A time of a zone, which has an offset then.
pub(super) fn timestamp_in_zone(value: &str, zone: Zone) -> Option<String> {
    let text = timestamp(value)?;
    let number = |text: &str| text.parse::<i64>().ok();
    let (year, month, day) = (
        number(&text[..4])?,
        number(&text[5..7])?,
        number(&text[8..10])?,
    );
    let (hour, minute, second) = (
        number(&text[11..13])?,
        number(&text[14..16])?,
        number(&text[17..19])?,
    );
    let days = days_of(year, month, day) - days_of(1970, 1, 1);
    let offset = zone.offset_at(days * 86_400 + hour * 3600 + minute * 60 + second)?;
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, seconds) = (offset.abs() / 3600, offset.abs() % 3600);
    if seconds % 60 != 0 {
        return None;
    }
    timestamp_with_zone(&format!("{text}{sign}{hours:02}:{:02}", seconds / 60))
}

/// What stands before the offset, and the offset in minutes.
pub(super) fn split_offset(value: &str) -> Option<(&str, i64)> {
    if let Some(plain) = ["Z", " UTC", " utc"]
        .iter()
        .find_map(|s| value.strip_suffix(s))
    {
        return Some((plain, 0));
    }
    let at = value.rfind(['+', '-']).filter(|at| *at > 10)?;
    let sign = if value[at..].starts_with('-') { -1 } else { 1 };
    let digits = &value[at + 1..];
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if digits.len() == 4 => digits.split_at(2),
        None => (digits, "0"),
    };
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let valid = (0..=15).contains(&hours) && (0..60).contains(&minutes);
    valid.then(|| (value[..at].trim_end(), sign * (hours * 60 + minutes)))
}
