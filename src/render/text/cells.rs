//! How many cells of a terminal a text takes, and texts without anything that moves the cursor.

/// 2 for characters that fill a square, 0 for marks upon the one before, else 1.
pub(super) fn cell_width(c: char) -> i32 {
    match u32::from(c) {
        0x0300..=0x036F | 0x200B | 0x20D0..=0x20FF | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

pub(super) fn width(text: &str) -> i32 {
    text.chars().map(cell_width).sum()
}

/// On one line, with control characters and those that turn the direction of writing replaced.
pub(super) fn clean(text: &str) -> String {
    let plain = text.chars().take(2000).map(|c| match c {
        '\n' | '\r' | '\t' => ' ',
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
        c if c.is_control() => '\u{FFFD}',
        c => c,
    });
    plain.collect()
}

/// Cut to some cells, an ellipsis at its end where something is missing.
pub(super) fn fit(text: &str, room: i32, ascii: bool) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let dots = if ascii { "~" } else { "…" };
    let mut used = 1;
    let kept = text.chars().take_while(|c| {
        used += cell_width(*c);
        used <= room
    });
    let mut short: String = kept.collect();
    if room > 0 {
        short.push_str(dots);
    }
    short
}

/// Filled up with spaces.
pub(super) fn pad(text: &str, room: i32) -> String {
    let missing = usize::try_from(room - width(text)).unwrap_or(0);
    format!("{text}{}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(clean("a\u{1b}[2Jb\nc\u{202e}"), "a\u{FFFD}[2Jb c\u{FFFD}");
    }

    #[test]
    fn wide_characters_take_two_cells() {
        assert_eq!(width("表a"), 3);
        assert_eq!(fit("表表表", 4, false), "表…");
        assert_eq!(pad("表", 4), "表  ");
        assert_eq!(fit("abcdef", 4, true), "abc~");
    }
}
