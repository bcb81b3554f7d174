//! Names and words of any length, made to fit.

/// The beginning of a text of more than `most` bytes, which must be 64 or more, and the BLAKE3 hash of all of it in hexadecimal, `most` bytes
/// together at the most: what differs stays different. `None` where the text fits as it is.
pub fn shortened(text: &str, most: usize) -> Option<String> {
    (text.len() > most).then(|| {
        let hash = blake3::hash(text.as_bytes()).to_hex();
        let beginning = &text[..text.floor_char_boundary(most.saturating_sub(hash.len()))];
        format!("{beginning}{hash}")
    })
}
