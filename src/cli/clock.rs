//! The clock, read once in a run: it names a new migration, and tells which suppressions have
//! expired. Nothing else depends on the day.

use std::time::{SystemTime, UNIX_EPOCH};

/// A moment in UTC, as migrations and suppressions need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    year: i64,
    month: i64,
    day: i64,
    second_of_day: u64,
}

impl Moment {
    pub(super) fn now() -> Self {
        // A clock before 1970 is wrong anyway; the names it makes are still names.
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self::from_unix(since.map_or(0, |d| d.as_secs()))
    }

    fn from_unix(seconds: u64) -> Self {
        let days = i64::try_from(seconds / 86_400).unwrap_or(0);
        let (year, month, day) = civil_from_days(days);
        Self {
            year,
            month,
            day,
            second_of_day: seconds % 86_400,
        }
    }

    /// `YYYY-MM-DD`.
    pub(super) fn date(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `YYYYMMDDhhmmss`, the version of a migration.
    pub(super) fn version(&self) -> String {
        let s = self.second_of_day;
        let (hour, minute, second) = (s / 3600, s / 60 % 60, s % 60);
        format!(
            "{:04}{:02}{:02}{hour:02}{minute:02}{second:02}",
            self.year, self.month, self.day
        )
    }
}

/// Days since 1970-01-01 to year, month and day. Years are counted from March, so that the leap
/// day is the last of a year; an era is the 400 years after which the calendar repeats.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_named_in_utc() {
        let named = |seconds| Moment::from_unix(seconds).version();
        assert_eq!(named(0), "19700101000000");
        assert_eq!(named(951_827_696), "20000229123456");
        assert_eq!(named(1_709_251_199), "20240229235959");
        assert_eq!(named(1_709_251_200), "20240301000000");
        assert_eq!(named(4_107_542_400), "21000301000000");
        assert_eq!(Moment::from_unix(1_893_455_999).date(), "2029-12-31");
    }
}
