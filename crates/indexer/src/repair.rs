//! Makes a damaged index whole: from the sources where they can be read, else from what is stored of the articles.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::time::Instant;

use article::{Article, Place, STANDARD_INPUT};
use schema::{Generation, MANIFEST_FILE, Manifest, ManifestError, Origin, Prepared, source_key};
use tantivy::TantivyError;

use crate::again::ReadAgain;
use crate::check::{Progress, Verdict, check_place};
use crate::config::Config;
use crate::copies::Carrier;
use crate::error::IndexError;
use crate::generation::Target;
use crate::ledger::{Entry, Ledger};
use crate::live;
use crate::lock::WriterLock;
use crate::pipeline::{Tally, key_of_standard_input, key_of_stored};
use crate::place::IndexPlace;
use crate::report::{Observer, Report};
use crate::roots::is_there;
use crate::salvage::Salvage;
use crate::tidy::generations;
use crate::update::rebuild_into;
use crate::words::is_list;

/// What a repair did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// What was wrong.
    pub verdict: Verdict,
    /// The manifest was written again.
    pub manifest: bool,
    /// What was done about the rest.
    pub action: Action,
}

/// What was done about damage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// Nothing: it is sound.
    #[default]
    Nothing,
    /// These lists of words were made again.
    Words(Vec<PathBuf>),
    /// A new generation was made.
    Rebuilt(Box<Rebuilt>),
}

/// A new generation in the place of a damaged one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// What was read again.
    pub report: Report,
    /// Articles that could not be read again and were taken from what is stored of them.
    pub carried: u64,
    /// What could be had in neither way: the source, and how many articles of it.
    pub lost: Vec<(String, u64)>,
    /// More may be lost: it cannot be told any more what there was.
    pub is_loss_unknown: bool,
    /// Where the damaged files are kept.
    pub aside: Vec<PathBuf>,
}

/// Checks the index of `config`, and makes whole what is damaged. The sources are those of the last run and `config.roots`. A
/// sound index is not touched, and a damaged one answers as well or as badly as before until the new one is complete.
///
/// # Errors
/// When there is no index, another process writes to it, it cannot be read, nothing is left of it, or the engine or the disk fails.
pub fn repair(
    config: &Config,
    observer: &dyn Observer,
    progress: Progress<'_>,
) -> Result<Repaired, IndexError> {
    let place = config.place();
    let mut verdict = check_place(&place, crate::check::SAMPLE, progress)?;
    if verdict.is_sound() {
        return Ok(Repaired { verdict, ..Repaired::default() });
    }
    let _lock = WriterLock::acquire(&place)?;
    let mut damaged = paths(&verdict);
    let manifest = damaged == [place.folder.join(MANIFEST_FILE)] && live::restore(&place)?.is_some();
    if manifest {
        // Without it the check had nothing to look at.
        let rest = check_place(&place, crate::check::SAMPLE, progress)?;
        damaged = paths(&rest);
        verdict.damages.extend(rest.damages);
    }
    let action = if manifest && damaged.is_empty() {
        Action::Nothing
    } else if damaged.iter().all(|path| is_list(path)) {
        mend_words(&place, damaged)?
    } else {
        Action::Rebuilt(Box::new(rebuild(config, &place, observer)?))
    };
    Ok(Repaired { verdict, manifest, action })
}

fn paths(verdict: &Verdict) -> Vec<PathBuf> {
    verdict.damages.iter().map(|finding| finding.path.clone()).collect()
}

/// Makes lists of words again, which needs no article.
fn mend_words(place: &IndexPlace, lists: Vec<PathBuf>) -> Result<Action, IndexError> {
    for path in &lists {
        place.disk().remove_file(path).map_err(IndexError::file(path))?;
    }
    Target::open(place, false)?.tidy_words()?;
    Ok(Action::Words(lists))
}

