//! Work on many items that wait for a server more than they compute.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Applies `work` to every item, as many at a time as the machine has processors. The results stand in
/// the order of the items.
pub(crate) fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let made = Mutex::new(Vec::with_capacity(items.len()));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(n) else { return };
                    let result = work(item);
                    made.lock().unwrap().push((n, result));
                }
            });
        }
    });
    let mut made = made.into_inner().unwrap();
    made.sort_by_key(|(n, _)| *n);
    made.into_iter().map(|(_, result)| result).collect()
}

#[test]
fn results_stand_in_the_order_of_the_items() {
    let items: Vec<u64> = (0..50).collect();
    let doubled = side_by_side(&items, |n| {
        thread::sleep(std::time::Duration::from_micros(50 - n));
        n * 2
    });
    assert_eq!(doubled, items.iter().map(|n| n * 2).collect::<Vec<_>>());
}
