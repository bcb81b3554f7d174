use std::time::{Duration, Instant};

/// Where the time of a search went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phases {
    /// Making a plan of the query: its words, and what its patterns stand for.
    pub plan: Duration,
    /// Finding and ranking the best hits.
    pub search: Duration,
    /// Counting all articles that match.
    pub count: Duration,
    /// Reading what is shown of the hits.
    pub text: Duration,
}

/// Times phases that follow one another. One that is off never reads the clock.
#[derive(Debug)]
pub struct Stopwatch(Option<Instant>);

impl Stopwatch {
    /// Starts now, if it is `on`.
    pub fn start(on: bool) -> Stopwatch {
        Stopwatch(on.then(Instant::now))
    }

    /// The time since the last lap, or since the start; nothing where it is off.
    pub fn lap(&mut self) -> Duration {
        let Some(last) = self.0 else { return Duration::ZERO };
        let now = Instant::now();
        self.0 = Some(now);
        now - last
    }
}