fn rebuild(config: &Config, place: &IndexPlace, observer: &dyn Observer) -> Result<Rebuilt, IndexError> {
    let start = Instant::now();
    let damaged = damaged_generations(place)?;
    let salvages: Vec<Salvage> =
        damaged.iter().map(|generation| Salvage::open(&generation.folder(&place.folder))).collect();
    let salvage = best(&salvages);
    let known = salvage.and_then(|salvage| salvage.ledger.clone());
    if known.is_none()
        && !config.roots.iter().any(|root| is_there(root))
        && !salvage.is_some_and(Salvage::has_articles)
    {
        let missing = config.roots.first().cloned().map(IndexError::NoSuchPath);
        return Err(missing.unwrap_or_else(|| IndexError::NothingLeft(place.folder.clone())));
    }
    let mut target = Target::replacing_damaged(place)?;
    target.ledger = known.clone().unwrap_or_default();
    // Everything is read, however it looks.
    target.ledger.sources.values_mut().for_each(|entry| entry.look = None);
    let tally = Tally::new(observer);
    let mut carrying = Carrying { known, is_loss_unknown: salvage.is_none(), ..Carrying::default() };
    rebuild_into(config, &mut target, &tally, &mut |carrier, again, ledger| match salvage {
        Some(salvage) => carrying.carry(salvage, carrier, again, ledger),
        None => Ok(()),
    })?;
    let mut report = tally.into_report();
    (report.articles, report.took) = (target.article_count(), start.elapsed());
    let Carrying { carried, lost, is_loss_unknown, .. } = carrying;
    Ok(Rebuilt { report, carried, lost, is_loss_unknown, aside: target.kept_aside().to_vec() })
}

/// That of the last generation whose sources are known; else of the last that has articles.
fn best(salvages: &[Salvage]) -> Option<&Salvage> {
    let with_ledger = salvages.iter().rfind(|salvage| salvage.ledger.is_some());
    with_ledger.or_else(|| salvages.iter().rfind(|salvage| salvage.has_articles())).or(salvages.last())
}

/// The live generation; all of them where the manifest does not say which that is.
fn damaged_generations(place: &IndexPlace) -> Result<Vec<Generation>, IndexError> {
    match Manifest::read(&place.folder) {
        Ok(manifest) => Ok(vec![manifest.generation]),
        Err(ManifestError::Damaged(_) | ManifestError::Missing(_)) => {
            let mut all = generations(&place.folder)?;
            all.sort_by_key(|Generation(number)| *number);
            Ok(all)
        }
        Err(error) => Err(error.into()),
    }
}

/// Articles that go from the damaged generation into the new one as they are stored.
#[derive(Default)]
struct Carrying {
    /// The ledger of the damaged generation.
    known: Option<Ledger>,
    carried: u64,
    lost: Vec<(String, u64)>,
    is_loss_unknown: bool,
    /// Stored places in files, whether they were read again or not.
    stored_of_files: u64,
    /// How often each key came up.
    keys: HashMap<u64, u64>,
    /// Stored articles that came from standard input once more.
    replaced: u64,
}

/// A place that a stored article may still be needed for.
struct Left {
    place: Place,
    source: String,
    archive: Option<String>,
}

