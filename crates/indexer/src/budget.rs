//! How many bytes may be under way at once.

use std::sync::{Condvar, Mutex, PoisonError};

/// A budget of bytes that readers draw from and workers give back to.
pub(crate) struct Budget {
    free: Mutex<u64>,
    freed: Condvar,
    total: u64,
}

impl Budget {
    pub(crate) fn new(total: u64) -> Budget {
        Budget { free: Mutex::new(total), freed: Condvar::new(), total }
    }

    /// Waits until `bytes` are free and takes them. More than the whole budget is given when nothing else is
    /// under way.
    pub(crate) fn take(&self, bytes: u64) {
        let wanted = bytes.min(self.total);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.freed.wait_while(free, |free| *free < wanted);
        *waited.unwrap_or_else(PoisonError::into_inner) -= wanted;
    }

    /// Gives back what was taken with the same number.
    pub(crate) fn give_back(&self, bytes: u64) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) += bytes.min(self.total);
        self.freed.notify_all();
    }
}
