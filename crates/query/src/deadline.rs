//! When an answer is due.
//!
//! tantivy cannot be interrupted, so everything of ours that loops looks at the deadline and ends early once it is over;
//! what comes out then is thrown away, never shown.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How many looks at the deadline share one look at the clock.
const LOOKS_A_CLOCK: u32 = 64;

thread_local! {
    static LOOKS: Cell<u32> = const { Cell::new(0) };
}

/// The end of the time for one answer, shared by all that work on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deadline {
    /// `None` is never.
    end: Option<(Instant, Duration)>,
    over: Arc<AtomicBool>,
}

impl Deadline {
    /// So long from now; never where that is `None` or beyond all clocks.
    pub(crate) fn after(time: Option<Duration>) -> Deadline {
        let end = time.and_then(|time| Some((Instant::now().checked_add(time)?, time)));
        Deadline { end, over: Arc::default() }
    }

    /// Is the time over? Cheap enough for inner loops; stays true.
    pub(crate) fn is_over(&self) -> bool {
        let Some((end, _)) = self.end else { return false };
        if self.over.load(Ordering::Relaxed) {
            return true;
        }
        let looks = LOOKS.get();
        LOOKS.set(looks.wrapping_add(1));
        if looks.is_multiple_of(LOOKS_A_CLOCK) && Instant::now() >= end {
            self.over.store(true, Ordering::Relaxed);
        }
        self.over.load(Ordering::Relaxed)
    }

    /// The time that was given, if it is over now.
    pub(crate) fn missed(&self) -> Option<Duration> {
        let (end, time) = self.end?;
        (self.over.load(Ordering::Relaxed) || Instant::now() >= end).then_some(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_noticed_and_stays_over() {
        let never = Deadline::after(None);
        let now = Deadline::after(Some(Duration::ZERO));
        assert!((0..200).all(|_| !never.is_over()) && never.missed().is_none());
        assert!((0..200).any(|_| now.is_over()) && now.is_over());
        assert_eq!(now.missed(), Some(Duration::ZERO));
        assert!(Deadline::after(Some(Duration::MAX)).missed().is_none());
    }
}
