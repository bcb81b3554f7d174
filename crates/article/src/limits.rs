//! What is not read: articles that are too large, and containers that are made to fill the machine.

use std::fmt;

/// The most lines of an article. Each is looked at, and takes memory of its own meanwhile, so that an article of empty lines would
/// need fifty times its size; one of as many bytes as may be has no more of the usual length.
pub const MOST_LINES: usize = 1 << 20;

/// What is not read. What is over a limit is passed over and named; the rest is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest article, as bytes in its file.
    pub article_bytes: u64,
    /// How many times its packed size a file, or a member of a zip, may become. Text seldom shrinks to a hundredth;
    /// bombs are made of what shrinks to nothing. It holds for what is larger than one article may be.
    pub expansion: u64,
    /// Bytes unpacked at one level of one file: all members of an archive together, or a compressed stream.
    pub unpacked_bytes: u64,
    /// Containers within each other: `a.tar.gz` is two, and a `.gz` in it is the third.
    pub nesting: u32,
    /// Members of all archives of one file.
    pub members: u64,
}

impl Default for Limits {
    /// 64 MiB an article; a thousandfold expansion to at most 1 TiB; six containers within each other; ten million members.
    fn default() -> Limits {
        Limits {
            article_bytes: 64 << 20,
            expansion: 1000,
            unpacked_bytes: 1 << 40,
            nesting: 6,
            members: 10_000_000,
        }
    }
}

/// A limit of containers that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// [`Limits::expansion`].
    Expansion(u64),
    /// [`Limits::unpacked_bytes`].
    Bytes(u64),
    /// [`Limits::nesting`].
    Nesting(u32),
    /// [`Limits::members`].
    Members(u64),
}

impl fmt::Display for Breach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breach::Expansion(times) => write!(formatter, "it unpacks to more than {times} times its size"),
            Breach::Bytes(bytes) => write!(formatter, "it unpacks to more than {bytes} bytes"),
            Breach::Nesting(depth) => {
                write!(formatter, "it lies in {depth} containers, each within the other")
            }
            Breach::Members(count) => write!(formatter, "it has more than {count} members"),
        }
    }
}
