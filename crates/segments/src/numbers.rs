//! Numbers as [`store::push_number`] writes them, put in a place, and read back in this process: fast, and not on the look-out for damage.

/// Writes a number from `at` on, and returns the place behind it.
///
/// # Panics
/// Where there is not so much room.
#[inline]
pub(crate) fn put_number(out: &mut [u8], mut at: usize, mut number: u32) -> usize {
    while number >= 0x80 {
        out[at] = number as u8 | 0x80;
        at += 1;
        number >>= 7;
    }
    out[at] = number as u8;
    at + 1
}

/// Numbers of seven bits a byte, one after the other.
#[derive(Clone, Copy)]
pub(crate) struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Numbers<'a> {
    #[inline]
    pub(crate) fn new(bytes: &'a [u8]) -> Numbers<'a> {
        Numbers { bytes, at: 0 }
    }

    /// Have all been taken?
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The next number.
    ///
    /// # Panics
    /// Where there is none.
    #[inline]
    pub(crate) fn take(&mut self) -> u32 {
        let byte = self.take_byte();
        if byte < 0x80 { byte } else { self.take_long(byte) }
    }

    fn take_long(&mut self, first: u32) -> u32 {
        let (mut number, mut shift) = (first & 0x7F, 7);
        loop {
            let byte = self.take_byte();
            number |= (byte & 0x7F) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    #[inline]
    fn take_byte(&mut self) -> u32 {
        let byte = self.bytes[self.at];
        self.at += 1;
        u32::from(byte)
    }

    /// The next bytes as they are.
    ///
    /// # Panics
    /// Where there are not so many.
    #[inline]
    pub(crate) fn take_bytes(&mut self, count: usize) -> &'a [u8] {
        let bytes = &self.bytes[self.at..self.at + count];
        self.at += count;
        bytes
    }
}

#[cfg(test)]
mod tests {
    use store::push_number;

    use super::*;

    proptest::proptest! {
        #[test]
        fn a_number_is_put_as_it_is_pushed(number: u32, place in 0..4usize) {
            let (mut pushed, mut put) = (vec![0; place], vec![0; place + 5]);
            push_number(&mut pushed, u64::from(number));
            proptest::prop_assert_eq!(put_number(&mut put, place, number), pushed.len());
            proptest::prop_assert_eq!(&put[..pushed.len()], &pushed[..]);
        }

        #[test]
        fn what_is_pushed_is_taken(numbers: Vec<u32>, small: Vec<u8>) {
            let numbers: Vec<u32> = numbers.into_iter().chain(small.into_iter().map(u32::from)).collect();
            let mut bytes = Vec::new();
            numbers.iter().for_each(|&number| push_number(&mut bytes, u64::from(number)));
            let mut taken = Numbers::new(&bytes);
            for number in numbers {
                proptest::prop_assert_eq!(taken.take(), number);
            }
            proptest::prop_assert_eq!(taken.take_bytes(0), &[0; 0]);
        }
    }
}
