//! How much is waiting to be written.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tantivy::TantivyDocument;
use tantivy::schema::Value;

/// How long one article waits for those before it, at most. When the threads that write have ended after an error, nothing gets less
/// any more; the next call of the engine says so.
const PATIENCE: Duration = Duration::from_millis(100);

/// The bytes of the records that were handed to the engine and are not written yet. Its queue takes ten thousand documents, however
/// large; who adds them can be held back here.
#[derive(Clone, Debug, Default)]
pub struct Backlog(Arc<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    bytes: Mutex<u64>,
    less: Condvar,
}

impl Backlog {
    /// Counts a document that is about to be added, having waited until no more than `most` bytes are before it, or for as long as
    /// anybody can be asked to.
    pub fn enter(&self, document: &TantivyDocument, most: u64) {
        let bytes = self.0.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.less.wait_timeout_while(bytes, PATIENCE, |bytes| *bytes > most);
        let (mut bytes, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let mut values = document.field_values().filter_map(|(_, value)| value.as_custom());
        *bytes += values.next().map_or(0, |record| record.len() as u64);
    }

    /// A record is written, whether it was counted or not.
    pub(crate) fn leave(&self, record: &[u8]) {
        let mut bytes = self.0.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *bytes = bytes.saturating_sub(record.len() as u64);
        self.0.less.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use tantivy::schema::Field;

    use super::*;

    fn document(bytes: usize) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_custom(Field::from_field_id(0), &vec![0; bytes]);
        document
    }

    #[test]
    fn who_adds_waits_for_what_is_before_but_not_for_ever() {
        let backlog = Backlog::default();
        let bytes = || *backlog.0.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        backlog.enter(&document(1_000), 100);
        std::thread::scope(|scope| {
            scope.spawn(|| backlog.enter(&document(10), 100));
            backlog.leave(&[0; 950]);
        });
        assert_eq!(bytes(), 60);

        // Nobody takes anything away any more.
        backlog.enter(&document(500), 50);
        backlog.enter(&document(7), 50);
        assert_eq!(bytes(), 567);
    }

    #[test]
    fn what_was_not_counted_takes_nothing_away() {
        let backlog = Backlog::default();
        backlog.leave(&[0; 10]);
        backlog.enter(&document(5), 0);
        assert_eq!(*backlog.0.bytes.lock().unwrap_or_else(PoisonError::into_inner), 5);
    }
}
