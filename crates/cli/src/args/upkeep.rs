//! The options of `index` and `check`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args as Group;

use super::values::{parse_size, parse_time};

/// What to index.
#[derive(Debug, Group)]
#[allow(clippy::struct_excessive_bools)] // each is a flag people type
pub(crate) struct IndexArgs {
    /// Files and folders; `-` is standard input. Default: what the index was made from before, else seeds/.
    pub(crate) paths: Vec<PathBuf>,
    /// Build it anew from nothing; the old index answers until the new one is complete.
    #[arg(long, conflicts_with = "watch")]
    pub(crate) rebuild: bool,
    /// Go on: bring the index up to date whenever something changes in the files and folders, until interrupted.
    #[arg(long)]
    pub(crate) watch: bool,
    /// Take the articles of these files and folders out of the index, or those of these ids that came from standard input.
    #[arg(long, requires = "paths", conflicts_with_all = ["rebuild", "watch", "strict", "json"])]
    pub(crate) delete: bool,
    /// Exit with 2 when anything was skipped.
    #[arg(long, conflicts_with = "watch")]
    pub(crate) strict: bool,
    /// Read every file as this format, whatever its name and content say: text, html, csv, ... Remembered with the paths: later runs
    /// that do not name them read them so again.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<article::Format>,
    /// What a column of tables, or a key of records, means: title=headline. Needed again in later runs over such files.
    #[arg(long, value_name = "KEY=NAME")]
    pub(crate) map: Vec<String>,
    /// Run this with the path of each file of no known format, and read what it prints. Needed again in later runs.
    #[arg(long, value_name = "COMMAND")]
    pub(crate) pre: Option<PathBuf>,
    /// Run it for files of these names instead, of known formats too: *.pdf
    #[arg(long, value_name = "GLOB", requires = "pre")]
    pub(crate) pre_glob: Vec<String>,
    /// End it where it takes longer for a file, such as 90s or 5m, and pass over the file.
    #[arg(long, value_name = "TIME", value_parser = parse_time, default_value = "60s", requires = "pre")]
    pub(crate) pre_timeout: Duration,
    /// Index hidden files and folders too. Remembered with the paths.
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Do not respect .gitignore and .ignore. Remembered with the paths.
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Follow symbolic links inside folders. Remembered with the paths.
    #[arg(short = 'L', long)]
    pub(crate) follow: bool,
    /// Threads; default: as many as the machine has, up to 8.
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Memory for collecting words before a part of the index is written, such as 512M or 2G.
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub(crate) memory: Option<usize>,
    /// Print events as JSON, one a line.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print errors only.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// How much to check, and whether to repair.
#[derive(Debug, Group)]
pub(crate) struct CheckArgs {
    /// Make a damaged index whole: build it anew from its sources, and take what cannot be read again from what is stored of the
    /// articles. The damaged files are kept in a folder beside it. A sound index is not touched.
    #[arg(long)]
    pub(crate) repair: bool,
    /// Files and folders to read besides those the index was made from, where it does not know them any more.
    #[arg(requires = "repair")]
    pub(crate) paths: Vec<PathBuf>,
    /// How many articles to take from all over the index and compare with their postings.
    #[arg(long, value_name = "N", default_value_t = indexer::SAMPLE, conflicts_with = "repair")]
    pub(crate) sample: u64,
    /// Print what is found as JSON, an object a line, and a last one that sums up.
    #[arg(long)]
    pub(crate) json: bool,
}
