//! Which of many sketches belong together, without comparing each with each.
//!
//! Copies agree in some of their bins. So for every band, a choice of two or three bins, the sketches are sorted by these bins, and
//! only those that have the same values in a band are compared (locality-sensitive hashing, Indyk and Motwani 1998). What is found
//! to be a copy is joined to one cluster, and copies of copies with it.
//!
//! At [`LEAST_MATCHES`], 16 of 63 bins, one of the 124 pairs finds nearly all copies. But an unlike text meets one in 65,536 by
//! chance in each, and a million sketches would cost a hundred times as much as a hundred thousand. Beyond [`PAIRED`] sketches the
//! bands are therefore 252 of three bins, of which one finds 97 %. Most sketches have values there that no other has, which sets of bits
//! tell, so that few are sorted. A million sketches took 12 s of a processor.

use std::panic::resume_unwind;
use std::thread;

use rustc_hash::FxHashMap;
use schema::{BINS, Sketch};

use crate::deadline::Deadline;

/// Two articles are copies where the shorter one has this part of its shingles from the longer one. On the labelled set of the tests
/// (`query/tests/it/copies.rs`: 5,508 stories of newswire, and 1,690 copies of 1,127 of them that were edited, cut, put between an
/// agency's words, or two of these) the clusters of a rule with that threshold have
///
/// | overlap   | 0.4   | 0.45  | 0.5   | 0.55  | 0.6   |
/// |-----------|-------|-------|-------|-------|-------|
/// | recall    | 1.000 | 0.999 | 0.993 | 0.986 | 0.975 |
/// | precision | 0.806 | 0.901 | 0.946 | 0.978 | 0.989 |
///
/// What is found wrongly are notices of one form: bonds that are issued reach 0.5, stories of one event that share their background 0.3. By
/// resemblance alone no threshold would do: that of a story and its edited half is 0.3, that of two such notices 0.35.
const LEAST_OVERLAP: f32 = 0.55;

/// The same where the shorter article has fewer than [`SHORT`] shingles: notices of a few lines are often written after a form.
const LEAST_OVERLAP_OF_SHORT: f32 = 0.8;

const SHORT: u32 = 45;

/// In fewer bins, a quarter, two articles of very unlike lengths may agree by chance or by a passage that many have.
const LEAST_MATCHES: u8 = 16;

/// The most sketches for which bands have two bins.
const PAIRED: usize = 10_000;

/// The most sketches that one thread compares.
const SEQUENTIAL: usize = 20_000;

/// How often all bins are dealt out to bands of two and of three.
const DEALS: [usize; 2] = [4, 12];

/// Of a bucket so many unlike sketches are kept to compare others with: a bucket costs no more than its size many times that.
const MOST_LEADERS: usize = 64;

/// Articles, joined to clusters. Each is known by its place in a list.
#[derive(Clone)]
pub(crate) struct Clusters {
    /// For each article one before it in the same cluster, or itself.
    parents: Vec<u32>,
}

impl Clusters {
    /// The clusters of articles with these sketches. One without a sketch is alone.
    pub(crate) fn of(sketches: &[Option<Sketch>], deadline: &Deadline) -> Clusters {
        let mut clusters = Clusters { parents: (0..sketches.len() as u32).collect() };
        let distinct = clusters.join_equal(sketches);
        let (columns, bands) = (columns(&distinct), bands(distinct.len()));
        let threads = if distinct.len() > SEQUENTIAL { processors() } else { 1 };
        let parts: Vec<Clusters> = thread::scope(|scope| {
            let part = |number: usize| {
                let (clusters, bands) = (clusters.clone(), bands.iter().skip(number).step_by(threads));
                let (columns, distinct) = (&columns, &distinct);
                scope.spawn(move || clusters.joined_by_bands(bands, columns, distinct, deadline))
            };
            let parts: Vec<_> = (0..threads).map(part).collect();
            let parts = parts.into_iter();
            parts.map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
        });
        let mut parts = parts.into_iter();
        let mut clusters = parts.next().unwrap_or(clusters);
        for part in parts {
            (0..).zip(&part.parents).for_each(|(article, parent)| clusters.join(article, *parent));
        }
        clusters
    }

