//! The same work on many things, on several threads.

use std::sync::{Mutex, PoisonError};

use tantivy::TantivyError;

/// Works on all things, about in their order. The first error ends it.
pub(crate) fn each<T>(
    things: impl ExactSizeIterator<Item = T> + Send,
    threads: usize,
    work: impl Fn(T) -> tantivy::Result<()> + Sync,
) -> tantivy::Result<()> {
    let threads = threads.max(1).min(things.len());
    let things = Mutex::new(Some(things));
    let run = || {
        loop {
            let next =
                things.lock().unwrap_or_else(PoisonError::into_inner).as_mut().and_then(Iterator::next);
            let Some(thing) = next else { return Ok(()) };
            // Nothing is left for the others after an error.
            work(thing).inspect_err(|_| *things.lock().unwrap_or_else(PoisonError::into_inner) = None)?;
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
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

    use super::*;

    #[test]
    fn everything_is_done_once_or_the_error_is_told() {
        for threads in [0, 1, 3, 50] {
            let done = Mutex::new(Vec::new());
            each(0..20, threads, |number| {
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
        assert!(each(0..20, 2, fail).unwrap_err().to_string().contains('7'));
        assert!(
            each(0..20, 2, |number| {
                assert!(number < 5);
                Ok(())
            })
            .is_err()
        );
        assert!(each(0..0, 2, fail).is_ok());
    }
}