impl Carrying {
    /// Adds what was not read again.
    fn carry(
        &mut self,
        salvage: &Salvage,
        carrier: &Carrier<'_>,
        again: &ReadAgain,
        ledger: &mut Ledger,
    ) -> Result<(), TantivyError> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        salvage.each(|article| -> tantivy::Result<()> {
            let left = self.left(&article, again, ledger);
            if left.is_empty() {
                return Ok(());
            }
            let (article, mut origins) = (Prepared::new(article), Vec::new());
            for Left { place, source, archive } in left {
                if again.has_met(&place, article.content()) {
                    continue;
                }
                let is_standard_input = source == STANDARD_INPUT;
                let Some(key) = self.key(&place, &article.article().id, is_standard_input) else { continue };
                let archive = archive.map(|archive| source_key::from_text(&archive));
                origins.push(Origin { place, key, archive });
                *counts.entry(source).or_default() += 1;
            }
            if !origins.is_empty() {
                self.carried += 1;
                carrier.add(&article, origins)?;
            }
            Ok(())
        })?;
        self.enter(salvage, &counts, again, ledger);
        Ok(())
    }

    /// The places of an article in sources that are kept and were not read to their end.
    fn left(&mut self, article: &Article, again: &ReadAgain, ledger: &Ledger) -> Vec<Left> {
        let mut left = Vec::new();
        for place in article.places() {
            let (source, archive) = self.source_of(&place, ledger);
            let is_kept =
                source == STANDARD_INPUT || self.known.is_none() || ledger.sources.contains_key(&source);
            let is_replaced = source == STANDARD_INPUT && again.was_brought(&article.id);
            self.replaced += u64::from(is_replaced);
            self.stored_of_files += u64::from(source != STANDARD_INPUT);
            if is_kept && !is_replaced && !again.is_whole(&source) {
                left.push(Left { place, source, archive });
            }
        }
        left
    }

    /// The file of a place, and the archive that is, if it is one. Where it is not known what there was, `ledger` has what was read again.
    fn source_of(&self, place: &Place, ledger: &Ledger) -> (String, Option<String>) {
        let path = source_key::to_text(&place.path);
        let archive = self.known.as_ref().unwrap_or(ledger).archive_of(&place.path);
        let archive = archive.filter(|archive| *archive != path);
        (archive.clone().unwrap_or(path), archive)
    }

    /// A key for an article whose bytes are not there to be hashed. `None` for one of standard input that was carried already.
    fn key(&mut self, place: &Place, id: &str, is_standard_input: bool) -> Option<u64> {
        let key = if is_standard_input { key_of_standard_input(id) } else { key_of_stored(place, id, 0) };
        let times = self.keys.entry(key).or_default();
        *times += 1;
        match (*times, is_standard_input) {
            (1, _) => Some(key),
            (_, true) => None,
            (times, false) => Some(key_of_stored(place, id, times)),
        }
    }

    /// Enters into the ledger what was carried, to be read again when it can be, and names what was lost.
    fn enter(
        &mut self,
        salvage: &Salvage,
        counts: &BTreeMap<String, u64>,
        again: &ReadAgain,
        ledger: &mut Ledger,
    ) {
        for source in counts.keys().filter(|source| *source != STANDARD_INPUT) {
            ledger.sources.entry(source.clone()).or_default();
        }
        let had = |source: &str| self.known.as_ref()?.sources.get(source).map(|entry| entry.articles);
        let mut lost = Vec::new();
        ledger.sources.retain(|source, entry| {
            if again.is_whole(source) {
                return true;
            }
            let met = if again.is_in_part(source) { entry.articles } else { 0 };
            let articles = met + counts.get(source).copied().unwrap_or(0);
            let missing = had(source).unwrap_or(0).saturating_sub(articles);
            if missing > 0 {
                lost.push((source.clone(), missing));
            }
            let (map, format) = (std::mem::take(&mut entry.map), entry.format.take());
            *entry = Entry { articles, map, format, ..Entry::default() };
            articles > 0 || again.is_in_part(source)
        });
        self.lost.extend(lost);
        let Some(known) = &self.known else { return self.lose_unknown(salvage) };
        let of_files: u64 = known.sources.values().map(|entry| entry.articles).sum();
        let Some(articles) = salvage.articles else {
            // A segment may be gone without a trace, but for the articles of files that it had.
            self.is_loss_unknown = !salvage.is_readable() || self.stored_of_files < of_files;
            return;
        };
        let of_input = articles.saturating_sub(of_files);
        let carried = counts.get(STANDARD_INPUT).copied().unwrap_or(0) + self.replaced;
        if carried < of_input {
            self.lost.push(("standard input".to_owned(), of_input - carried));
        }
    }

    /// It is not known from which files there were articles, but perhaps that these files of the index are of no use.
    fn lose_unknown(&mut self, salvage: &Salvage) {
        self.is_loss_unknown = salvage.articles.is_none();
        self.lost.extend(salvage.unsound.iter().map(|path| (format!("stored in {}", path.display()), 0)));
    }
}
