//! Decoders of compressed streams. Members that follow each other are read as one stream.

use std::io::{self, BufRead, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::GzDecoder;
use lzma_rust2::XzReader;

use super::packing::Packing;

/// The largest window of zstd, as a power of two, and the largest memory of xz: what the longest settings of the
/// compressors ask for. It is touched only as far as content comes.
const WINDOW_LOG: u32 = 31;
const XZ_KIB: u32 = 2 << 20;

/// The decoder of a compressed stream; an archive is none.
pub(super) fn decoder<'a, R: BufRead + 'a>(packing: Packing, reader: R) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match packing {
        Packing::Gzip => Box::new(Gzip { decoder: Some(GzDecoder::new(reader)) }),
        Packing::Bzip2 => Box::new(MultiBzDecoder::new(reader)),
        Packing::Xz => Box::new(XzReader::new_mem_limit(reader, true, XZ_KIB)),
        Packing::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Box::new(decoder)
        }
        Packing::Tar | Packing::Zip => return Err(io::ErrorKind::Unsupported.into()),
    })
}

/// Members of gzip one after the other, and the zeros that tapes and block devices put behind them.
struct Gzip<R> {
    /// `None` at the end.
    decoder: Option<GzDecoder<R>>,
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let count = decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let reader = self.decoder.take().map(GzDecoder::into_inner);
            self.decoder = reader.map(next_member).transpose()?.flatten();
        }
        Ok(0)
    }
}

fn next_member<R: BufRead>(mut reader: R) -> io::Result<Option<GzDecoder<R>>> {
    loop {
        let buffer = reader.fill_buf()?;
        match buffer.iter().position(|byte| *byte != 0) {
            _ if buffer.is_empty() => return Ok(None),
            None => {
                let zeros = buffer.len();
                reader.consume(zeros);
            }
            Some(0) if buffer[0] != 0x1f => {
                let message = "something follows it that is not gzip";
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            Some(zeros) => {
                reader.consume(zeros);
                if zeros == 0 {
                    return Ok(Some(GzDecoder::new(reader)));
                }
            }
        }
    }
}
