//! The time zone of a server, as far as it has to be known: when its offset to UTC changes, and to what.

/// The first moment that a [`Zone`] speaks of, and the first one that it no longer does: 1900 and 2100.
const KNOWN: std::ops::Range<i64> = -2_208_988_800..4_102_444_800;

/// Offsets in seconds east of UTC, each with the moment from which it holds, in order. A process asks few
/// servers, so what they say is kept for as long as it runs, and a zone is copied like a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(&'static [(i64, i64)]);

impl Zone {
    pub const UTC: Self = Self(&[]);

    /// The first pair is the offset that holds at the beginning.
    pub fn new(changes: Vec<(i64, i64)>) -> Self {
        match changes.as_slice() {
            [] | [(_, 0)] => Self::UTC,
            _ => Self(changes.leak()),
        }
    }

    /// The offset of a local time, given in seconds as if it were one of UTC.
    ///
    /// Source: `DetermineTimeZoneOffsetInternal`, src/backend/utils/adt/datetime.c: a time that a change
    /// has skipped is one of the offset before, and one that comes twice is one of the offset after it.
    pub fn offset_at(self, local: i64) -> Option<i64> {
        const DAY: i64 = 86_400;
        if self == Self::UTC {
            return Some(0);
        }
        if !KNOWN.contains(&local) {
            return None;
        }
        let near = self.0.partition_point(|(from, _)| *from <= local + DAY);
        let (from, after) = *self.0.get(near.checked_sub(1)?)?;
        let Some((_, before)) = near.checked_sub(2).and_then(|at| self.0.get(at)) else {
            return Some(after);
        };
        let (early, late) = (local - before, local - after);
        Some(match (early < from, late < from) {
            (true, true) => *before,
            (false, false) => after,
            _ if early > late => *before,
            _ => after,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_about_a_change_are_those_of_the_server() {
        // Berlin in 2026: summer begins on 29 March at 01:00 UTC and ends on 25 October at 01:00 UTC.
        let (spring, autumn) = (1_774_746_000, 1_792_890_000);
        let berlin = Zone::new(vec![(KNOWN.start, 3600), (spring, 7200), (autumn, 3600)]);
        let at = |day: i64, hour: i64, minute: i64| {
            berlin.offset_at(day * 86_400 + hour * 3600 + minute * 60)
        };
        let (march, october) = (20_541, 20_751);
        assert_eq!(at(march, 1, 59), Some(3600));
        // 02:30 does not exist.
        assert_eq!(at(march, 2, 30), Some(3600));
        assert_eq!(at(march, 3, 0), Some(7200));
        assert_eq!(at(october, 1, 59), Some(7200));
        // 02:30 comes twice.
        assert_eq!(at(october, 2, 30), Some(3600));
        assert_eq!(at(october, 3, 0), Some(3600));
        assert_eq!(at(-40_000, 0, 0), None);
        assert_eq!(Zone::UTC.offset_at(i64::MAX), Some(0));
        assert_eq!(Zone::new(vec![(KNOWN.start, 0)]), Zone::UTC);
    }
}
