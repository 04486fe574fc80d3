//! What stops a command: I/O and impossible requests. What is wrong with a schema is a
//! [`Diagnostic`](crate::diagnostic::Diagnostic) instead.

use std::path::{Path, PathBuf};

use crate::render::RenderError;

#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// `read`, `write`, `create the folder`.
        action: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("cannot write to stdout: {0}")]
    Stdout(std::io::Error),
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A request that cannot be met: the first text says why, the second what to do.
    #[error("{reason}")]
    Request { reason: String, help: String },
}

impl Failure {
    pub(super) fn io(
        action: &'static str,
        path: impl AsRef<Path>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    pub(super) fn request(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Request {
            reason: reason.into(),
            help: help.into(),
        }
    }

    /// A plan that does not end where it should: a mistake of ours, not of the schema's.
    pub(super) fn unproved(remaining: &[String]) -> Self {
        Self::Request {
            reason: format!(
                "the statements above do not lead where they should:\n  {}",
                remaining.join("\n  ")
            ),
            help: "do not run them as they are; this is a mistake in schemagen, please report it with both schemas"
                .to_owned(),
        }
    }

    /// What to do about it, where something can be said.
    pub(super) fn help(&self) -> Option<&str> {
        match self {
            Self::Request { help, .. } => Some(help),
            Self::Io { source, .. } | Self::Stdout(source) => io_help(source),
            Self::Render(_) => None,
        }
    }
}

fn io_help(error: &std::io::Error) -> Option<&'static str> {
    use std::io::ErrorKind;
    Some(match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "free some space and run the command again; the files that were there are intact"
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "make the place writable, or name another one under `output:` in schemagen.yaml"
        }
        ErrorKind::NotFound => "check the path; it is taken from the folder schemagen runs in",
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "a file stands where a folder is needed; move it, or name another folder"
        }
        _ => return None,
    })
}
