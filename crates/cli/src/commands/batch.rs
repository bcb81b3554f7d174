//! The queries of a file: several are answered at once, and printed in the order of its lines.

use std::collections::VecDeque;
use std::io::{Write, stdin};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use engine::{SearchRequest, Stopwatch};
use query::LocalEngine;
use syntax::{Diagnostic, Query};

use super::ask::{Answer, Ask};
use super::{is_talkative, parse_query};
use crate::actors_file::LazyActors;
use crate::args::{Args, QueryArgs};
use crate::collection;
use crate::failure::{Failure, print_diagnostics};
use crate::input::{self, MOST_QUERIES};
use crate::output::{Outcome, Output};
use crate::render::Asked;
use crate::render::safe::safe_path;
use crate::render::times::Times;

/// Queries that each thread may be ahead of the answer that is printed next: enough to do while one is slow, and so few that
/// answers that wait for it take little memory.
const AHEAD: usize = 16;

/// A line of the file, and what has become of its query: a request, later an answer, or a failure.
struct Item<'a, T> {
    asked: Asked<'a>,
    notes: Vec<Diagnostic>,
    /// How long reading it took.
    parse: Duration,
    state: Result<T, Failure>,
}

/// Answers each query. One that cannot be answered is named and does not stop the others.
pub(crate) fn run(args: &Args, options: &QueryArgs, file: &Path, ask: Ask<'_>) -> Result<Outcome, Failure> {
    let mut times = Times::start(options.stats);
    let bytes = read(file)?;
    let count = lines(&bytes).count();
    if count == 0 {
        let error = anyhow::anyhow!("{} has no queries", name(file));
        return Err(Failure::from(error).hint("write a query a line"));
    }
    times.parse = times.watch.lap();
    let engine = collection::open(args)?.with_timeout(options.timeout);
    times.open = times.watch.lap();
    let threads = options.threads.map_or_else(processors, usize::from).min(count);
    let mut actors = LazyActors::new(&options.actors);
    let requests = lines(&bytes).enumerate().map(|(nth, (line, bytes))| {
        let mut watch = Stopwatch::start(options.stats);
        let asked = Asked { nth, line, text: str::from_utf8(bytes).unwrap_or_default() };
        let (state, notes) = match read_line(bytes, options.lookup.any, &mut actors) {
            Ok((query, notes)) => (Ok(ask.request(args, options, query)), notes),
            Err(failure) => (Err(failure), Vec::new()),
        };
        Item { asked, notes, parse: watch.lap(), state }
    });
    let is_talkative = is_talkative(args);
    let mut printer =
        Printer { ask, name: name(file), is_talkative, out: Output::open(), times, found: 0, failed: false };
    in_order(threads, requests, |item| item.answered(&engine, ask), |item| printer.print(item))?;
    let (times, outcome) = printer.finish()?;
    times.print(count, threads);
    Ok(outcome)
}

impl<'a> Item<'a, SearchRequest> {
    fn answered(self, engine: &LocalEngine, ask: Ask<'_>) -> Item<'a, Answer> {
        let Item { asked, notes, parse, state } = self;
        let failed = |error| Failure::search(error, asked.text);
        let state = state.and_then(|request| ask.answer(&engine.sitting(), &request).map_err(failed));
        Item { asked, notes, parse, state }
    }
}

/// Prints answers as they come, and keeps account of them.
struct Printer<'a> {
    ask: Ask<'a>,
    /// Of the file.
    name: String,
    is_talkative: bool,
    out: Output,
    times: Times,
    found: u64,
    failed: bool,
}

