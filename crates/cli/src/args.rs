//! The arguments, as people write them.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};

/// Full-text search for collections of articles.
///
/// Point it at a folder of articles and get ranked answers:
/// `morgue index articles/` once, then `morgue search 'Xi AND NATO'`.
#[derive(Debug, Parser)]
#[command(name = "morgue", version, max_term_width = 100, arg_required_else_help = true)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Args {
    /// Folder of the index.
    #[arg(long, value_name = "DIR", env = "MORGUE_INDEX", global = true)]
    pub(crate) index: Option<PathBuf>,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN", global = true)]
    pub(crate) color: Color,
    /// Say more on standard error: how the query was read, how many articles matched.
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build an index or bring it up to date.
    Index(IndexArgs),
    /// Make the index smaller and faster: one segment, with articles of like words next to each other. Brings an index of an older
    /// version to this one.
    Optimize,
    /// Check every file of the index for damage, and repair it. Exit 0: it is sound, or was made whole; 1: it is damaged; 2: it
    /// cannot be checked.
    Check(CheckArgs),
    /// Find articles, best first, with the sentences that match.
    Search(SearchArgs),
    /// Print how many articles match.
    Count(CountArgs),
    /// List articles that are copies of each other: the same, edited, cut, or with other words around them.
    Dups(DupsArgs),
    /// Print an article as it was understood.
    Show(ShowArgs),
    /// Print how a query is understood, and why an article has its score.
    Explain(ExplainArgs),
    /// Print what the index is made of.
    Stats(StatsArgs),
    /// Time a workload of queries.
    Bench(BenchArgs),
    /// Who the actors are: what @nato stands for.
    Actors(ActorsArgs),
    /// Print help on a command, or on the query language: `morgue help query`.
    Help {
        /// A command, or `query`.
        topic: Option<String>,
    },
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

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
    /// Read every file as this format, whatever its name and content say: text, html, csv, ...
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
    /// Index hidden files and folders too.
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Do not respect .gitignore and .ignore.
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Follow symbolic links inside folders.
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

/// How a query text is read.
#[derive(Debug, Group)]
#[allow(clippy::struct_excessive_bools)] // each is a flag people type
pub(crate) struct QueryArgs {
    /// The query, such as 'Xi AND NATO'. Words given apart are joined by spaces.
    #[arg(required_unless_present = "queries", value_name = "QUERY")]
    pub(crate) query: Vec<String>,
    /// Answer the queries of a file, one a line; `-` is standard input. Empty lines and lines that begin with `#` are passed
    /// over. What is printed begins with the number of the query's line.
    #[arg(short = 'f', long = "file", value_name = "FILE", conflicts_with = "query")]
    pub(crate) queries: Option<PathBuf>,
    /// How many queries of a file to answer at once; default: as many as the machine has processors.
    #[arg(short = 'j', long, value_name = "N", conflicts_with = "query", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Say on standard error where the time went.
    #[arg(long)]
    pub(crate) stats: bool,
    /// Words side by side are joined by OR instead of AND.
    #[arg(long)]
    pub(crate) any: bool,
    #[command(flatten)]
    pub(crate) lookup: LookupArgs,
    /// Leave out articles that are copies of a better hit, and say how many those are; count what is left. See `morgue dups`.
    #[arg(long)]
    pub(crate) fold_dups: bool,
    /// Give up after this time, such as 500ms or 5s, without an answer.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) timeout: Option<Duration>,
    #[command(flatten)]
    pub(crate) actors: ActorsFile,
}

/// How words are looked up.
#[derive(Clone, Copy, Debug, Group)]
pub(crate) struct LookupArgs {
    /// Search menus, banners, links and footers too.
    #[arg(long)]
    raw: bool,
    /// A bare word finds every word of the same English stem; phrases and patterns stay exact.
    #[arg(long)]
    stem: bool,
}

impl From<LookupArgs> for engine::Lookup {
    fn from(args: LookupArgs) -> engine::Lookup {
        engine::Lookup { raw: args.raw, stem: args.stem }
    }
}

