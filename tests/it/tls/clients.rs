//! Client certificates.

use super::rig::Rig;
use crate::support::certificates::{Authority, Pair};

fn identity(Pair { certificate, key }: &Pair) -> String {
    format!("sslmode=require&sslcert={}&sslkey={}", certificate.display(), key.display())
}

#[test]
fn a_server_that_asks_for_a_certificate_gets_the_right_one() {
    let rig = Rig::with_tls("127.0.73.34");
    rig.ask_clients(rig.authority.certificate(), "hostssl all writer all cert\n");
    let right = identity(&rig.authority.issue("writer", "DNS:writer"));
    rig.expect_stored(&rig.here(&right), true);
    rig.expect_stored(&rig.here(&format!("{right}&sslmode=verify-full&{}", rig.trusted())), true);

    let absent = "connection requires a valid client certificate";
    rig.expect_refused(&rig.here("sslmode=require"), &[absent]);
    let for_another = identity(&rig.authority.issue("reader", "DNS:reader"));
    rig.expect_refused(&rig.here(&for_another), &["certificate authentication failed"]);
    // The client may finish its handshake before the server refuses its certificate. The reason can
    // be lost when the socket closes.
    let of_another = identity(&Authority::new().issue("writer", "DNS:writer"));
    rig.expect_refused(&rig.here(&of_another), &["PostgreSQL refused the connection"]);
}
