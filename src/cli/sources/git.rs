//! Files as they are in a revision, asked of the git program. Nothing is checked out.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Content, Entry};
use crate::source::SourceKind;

/// Why a revision could not be read, and what to do.
pub(super) struct GitError {
    pub reason: String,
    pub help: &'static str,
}

/// The schema files below a path of a revision, in order, with their texts.
pub(super) fn files(
    folder: &Path,
    revision: &str,
    path: &str,
    longest: u64,
) -> Result<Vec<Entry>, GitError> {
    let commit = commit(folder, revision)?;
    let path = path.trim_end_matches('/');
    let path = if path.is_empty() { "." } else { path };
    let listed = git(
        folder,
        &["ls-tree", "-r", "-z", "-l", &commit, "--", path],
        &[],
    )?;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let mut found = Vec::new();
    let mut wanted = String::new();
    for line in listed.split('\0') {
        let Some((data, name)) = line.split_once('\t') else {
            continue;
        };
        // Mode, type, object, size.
        let data: Vec<&str> = data.split_whitespace().collect();
        let [_, "blob", object, size] = data[..] else {
            continue;
        };
        let one = name == path;
        if !one && (SourceKind::of_path(name).is_none() || is_hidden(name)) {
            continue;
        }
        if size.parse::<u64>().is_ok_and(|s| s > longest) {
            return Err(GitError {
                reason: format!("{name} is {size} bytes in {revision}, more than is read"),
                help: "a file of this size is a dump with data; name the files of the schema",
            });
        }
        wanted.push_str(object);
        wanted.push('\n');
        found.push(name.to_owned());
    }
    if found.is_empty() {
        return Err(GitError {
            reason: format!("{revision} has no schema file at {path}"),
            help: "name a file or folder of that revision, as in git:main:schema",
        });
    }
    let contents = git(folder, &["cat-file", "--batch"], wanted.as_bytes())?;
    let texts = batch(&contents, found.len()).ok_or_else(|| GitError {
        reason: "git cat-file answered in a way that is not understood".to_owned(),
        help: "check the repository with `git fsck`",
    })?;
    let within = |name: &str| {
        let rest = name.strip_prefix(path).unwrap_or(name);
        rest.trim_start_matches('/').to_owned()
    };
    let entries = found.iter().zip(texts).map(|(name, bytes)| Entry {
        relative: if name == path {
            name.clone()
        } else {
            within(name)
        },
        shown: format!("git:{revision}:{name}"),
        content: Content::Bytes(bytes),
    });
    Ok(entries.collect())
}

fn is_hidden(name: &str) -> bool {
    name.split('/')
        .any(|part| part.starts_with('.') && part != "." && part != "..")
}

fn commit(folder: &Path, revision: &str) -> Result<String, GitError> {
    let unknown = || GitError {
        reason: match revision {
            "" => "git knows no revision without a name".to_owned(),
            revision => format!("git knows no revision {revision}"),
        },
        help: "name a branch, tag or commit; in a shallow clone, fetch it first",
    };
    if revision.is_empty() || revision.starts_with('-') {
        return Err(unknown());
    }
    let wanted = format!("{revision}^{{commit}}");
    let inside = git(folder, &["rev-parse", "--git-dir"], &[]);
    inside?;
    let found = git(folder, &["rev-parse", "--verify", "--quiet", &wanted], &[]);
    let found = found.map_err(|_| unknown())?;
    Ok(String::from_utf8_lossy(&found).trim().to_owned())
}

/// The contents in the answer of `cat-file --batch`: a header line, the bytes, a line end, each.
fn batch(answer: &[u8], count: usize) -> Option<Vec<Vec<u8>>> {
    let mut rest = answer;
    let mut texts = Vec::with_capacity(count);
    for _ in 0..count {
        let end = rest.iter().position(|b| *b == b'\n')?;
        let header = std::str::from_utf8(rest.get(..end)?).ok()?;
        let length: usize = header.rsplit(' ').next()?.parse().ok()?;
        let start = end + 1;
        texts.push(rest.get(start..start + length)?.to_vec());
        rest = rest.get(start + length + 1..)?;
    }
    Some(texts)
}

fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let no_program = |error: std::io::Error| GitError {
        reason: format!("the program git cannot be run: {error}"),
        help: "install git, or name files instead of a revision",
    };
    let mut child = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_LITERAL_PATHSPECS", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(no_program)?;
    let writer = child.stdin.take().map(|mut stdin| {
        let input = input.to_vec();
        // git answers while it is asked; whoever only writes would wait for ever.
        std::thread::spawn(move || stdin.write_all(&input))
    });
    let output = child.wait_with_output().map_err(no_program)?;
    // A pipe that broke is told by git's own exit code.
    let _ = writer.map(std::thread::JoinHandle::join);
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().next().unwrap_or("it failed without a word");
    Err(GitError {
        reason: format!("git {}: {line}", arguments.first().unwrap_or(&"")),
        help: "run the command within the repository that holds the schema",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_cat_file_are_cut_by_their_lengths() {
        let answer = b"aaa blob 3\na\nb\nbbb blob 0\n\n";
        let texts = batch(answer, 2).unwrap();
        assert_eq!(texts, [b"a\nb".to_vec(), Vec::new()]);
        assert_eq!(batch(b"aaa missing\n", 1), None);
        assert_eq!(batch(b"aaa blob 9\nshort", 1), None);
    }
}
