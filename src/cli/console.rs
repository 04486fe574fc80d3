//! What is printed where: data to stdout, everything said about it to stderr.

use std::io::{ErrorKind, IsTerminal, Write};

use clap::ValueEnum;

use super::failure::Failure;

/// When reports are coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    Always,
    Never,
}

impl From<ColorChoice> for anstream::ColorChoice {
    fn from(choice: ColorChoice) -> Self {
        match choice {
            ColorChoice::Auto => Self::Auto,
            ColorChoice::Always => Self::Always,
            ColorChoice::Never => Self::Never,
        }
    }
}

/// The two streams of the process, with the options that say how much is said.
#[derive(Debug)]
pub(super) struct Console {
    choice: anstream::ColorChoice,
    quiet: bool,
    verbose: bool,
}

impl Console {
    pub(super) fn new(color: ColorChoice, quiet: bool, verbose: bool) -> Self {
        Self {
            choice: color.into(),
            quiet,
            verbose,
        }
    }

    /// Data, to stdout. A reader that has gone away (`| head`) is no error.
    pub(super) fn data(&self, text: &str) -> Result<(), Failure> {
        match self.write(text, std::io::stdout().lock()) {
            Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(Failure::Stdout),
        }
    }

    /// Data that is no text, to stdout, which may not be a terminal.
    pub(super) fn binary(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        if stdout.is_terminal() {
            return Err(Failure::request(
                "a picture is no text, and stdout is a terminal",
                "write it into a file: `schemagen render erd --format png > erd.png`",
            ));
        }
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(Failure::Stdout),
        }
    }

    /// A report, to stderr. Escape sequences are taken out where nobody wants them.
    pub(super) fn report(&self, text: &str) {
        // Nothing is left to tell anybody when stderr itself is gone.
        let _ = self.write(text, std::io::stderr().lock());
    }

    /// In one call, not one for every stretch between two escape sequences.
    fn write<S>(&self, text: &str, mut stream: S) -> std::io::Result<()>
    where
        S: anstream::stream::RawStream + anstream::stream::AsLockedWrite,
    {
        let choice = match self.choice {
            anstream::ColorChoice::Auto => anstream::AutoStream::choice(&stream),
            choice => choice,
        };
        if choice == anstream::ColorChoice::Never {
            let plain = anstream::adapter::strip_str(text).to_string();
            stream.write_all(plain.as_bytes())?;
            return stream.flush();
        }
        let mut stream = anstream::AutoStream::new(stream, choice);
        stream.write_all(text.as_bytes())?;
        stream.flush()
    }

    /// A line of the summary; left out with `--quiet`.
    pub(super) fn note(&self, line: &str) {
        if !self.quiet {
            self.report(&format!("{line}\n"));
        }
    }

    /// What a database holds and the schema does not.
    pub(super) fn left_out(&self, sources: &super::sources::Sources) {
        let counted = sources.read.iter().flat_map(|read| read.left_out.list());
        for (what, count) in counted {
            self.note(&format!("left out  {count} {what}"));
        }
    }

    /// A line for `--verbose`.
    pub(super) fn detail(&self, line: &str) {
        if self.verbose {
            self.report(&format!("{line}\n"));
        }
    }

    /// What stopped the command.
    pub(super) fn failure(&self, failure: &Failure) {
        let mut text = format!("\x1b[1m\x1b[31merror\x1b[0m\x1b[1m: {failure}\x1b[0m\n");
        if let Some(help) = failure.help() {
            text.push_str(&format!("  help: {help}\n"));
        }
        self.report(&text);
    }
}
