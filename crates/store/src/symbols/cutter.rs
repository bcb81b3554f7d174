//! Cutting texts into symbols.
//!
//! The symbols are a tree of their bytes in a double array (J. Aoe, "An efficient digital search algorithm by using a double-array
//! structure", 1989): the child of a node for a byte lies where the node says, exclusive-or that byte, and says which byte it is for.

/// A place where no node is.
const EMPTY: Node = Node { children: NO_CHILDREN, byte: NO_BYTE, symbol: NO_SYMBOL };

/// The byte of a place where no node is.
const NO_BYTE: u16 = 1 << 8;

/// What a node has that is no symbol.
const NO_SYMBOL: u16 = u16::MAX;

/// A node has its children in one row of so many places, a child for each byte at most.
const ROW: usize = 1 << 8;

/// Where a node says that it has children, though it has none: the first row is empty. Those of the root are in the second one.
const NO_CHILDREN: u32 = 0;
const ROOT: u32 = ROW as u32;

/// Cuts texts into symbols, the longest first.
pub(super) struct Cutter {
    nodes: Vec<Node>,
}

#[derive(Clone, Copy)]
struct Node {
    /// Where its children are, exclusive-or their bytes. No other node has the same.
    children: u32,
    byte: u16,
    symbol: u16,
}

impl Cutter {
    /// Of strings, among them every single byte. Their numbers are their places.
    pub(super) fn new<S: AsRef<[u8]>>(strings: &[S]) -> Cutter {
        let strings = strings.iter().map(AsRef::as_ref);
        let mut numbered: Vec<(&[u8], u16)> = strings.zip(0..NO_SYMBOL).collect();
        numbered.sort_unstable();
        let mut tree = Tree::default();
        tree.add(&numbered, 0);
        Cutter { nodes: tree.into_nodes() }
    }

    /// The numbers of the symbols that a text is made of.
    pub(super) fn cut<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = u16> + 'a {
        let mut start = 0;
        std::iter::from_fn(move || {
            let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
            let (symbol, length) = self.longest(rest);
            start += length;
            Some(symbol)
        })
    }

    /// The longest symbol that a text begins with, and its length.
    #[inline]
    fn longest(&self, text: &[u8]) -> (u16, usize) {
        let (mut children, mut symbol, mut length) = (ROOT, NO_SYMBOL, 0);
        for (number, &byte) in (1..).zip(text) {
            let node = self.nodes[(children ^ u32::from(byte)) as usize];
            if node.byte != u16::from(byte) {
                break;
            }
            children = node.children;
            let is_symbol = node.symbol != NO_SYMBOL;
            symbol = if is_symbol { node.symbol } else { symbol };
            length = if is_symbol { number } else { length };
        }
        (symbol, length)
    }
}

/// The nodes before they have places.
#[derive(Default)]
struct Tree {
    nodes: Vec<InTree>,
}

struct InTree {
    symbol: u16,
    /// The most frequent symbol that is it or below it.
    first: u16,
    /// Bytes and numbers.
    children: Vec<(u8, usize)>,
}

impl Tree {
    /// Adds the node that is the first bytes of all these strings, which are in order, and those below it.
    fn add(&mut self, mut numbered: &[(&[u8], u16)], depth: usize) -> usize {
        let node = self.nodes.len();
        let first = numbered.iter().map(|(_, number)| *number).min().unwrap_or(NO_SYMBOL);
        self.nodes.push(InTree { symbol: NO_SYMBOL, first, children: Vec::new() });
        while let Some(((string, number), others)) = numbered.split_first()
            && string.len() == depth
        {
            self.nodes[node].symbol = *number;
            numbered = others;
        }
        for strings in numbered.chunk_by(|(a, _), (b, _)| a[depth] == b[depth]) {
            let child = self.add(strings, depth + 1);
            self.nodes[node].children.push((strings[0].0[depth], child));
        }
        node
    }

    /// Gives every node a place: those of the most frequent symbols come to lie together, and the children of the root first of all.
    fn into_nodes(self) -> Vec<Node> {
        let mut places = Places::default();
        let mut children = vec![NO_CHILDREN; self.nodes.len()];
        let mut parents: Vec<usize> =
            (0..self.nodes.len()).filter(|&node| !self.nodes[node].children.is_empty()).collect();
        // Of those alike in this, the first stays first, so that the root, which has all below it, is.
        parents.sort_by_key(|&node| self.nodes[node].first);
        for parent in parents {
            children[parent] = places.take(&self.nodes[parent].children);
        }
        let mut nodes = vec![EMPTY; places.taken.len()];
        for (parent, at) in self.nodes.iter().zip(&children) {
            for &(byte, child) in &parent.children {
                let symbol = self.nodes[child].symbol;
                nodes[(at ^ u32::from(byte)) as usize] =
                    Node { children: children[child], byte: u16::from(byte), symbol };
            }
        }
        nodes
    }
}

/// Which places of the double array are taken.
struct Places {
    /// By a node.
    taken: Vec<bool>,
    /// By the children of a node, as what is exclusive-or'd with their bytes.
    used: Vec<bool>,
    /// By the number of children: where the last node with as many found places. None before that are tried again.
    last: [usize; 257],
}

impl Default for Places {
    /// The first row is nobody's.
    fn default() -> Places {
        Places { taken: vec![true; ROW], used: vec![true; ROW], last: [0; 257] }
    }
}

impl Places {
    /// Finds the first places that suit the children of a node, and takes them.
    fn take(&mut self, children: &[(u8, usize)]) -> u32 {
        let byte = |child: &(u8, usize)| usize::from(child.0);
        let free = (self.last[children.len()]..self.taken.len()).filter(|&place| !self.taken[place]);
        let found = free
            .map(|place| (place, place ^ byte(&children[0])))
            .find(|(_, at)| !self.used[*at] && children.iter().all(|child| !self.taken[at ^ byte(child)]));
        let (place, at) = found.unwrap_or_else(|| {
            let row = self.taken.len();
            self.taken.resize(row + ROW, false);
            self.used.resize(row + ROW, false);
            (row, row)
        });
        self.last[children.len()] = place;
        self.used[at] = true;
        for child in children {
            self.taken[at ^ byte(child)] = true;
        }
        at as u32
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    proptest::proptest! {
        #[test]
        fn a_text_is_cut_into_the_longest_symbols(
            longer: BTreeSet<Vec<u8>>,
            words in proptest::collection::btree_set("[abé]{2,9}", 0..60),
            text in "[abcé]{0,60}",
            anything: Vec<u8>,
        ) {
            let longer = longer.into_iter().chain(words.into_iter().map(String::into_bytes));
            let longer: BTreeSet<Vec<u8>> = longer.filter(|string| string.len() > 1).collect();
            let strings: Vec<Vec<u8>> = (0..=u8::MAX).map(|byte| vec![byte]).chain(longer).collect();
            let cutter = Cutter::new(&strings);
            for text in [text.as_bytes(), &anything] {
                let mut rest = text;
                for symbol in cutter.cut(text) {
                    let fitting = strings.iter().filter(|string| rest.starts_with(string));
                    let symbol = &strings[usize::from(symbol)];
                    proptest::prop_assert_eq!(Some(symbol), fitting.max_by_key(|string| string.len()));
                    rest = &rest[symbol.len()..];
                }
                proptest::prop_assert!(rest.is_empty());
            }
        }
    }
}
