//! The options of `bench`.

use std::path::PathBuf;

use clap::Args as Group;

use super::ActorsFile;
use super::values::{parse_percent, parse_rate};

/// What to time, and how.
#[derive(Debug, Group)]
pub(crate) struct BenchArgs {
    /// The workload: a query a line, its class before it with a tab between, or in a comment, `# class: NAME`, above.
    #[arg(short = 'f', long = "file", value_name = "FILE", required_unless_present = "adapter")]
    pub(crate) workload: Option<PathBuf>,
    /// Timed rounds over the workload, each in an order of its own.
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) rounds: u32,
    /// Rounds before them that are not timed.
    #[arg(long, default_value_t = 2, value_name = "N")]
    pub(crate) warm_up: u32,
    /// Queries in flight at once.
    #[arg(short = 'j', long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: u16,
    /// Queries a second that arrive whether or not the ones before are answered; waiting for its turn counts.
    #[arg(long, value_name = "N", value_parser = parse_rate)]
    pub(crate) rate: Option<f64>,
    /// Before every query evict the index from memory and open it anew, as far as the system lets us.
    #[arg(long, conflicts_with_all = ["threads", "rate"])]
    pub(crate) cold: bool,
    /// Find and rank so many of the best hits, without their text.
    #[arg(long, value_name = "N", conflicts_with = "count")]
    pub(crate) top_k: Option<usize>,
    /// Count the articles that match.
    #[arg(short = 'c', long)]
    pub(crate) count: bool,
    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Save the report, to be a baseline later.
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// Compare with a saved report.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Exit with 1 when the queries have become slower than the baseline by more than this, and not by chance.
    #[arg(long, value_name = "PERCENT", value_parser = parse_percent, requires = "baseline")]
    pub(crate) fail_over: Option<f64>,
    /// Draw what part of the queries was answered within a time.
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) plot: Option<PathBuf>,
    /// Serve an index to a benchmark: each line of standard input is a command, a tab and a query of
    /// search-benchmark-game's language; the answer is a line with a tab and the nanoseconds it took.
    #[arg(long, value_name = "INDEX", conflicts_with_all = ["workload", "cold", "top_k", "count", "json", "save", "baseline", "plot"])]
    pub(crate) adapter: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) actors: ActorsFile,
}
