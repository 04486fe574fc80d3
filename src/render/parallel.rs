//! Work on many items by several threads, with a result that does not tell how many there were.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More threads than this gain nothing: what is made has to be written by one.
const THREADS: usize = 4;

/// Applies `work` to every item. The results stand in the order of the items; of several errors the
/// one of the first item is returned.
pub(super) fn map<T: Sync, R: Send, E: Send>(
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
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let others = cores.min(THREADS).min(items.len()).saturating_sub(1);
    let mut made = thread::scope(|scope| {
        let spawn = |_| {
            let thread = thread::Builder::new().stack_size(super::STACK);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        let doubled = map(&items, |n| Ok::<_, ()>(n * 2));
        assert_eq!(doubled, Ok(items.iter().map(|n| n * 2).collect()));
    }

    #[test]
    fn the_first_error_is_the_one_of_the_first_item() {
        let items: Vec<usize> = (0..1000).collect();
        let work = |n: &usize| if n % 100 == 7 { Err(*n) } else { Ok(()) };
        assert_eq!(map(&items, work), Err(7));
    }
}
