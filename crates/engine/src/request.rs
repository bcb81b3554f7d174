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
