//! What is merged is read whole before: a merge would give damaged postings a new checksum.

use std::collections::HashSet;
use std::path::Path;

use schema::{Damage, checksums};
use tantivy::SegmentMeta;
use tantivy::index::SegmentId;
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};

use crate::checked::Files;

/// Where more than this part of a segment's articles are deleted, it is written anew without them: until then their words count in
/// the frequencies that scores come from.
const MOST_DELETED: f32 = 0.3;

/// The merges that the engine's policy asks for, without those of what is damaged.
pub(crate) struct SoundMerges {
    policy: LogMergePolicy,
    /// The segments that were read.
    verified: HashSet<String>,
    /// The first damage that was met.
    pub(crate) damage: Option<Damage>,
}

impl SoundMerges {
    pub(crate) fn new() -> SoundMerges {
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(MOST_DELETED);
        SoundMerges { policy, verified: HashSet::new(), damage: None }
    }

    /// What to merge of these segments, each into one.
    pub(crate) fn of(
        &mut self,
        segments: &[SegmentMeta],
        folder: &Path,
        files: &Files,
    ) -> Vec<MergeCandidate> {
        let mut groups = self.policy.compute_merge_candidates(segments);
        groups.retain(|group| self.is_sound(group, folder, files));
        groups
    }

    fn is_sound(&mut self, MergeCandidate(segments): &MergeCandidate, folder: &Path, files: &Files) -> bool {
        let ids = segments.iter().map(SegmentId::uuid_string);
        let new: Vec<String> = ids.filter(|id| !self.verified.contains(id)).collect();
        let damage = checksums(folder, &files.of_segments(&new), &|_| {}).into_iter().next();
        let is_sound = damage.is_none();
        if is_sound {
            self.verified.extend(new);
        }
        self.damage = self.damage.take().or(damage);
        is_sound
    }
}
