//! Articles that are copies of each other: folded in a list of hits, and listed by themselves.
//!
//! Nothing is kept about clusters: they are found anew among the articles at hand, all of the index or the matches of a query, from
//! the sketches that are stored with them. [`clusters`] does that.

mod clusters;

use std::cmp::Reverse;

use article::{Place, Source};
use engine::{Cluster, Copies, CopiesRequest, Member, SearchError};
use schema::Sketch;
use tantivy::DocAddress;
use tantivy::columnar::Column;

use crate::deadline::Deadline;
use crate::local::{LocalEngine, in_time};
use crate::passages::title;
use crate::top::Ranked;
use clusters::Clusters;

/// Hits without those that are copies of a better one.
pub(crate) struct Folded {
    /// The hits that are left, in their order, with the number of their copies.
    pub(crate) hits: Vec<(Ranked, u64)>,
    /// How many there were.
    pub(crate) articles: u64,
    /// How many of them have no date.
    pub(crate) undated: u64,
}

/// The articles of a cluster by their places in a list.
type Group = Vec<usize>;

impl LocalEngine {
    /// Folds all hits of a query.
    pub(crate) fn fold(&self, hits: Vec<Ranked>, deadline: &Deadline) -> Result<Folded, SearchError> {
        let sketches = self.sketches(hits.iter().map(|hit| hit.address), deadline);
        let sketches = in_time(deadline, sketches.map_err(|error| self.failed("reading sketches", error))?)?;
        let mut clusters = in_time(deadline, Clusters::of(&sketches, deadline))?;
        let mut copies = vec![0; hits.len()];
        for place in 0..hits.len() {
            copies[clusters.first(place)] += 1;
        }
        let articles = hits.len() as u64;
        let undated = hits.iter().filter(|hit| self.day(hit.address).is_none()).count() as u64;
        let left = hits.into_iter().zip(copies).filter(|(_, count)| *count > 0);
        let hits = left.map(|(hit, count)| (hit, count - 1)).collect();
        Ok(Folded { hits, articles, undated })
    }

    /// The clusters of all articles.
    pub(crate) fn run_copies(&self, request: CopiesRequest) -> Result<Copies, SearchError> {
        let deadline = self.deadline();
        let readers = (0..).zip(self.searcher.segment_readers());
        let addresses: Vec<DocAddress> = readers
            .flat_map(|(segment, reader)| {
                reader.doc_ids_alive().map(move |doc| DocAddress::new(segment, doc))
            })
            .collect();
        let failed = |error| self.failed("reading sketches", error);
        let sketches = self.sketches(addresses.iter().copied(), &deadline).map_err(failed)?;
        let sketches = in_time(&deadline, sketches)?;
        let mut groups = if request.exact {
            in_time(&deadline, self.equal_articles(&addresses, &sketches, &deadline)?)?
        } else {
            groups(&mut Clusters::of(&sketches, &deadline), addresses.len())
        };
        let size = |group: &Group| group.iter().map(|&place| self.places(addresses[place])).sum::<u64>();
        groups.retain(|group| size(group) > 1);
        in_time(&deadline, ())?;
        let earliest = |group: &Group| {
            let order = |&place: &usize| {
                let day = self.day(addresses[place]);
                (day.is_none(), day, self.key(addresses[place]))
            };
            group.iter().map(order).min()
        };
        groups.sort_by_cached_key(|group| (Reverse(size(group)), earliest(group)));
        let (count, articles) = (groups.len() as u64, groups.iter().map(size).sum());
        let mut clusters = Vec::new();
        for group in groups.iter().take(request.limit) {
            clusters.push(self.cluster(group, &addresses, &sketches, &deadline)?);
        }
        Ok(Copies { clusters, count, articles })
    }

    /// The sketches of articles, in their order.
    fn sketches(
        &self,
        addresses: impl Iterator<Item = DocAddress>,
        deadline: &Deadline,
    ) -> tantivy::Result<Vec<Option<Sketch>>> {
        let readers = self.searcher.segment_readers();
        let columns: Vec<Column<u64>> =
            readers.iter().map(|reader| reader.fast_fields().u64("sketch")).collect::<Result<_, _>>()?;
        let mut sketches = Vec::new();
        for address in addresses {
            if deadline.is_over() {
                break;
            }
            let column = &columns[address.segment_ord as usize];
            sketches.push(Sketch::of_numbers(column.values_for_doc(address.doc_id)));
        }
        Ok(sketches)
    }

