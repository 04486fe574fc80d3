//! A catalog to files: emitters into an in-memory [`FileTree`].
//!
//! Invariants: the only user of minijinja; no clock, user, host or absolute path reaches an output;
//! view models hold decided strings and templates only lay them out.

pub mod dot;
pub mod erd;
mod file_names;
mod file_tree;
mod grouping;
pub mod html;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub mod migration;
pub mod png;
pub(crate) mod relations;
mod report;
pub mod rust;
mod split;
pub mod sql;
pub mod svg;
mod templates;
pub mod text;
pub mod yaml;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use crate::parallel;

pub use file_tree::{FileTree, Files};
pub use report::{Options, Report};
pub use split::Split;
pub use templates::Templates;

/// Why an output could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template of the user's (or ours) failed; names the file and line.
    #[error("template {name}: {message}")]
    Template { name: String, message: String },
    /// The schema needs what this output cannot express.
    #[error("{0}")]
    Unsupported(String),
}

/// Makes some of the files of `generated/`.
pub trait Emitter: Sync {
    /// Its key under `outputs:` in the configuration.
    fn name(&self) -> &'static str;

    /// Hands its files to `files`, with paths relative to the output folder.
    fn emit(&self, report: &Report<'_>, files: &dyn Files) -> Result<(), RenderError>;

    /// Its files, in memory.
    fn tree(&self, report: &Report<'_>) -> Result<FileTree, RenderError> {
        let files = file_tree::Collected::default();
        self.emit(report, &files)?;
        Ok(files.into_tree())
    }
}

/// Every emitter, in the order in which they run.
pub static EMITTERS: &[&dyn Emitter] = &[
    &sql::Sql,
    &rust::Rust,
    &markdown::Markdown,
    &mermaid::Mermaid,
    &svg::Svg,
    &html::Html,
];

/// A path and the parts of a text.
type File = (String, Vec<String>);

/// Bundles that may wait to be taken. All outputs of a large schema together are larger than all
/// else that is known about it, so an emitter that is ahead waits.
const WAITING: usize = 4;
/// Bytes that are worth waking the thread that takes them, which many small files are not.
const BUNDLE: usize = 64 * 1024;

/// Hands the files of emitters to the thread that takes them, some at a time.
struct Sender {
    channel: mpsc::SyncSender<Vec<File>>,
    bundle: Mutex<Bundle>,
}

#[derive(Default)]
struct Bundle {
    files: Vec<File>,
    bytes: usize,
}

impl Files for Sender {
    fn insert_parts(&self, path: String, parts: Vec<String>) {
        let full = {
            let mut bundle = self.bundle.lock().unwrap_or_else(PoisonError::into_inner);
            bundle.bytes += parts.iter().map(String::len).sum::<usize>();
            bundle.files.push((path, parts));
            match bundle.bytes < BUNDLE {
                true => return,
                false => std::mem::take(&mut *bundle),
            }
        };
        self.send(full);
    }
}

impl Sender {
    fn new(channel: mpsc::SyncSender<Vec<File>>) -> Self {
        let bundle = Mutex::default();
        Self { channel, bundle }
    }

    fn send(&self, bundle: Bundle) {
        // Nobody takes files any more once one of them could not be taken.
        let _ = self.channel.send(bundle.files);
    }

    fn finish(mut self) {
        let bundle = self.bundle.get_mut();
        let last = std::mem::take(bundle.unwrap_or_else(PoisonError::into_inner));
        self.send(last);
    }
}

/// Runs the emitters that are wanted, as many at a time as there are cores, and hands on each file as
/// it is made, in its parts, in no order that could be relied on; the first error in the order of [`EMITTERS`] is
/// the one reported.
pub fn emit<E: From<RenderError>>(
    report: &Report<'_>,
    wanted: impl Fn(&str) -> bool,
    mut take: impl FnMut(String, Vec<String>) -> Result<(), E>,
) -> Result<(), E> {
    let wanted: Vec<&dyn Emitter> = EMITTERS
        .iter()
        .copied()
        .filter(|e| wanted(e.name()))
        .collect();
    let queue = Queue {
        emitters: &wanted,
        next: AtomicUsize::new(0),
    };
    thread::scope(|scope| {
        let (sender, files) = mpsc::sync_channel(WAITING);
        let mut running = Vec::new();
        for _ in 0..parallel::threads().min(wanted.len()) {
            let (sender, queue) = (Sender::new(sender.clone()), &queue);
            let run = move || queue.run(report, sender);
            let thread = thread::Builder::new().stack_size(parallel::STACK);
            running.extend(thread.spawn_scoped(scope, run));
        }
        drop(sender);
        let mut taken = Ok(());
        for (path, parts) in files.iter().flatten() {
            taken = take(path, parts);
            if taken.is_err() {
                break;
            }
        }
        drop(files);
        let mut made = Vec::new();
        for thread in running {
            match thread.join() {
                Ok(some) => made.extend(some),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        made.sort_by_key(|(n, _)| *n);
        for (_, result) in made {
            result?;
        }
        taken?;
        // There were no threads to be had: one after the other, then.
        while let Some((_, emitter)) = queue.take() {
            for (path, text) in emitter.tree(report)? {
                take(path, vec![text])?;
            }
        }
        Ok(())
    })
}

/// Emitters that wait for a thread. With more of them at work than there are cores nothing is ready
/// sooner, and each holds what it has computed of the whole schema.
struct Queue<'e> {
    emitters: &'e [&'e dyn Emitter],
    next: AtomicUsize,
}

impl<'e> Queue<'e> {
    fn take(&self) -> Option<(usize, &'e dyn Emitter)> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        Some((n, *self.emitters.get(n)?))
    }

    fn run(&self, report: &Report<'_>, files: Sender) -> Vec<(usize, Result<(), RenderError>)> {
        let mut made = Vec::new();
        while let Some((n, emitter)) = self.take() {
            made.push((n, emitter.emit(report, &files)));
        }
        files.finish();
        made
    }
}
