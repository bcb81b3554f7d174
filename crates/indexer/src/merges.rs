//! What is merged is read whole before: a merge would give damaged postings a new checksum.

use std::collections::HashSet;
use std::path::Path;

use schema::{Damage, checksums};
use tantivy::SegmentMeta;
use tantivy::index::SegmentId;
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};

use crate::checked::{Files, Needed};

/// Where more than this part of a segment's articles are deleted, it is written anew without them: until then their words count in
/// the frequencies that scores come from.
const MOST_DELETED: f32 = 0.3;

/// The merges that the engine's policy asks for, without those of what is damaged.
pub(crate) struct SoundMerges {
    policy: LogMergePolicy,
    /// The segments that were read.
    verified: HashSet<SegmentId>,
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
        groups.retain(|MergeCandidate(group)| {
            let group = segments.iter().filter(|segment| group.contains(&segment.id()));
            self.is_sound(group.collect(), folder, files)
        });
        groups
    }

    fn is_sound(&mut self, mut segments: Vec<&SegmentMeta>, folder: &Path, files: &Files) -> bool {
        segments.retain(|segment| !self.verified.contains(&segment.id()));
        // Of the lists of deleted articles of a segment only the last one: the others may be gone.
        let needed = Needed::by_segments(segments.iter().copied());
        let damage = checksums(folder, &files.needed_by(&needed), &|_| {}).into_iter().next();
        let is_sound = damage.is_none();
        if is_sound {
            self.verified.extend(segments.iter().map(|segment| segment.id()));
        }
        self.damage = self.damage.take().or(damage);
        is_sound
    }
}
