//! The format of server-sent events.

use bytes::Bytes;
use serde::Serialize;

/// When a client that lost its connection comes back.
pub const RETRY: &[u8] = b"retry: 5000\n\n";
/// Keeps proxies from closing a connection on which nothing happens.
pub const COMMENT: &[u8] = b":\n\n";

/// An event with this id and data. JSON on one line has no line end that would end the event early.
///
/// # Errors
/// The data is no JSON.
pub fn event(name: &str, id: Option<i64>, data: &impl Serialize) -> serde_json::Result<Bytes> {
    let mut frame = format!("event: {name}\n").into_bytes();
    if let Some(id) = id {
        frame.extend_from_slice(format!("id: {id}\n").as_bytes());
    }
    frame.extend_from_slice(b"data: ");
    serde_json::to_writer(&mut frame, data)?;
    frame.extend_from_slice(b"\n\n");
    Ok(frame.into())
}
