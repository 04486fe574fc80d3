//! How wide texts are, without asking any font.
//!
//! The widths are those of DejaVu Sans, the widest of the common sans-serif fonts: what fits with
//! it fits with the font that a reader has.

/// Hundredths of the font size of the characters from space to `~`.
const REGULAR: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75,
    79, 61, 79, 70, 64, 62, 74, 69, 99, 69, 62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36,
    64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
];
const BOLD: [u8; 95] = [
    35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70,
    70, 70, 70, 40, 40, 84, 84, 84, 59, 100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 38, 78, 64, 100,
    84, 86, 74, 86, 78, 73, 69, 82, 78, 111, 78, 73, 73, 46, 37, 46, 84, 50, 50, 68, 72, 60, 72,
    68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69, 72, 72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72,
    37, 72, 84,
];

/// A text's font.
#[derive(Clone, Copy, Debug)]
pub(super) struct Font {
    /// In tenths of a pixel.
    size: i32,
    bold: bool,
}

pub(super) const NAME: Font = Font {
    size: 130,
    bold: true,
};
pub(super) const COLUMN: Font = Font {
    size: 120,
    bold: false,
};
pub(super) const KEY_COLUMN: Font = Font {
    size: 120,
    bold: true,
};
pub(super) const TYPE: Font = Font {
    size: 110,
    bold: false,
};
pub(super) const FRAME: Font = Font {
    size: 130,
    bold: true,
};

impl Font {
    /// The width of a text in pixels, rounded up.
    pub(super) fn width(self, text: &str) -> i32 {
        let hundredths: i32 = text.chars().map(|c| self.advance(c)).sum();
        (hundredths.saturating_mul(self.size) + 999) / 1000
    }

    fn advance(self, c: char) -> i32 {
        let table = if self.bold { &BOLD } else { &REGULAR };
        let ascii = u32::from(c)
            .checked_sub(32)
            .and_then(|n| table.get(n as usize));
        match ascii {
            Some(width) => i32::from(*width),
            // Scripts whose characters fill a square, and pictures.
            None if u32::from(c) >= 0x1100 => 105,
            None => 80,
        }
    }

    /// A text cut to a width, an ellipsis at its end where something is missing.
    pub(super) fn fit(self, text: &str, width: i32) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let room = width - self.width("…");
        let mut used = 0;
        let kept = text.chars().take_while(|c| {
            used += self.advance(*c) * self.size;
            (used + 999) / 1000 <= room
        });
        let mut short: String = kept.collect();
        short.push('…');
        short
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_add_up_and_bold_is_wider() {
        assert_eq!(COLUMN.width("id"), 12);
        assert!(KEY_COLUMN.width("users") > COLUMN.width("users"));
        assert_eq!(COLUMN.width(""), 0);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        let long = "a_rather_long_column_name_that_nobody_would_ever_write";
        let short = COLUMN.fit(long, 120);
        assert!(short.ends_with('…') && COLUMN.width(&short) <= 120);
        assert_eq!(COLUMN.fit("id", 120), "id");
        assert_eq!(COLUMN.fit("表表表表", 20), "…");
    }
}