impl Printer<'_> {
    fn print(&mut self, item: Item<'_, Answer>) -> Result<(), Failure> {
        let place = format!("{}:{}: ", self.name, item.asked.line);
        self.times.parse += item.parse;
        if self.is_talkative {
            print_diagnostics(&place, item.asked.text, &item.notes);
        }
        match item.state {
            Ok(answer) => {
                self.found += answer.found;
                self.times.add(&answer.phases);
                self.times.watch.lap();
                self.ask.print(&mut self.out, Some(item.asked), &answer)?;
                if self.out.is_terminal {
                    self.out.flush()?; // What is told of an answer stands below it.
                }
                self.times.output += self.times.watch.lap();
                answer.tell(&place, self.is_talkative);
            }
            Err(failure) => {
                self.failed = true;
                failure.at(place).print();
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(Times, Outcome), Failure> {
        self.times.watch.lap();
        self.out.flush()?;
        self.times.output += self.times.watch.lap();
        let outcome = if self.failed { Outcome::Incomplete } else { Outcome::of(self.found) };
        Ok((self.times, outcome))
    }
}

/// The bytes of a file, or of standard input.
fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let read = if is_standard_input(file) {
        input::read(stdin().lock(), MOST_QUERIES)
    } else {
        input::read_file(file, MOST_QUERIES)
    };
    read.map_err(|error| {
        let error = anyhow::Error::new(error).context(format!("cannot read the queries in {}", name(file)));
        Failure::from(error).hint("name a file with a query a line, or `-` for standard input")
    })
}

fn is_standard_input(file: &Path) -> bool {
    file == Path::new("-")
}

/// The file as messages name it.
fn name(file: &Path) -> String {
    if is_standard_input(file) { "standard input".to_owned() } else { safe_path(file) }
}

/// Lines with a query, and their numbers.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let lines = (1..).zip(bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with(b"#"))
}

pub(super) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn read_line(
    line: &[u8],
    any: bool,
    actors: &mut LazyActors<'_>,
) -> Result<(Query, Vec<Diagnostic>), Failure> {
    let Ok(text) = str::from_utf8(line) else {
        return Err(Failure::from(anyhow::anyhow!("not UTF-8")).hint("save the file as UTF-8"));
    };
    parse_query(text, any, actors)
}

/// Works on items with so many threads, and hands on what became of them in their order.
fn in_order<T: Send, R: Send>(
    threads: usize,
    mut items: impl Iterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), Failure>,
) -> Result<(), Failure> {
    thread::scope(|scope| {
        let (jobs, queue) = unbounded::<(T, Sender<R>)>();
        for _ in 0..threads {
            let (queue, work) = (queue.clone(), &work);
            thread::Builder::new().stack_size(engine::STACK_BYTES).spawn_scoped(scope, move || {
                for (item, result) in queue {
                    let _ = result.send(work(item)); // Nobody waits for it when printing has failed.
                }
            })?;
        }
        let mut take = |result: Receiver<R>| take(result.recv().map_err(|_| Failure::bug())?);
        let mut waiting = VecDeque::new();
        let mut feed = |item| {
            let (result, receiver) = bounded(1);
            jobs.send((item, result)).map_err(|_| Failure::bug())?;
            waiting.push_back(receiver);
            if waiting.len() > AHEAD * threads {
                waiting.pop_front().map_or(Ok(()), &mut take)
            } else {
                Ok(())
            }
        };
        let fed = items.try_for_each(&mut feed);
        let done = fed.and_then(|()| waiting.into_iter().try_for_each(take));
        if done.is_err() {
            queue.try_iter().for_each(drop); // Nobody waits for the rest.
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_however_long_each_takes() {
        let mut taken = Vec::new();
        let work = |item: u64| {
            thread::sleep(Duration::from_micros(item * 7919 % 300));
            item
        };
        in_order(4, 0..500, work, |item| {
            taken.push(item);
            Ok(())
        })
        .unwrap();
        assert!(taken.into_iter().eq(0..500));
    }

    #[test]
    fn a_failure_to_print_ends_it() {
        let mut taken = 0;
        let result = in_order(
            3,
            0..,
            |item| item,
            |_: u64| {
                taken += 1;
                if taken == 10 { Err(Failure::bug()) } else { Ok(()) }
            },
        );
        assert!(result.is_err());
    }

    #[test]
    fn lines_keep_their_numbers() {
        let found: Vec<_> = lines("\u{feff}Xi\r\n\n  # a remark\nNATO ".as_bytes()).collect();
        assert_eq!(found, [(1, &b"Xi"[..]), (4, b"NATO")]);
    }
}
