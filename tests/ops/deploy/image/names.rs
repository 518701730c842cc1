//! A name server like the one that Docker runs in each of its networks.

use std::{
    net::{IpAddr, Ipv4Addr, UdpSocket},
    thread,
};

const ADDRESS_RECORD: [u8; 2] = [0, 1];
const NO_SUCH_NAME: u8 = 3;

/// Answers until the test process ends. These names resolve to this machine, and there are no
/// others. Only root may listen on its port.
pub fn serve(names: &'static [&'static str]) -> IpAddr {
    let [.., high, low] = std::process::id().to_be_bytes();
    // A resolver asks only port 53, so each test process needs an address of its own.
    let free = (53..=255).find_map(|second| {
        let address = Ipv4Addr::new(127, second, high, low);
        Some((address, UdpSocket::bind((address, 53)).ok()?))
    });
    let (address, socket) = free.expect("an address on loopback with a free port 53");
    thread::spawn(move || {
        let mut query = [0; 512];
        while let Ok((length, client)) = socket.recv_from(&mut query) {
            if let Some(answer) = answer(&query[..length], names) {
                // A client that has gone needs no answer.
                let _ = socket.send_to(&answer, client);
            }
        }
    });
    address.into()
}

/// The answer to one question, according to RFC 1035.
fn answer(query: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let (header, rest) = query.split_at_checked(12)?;
    let (name, end) = name(rest)?;
    let (question, kind) = (rest.get(..end + 4)?, rest.get(end..end + 2)?);
    let known = names.contains(&name.as_str());
    // Like Docker, answers with no records for the IPv6 address of a known name.
    let found = known && kind == ADDRESS_RECORD;
    let code = if known { 0 } else { NO_SUCH_NAME };
    let mut answer = header[..2].to_vec();
    answer.extend([0x81, 0x80 | code, 0, 1, 0, u8::from(found), 0, 0, 0, 0]);
    answer.extend(question);
    if found {
        // The name of the question, class IN, a lifetime of 0, and an address of four bytes.
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1]);
    }
    Some(answer)
}

/// The name at the beginning, and the position of its end.
fn name(bytes: &[u8]) -> Option<(String, usize)> {
    let (mut labels, mut at) = (Vec::new(), 0);
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1;
        if length == 0 {
            return Some((labels.join("."), at));
        }
        labels.push(String::from_utf8_lossy(bytes.get(at..at + length)?).into_owned());
        at += length;
    }
}
