//! The same work on many things, on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use tantivy::TantivyError;

/// Works on the things of all numbers below `count`, about in their order. The first error ends it.
pub(crate) fn each(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> tantivy::Result<()> + Sync,
) -> tantivy::Result<()> {
    let next = AtomicUsize::new(0);
    let run = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return Ok(());
            }
            // Nothing is left for the others after an error.
            work(number).inspect_err(|_| next.store(count, Ordering::Relaxed))?;
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.clamp(1, count.max(1))).map(|_| scope.spawn(run)).collect();
        let ended = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(panicked())));
        ended.collect::<Vec<tantivy::Result<()>>>().into_iter().collect()
    })
}

fn panicked() -> TantivyError {
    TantivyError::InternalError("a thread that writes articles failed".to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn everything_is_done_once_or_the_error_is_told() {
        for threads in [0, 1, 3, 50] {
            let done = Mutex::new(Vec::new());
            each(20, threads, |number| {
                done.lock().unwrap().push(number);
                Ok(())
            })
            .unwrap();
            let done = done.into_inner().unwrap();
            assert_eq!(done.len(), 20);
            assert_eq!(done.into_iter().collect::<BTreeSet<_>>(), (0..20).collect());
        }
        let fail =
            |number| if number == 7 { Err(TantivyError::InternalError("7".to_owned())) } else { Ok(()) };
        assert!(each(20, 2, fail).unwrap_err().to_string().contains('7'));
        assert!(
            each(20, 2, |number| {
                assert!(number < 5);
                Ok(())
            })
            .is_err()
        );
        assert!(each(0, 2, fail).is_ok());
    }
}