    /// Joins what is found in some bands.
    fn joined_by_bands<'a>(
        mut self,
        bands: impl Iterator<Item = &'a Vec<usize>>,
        columns: &[Vec<u8>],
        sketches: &[(Sketch, u32)],
        deadline: &Deadline,
    ) -> Clusters {
        let rule = Agreement::new();
        let mut sorter = Sorter::new(sketches.len());
        for band in bands {
            let sorted = sorter.sort(columns, band);
            for bucket in sorted.chunk_by(|a, b| a >> 32 == b >> 32).filter(|bucket| bucket.len() > 1) {
                if deadline.is_over() {
                    return self;
                }
                self.join_bucket(bucket, sketches, &rule);
            }
        }
        self
    }

    /// The first article of the cluster of an article.
    pub(crate) fn first(&mut self, article: usize) -> usize {
        self.root(article as u32) as usize
    }

    /// Joins articles with one sketch. The first of each comes out: however often a text is there, it is compared once. They are in the order
    /// of their sketches, so that what is found does not depend on that of the articles.
    fn join_equal(&mut self, sketches: &[Option<Sketch>]) -> Vec<(Sketch, u32)> {
        let mut firsts = FxHashMap::default();
        let mut distinct = Vec::new();
        for (article, sketch) in (0..).zip(sketches) {
            let Some(sketch) = sketch else { continue };
            let first = *firsts.entry(sketch).or_insert(article);
            if first == article {
                distinct.push((*sketch, article));
            } else {
                self.join(first, article);
            }
        }
        distinct.sort_unstable();
        distinct
    }

    /// Compares the sketches of a bucket.
    fn join_bucket(&mut self, bucket: &[u64], sketches: &[(Sketch, u32)], rule: &Agreement) {
        let mut leaders: Vec<&(Sketch, u32)> = Vec::new();
        for &entry in bucket {
            let Some(one) = sketches.get(entry as u32 as usize) else { continue };
            let root = self.root(one.1);
            let mut is_known = false;
            for leader in &leaders {
                if self.root(leader.1) == root {
                    is_known = true;
                } else if rule.are_copies(&leader.0, &one.0) {
                    self.join(leader.1, one.1);
                    is_known = true;
                }
            }
            if !is_known && leaders.len() < MOST_LEADERS {
                leaders.push(one);
            }
        }
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }

    fn root(&mut self, article: u32) -> u32 {
        let mut article = article;
        loop {
            let parent = self.parents[article as usize];
            if parent == article {
                return article;
            }
            let above = self.parents[parent as usize];
            self.parents[article as usize] = above;
            article = above;
        }
    }
}

/// In how many bins two sketches must agree, by the difference of their lengths.
struct Agreement {
    usual: [u8; 256],
    /// Where the shorter article is short.
    short: [u8; 256],
    /// The length from which it is not.
    limit: u8,
}

impl Agreement {
    fn new() -> Agreement {
        let [usual, short] = [LEAST_OVERLAP, LEAST_OVERLAP_OF_SHORT].map(Agreement::table);
        Agreement { usual, short, limit: Sketch::length_of(SHORT) }
    }

    fn table(overlap: f32) -> [u8; 256] {
        let mut table = [BINS as u8; 256];
        for (least, steps) in table.iter_mut().zip(0..=255) {
            let enough = |matches: &u8| Sketch::overlap(*matches, steps) >= overlap;
            *least = (LEAST_MATCHES..BINS as u8).find(enough).unwrap_or(BINS as u8);
        }
        table
    }

    fn are_copies(&self, a: &Sketch, b: &Sketch) -> bool {
        let is_short = a.length().min(b.length()) < self.limit;
        let table = if is_short { &self.short } else { &self.usual };
        a.matches(b) >= table[usize::from(a.length().abs_diff(b.length()))]
    }
}

