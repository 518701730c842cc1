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

    /// Compresses a part. The result is empty while the compressor waits for more.
    ///
    /// # Errors
    /// The library fails, which happens only without memory.
    pub fn pack(&mut self, part: Bytes) -> io::Result<Bytes> {
        let packed = match self {
            Self::Identity => return Ok(part),
            Self::Gzip(encoder) => {
                encoder.write_all(&part)?;
                encoder.get_mut()
            }
            Self::Brotli(encoder) => {
                encoder.write_all(&part)?;
                encoder.get_mut()
            }
            Self::Zstd(encoder) => {
                encoder.write_all(&part)?;
                encoder.get_mut()
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::tests::shared::unpacked;

    #[test]
    fn parts_are_compressed_as_one_and_leave_before_the_last_one() {
        // Different enough that no compressor keeps all of it to itself.
        let parts: Vec<String> = (0..200)
            .map(|part: u64| {
                let number = |row: u64| (part * 997 + row).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                (0..50).map(|row| format!("{:x},", number(row))).collect()
            })
            .collect();
        for coding in Coding::ALL {
            let mut packer = Packer::of(coding).expect("a packer");
            let mut packed = Vec::new();
            for part in &parts {
                packed.extend(packer.pack(Bytes::from(part.clone())).expect("packs"));
            }
            assert!(packed.len() > 10_000, "{coding:?}: {}", packed.len());
            packed.extend(packer.finish().expect("finishes"));
            assert_eq!(unpacked(coding.as_str(), &packed), parts.concat().as_bytes(), "{coding:?}");
        }
    }
}
