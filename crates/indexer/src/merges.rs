//! What is merged is read whole before: a merge would give damaged postings a new checksum.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use schema::{Damage, checksums};
use tantivy::SegmentMeta;
use tantivy::index::SegmentId;
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};

use crate::checked::Files;

/// The engine's policy, without what is damaged.
#[derive(Debug)]
pub(crate) struct SoundMerges {
    policy: LogMergePolicy,
    folder: PathBuf,
    files: Files,
    verified: Mutex<HashSet<String>>,
    damage: Arc<Mutex<Option<Damage>>>,
}

/// The first damage that a policy met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Met(Arc<Mutex<Option<Damage>>>);

impl Met {
    /// An error where there was any.
    pub(crate) fn check(&self) -> Result<(), Damage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Ok(()), Err)
    }
}

impl SoundMerges {
    pub(crate) fn new(folder: &Path, files: Files, met: &Met) -> SoundMerges {
        let damage = Arc::clone(&met.0);
        SoundMerges {
            policy: LogMergePolicy::default(),
            folder: folder.to_owned(),
            files,
            verified: Mutex::default(),
            damage,
        }
    }

    fn is_sound(&self, candidate: &MergeCandidate) -> bool {
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<String> = candidate.0.iter().map(SegmentId::uuid_string).collect();
        let new: Vec<String> = new.into_iter().filter(|id| !verified.contains(id)).collect();
        let damages = checksums(&self.folder, &self.files.of_segments(&new), &|_| {});
        let is_sound = damages.is_empty();
        if is_sound {
            verified.extend(new);
        }
        if let Some(damage) = damages.into_iter().next() {
            self.damage.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(damage);
        }
        is_sound
    }
}

impl MergePolicy for SoundMerges {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let candidates = self.policy.compute_merge_candidates(segments);
        candidates.into_iter().filter(|candidate| self.is_sound(candidate)).collect()
    }
}
