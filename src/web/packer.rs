//! Compression of an answer that is sent in parts.

use std::{
    io::{self, Write},
    mem,
};

use brotli::CompressorWriter;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use super::coding::{BROTLI_QUALITY, BROTLI_WINDOW, Coding, GZIP_LEVEL, ZSTD_LEVEL};

/// The buffer of the compressor, in bytes.
const BROTLI_BUFFER: usize = 64 * 1024;

/// A compressor that gives what it has after each part.
pub enum Packer {
    Identity,
    Gzip(GzEncoder<Vec<u8>>),
    Brotli(Box<CompressorWriter<Vec<u8>>>),
    Zstd(zstd::Encoder<'static, Vec<u8>>),
}

impl Packer {
    /// A compressor for a coding.
    ///
    /// # Errors
    /// The library fails, which happens only without memory.
    pub fn of(coding: Coding) -> io::Result<Self> {
        Ok(match coding {
            Coding::Identity => Self::Identity,
            Coding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL))),
            Coding::Brotli => Self::Brotli(Box::new(CompressorWriter::new(
                Vec::new(),
                BROTLI_BUFFER,
                BROTLI_QUALITY.unsigned_abs(),
                BROTLI_WINDOW.unsigned_abs(),
            ))),
            Coding::Zstd => Self::Zstd(zstd::Encoder::new(Vec::new(), ZSTD_LEVEL)?),
        })
    }

    /// Compresses a part.
    ///
    /// # Errors
    /// The library fails, which happens only without memory.
    pub fn pack(&mut self, part: Bytes) -> io::Result<Bytes> {
        let packed = match self {
            Self::Identity => return Ok(part),
            Self::Gzip(encoder) => written(encoder, &part)?.get_mut(),
            Self::Brotli(encoder) => written(encoder, &part)?.get_mut(),
            Self::Zstd(encoder) => written(encoder, &part)?.get_mut(),
        };
        Ok(mem::take(packed).into())
    }

    /// What comes after the last part.
    ///
    /// # Errors
    /// The library fails, which happens only without memory.
    pub fn finish(self) -> io::Result<Bytes> {
        Ok(match self {
            Self::Identity => Vec::new(),
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Brotli(encoder) => encoder.into_inner(),
            Self::Zstd(encoder) => encoder.finish()?,
        }
        .into())
    }
}

/// All of a part leaves with it, so that no compressor keeps a client waiting.
fn written<'a, W: Write>(encoder: &'a mut W, part: &[u8]) -> io::Result<&'a mut W> {
    encoder.write_all(part)?;
    encoder.flush()?;
    Ok(encoder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::tests::shared::unpacked;

    #[test]
    fn parts_are_compressed_as_one_and_each_leaves_at_once() {
        let parts: Vec<String> = (0..9).map(|part| format!("{part},").repeat(part * 100)).collect();
        for coding in Coding::ALL {
            let mut packer = Packer::of(coding).expect("a packer");
            let mut packed = Vec::new();
            for part in &parts {
                let bytes = packer.pack(Bytes::from(part.clone())).expect("packs");
                assert!(part.is_empty() || !bytes.is_empty(), "{coding:?}: {part}");
                packed.extend(bytes);
            }
            packed.extend(packer.finish().expect("finishes"));
            assert_eq!(unpacked(coding.as_str(), &packed), parts.concat().as_bytes(), "{coding:?}");
        }
    }
}
