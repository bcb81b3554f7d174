//! Files and records to [`Article`]s: which files there are, how they are encoded, what format they have, and what
//! each line of an article is.
//!
//! The way of an article: [`walk()`] finds an [`Input`], [`split`] cuts it into [`Record`]s (reading, one after the
//! other), [`parse`] turns a record into an [`Article`] (thinking, on as many threads as there are). A bad file or
//! record is a [`ReadError`] and never stops the rest.
//!
//! Containers are read through: the members of an archive come as if they lay in a folder of its name.
//!
//! This crate must not know how articles are indexed or searched, nor the terminal. It reads no environment and no
//! clock.

mod anatomy;
mod article;
mod command;
mod date;
mod encoding;
mod error;
mod format;
mod id;
mod language;
mod limits;
mod names;
mod open;
mod preprocess;
mod shorten;
mod shown;
mod unpack;
mod walk;

pub use anatomy::{Anatomy, Hints, Recurrences, Recurring, dissect};
pub use article::{Article, Kind, Line, Place, Source};
pub use date::parse as parse_date;
pub use error::ReadError;
pub use format::{
    FORMATS, Format, Mapping, MappingError, Reader, Record, SplitOptions, UnknownFormatName, parse,
    parse_among, split, split_reader,
};
pub use id::of_name as id_of_name;
pub use limits::{Breach, Limits, MOST_LINES};
pub use preprocess::{BadGlob, Preprocessor};
pub use shorten::shortened;
pub use shown::{Shown, acts};
pub use walk::{Input, STANDARD_INPUT, WalkOptions, absolute, walk};
