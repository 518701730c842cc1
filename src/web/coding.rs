//! Content codings: which one a client accepts, and the compression itself.

use std::io::{self, Write as _};

use actix_web::{
    HttpRequest,
    http::header::{ACCEPT_ENCODING, AcceptEncoding, ContentEncoding, Encoding, Header as _},
};
use flate2::{Compression, write::GzEncoder};

/// For content that is rendered so often: fast, and still a sixth of the size.
pub(super) const BROTLI_QUALITY: i32 = 4;
pub(super) const BROTLI_WINDOW: i32 = 20;
pub(super) const GZIP_LEVEL: u32 = 4;
pub(super) const ZSTD_LEVEL: i32 = 3;

/// A content coding that the service supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Not compressed.
    Identity,
    /// Supported by every client.
    Gzip,
    /// Smaller, and supported by browsers.
    Brotli,
    /// Supported by newer clients.
    Zstd,
}

/// The client accepts none of the codings.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAcceptable;

impl Coding {
    /// All codings, in the order of [`Coding::index`].
    pub const ALL: [Self; 4] = [Self::Identity, Self::Gzip, Self::Brotli, Self::Zstd];

    /// The coding that the client prefers; `Identity` without a preference.
    pub fn wanted(request: &HttpRequest) -> Result<Self, NotAcceptable> {
        if !request.headers().contains_key(ACCEPT_ENCODING) {
            return Ok(Self::Identity);
        }
        // A header that cannot be parsed counts as no preference.
        let Ok(accepted) = AcceptEncoding::parse(request) else { return Ok(Self::Identity) };
        let ours = Self::ALL.map(|coding| Encoding::Known(coding.known()));
        let chosen = accepted.negotiate(ours.iter()).ok_or(NotAcceptable)?;
        let chosen = Self::ALL.into_iter().find(|c| chosen == Encoding::Known(c.known()));
        Ok(chosen.unwrap_or(Self::Identity))
    }

    /// No compression, if the client accepts that.
    ///
    /// # Errors
    /// It does not.
    pub fn none(request: &HttpRequest) -> Result<Self, NotAcceptable> {
        let Ok(accepted) = AcceptEncoding::parse(request) else { return Ok(Self::Identity) };
        let identity = Encoding::Known(ContentEncoding::Identity);
        accepted.negotiate([identity].iter()).map(|_| Self::Identity).ok_or(NotAcceptable)
    }

    /// The index in [`Coding::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// The name in headers and metric labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    fn known(self) -> ContentEncoding {
        match self {
            Self::Identity => ContentEncoding::Identity,
            Self::Gzip => ContentEncoding::Gzip,
            Self::Brotli => ContentEncoding::Brotli,
            Self::Zstd => ContentEncoding::Zstd,
        }
    }

    /// Compresses the bytes.
    ///
    /// # Errors
    /// The library fails, which happens only without memory.
    pub fn pack(self, plain: &[u8]) -> io::Result<Vec<u8>> {
        let packed = Vec::with_capacity(plain.len() / 4);
        match self {
            Self::Identity => Ok(plain.to_vec()),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(packed, Compression::new(GZIP_LEVEL));
                encoder.write_all(plain)?;
                encoder.finish()
            }
            Self::Brotli => {
                let mut packed = packed;
                let params = brotli::enc::BrotliEncoderParams {
                    quality: BROTLI_QUALITY,
                    lgwin: BROTLI_WINDOW,
                    size_hint: plain.len(),
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &*plain, &mut packed, &params)?;
                Ok(packed)
            }
            Self::Zstd => zstd::bulk::compress(plain, ZSTD_LEVEL),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_client_chooses() {
        let rows = [
            (None, Ok("identity")),
            (Some(""), Ok("identity")),
            (Some("*"), Ok("identity")),
            (Some("identity"), Ok("identity")),
            (Some("gzip"), Ok("gzip")),
            (Some("br"), Ok("br")),
            (Some("zstd"), Ok("zstd")),
            (Some("deflate"), Ok("identity")),
            (Some("gzip;q=0.5, zstd"), Ok("zstd")),
            (Some("gzip;q=0, identity"), Ok("identity")),
            (Some("gzip;q=1.0, identity;q=0.5, *;q=0"), Ok("gzip")),
            (Some("no such thing;;"), Ok("identity")),
            (Some("identity;q=0, deflate"), Err(NotAcceptable)),
            (Some("*;q=0"), Err(NotAcceptable)),
        ];
        for (accepted, coding) in rows {
            let mut request = TestRequest::default();
            if let Some(accepted) = accepted {
                request = request.insert_header((ACCEPT_ENCODING, accepted));
            }
            let wanted = Coding::wanted(&request.to_http_request());
            assert_eq!(wanted.map(Coding::as_str), coding, "{accepted:?}");
        }
    }
}
