use syntax::Query;

/// A search.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchRequest {
    /// What to look for.
    pub query: Query,
    /// How many hits at the most. Any number: no memory is set aside for hits that are not there.
    pub limit: usize,
    /// How many of the best hits to leave out.
    pub offset: usize,
    /// In which order.
    pub sort: Sort,
    /// How many fragments of text a hit shows at the most; 0 for none, which is faster.
    pub fragments: usize,
    /// How its words are looked up.
    pub lookup: Lookup,
    /// Leave out hits that are copies of a better one, and count them on it. `limit` and `offset` count what is left.
    pub fold: bool,
    /// Also count all articles that match, which can take longer than finding the best.
    pub count: bool,
    /// Also say where the time went.
    pub phases: bool,
}

/// How the words of a query are looked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lookup {
    /// In menus, banners, links and footers as well.
    pub raw: bool,
    /// A bare word finds every word of the same English stem; phrases, patterns and `=ACRONYMS` stay exact.
    pub stem: bool,
}

impl SearchRequest {
    /// The ten best hits with two fragments each, and their number.
    pub fn new(query: Query) -> SearchRequest {
        SearchRequest {
            query,
            limit: 10,
            offset: 0,
            sort: Sort::Score,
            fragments: 2,
            lookup: Lookup::default(),
            fold: false,
            count: true,
            phases: false,
        }
    }
}

/// The order of hits. Ties go by id; copies under one id come in an order that is the same every time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Best first.
    #[default]
    Score,
    /// Oldest first, undated last.
    DateAscending,
    /// Newest first, undated last.
    DateDescending,
    /// By id.
    Id,
}

/// A question for articles that are copies of each other. Two articles are copies when the shorter one has more than half of
/// its text, by runs of words, from the longer one, as edited, cut or prefixed wire copies have; copies of a copy are copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopiesRequest {
    /// Only articles with the same id and the same text, and such as were read from several places.
    pub exact: bool,
    /// How many clusters at the most.
    pub limit: usize,
}
