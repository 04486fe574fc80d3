//! Work on many items by several threads, with a result that does not tell how many there were.
//!
//! Invariant: results, errors and panics are those of a run item by item.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More threads than this gain nothing: what is made has to be written by one.
const THREADS: usize = 4;

/// Stack of a thread, as large as that of a main thread.
pub(crate) const STACK: usize = 8 * 1024 * 1024;

/// How many threads work at a time.
pub(crate) fn threads() -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    cores.min(THREADS)
}

/// Applies `work` to every item. The results stand in the order of the items.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let all = try_map(items, |item| Ok::<R, Infallible>(work(item)));
    match all {
        Ok(results) => results,
        Err(never) => match never {},
    }
}

/// The same for work that fails: of several errors the one of the first item is returned.
pub(crate) fn try_map<T: Sync, R: Send, E: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut made = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(n) else {
                return made;
            };
            made.push((n, work(item)));
        }
    };
    let others = threads().min(items.len()).saturating_sub(1);
    let mut made = thread::scope(|scope| {
        let spawn = |_| {
            let thread = thread::Builder::new().stack_size(STACK);
            thread.spawn_scoped(scope, run).ok()
        };
        let threads: Vec<_> = (0..others).filter_map(spawn).collect();
        let mut made = run();
        for thread in threads {
            match thread.join() {
                Ok(more) => made.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        made
    });
    made.sort_by_key(|(n, _)| *n);
    made.into_iter().map(|(_, result)| result).collect()
}

/// Both results; the second one is made by another thread where there is one to be had.
pub(crate) fn join<A, B: Send>(one: impl FnOnce() -> A, other: impl Fn() -> B + Sync) -> (A, B) {
    if threads() < 2 {
        return (one(), other());
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        let spawned = thread.spawn_scoped(scope, &other);
        let first = one();
        let second = match spawned.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(second)) => second,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => other(),
        };
        (first, second)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        let doubled: Vec<usize> = items.iter().map(|n| n * 2).collect();
        assert_eq!(map(&items, |n| n * 2), doubled);
    }

    #[test]
    fn both_results_are_there() {
        assert_eq!(join(|| "one", || "other"), ("one", "other"));
    }

    #[test]
    fn the_first_error_is_the_one_of_the_first_item() {
        let items: Vec<usize> = (0..1000).collect();
        let work = |n: &usize| if n % 100 == 7 { Err(*n) } else { Ok(()) };
        assert_eq!(try_map(&items, work), Err(7));
    }
}
