//! `jsonb` literals: keys in the server's order, the last of equal ones, numbers as numeric prints them.
//!
//! Source: PostgreSQL manual, section 8.14; src/backend/utils/adt/jsonb_util.c (`lengthCompareJsonbString`).

use super::value::numeric;

const DEPTH: u32 = 64;

/// The value as one text; `None` for what is no JSON or not certain.
pub(super) fn canonical(text: &str) -> Option<String> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    let value = reader.value()?;
    reader.space();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn accept(&mut self, symbol: char) -> bool {
        self.space();
        let found = self.rest().starts_with(symbol);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Option<String> {
        self.space();
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let value = match self.rest().chars().next()? {
            '{' => self.object(),
            '[' => self.list(),
            '"' => self.string(),
            _ => self.scalar(),
        };
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Option<String> {
        self.accept('{');
        let mut members: Vec<(String, String)> = Vec::new();
        if !self.accept('}') {
            loop {
                self.space();
                let key = self.string()?;
                if !self.accept(':') {
                    return None;
                }
                let value = self.value()?;
                members.retain(|(k, _)| *k != key);
                members.push((key, value));
                if self.accept('}') {
                    break;
                }
                if !self.accept(',') {
                    return None;
                }
            }
        }
        members.sort_by(|a, b| (a.0.len(), &a.0).cmp(&(b.0.len(), &b.0)));
        let members: Vec<String> = members
            .into_iter()
            .map(|(k, v)| format!("{k}: {v}"))
            .collect();
        Some(format!("{{{}}}", members.join(", ")))
    }

    fn list(&mut self) -> Option<String> {
        self.accept('[');
        let mut items = Vec::new();
        if !self.accept(']') {
            loop {
                items.push(self.value()?);
                if self.accept(']') {
                    break;
                }
                if !self.accept(',') {
                    return None;
                }
            }
        }
        Some(format!("[{}]", items.join(", ")))
    }

    /// A string with its quotes; one with escapes is not certain.
    fn string(&mut self) -> Option<String> {
        let inner = self.rest().strip_prefix('"')?;
        let end = inner.find('"')?;
        let value = &inner[..end];
        if value.contains('\\') {
            return None;
        }
        let value = format!("\"{value}\"");
        self.at += value.len();
        Some(value)
    }

    fn scalar(&mut self) -> Option<String> {
        let rest = self.rest();
        let end = rest
            .find([',', ']', '}', ' ', '\n', '\t', '\r'])
            .unwrap_or(rest.len());
        let word = &rest[..end];
        let value = match word {
            "true" | "false" | "null" => word.to_owned(),
            number if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
                numeric(number)
            }
            _ => return None,
        };
        self.at += end;
        Some(value)
    }
}
