//! What holds where a statement runs: its transaction, and how long it waits.
//!
//! Invariant: as on the server, SET LOCAL ends with its transaction, and SET outlives it unless the
//! transaction is rolled back.

/// The settings that bound what a statement costs others, in milliseconds; `None` is no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeouts {
    pub lock: Option<u64>,
    pub statement: Option<u64>,
    pub idle: Option<u64>,
}

/// A session that runs one file.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// The number of the open transaction.
    pub(super) transaction: Option<u32>,
    count: u32,
    session: Timeouts,
    /// What holds again where the open transaction is rolled back.
    saved: Timeouts,
    local: [Option<Option<u64>>; 3],
    /// Where the block begins whose statements run, and whether it is a transaction of its own.
    block: Option<(usize, bool)>,
}

impl Session {
    /// A session in which `count` transactions have run; the tool may open one around the file.
    pub(super) fn begin(count: u32, opened: bool) -> Self {
        let mut session = Self {
            count,
            ..Self::default()
        };
        if opened {
            session.open();
        }
        session
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        let Timeouts {
            lock,
            statement,
            idle,
        } = self.session;
        Timeouts {
            lock: self.local[0].unwrap_or(lock),
            statement: self.local[1].unwrap_or(statement),
            idle: self.local[2].unwrap_or(idle),
        }
    }

    /// Takes a statement, by its words, into account.
    pub(super) fn run(&mut self, words: &[String]) {
        let word = |n: usize| words.get(n).map_or("", String::as_str);
        match word(0) {
            "begin" => self.open(),
            "start" if word(1) == "transaction" => self.open(),
            "commit" | "end" => self.close(words),
            // A savepoint ends nothing.
            "rollback" | "abort" if !words.iter().any(|w| w == "to") => {
                if self.transaction.is_some() {
                    self.session = self.saved;
                }
                self.close(words);
            }
            "set" => self.set(words),
            "reset" => self.assign(word(1), None, false),
            "select" => self.set_config(words),
            _ => {}
        }
    }

    /// A `DO` block outside of a transaction is one: its statements run together.
    pub(super) fn enter_block(&mut self, block: Option<usize>) {
        if self.block.map(|(start, _)| start) == block {
            return;
        }
        if self.block.take().is_some_and(|(_, own)| own) {
            self.close(&[]);
        }
        if let Some(start) = block {
            let own = self.transaction.is_none();
            self.open();
            self.block = Some((start, own));
        }
    }

    fn open(&mut self) {
        if self.transaction.is_none() {
            self.count += 1;
            self.transaction = Some(self.count);
            self.saved = self.session;
        }
    }

    fn close(&mut self, words: &[String]) {
        self.transaction = None;
        self.local = [None; 3];
        // COMMIT AND CHAIN
        if words.iter().any(|w| w == "chain") && !words.iter().any(|w| w == "no") {
            self.open();
        }
    }

    /// `SET [LOCAL | SESSION] name { TO | = } value`
    fn set(&mut self, words: &[String]) {
        let local = words.get(1).is_some_and(|w| w == "local");
        let session = words.get(1).is_some_and(|w| w == "session");
        let mut rest = words.iter().skip(1 + usize::from(local || session));
        let Some(name) = rest.next() else { return };
        let value: Vec<&str> = rest.skip(1).map(String::as_str).collect();
        self.assign(name, milliseconds(&value), local);
    }

    /// `SELECT set_config('name', 'value', is_local)`
    fn set_config(&mut self, words: &[String]) {
        let Some(at) = words.iter().position(|w| w == "set_config") else {
            return;
        };
        let [_, name, _, value, _, local, ..] = &words[at + 1..] else {
            return;
        };
        let local = local == "true";
        self.assign(name.trim_matches('\''), milliseconds(&[value]), local);
    }

    fn assign(&mut self, name: &str, value: Option<u64>, local: bool) {
        let (at, session) = match name {
            "lock_timeout" => (0, &mut self.session.lock),
            "statement_timeout" => (1, &mut self.session.statement),
            "idle_in_transaction_session_timeout" => (2, &mut self.session.idle),
            _ => return,
        };
        match local {
            // Outside of a transaction it does nothing but warn.
            true if self.transaction.is_none() => {}
            true => self.local[at] = Some(value),
            false => {
                *session = value;
                self.local[at] = None;
            }
        }
    }
}

/// The value of a timeout: `'2s'`, `3000`, `5 min`; `None` where it is off.
fn milliseconds(words: &[&str]) -> Option<u64> {
    let text = words.concat();
    let text = text.trim_matches('\'').trim();
    let end = text.find(|c: char| !c.is_ascii_digit());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let number: u64 = number.parse().ok()?;
    let factor = match unit.trim() {
        "us" => return Some(number / 1000),
        "s" => 1000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => 1,
    };
    Some(number.saturating_mul(factor)).filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(session: &mut Session, text: &str) -> Timeouts {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        session.run(&words);
        session.timeouts()
    }

    #[test]
    fn local_settings_end_with_the_transaction_and_others_do_not() {
        let mut session = Session::begin(0, true);
        let timeouts = run(&mut session, "set local lock_timeout = '2s'");
        assert_eq!(timeouts.lock, Some(2000));
        run(&mut session, "set statement_timeout to 5000");
        let timeouts = run(&mut session, "commit");
        assert_eq!((timeouts.lock, timeouts.statement), (None, Some(5000)));
        assert_eq!(session.transaction, None);
        run(&mut session, "begin");
        run(&mut session, "set lock_timeout to 1");
        assert_eq!(run(&mut session, "rollback").lock, None);
        run(&mut session, "begin");
        assert_eq!(session.transaction, Some(3));
        run(&mut session, "rollback to savepoint a");
        assert_eq!(session.transaction, Some(3));
    }

    #[test]
    fn zero_is_no_timeout() {
        let mut session = Session::begin(0, true);
        assert_eq!(run(&mut session, "set lock_timeout = 0").lock, None);
        let words = "select set_config ( 'lock_timeout' , '1min' , true )";
        assert_eq!(run(&mut session, words).lock, Some(60_000));
        assert_eq!(run(&mut session, "reset lock_timeout").lock, None);
    }
}
