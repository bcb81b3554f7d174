//! An order of articles in which those that share words stand together: recursive graph bisection (Dhulipala, Kabiljo, Karrer,
//! Ottaviano, Pupyrev and Shalita 2016; in the simple form that Mackenzie, Petri and Moffat 2021 compare with).
//!
//! The articles are cut into two halves, and articles are exchanged between them as long as that makes the postings shorter, in
//! bits of the gaps between their numbers; then each half is treated alike. Postings get smaller, and the articles that score
//! best for some words come to stand in few blocks, so that more blocks can be skipped.

use std::thread;

/// A list of so few articles is left as it is.
const LEAF: usize = 32;

/// How often articles are exchanged between two halves, at the most.
const ROUNDS: usize = 20;

/// Logarithms up to this number are looked up.
const TABLE: usize = 4096;

/// The terms of every article.
pub(crate) struct Terms {
    /// Where those of an article start in the list, and where those of the last one end.
    pub(crate) starts: Vec<usize>,
    pub(crate) list: Vec<u32>,
    /// How many different terms there are; they are numbered from 0.
    pub(crate) count: usize,
}

impl Terms {
    fn of(&self, article: u32) -> &[u32] {
        let article = article as usize;
        &self.list[self.starts[article]..self.starts[article + 1]]
    }
}

/// The articles in their new order, made on so many threads.
pub(crate) fn order(terms: &Terms, threads: usize) -> Vec<u32> {
    let mut articles: Vec<u32> = (0..terms.starts.len().saturating_sub(1) as u32).collect();
    let logarithms: Vec<f32> = (0..TABLE).map(|number| (number.max(1) as f32).log2()).collect();
    Bisection { terms, logarithms: &logarithms }.halve(&mut articles, threads, None);
    articles
}

#[derive(Clone, Copy)]
struct Bisection<'a> {
    terms: &'a Terms,
    logarithms: &'a [f32],
}

/// What is known of each term while two halves are balanced; all 0 between two uses.
struct Sides {
    left: Vec<Side>,
    right: Vec<Side>,
    /// The terms of the articles.
    present: Vec<u32>,
}

/// A term in one of the halves.
#[derive(Clone, Copy, Default)]
struct Side {
    /// How many articles have it.
    articles: u32,
    /// How many bits its postings lose when one of them goes to the other half.
    gain: f32,
}

impl Sides {
    fn new(terms: usize) -> Sides {
        Sides { left: vec![Side::default(); terms], right: vec![Side::default(); terms], present: Vec::new() }
    }
}

