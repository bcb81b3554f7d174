//! Commits: what a run has written becomes true at one moment, and of a new generation one segment is made before it is live.

use schema::Manifest;
use segments::{Finished, Writer, engine_writer};
use tantivy::indexer::MergeCandidate;
use tantivy::{FutureResult, IndexWriter, TantivyError};

use super::{Payload, Target};
use crate::aside::keep_aside;
use crate::error::IndexError;
use crate::ledger::Ledger;
use crate::merges::SoundMerges;
use crate::tidy::{remove_leftovers, remove_other_generations};

impl Target {
    /// Makes everything that `writer` was given durable and visible, together with `ledger`. After an error nothing of it is,
    /// or all of it where the error came when the commit was made durable; and the writer is gone. What fails after that is only
    /// tidying; the next run does it.
    pub(crate) fn commit(&mut self, writer: Writer, ledger: Ledger) -> Result<(), IndexError> {
        self.commit_as(writer, ledger, None, false)
    }

    /// The same for a new generation of so many articles. It does not become live unless it has all of them, in one segment.
    pub(crate) fn commit_all(
        &mut self,
        writer: Writer,
        ledger: Ledger,
        articles: u64,
    ) -> Result<(), IndexError> {
        self.commit_as(writer, ledger, Some(articles), false)
    }

    /// The same where they were added in the order that optimizing gives them.
    pub(crate) fn commit_ordered(
        &mut self,
        writer: Writer,
        ledger: Ledger,
        articles: u64,
    ) -> Result<(), IndexError> {
        self.commit_as(writer, ledger, Some(articles), true)
    }

    fn commit_as(
        &mut self,
        writer: Writer,
        ledger: Ledger,
        articles: Option<u64>,
        ordered: bool,
    ) -> Result<(), IndexError> {
        let engine = self.engine_error();
        let Finished { engine: mut writer, segments } = writer.finish().map_err(&engine)?;
        // One segment is in the order that optimizing gives; one that others are merged into is so in parts.
        let ordered = ordered || self.is_new && segments <= 1;
        let name = ledger.write(self.place.disk(), &self.folder)?;
        let payload = Payload { ledger: name.clone(), ordered };
        let payload = serde_json::to_string(&payload).unwrap_or_default();
        let mut commit = writer.prepare_commit().map_err(&engine)?;
        commit.set_payload(&payload);
        commit.commit().map_err(&engine)?;
        let mut merges = SoundMerges::new();
        let mut merged =
            if self.is_new { self.merge_all(writer).map(drop) } else { self.merge_some(writer, &mut merges) };
        if self.is_new {
            if let Some(articles) = articles {
                merged?;
                self.check_count(articles)?;
                merged = Ok(());
            }
            for &damaged in &self.damaged {
                self.kept_aside.push(keep_aside(&self.place, damaged)?);
            }
            let manifest = Manifest::new(self.generation);
            // From here on the manifest may name it, even if writing the manifest is said to have failed.
            self.is_new = false;
            let written = manifest.write_on(self.place.disk(), &self.place.folder);
            written.map_err(IndexError::file(&self.place.folder))?;
        }
        (self.ledger, self.ordered) = (ledger, ordered);
        self.keys_by_source.take();
        let reloaded = self.reader.reload().map_err(&engine);
        if let Err(error) = merged.and(reloaded).and_then(|()| self.tidy(&name)) {
            tracing::warn!(%error, "the index is complete, but tidying up failed");
        }
        merges.damage.map_or(Ok(()), |damage| Err(IndexError::Damaged(damage)))
    }

    /// Removes what the last commit, which is durable, has no more use for.
    fn tidy(&self, ledger: &str) -> Result<(), IndexError> {
        remove_leftovers(&self.place, &self.folder, &self.index, ledger)?;
        self.tidy_words()?;
        remove_other_generations(&self.place, self.generation)
    }

    /// Fails where the index does not have so many articles.
    fn check_count(&self, articles: u64) -> Result<(), IndexError> {
        let engine = self.engine_error();
        self.reader.reload().map_err(&engine)?;
        let found = self.article_count();
        if found == articles {
            return Ok(());
        }
        Err(engine(TantivyError::InternalError(format!("{found} of {articles} articles arrived"))))
    }

    /// Merges all segments into one, and leaves out what has been deleted. False where there was nothing to do.
    pub(crate) fn make_one_segment(&self) -> Result<bool, IndexError> {
        if self.is_one_segment()? {
            return Ok(false);
        }
        self.merge_all(engine_writer(&self.index).map_err(self.engine_error())?)
    }

    fn merge_all(&self, mut writer: IndexWriter) -> Result<bool, IndexError> {
        if self.is_one_segment()? {
            return Ok(false);
        }
        let segments = self.index.searchable_segment_ids().map_err(self.engine_error())?;
        self.merge(&mut writer, &[MergeCandidate(segments)])?;
        Ok(true)
    }

    /// Merges segments where there are many of about one size.
    fn merge_some(&self, mut writer: IndexWriter, merges: &mut SoundMerges) -> Result<(), IndexError> {
        loop {
            let segments = self.index.searchable_segment_metas().map_err(self.engine_error())?;
            let groups = merges.of(&segments, &self.folder, &self.files);
            if groups.is_empty() {
                return Ok(());
            }
            self.merge(&mut writer, &groups)?;
        }
    }

    /// Merges each group into one segment. Whatever happens, nothing is under way any more when this returns.
    fn merge(&self, writer: &mut IndexWriter, groups: &[MergeCandidate]) -> Result<(), IndexError> {
        let merges: Vec<_> = groups.iter().map(|MergeCandidate(segments)| writer.merge(segments)).collect();
        let merged: Vec<_> = merges.into_iter().map(FutureResult::wait).collect();
        merged.into_iter().try_for_each(|merged| merged.map(drop)).map_err(self.engine_error())
    }
}
