//! The arguments, as people write them.

mod bench;
mod upkeep;
mod values;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::Resettable;
use clap::{Args as Group, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use values::parse_time;

pub(crate) use bench::BenchArgs;
pub(crate) use upkeep::{CheckArgs, IndexArgs};

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

impl Args {
    /// The arguments of this process. A variable of the environment that is empty is as good as none.
    ///
    /// # Errors
    /// When they cannot be understood, and when they ask for help or the version.
    pub(crate) fn read() -> Result<Args, clap::Error> {
        let mut command = without_empty_variables(Args::command());
        let mut matches = command.try_get_matches_from_mut(std::env::args_os())?;
        Args::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    }
}

/// The command, whose options do not come from variables that are empty.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &std::ffi::OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|option| match option.get_env() {
        Some(name) if is_empty(name) => option.env(Resettable::Reset),
        _ => option,
    });
    command.mut_subcommands(without_empty_variables)
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
        /// A command, and one of its own where it has some, or `query`.
        topic: Vec<String>,
    },
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// How a query text is read.
#[derive(Debug, Group)]
#[allow(clippy::struct_excessive_bools)] // each is a flag people type
pub(crate) struct QueryArgs {
    /// The query, such as 'Xi AND NATO'. Words given apart are joined by spaces.
    #[arg(required_unless_present_any = ["queries", "all"], value_name = "QUERY")]
    pub(crate) query: Vec<String>,
    /// Answer the queries of a file, one a line; `-` is standard input. Empty lines and lines that begin with `#` are passed
    /// over. What is printed begins with the number of the query's line.
    #[arg(short = 'f', long = "file", value_name = "FILE", conflicts_with = "query")]
    pub(crate) queries: Option<PathBuf>,
    /// Every article, instead of those that a query finds.
    #[arg(long, conflicts_with_all = ["query", "queries"])]
    pub(crate) all: bool,
    /// How many threads to use; default: as many as the machine has processors. Each answers queries of a file; one query that
    /// has much to look at is parted among them.
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Say on standard error where the time went.
    #[arg(long)]
    pub(crate) stats: bool,
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

/// How words side by side are read, and how words are looked up.
#[derive(Clone, Copy, Debug, Group)]
pub(crate) struct LookupArgs {
    /// Words side by side are joined by OR instead of AND; those with a + before them must all be there.
    #[arg(long)]
    pub(crate) any: bool,
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
    /// The order of hits; undated articles come last by date. Default: score, and -date with --all, where there are no scores.
    #[arg(long, value_enum, allow_hyphen_values = true, value_name = "ORDER")]
    sort: Option<SortArg>,
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

impl SearchArgs {
    /// The order of hits that is asked for, or that makes sense.
    pub(crate) fn order(&self) -> SortArg {
        let default = if self.query.all { SortArg::DateDescending } else { SortArg::Score };
        self.sort.unwrap_or(default)
    }
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
    /// The article's id, or the path of its file, or a line of it as it is printed: `path:line`.
    #[arg(value_name = "ID|PATH|PATH:LINE")]
    pub(crate) article: OsString,
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
    /// An article, by its id or path, or a line of it: why does it have its score? Of several, the best one is explained.
    #[arg(value_name = "ID|PATH|PATH:LINE")]
    pub(crate) article: Option<String>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }
}