    /// Groups of articles that have one id and one text; one alone is a group too. Where the time is over, some are missing.
    fn equal_articles(
        &self,
        addresses: &[DocAddress],
        sketches: &[Option<Sketch>],
        deadline: &Deadline,
    ) -> Result<Vec<Group>, SearchError> {
        let (mut named, mut groups) = (Vec::new(), Vec::new());
        for (place, (address, sketch)) in addresses.iter().zip(sketches).enumerate() {
            let Some(sketch) = sketch else {
                groups.push(vec![place]);
                continue;
            };
            let columns = &self.segments[address.segment_ord as usize].columns;
            named.push((*sketch, columns.id_start(address.doc_id), place));
        }
        named.sort_unstable();
        for alike in named.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            if let [(.., place)] = alike {
                groups.push(vec![*place]);
                continue;
            }
            // These are few, but a sketch can be the same though some words are not.
            let mut texts = Vec::with_capacity(alike.len());
            for &(_, _, place) in alike {
                if deadline.is_over() {
                    return Ok(groups);
                }
                texts.push((self.id_and_text(addresses[place])?, place));
            }
            texts.sort_unstable();
            let equal = texts.chunk_by(|a, b| a.0 == b.0);
            groups.extend(equal.map(|equal| equal.iter().map(|(_, place)| *place).collect()));
        }
        Ok(groups)
    }

    /// Reads what is shown of a cluster.
    fn cluster(
        &self,
        group: &Group,
        addresses: &[DocAddress],
        sketches: &[Option<Sketch>],
        deadline: &Deadline,
    ) -> Result<Cluster, SearchError> {
        let mut members = Vec::with_capacity(group.len());
        for &place in group {
            if deadline.is_over() {
                break;
            }
            let stored = self.fetch(addresses[place])?;
            let (source, title) = (stored.source(), title(&stored).map_err(|error| self.damaged(error))?);
            let lines_are_file_lines = source.lines_are_file_lines;
            let also = stored.also().into_iter();
            let also = also.map(|Place { path, line }| Source { path, line, lines_are_file_lines });
            let (id, date) = (stored.card.id, stored.card.date);
            let first = Member { id, source, title, date, exact: true, overlap: 1.0 };
            let others = also.map(|source| Member { source, ..first.clone() });
            members.extend(others.chain([first.clone()]).map(|member| (member, place)));
        }
        in_time(deadline, ())?;
        let order = |member: &Member| {
            (member.date.is_none(), member.date, member.source.path.clone(), member.source.line)
        };
        members.sort_by_cached_key(|(member, _)| order(member));
        if let Some((first, first_place)) = members.first().cloned()
            && let Some(sketch) = sketches[first_place]
        {
            let mut first_text = None;
            for (member, place) in members.iter_mut().filter(|(_, place)| *place != first_place) {
                let Some(other) = sketches[*place] else { continue };
                let steps = sketch.length().abs_diff(other.length());
                member.overlap = Sketch::overlap(sketch.matches(&other), steps);
                member.exact = false;
                if other == sketch && member.id == first.id {
                    in_time(deadline, ())?;
                    if first_text.is_none() {
                        first_text = Some(self.id_and_text(addresses[first_place])?.1);
                    }
                    member.exact = first_text == Some(self.id_and_text(addresses[*place])?.1);
                }
            }
        }
        Ok(Cluster { articles: members.into_iter().map(|(member, _)| member).collect() })
    }

    /// What two articles must have alike to be called the same.
    fn id_and_text(&self, address: DocAddress) -> Result<(String, String), SearchError> {
        let stored = self.fetch(address)?;
        let text = stored.whole_text().map_err(|error| self.damaged(error))?;
        Ok((stored.card.id, text))
    }

    fn day(&self, address: DocAddress) -> Option<i64> {
        self.segments[address.segment_ord as usize].columns.dates.first(address.doc_id)
    }

    fn places(&self, address: DocAddress) -> u64 {
        self.segments[address.segment_ord as usize].columns.places(address.doc_id)
    }

    fn key(&self, address: DocAddress) -> u64 {
        self.segments[address.segment_ord as usize].columns.key(address.doc_id)
    }
}

/// The clusters; one article alone is a cluster too.
fn groups(clusters: &mut Clusters, articles: usize) -> Vec<Group> {
    let mut firsts: Vec<(usize, usize)> = (0..articles).map(|place| (clusters.first(place), place)).collect();
    firsts.sort_unstable();
    let groups = firsts.chunk_by(|a, b| a.0 == b.0);
    groups.map(|group| group.iter().map(|(_, place)| *place).collect()).collect()
}
