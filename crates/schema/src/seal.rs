//! A checksum inside a small JSON file: its last member, over all bytes before it.
//!
//! The member stands where it stands and is written as it is written: any other byte at the end of the file is found as surely
//! as one before it.

/// What stands before the checksum, and behind it.
const HEAD: &[u8] = b",\n  \"checksum\": \"";
const TAIL: &[u8] = b"\"\n}\n";

/// Hexadecimal digits of a checksum: the first 64 bits of the BLAKE3 hash.
const DIGITS: usize = 16;

/// What the end of a file says of the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// It is as it was written.
    Whole,
    /// It is not.
    Broken,
    /// It has no checksum: it was written before there were any.
    None,
}

/// The same JSON object, which has members, with a checksum; `None` for other bytes.
pub fn seal(object: &[u8]) -> Option<Vec<u8>> {
    let body = object.trim_ascii_end().strip_suffix(b"}")?.trim_ascii_end();
    let digits = digits(body);
    Some([body, HEAD, digits.as_bytes(), TAIL].concat())
}

impl Seal {
    /// Looks at the end of a file, and at the rest of it.
    pub fn of(bytes: &[u8]) -> Seal {
        let length = HEAD.len() + DIGITS + TAIL.len();
        let cut = bytes.len().checked_sub(length).map(|at| bytes.split_at(at));
        if let Some((body, end)) = cut
            && [HEAD, digits(body).as_bytes(), TAIL].concat() == end
        {
            return Seal::Whole;
        }
        let name = b"\"checksum\"";
        if bytes.windows(name.len()).any(|part| part == name) { Seal::Broken } else { Seal::None }
    }
}

fn digits(body: &[u8]) -> String {
    blake3::hash(body).to_hex()[..DIGITS].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_object_is_json_and_every_other_bit_breaks_it() {
        let sealed = seal(b"{\"a\": 1}\n").unwrap();
        assert!(serde_json::from_slice::<serde_json::Value>(&sealed).is_ok());
        assert_eq!(Seal::of(&sealed), Seal::Whole);
        for bit in 0..sealed.len() * 8 {
            let mut damaged = sealed.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(Seal::of(&damaged), Seal::Whole, "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert_ne!(Seal::of(&sealed[..length]), Seal::Whole, "cut to {length}");
        }
        assert_ne!(Seal::of(&[&sealed[..], b"\n"].concat()), Seal::Whole);
    }

    #[test]
    fn what_has_no_checksum_is_told_from_what_has_a_wrong_one() {
        assert_eq!(Seal::of(b"{\"a\": 1}"), Seal::None);
        assert_eq!(Seal::of(b""), Seal::None);
        assert_eq!(Seal::of(b"{\"a\": 1, \"checksum\": \"0123\"}"), Seal::Broken);
        assert_eq!(seal(b"no object"), None);
    }
}