impl Bisection<'_> {
    /// Orders a list of articles.
    fn halve(self, articles: &mut [u32], threads: usize, sides: Option<Sides>) -> Option<Sides> {
        if articles.len() <= LEAF {
            articles.sort_unstable();
            return sides;
        }
        let mut sides = sides.unwrap_or_else(|| Sides::new(self.terms.count));
        self.balance(articles, &mut sides);
        let (left, right) = articles.split_at_mut(articles.len() / 2);
        if threads > 1 {
            thread::scope(|scope| {
                scope.spawn(|| self.halve(left, threads / 2, None));
                self.halve(right, threads - threads / 2, Some(sides))
            })
        } else {
            let sides = self.halve(left, 1, Some(sides));
            self.halve(right, 1, sides)
        }
    }

    /// Exchanges articles between the halves of a list.
    fn balance(self, articles: &mut [u32], sides: &mut Sides) {
        let half = articles.len() / 2;
        let sizes = [half, articles.len() - half].map(|size| (size as f32).log2());
        for (number, &article) in articles.iter().enumerate() {
            for &term in self.terms.of(article) {
                let [left, right] = [&mut sides.left[term as usize], &mut sides.right[term as usize]];
                if left.articles + right.articles == 0 {
                    sides.present.push(term);
                }
                if number < half { left.articles += 1 } else { right.articles += 1 }
            }
        }
        let mut ranked: Vec<(f32, u32)> = Vec::with_capacity(articles.len());
        for _ in 0..ROUNDS {
            self.find_gains(sides, sizes);
            ranked.clear();
            for (number, &article) in articles.iter().enumerate() {
                let side = if number < half { &sides.left } else { &sides.right };
                let gains = self.terms.of(article).iter().map(|&term| side[term as usize].gain);
                ranked.push((gains.sum(), article));
            }
            let (left, right) = ranked.split_at_mut(half);
            for side in [&mut *left, &mut *right] {
                side.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            }
            let mut exchanged = 0;
            for (from_left, from_right) in left.iter_mut().zip(right) {
                if from_left.0 + from_right.0 <= 0.0 {
                    break;
                }
                for &term in self.terms.of(from_left.1) {
                    sides.left[term as usize].articles -= 1;
                    sides.right[term as usize].articles += 1;
                }
                for &term in self.terms.of(from_right.1) {
                    sides.right[term as usize].articles -= 1;
                    sides.left[term as usize].articles += 1;
                }
                std::mem::swap(from_left, from_right);
                exchanged += 1;
            }
            for (place, (_, article)) in articles.iter_mut().zip(&ranked) {
                *place = *article;
            }
            if exchanged == 0 {
                break;
            }
        }
        for term in sides.present.drain(..) {
            sides.left[term as usize] = Side::default();
            sides.right[term as usize] = Side::default();
        }
    }

    /// What is gained when an article that has a term goes to the other half. `sizes` are the logarithms of how many articles
    /// the halves have.
    fn find_gains(self, sides: &mut Sides, [left_size, right_size]: [f32; 2]) {
        for &term in &sides.present {
            let [left, right] = [&mut sides.left[term as usize], &mut sides.right[term as usize]];
            let bits = |left: u32, right: u32| self.bits(left, left_size) + self.bits(right, right_size);
            let (l, r) = (left.articles, right.articles);
            let now = bits(l, r);
            left.gain = if l > 0 { now - bits(l - 1, r + 1) } else { 0.0 };
            right.gain = if r > 0 { now - bits(l + 1, r - 1) } else { 0.0 };
        }
    }

    /// About how many bits the gaps take between so many articles among as many as `size` is the logarithm of.
    fn bits(self, articles: u32, size: f32) -> f32 {
        articles as f32 * (size - self.logarithm(articles as usize + 1))
    }

    fn logarithm(self, number: usize) -> f32 {
        self.logarithms.get(number).copied().unwrap_or_else(|| (number as f32).log2())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(article: u32) -> u32 {
        (article.wrapping_mul(2_654_435_761) >> 9) % 10
    }

    /// Articles of ten topics, mixed, each with terms of its topic and one that others have too.
    fn mixed(articles: u32) -> Terms {
        let mut terms = Terms { starts: vec![0], list: Vec::new(), count: 60 };
        for article in 0..articles {
            terms.list.extend((0..5).map(|term| topic(article) * 5 + term));
            terms.list.push(50 + article / 10 % 10);
            terms.starts.push(terms.list.len());
        }
        terms
    }

    #[test]
    fn every_article_has_one_place() {
        for (articles, threads) in [(0, 1), (1, 2), (33, 1), (1000, 3)] {
            let mut order = order(&mixed(articles), threads);
            order.sort_unstable();
            assert_eq!(order, (0..articles).collect::<Vec<_>>());
        }
    }

    #[test]
    fn articles_that_share_words_come_to_stand_together() {
        let order = order(&mixed(1280), 2);
        let changes = order.windows(2).filter(|pair| topic(pair[0]) != topic(pair[1])).count();
        assert!(changes < 200, "the topic changes {changes} times");
    }

    #[test]
    fn the_order_does_not_depend_on_the_threads() {
        let terms = mixed(500);
        assert_eq!(order(&terms, 1), order(&terms, 4));
    }
}