/// Where actors come from besides those that are built in.
#[derive(Clone, Debug, Group)]
pub(crate) struct ActorsFile {
    /// A file of actors that adds to or replaces the built-in ones; default: actors.toml, where there is one.
    #[arg(long = "actors", value_name = "FILE", env = "MORGUE_ACTORS")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub(crate) struct ActorsArgs {
    #[command(subcommand)]
    pub(crate) command: ActorsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ActorsCommand {
    /// List actors, tab-separated: id, kind, name, forms.
    List {
        /// Only those whose id, name or a form has this text.
        filter: Option<String>,
        #[command(flatten)]
        actors: ActorsFile,
    },
    /// Print how many articles have each form of some actors.
    Test {
        /// Ids, with or without the @.
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        actors: ActorsFile,
    },
    /// Print forms that stand for more than one actor; exit 1 when one of your own actors has any.
    Check {
        #[command(flatten)]
        actors: ActorsFile,
    },
}

/// A search and its form.
#[derive(Debug, Group)]
#[allow(clippy::struct_excessive_bools)] // each is a flag people type
pub(crate) struct SearchArgs {
    #[command(flatten)]
    pub(crate) query: QueryArgs,
    /// How many hits at the most.
    #[arg(short = 'n', long, default_value_t = 10, value_name = "N")]
    pub(crate) limit: usize,
    /// Leave out so many of the first hits.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) offset: usize,
    /// The order of hits; undated articles come last by date.
    #[arg(long, value_enum, default_value_t = SortArg::Score, allow_hyphen_values = true, value_name = "ORDER")]
    pub(crate) sort: SortArg,
    /// How many fragments of text a hit shows at the most.
    #[arg(long, default_value_t = 2, value_name = "N")]
    pub(crate) snippets: usize,
    /// Print the form: text is drawn on a terminal and `path:line:text` in a pipe.
    #[arg(long, value_enum, default_value_t = Format::Text, conflicts_with = "json")]
    pub(crate) format: Format,
    /// The same as --format json.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the paths of the files only.
    #[arg(short = 'l', long, conflicts_with_all = ["json", "format", "count"])]
    pub(crate) files: bool,
    /// End each path with a NUL byte, for xargs -0. Implies -l.
    #[arg(short = '0', long, conflicts_with_all = ["json", "format", "count"])]
    pub(crate) null: bool,
    /// Print the number of articles that match only.
    #[arg(short = 'c', long, conflicts_with_all = ["json", "format"])]
    pub(crate) count: bool,
    /// Print nothing; the exit code says whether there are hits.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Group)]
pub(crate) struct CountArgs {
    #[command(flatten)]
    pub(crate) query: QueryArgs,
}

/// Which copies, and their form.
#[derive(Debug, Group)]
#[allow(clippy::struct_excessive_bools)] // each is a flag people type
pub(crate) struct DupsArgs {
    /// Only articles with the same id and the same text.
    #[arg(long)]
    pub(crate) exact: bool,
    /// How many clusters at the most, the largest first; default: all.
    #[arg(short = 'n', long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Print an object for each cluster, one a line.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the paths of the files only.
    #[arg(short = 'l', long, conflicts_with = "json")]
    pub(crate) files: bool,
    /// End each path with a NUL byte, for xargs -0. Implies -l.
    #[arg(short = '0', long, conflicts_with = "json")]
    pub(crate) null: bool,
    /// Give up after this time, such as 500ms or 5s, without an answer.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) timeout: Option<Duration>,
}

#[derive(Debug, Group)]
pub(crate) struct ShowArgs {
    /// The article's id, or the path of its file.
    #[arg(value_name = "ID|PATH")]
    pub(crate) article: String,
    /// Show every line with its number and what it was taken for.
    #[arg(long, conflicts_with = "json")]
    pub(crate) anatomy: bool,
    /// Show menus, banners, links and footers too.
    #[arg(long)]
    pub(crate) raw: bool,
    /// Print as JSON, one article a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Group)]
pub(crate) struct ExplainArgs {
    /// The query.
    #[arg(value_name = "QUERY")]
    pub(crate) query: String,
    /// An article, by its id or path: why does it have its score?
    #[arg(value_name = "ID|PATH")]
    pub(crate) article: Option<String>,
    /// Words side by side are joined by OR instead of AND.
    #[arg(long)]
    pub(crate) any: bool,
    #[command(flatten)]
    pub(crate) lookup: LookupArgs,
    #[command(flatten)]
    pub(crate) actors: ActorsFile,
}

#[derive(Debug, Group)]
pub(crate) struct StatsArgs {
    /// Print as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// The order of hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortArg {
    /// Best first.
    Score,
    /// Oldest first.
    Date,
    /// Newest first.
    #[value(name = "-date")]
    DateDescending,
    /// By id.
    Id,
}

impl From<SortArg> for engine::Sort {
    fn from(sort: SortArg) -> engine::Sort {
        match sort {
            SortArg::Score => engine::Sort::Score,
            SortArg::Date => engine::Sort::DateAscending,
            SortArg::DateDescending => engine::Sort::DateDescending,
            SortArg::Id => engine::Sort::Id,
        }
    }
}

/// The form of hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: drawn on a terminal, `path:line:text` in a pipe.
    Text,
    /// A line a hit, fields parted by tabs: rank, score, date, id, path, line, title, snippet.
    Plain,
    /// An object a line.
    Json,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, as `NO_COLOR`, `CLICOLOR_FORCE` and `CLICOLOR` say.
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes it the choice of the whole process.
    pub(crate) fn apply(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// Queries a second.
fn parse_rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate: &f64| (0.001..=1e6).contains(rate));
    rate.ok_or_else(|| "write a number of queries a second, such as 200".to_owned())
}

/// A part of one.
fn parse_percent(text: &str) -> Result<f64, String> {
    let percent = text.trim_end_matches('%').trim().parse().ok();
    let percent = percent.filter(|percent: &f64| percent.is_finite() && *percent >= 0.0);
    percent.map(|percent| percent / 100.0).ok_or_else(|| "write a percentage, such as 10%".to_owned())
}

/// Bytes, with an optional unit: `300000000`, `512M`, `2GiB`. Units are powers of 1024.
fn parse_size(text: &str) -> Result<usize, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        _ => return Err("write a number of bytes with K, M or G, such as 512M".to_owned()),
    };
    let number: usize = number.parse().map_err(|_| "write a number first, such as 512M".to_owned())?;
    number.checked_mul(1 << shift).ok_or_else(|| "larger than any memory".to_owned())
}

/// A time with its unit: `500ms`, `5s`, `2m`; a bare number is seconds.
fn parse_time(text: &str) -> Result<Duration, String> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let seconds_a_unit = match unit.trim() {
        "ms" => 1e-3,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        _ => return Err("write a time in ms, s or m, such as 5s".to_owned()),
    };
    let number: f64 = number.parse().map_err(|_| "write a number first, such as 5s".to_owned())?;
    Duration::try_from_secs_f64(number * seconds_a_unit).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(parse_time("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_time("2"), Ok(Duration::from_secs(2)));
        assert!(parse_time("5 years").is_err() && parse_time("s").is_err());
    }

    #[test]
    fn the_arguments_are_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(parse_size("512M"), Ok(512 << 20));
        assert_eq!(parse_size("2GiB"), Ok(2 << 30));
        assert_eq!(parse_size("300"), Ok(300));
        assert!(parse_size("M").is_err() && parse_size("5X").is_err());
    }
}