/// The values of each bin one after the other: a band is read from a few of these lists.
fn columns(sketches: &[(Sketch, u32)]) -> Vec<Vec<u8>> {
    let mut columns: Vec<Vec<u8>> = (0..BINS).map(|_| Vec::with_capacity(sketches.len())).collect();
    for (sketch, _) in sketches {
        columns.iter_mut().zip(sketch.bins()).for_each(|(column, value)| column.push(*value));
    }
    columns
}

/// The bins of each band. All bins are dealt out, as cards are, several times in other orders.
fn bands(sketches: usize) -> Vec<Vec<usize>> {
    let (size, deals) = if sketches > PAIRED { (3, DEALS[1]) } else { (2, DEALS[0]) };
    let mut bins: Vec<usize> = (0..BINS).collect();
    let mut random: u64 = 1;
    let mut bands = Vec::new();
    for _ in 0..deals {
        for place in (1..BINS).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            bins.swap(place, (random >> 33) as usize % (place + 1));
        }
        bands.extend(bins.chunks_exact(size).map(<[usize]>::to_vec));
    }
    bands
}

/// Sorts sketches by the values of a band.
struct Sorter {
    /// The values of each sketch as one number.
    values: Vec<u32>,
    /// Numbers that were met, and numbers that were met again, by some bits of a hash. They are so small that they stay in the
    /// caches of a processor.
    once: BitSet,
    again: BitSet,
    sorted: Vec<u64>,
}

impl Sorter {
    fn new(sketches: usize) -> Sorter {
        Sorter {
            values: vec![0; sketches],
            once: BitSet::new(sketches * 8),
            again: BitSet::new(sketches),
            sorted: Vec::new(),
        }
    }

    /// The sketches whose values others may have too: the values are the upper half of each number, the place of the sketch is the
    /// lower half.
    fn sort(&mut self, columns: &[Vec<u8>], band: &[usize]) -> &[u64] {
        let Sorter { values, once, again, sorted } = self;
        values.fill(0);
        for &bin in band {
            values
                .iter_mut()
                .zip(&columns[bin])
                .for_each(|(all, value)| *all = *all << 8 | u32::from(*value));
        }
        once.bits.fill(0);
        again.bits.fill(0);
        for &values in values.iter() {
            if once.insert(values) {
                again.insert(values);
            }
        }
        let entries = (0..).zip(values.iter()).filter(|(_, values)| again.has(**values));
        sorted.clear();
        sorted.extend(entries.map(|(place, values): (u64, _)| u64::from(*values) << 32 | place));
        sorted.sort_unstable();
        sorted
    }
}

/// A set of numbers that has those that were put in, and by chance some others.
struct BitSet {
    bits: Vec<u64>,
    shift: u32,
}

impl BitSet {
    fn new(bits: usize) -> BitSet {
        let bits = bits.next_power_of_two().max(64);
        BitSet { bits: vec![0; bits / 64], shift: u64::BITS - bits.ilog2() }
    }

    fn place(&self, number: u32) -> (usize, u64) {
        let hash = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        ((hash / 64) as usize, 1 << (hash % 64))
    }

    fn has(&self, number: u32) -> bool {
        let (place, bit) = self.place(number);
        self.bits[place] & bit != 0
    }

    /// Puts a number in; was it there?
    fn insert(&mut self, number: u32) -> bool {
        let (place, bit) = self.place(number);
        let was = self.bits[place];
        self.bits[place] = was | bit;
        was & bit != 0
    }
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sketches that agree in about a part of their bins with one that is made from a seed.
    fn like(seed: u64, part: f64, random: &mut fastrand::Rng) -> Sketch {
        let mut origin = fastrand::Rng::with_seed(seed);
        let mut bytes: Vec<u8> = (0..=BINS).map(|_| origin.u8(..)).collect();
        for byte in &mut bytes[..BINS] {
            if random.f64() > part {
                *byte = random.u8(..);
            }
        }
        bytes[BINS] = 100;
        let numbers = bytes.as_chunks().0.iter().map(|bytes| u64::from_le_bytes(*bytes));
        Sketch::of_numbers(numbers).unwrap()
    }

