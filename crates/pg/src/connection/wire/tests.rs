//! Messages are observed however the bytes are split.

use super::*;

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    bytes.extend_from_slice(&(body.len() as u32 + 4).to_be_bytes());
    bytes.extend_from_slice(body);
    bytes
}

fn observed_in(stream: &[u8], piece: usize) -> Observed {
    let (mut frames, mut observed) = (Frames::default(), Observed::default());
    stream.chunks(piece).for_each(|part| frames.feed(part, &mut observed));
    observed
}

#[test]
fn finds_code_and_status_however_the_bytes_are_cut() {
    let mut stream = message(b'Z', b"I");
    stream.extend(message(b'2', b""));
    stream.extend(message(b'E', b"SERROR\0VERROR\0C53100\0Mdisk full\0\0"));
    for size in 1..=stream.len() {
        let observed = observed_in(&stream, size);
        assert_eq!(observed.error, Some(SqlState(*b"53100")), "in pieces of {size}");
        assert_eq!(observed.transaction, None, "the answer has not ended");
    }
    for (status, open) in [(b"I", false), (b"T", true), (b"E", true)] {
        let ended = [stream.clone(), message(b'Z', status)].concat();
        for size in 1..=ended.len() {
            assert_eq!(observed_in(&ended, size).transaction, Some(open), "in pieces of {size}");
        }
    }
}

#[test]
fn a_row_that_looks_like_an_error_is_none() {
    let row = message(b'D', &message(b'E', b"C23505\0\0"));
    assert_eq!(observed_in(&row, row.len()).error, None);
}

#[test]
fn the_newest_of_two_errors_counts_and_a_long_one_is_cut() {
    let mut stream = message(b'E', b"C23505\0\0");
    let mut long = b"SERROR\0C22003\0M".to_vec();
    long.resize(1 << 20, b'x');
    stream.extend(message(b'E', &long));
    assert_eq!(observed_in(&stream, stream.len()).error, Some(SqlState(*b"22003")));
}

async fn read_of(wire: &Wire, stream: &[u8]) -> io::Result<Vec<u8>> {
    use tokio::io::AsyncReadExt as _;
    let mut read = Vec::new();
    Watched::new(stream, wire.clone()).read_to_end(&mut read).await?;
    Ok(read)
}

#[tokio::test]
async fn a_password_in_clear_text_is_not_asked_for_where_others_can_read() {
    let (clear, md5) = (message(b'R', &[0, 0, 0, 3]), message(b'R', b"\0\0\0\x05salt"));
    let scram = message(b'R', b"\0\0\0\x0aSCRAM-SHA-256\0\0");
    for (stream, refused) in [(&clear, true), (&md5, false), (&scram, false)] {
        let wire = Wire::exposed();
        assert_eq!(read_of(&wire, stream).await.is_err(), refused);
        assert_eq!(wire.refused_cleartext(), refused);
        assert_eq!(wire.was_asked_for_md5(), *stream == md5);
    }
    assert_eq!(read_of(&Wire::default(), &clear).await.expect("read"), clear);
}
