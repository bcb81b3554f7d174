//! `morgue count`: how many articles match, the number alone.

use super::ask::Ask;
use crate::args::{Args, CountArgs};
use crate::failure::Failure;
use crate::output::Outcome;

pub(crate) fn run(args: &Args, count: &CountArgs) -> Result<Outcome, Failure> {
    Ask::Count.run(args, &count.query)
}
