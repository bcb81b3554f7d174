//! `morgue dups`: articles that are copies of each other.

use std::collections::HashSet;
use std::io::{self, Write};

use engine::{Cluster, Copies, CopiesRequest, Engine};

use super::is_talkative;
use crate::args::{Args, DupsArgs};
use crate::collection;
use crate::failure::Failure;
use crate::output::{Outcome, Output};
use crate::render::{counted, grouped, json, lines, terminal};

pub(crate) fn run(args: &Args, dups: &DupsArgs) -> Result<Outcome, Failure> {
    let engine = collection::open(args)?.with_timeout(dups.timeout);
    let request = CopiesRequest { exact: dups.exact, limit: dups.limit.unwrap_or(usize::MAX) };
    let copies = engine.copies(&request).map_err(|error| Failure::search(error, ""))?;
    let mut out = Output::open();
    print(&mut out, dups, &copies.clusters)?;
    out.flush()?;
    if copies.count == 0 {
        say!("no article is a copy of another");
    } else if is_talkative(args) {
        summarise(&copies);
    }
    Ok(Outcome::of(copies.count))
}

fn print(out: &mut Output, dups: &DupsArgs, clusters: &[Cluster]) -> io::Result<()> {
    let mut paths = HashSet::new();
    for (number, cluster) in (1..).zip(clusters) {
        if dups.files || dups.null {
            for member in &cluster.articles {
                if paths.insert(&member.source.path) {
                    lines::path(out, None, &member.source.path, if dups.null { 0 } else { b'\n' })?;
                }
            }
        } else if dups.json {
            json::cluster(out, number, cluster)?;
        } else if out.is_terminal {
            terminal::cluster(out, number, cluster)?;
        } else {
            lines::cluster(out, number, cluster)?;
        }
    }
    Ok(())
}

fn summarise(copies: &Copies) {
    let (articles, count) = (counted(copies.articles, "article"), counted(copies.count, "cluster"));
    say!("{articles} in {count}: {} without copies", grouped(copies.count));
}
