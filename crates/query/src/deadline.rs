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

/// The end of the time for one answer, shared by all that work on it; `None` is never.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deadline(Option<End>);

#[derive(Clone, Debug)]
struct End {
    at: Instant,
    /// The time that was given.
    time: Duration,
    is_over: Arc<AtomicBool>,
}

impl Deadline {
    /// So long from now; never where that is `None` or beyond all clocks.
    pub(crate) fn after(time: Option<Duration>) -> Deadline {
        let end = |time| Some(End { at: Instant::now().checked_add(time)?, time, is_over: Arc::default() });
        Deadline(time.and_then(end))
    }

    /// So long from now, and no longer than this one.
    pub(crate) fn within(&self, time: Duration) -> Deadline {
        let sooner = Deadline::after(Some(time));
        match (&self.0, &sooner.0) {
            (Some(mine), Some(other)) if mine.at <= other.at => self.clone(),
            (_, Some(_)) => sooner,
            (_, None) => self.clone(),
        }
    }

    /// Is the time over? Cheap enough for inner loops; stays true.
    pub(crate) fn is_over(&self) -> bool {
        let Some(End { at, is_over, .. }) = &self.0 else { return false };
        if is_over.load(Ordering::Relaxed) {
            return true;
        }
        let looks = LOOKS.get();
        LOOKS.set(looks.wrapping_add(1));
        if looks.is_multiple_of(LOOKS_A_CLOCK) && Instant::now() >= *at {
            is_over.store(true, Ordering::Relaxed);
        }
        is_over.load(Ordering::Relaxed)
    }

    /// The time that was given, if it is over now.
    pub(crate) fn missed(&self) -> Option<Duration> {
        let End { at, time, is_over } = self.0.as_ref()?;
        (is_over.load(Ordering::Relaxed) || Instant::now() >= *at).then_some(*time)
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

    #[test]
    fn a_deadline_within_another_is_the_sooner_of_both() {
        let (now, long) = (Duration::ZERO, Duration::from_secs(1_000));
        assert!(Deadline::after(None).within(now).missed().is_some());
        assert!(Deadline::after(Some(long)).within(now).missed().is_some());
        assert!(Deadline::after(Some(now)).within(long).missed().is_some());
        assert!(Deadline::after(None).within(Duration::MAX).missed().is_none());
        assert!(Deadline::after(Some(now)).within(Duration::MAX).missed().is_some());
    }
}
