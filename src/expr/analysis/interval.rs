//! Interval literals: months, days and microseconds, whichever way they are written.
//!
//! Source: PostgreSQL manual, section 8.5.4; src/backend/utils/adt/datetime.c, `DecodeInterval`. Months,
//! days and time stay apart, as the server keeps them: a month is no number of days.

/// The interval as `months days microseconds`; `None` for what is not certain (fractions of days and
/// months, ISO 8601 forms, unusual units).
pub(super) fn canonical(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('@').trim();
    let written_out = text.strip_prefix('P').and_then(iso);
    let text = written_out.as_deref().unwrap_or(text);
    let (mut months, mut days, mut micros) = (0_i64, 0_i64, 0_i64);
    let mut ago = false;
    let words = words(text);
    let mut rest = words.as_slice();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if first == "ago" && rest.is_empty() {
            ago = true;
        } else if let Some(found) = years_and_months(first) {
            months = months.checked_add(found)?;
        } else if first.contains(':') {
            micros = micros.checked_add(clock(first)?)?;
        } else {
            // A number alone is one of seconds.
            let (unit, tail) = match rest {
                [] => ("s", rest),
                [unit, tail @ ..] => (unit.as_str(), tail),
            };
            rest = tail;
            add(first, unit, &mut months, &mut days, &mut micros)?;
        }
    }
    if words.is_empty() {
        return None;
    }
    if ago {
        (months, days, micros) = (-months, -days, -micros);
    }
    Some(format!("{months} mons {days} days {micros} us"))
}

/// `1-2`, as SQL writes a year and two months.
fn years_and_months(word: &str) -> Option<i64> {
    let (sign, rest) = match word.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, word.strip_prefix('+').unwrap_or(word)),
    };
    let (years, months) = rest.split_once('-')?;
    let number = |text: &str| {
        let plain = !text.is_empty() && text.len() < 9 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<i64>().ok().filter(|_| plain)
    };
    let (years, months) = (number(years)?, number(months).filter(|m| *m < 12)?);
    Some(sign * (years * 12 + months))
}

/// `1Y2M3DT4H5M6S`, what follows P in ISO 8601, in words.
fn iso(text: &str) -> Option<String> {
    let (date, clock) = text.split_once('T').unwrap_or((text, ""));
    let mut words = String::new();
    for (part, units) in [
        (
            date,
            [
                ('Y', "years"),
                ('M', "months"),
                ('W', "weeks"),
                ('D', "days"),
            ],
        ),
        (
            clock,
            [
                ('H', "hours"),
                ('M', "minutes"),
                ('S', "seconds"),
                ('-', ""),
            ],
        ),
    ] {
        let mut number = String::new();
        for c in part.chars() {
            if c.is_ascii_digit() || (number.is_empty() && c == '-') {
                number.push(c);
                continue;
            }
            let (_, unit) = units.iter().find(|(letter, _)| *letter == c)?;
            words.push_str(&format!("{number} {unit} "));
            number.clear();
        }
        if !number.is_empty() {
            return None;
        }
    }
    Some(words)
}

/// Numbers and units, also where no blank stands between them.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let word = word.to_ascii_lowercase();
        let unit = word
            .find(|c: char| c.is_ascii_alphabetic())
            .filter(|n| *n > 0);
        match unit {
            Some(at) if !word.contains(':') => {
                words.push(word[..at].to_owned());
                words.push(word[at..].to_owned());
            }
            _ => words.push(word),
        }
    }
    words
}

fn add(number: &str, unit: &str, months: &mut i64, days: &mut i64, micros: &mut i64) -> Option<()> {
    const SECOND: i64 = 1_000_000;
    let whole = || number.parse::<i64>().ok();
    let time = |size: i64| -> Option<i64> {
        match whole() {
            Some(whole) => whole.checked_mul(size),
            None => {
                let value: f64 = number.parse().ok()?;
                let exact = value * size as f64;
                (exact.is_finite() && exact.abs() < 1e15).then(|| exact.round() as i64)
            }
        }
    };
    let add = |to: &mut i64, size: i64| -> Option<()> {
        *to = to.checked_add(whole()?.checked_mul(size)?)?;
        Some(())
    };
    match unit {
        "us" | "usec" | "usecs" | "microsecond" | "microseconds" => {
            *micros = micros.checked_add(time(1)?)?
        }
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => {
            *micros = micros.checked_add(time(1000)?)?
        }
        "s" | "sec" | "secs" | "second" | "seconds" => {
            *micros = micros.checked_add(time(SECOND)?)?
        }
        "m" | "min" | "mins" | "minute" | "minutes" => {
            *micros = micros.checked_add(time(60 * SECOND)?)?
        }
        "h" | "hr" | "hrs" | "hour" | "hours" => {
            *micros = micros.checked_add(time(3600 * SECOND)?)?
        }
        "d" | "day" | "days" => add(days, 1)?,
        "w" | "week" | "weeks" => add(days, 7)?,
        "mon" | "mons" | "month" | "months" => add(months, 1)?,
        "y" | "yr" | "yrs" | "year" | "years" => add(months, 12)?,
        "decade" | "decades" => add(months, 120)?,
        "c" | "cent" | "century" | "centuries" => add(months, 1200)?,
        _ => return None,
    }
    Some(())
}

/// `[-]hh:mm[:ss[.fff]]` in microseconds.
fn clock(text: &str) -> Option<i64> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut parts = text.splitn(3, ':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
    if !(0..60).contains(&minutes) || !(0.0..60.0).contains(&seconds) || hours > 1_000_000 {
        return None;
    }
    let whole = (hours * 3600 + minutes * 60) * 1_000_000;
    Some(sign * (whole + (seconds * 1e6).round() as i64))
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn one_length_of_time_has_one_form() {
        for (a, b) in [
            ("1 hour", "01:00:00"),
            ("90 minutes", "01:30:00"),
            ("1 week", "7 days"),
            ("12 months", "1 year"),
            ("1.5 seconds", "00:00:01.5"),
            ("1 day ago", "-1 days"),
            ("30d", "30 days"),
            ("1 year 2 mons", "14 months"),
        ] {
            assert!(canonical(a).is_some(), "{a}");
            assert_eq!(canonical(a), canonical(b), "{a} {b}");
        }
        for (a, b) in [
            ("1 day", "24 hours"),
            ("1 month", "30 days"),
            ("1 hour", "1 minute"),
        ] {
            assert_ne!(canonical(a), canonical(b), "{a} {b}");
        }
        assert_eq!(canonical("1.5 months"), None);
        assert_eq!(canonical("P1.5Y"), None);
    }
}