    fn clusters(sketches: Vec<Sketch>) -> Vec<usize> {
        let sketches: Vec<_> = sketches.into_iter().map(Some).collect();
        let mut clusters = Clusters::of(&sketches, &Deadline::default());
        (0..sketches.len()).map(|article| clusters.first(article)).collect()
    }

    #[test]
    fn copies_are_found_among_many_others_by_pairs_and_by_triples() {
        for others in [1_000, 30_000] {
            let mut random = fastrand::Rng::with_seed(1);
            let mut sketches: Vec<Sketch> =
                (0..others).map(|seed| like(1_000_000 + seed, 1.0, &mut random)).collect();
            sketches.extend((0..1_000).map(|seed| like(seed, 1.0, &mut random)));
            sketches.extend((0..1_000).map(|seed| like(seed, 0.6, &mut random)));
            let first = others as usize;
            let clusters = clusters(sketches);
            assert!(clusters[..first].iter().enumerate().all(|(place, cluster)| place == *cluster));
            let found = (0..1_000).filter(|place| clusters[first + 1_000 + place] == first + place).count();
            assert!(found > 980, "{found} of 1000 among {others}");
        }
    }

    #[test]
    fn nearly_all_copies_at_the_threshold_come_into_one_bucket() {
        for (sketches, matches) in [(1_000, LEAST_MATCHES), (1_000_000, LEAST_MATCHES)] {
            let bands = bands(sketches);
            let mut random = fastrand::Rng::with_seed(2);
            let met = (0..4_000).filter(|_| {
                let agreeing = random.choose_multiple(0..BINS, usize::from(matches));
                bands.iter().any(|band| band.iter().all(|bin| agreeing.contains(bin)))
            });
            let met = met.count();
            assert!(met > 3_880, "{met} of 4000 with {} bands", bands.len());
        }
    }

    #[test]
    fn the_order_of_the_articles_changes_nothing() {
        let mut random = fastrand::Rng::with_seed(5);
        // So many share a passage that not all can be compared, and some share enough of it to be copies.
        let sketches: Vec<Sketch> = (0..1_500).map(|_| like(9, 0.55, &mut random)).collect();
        let together = |order: &[usize]| {
            let clusters = clusters(order.iter().map(|place| sketches[*place]).collect());
            let mut of_cluster = vec![Vec::new(); order.len()];
            order.iter().zip(clusters).for_each(|(place, cluster)| of_cluster[cluster].push(*place));
            of_cluster.iter_mut().for_each(|cluster| cluster.sort_unstable());
            of_cluster.sort_unstable();
            of_cluster
        };
        let mut order: Vec<usize> = (0..sketches.len()).collect();
        let expected = together(&order);
        for _ in 0..2 {
            random.shuffle(&mut order);
            assert_eq!(together(&order), expected);
        }
    }

    #[test]
    fn one_text_any_number_of_times_is_compared_once() {
        let mut random = fastrand::Rng::with_seed(3);
        let sketch = like(7, 1.0, &mut random);
        let mut sketches = vec![sketch; 100_000];
        sketches.push(like(7, 0.8, &mut random));
        sketches.push(like(8, 1.0, &mut random));
        let clusters = clusters(sketches);
        assert!(clusters[..=100_000].iter().all(|cluster| *cluster == 0));
        assert_eq!(clusters[100_001], 100_001);
    }

    #[test]
    fn buckets_of_unlike_texts_stay_cheap() {
        let mut random = fastrand::Rng::with_seed(4);
        // A passage that all share, such as a notice of rights: many bins agree, too few for copies.
        let sketches: Vec<Sketch> = (0..20_000).map(|_| like(9, 0.2, &mut random)).collect();
        let start = std::time::Instant::now();
        clusters(sketches);
        assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    }
}
