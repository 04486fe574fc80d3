//! The time zone that sessions of the database begin with.
//!
//! A time without a zone, in a literal of `timestamp with time zone`, is one of that zone; what the
//! server prints has been converted.

use ::postgres::Client;

use super::run;
use crate::driver::DriverError;
use crate::model::Zone;

/// When the offset changes: by days first, and then to the quarter of an hour.
const CHANGES: &str = "WITH setting(zone) AS (SELECT current_setting('TimeZone')), day AS (\
    SELECT g, extract(epoch FROM (g AT TIME ZONE s.zone) - (g AT TIME ZONE 'UTC'))::bigint AS seconds \
    FROM setting s, generate_series('1900-01-01 00:00+00'::timestamptz, '2100-01-01 00:00+00', '24 hours') g\
  ), change AS (SELECT g, seconds, lag(seconds) OVER (ORDER BY g) AS was FROM day) \
  SELECT extract(epoch FROM coalesce(m.at, c.g))::bigint, c.seconds FROM change c \
  LEFT JOIN LATERAL (SELECT min(h) AS at \
    FROM setting s, generate_series(c.g - '24 hours'::interval, c.g, '15 minutes') h \
    WHERE c.was IS NOT NULL \
      AND extract(epoch FROM (h AT TIME ZONE s.zone) - (h AT TIME ZONE 'UTC'))::bigint = c.seconds) m ON true \
  WHERE c.was IS DISTINCT FROM c.seconds ORDER BY 1";

pub(super) fn of(client: &mut Client, name: &str) -> Result<Zone, DriverError> {
    if is_utc(name) {
        return Ok(Zone::UTC);
    }
    let rows = run(client, CHANGES, "the server's time zone")?;
    let changes = rows.iter().filter_map(|row| {
        let number = |at| row.get(at).and_then(|text: &str| text.parse::<i64>().ok());
        Some((number(0)?, number(1)?))
    });
    Ok(Zone::new(changes.collect()))
}

/// The names of UTC in the time zone database.
fn is_utc(zone: &str) -> bool {
    let zone = zone.strip_prefix("Etc/").unwrap_or(zone);
    let names = ["UTC", "UCT", "GMT", "Zulu", "Universal", "Greenwich"];
    names.iter().any(|name| name.eq_ignore_ascii_case(zone))
}
