//! The comment that opens a migration: the states between which it leads, and the one it follows.
//!
//! Invariant: a header is only ever read from the comments before the first statement.

use std::fmt::Write as _;

use super::fingerprint::Fingerprint;

const MARK: &str = "schemagen migration";
const BEFORE: &str = "state before:";
const AFTER: &str = "state after:";
const FOLLOWS: &str = "follows:";
const NOTHING: &str = "nothing";

/// What a migration says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub before: Fingerprint,
    pub after: Fingerprint,
    /// The migration before it; `None` for the first one.
    pub follows: Option<Link>,
}

/// A migration, held by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    pub hash: String,
}

impl Header {
    /// The header as comments.
    pub fn print(&self) -> String {
        let mut text = format!("-- {MARK}\n");
        let _ = writeln!(text, "-- {BEFORE} {}", self.before);
        let _ = writeln!(text, "-- {AFTER}  {}", self.after);
        let _ = match &self.follows {
            Some(link) => writeln!(text, "-- {FOLLOWS} {} {}", link.label, link.hash),
            None => writeln!(text, "-- {FOLLOWS} {NOTHING}"),
        };
        text
    }

    /// The header of a migration; `None` where it has none, as those that others wrote.
    pub fn read(text: &str) -> Option<Self> {
        let mut said = comments(text).skip_while(|line| *line != MARK).skip(1);
        let mut value = |key: &str| said.next()?.strip_prefix(key).map(str::trim);
        let before = Fingerprint::parse(value(BEFORE)?)?;
        let after = Fingerprint::parse(value(AFTER)?)?;
        let follows = match value(FOLLOWS)? {
            NOTHING => None,
            link => {
                let (label, hash) = link.rsplit_once(' ')?;
                Some(Link {
                    label: label.trim().to_owned(),
                    hash: hash.to_owned(),
                })
            }
        };
        Some(Self {
            before,
            after,
            follows,
        })
    }

    /// The text with this header in the place of the one it has.
    pub fn replace_in(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut lines = text.split_inclusive('\n');
        for line in lines.by_ref() {
            if comment(line) == Some(MARK) {
                out.push_str(&self.print());
                break;
            }
            out.push_str(line);
        }
        out.extend(lines.skip(3));
        out
    }
}

/// The comments before the first statement.
fn comments(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map_while(comment)
}

fn comment(line: &str) -> Option<&str> {
    line.trim().strip_prefix("--").map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(follows: Option<&str>) -> Header {
        let print = |digest: &str| Fingerprint::parse(digest).unwrap();
        Header {
            before: print("1:aa"),
            after: print("1:bb"),
            follows: follows.map(|label| Link {
                label: label.to_owned(),
                hash: "cc".to_owned(),
            }),
        }
    }

    #[test]
    fn what_is_printed_is_read() {
        for header in [
            header(None),
            header(Some("1_initial")),
            header(Some("1 a b")),
        ] {
            let text = format!("-- no-transaction\n{}\nSELECT 1;\n", header.print());
            assert_eq!(Header::read(&text), Some(header.clone()), "{text}");
            let text = format!("-- migrate:up\r\n{}", text.replace('\n', "\r\n"));
            assert_eq!(Header::read(&text), Some(header), "{text}");
        }
        let late = format!("SELECT 1;\n{}", header(None).print());
        assert_eq!(Header::read(&late), None);
        assert_eq!(Header::read("-- schemagen migration\n-- by hand\n"), None);
    }

    #[test]
    fn a_header_takes_the_place_of_another() {
        let old = format!("-- no-transaction\n{}SELECT 1;\n", header(None).print());
        let new = header(Some("2_b"));
        let text = new.replace_in(&old);
        assert_eq!(
            text,
            format!("-- no-transaction\n{}SELECT 1;\n", new.print())
        );
    }
}
