//! Server certificates.

use super::rig::{ONLY_TLS, Rig};
use crate::support::certificates::{Authority, Pair};

#[test]
fn a_server_with_the_right_certificate_is_written_in_every_mode_with_tls() {
    let rig = Rig::with_tls("127.0.73.31");
    let trusted = rig.trusted();
    for url in [
        rig.here(""),
        rig.here("sslmode=prefer"),
        rig.here("sslmode=require"),
        rig.here(&format!("sslmode=require&{trusted}")),
        rig.named("elsewhere.example", &format!("sslmode=verify-ca&{trusted}")),
        rig.here(&format!("sslmode=verify-full&{trusted}")),
        rig.named("localhost", &format!("sslmode=verify-full&{trusted}")),
        rig.here(&format!("sslmode=verify-full&channel_binding=require&{trusted}")),
        rig.here("sslmode=require&channel_binding=disable"),
        // The second of two hosts is used. The name of each host is verified.
        rig.url(
            "elsewhere.example:1,localhost:5432",
            &format!("hostaddr={0},{0}&sslmode=verify-full&{trusted}", rig.address),
        ),
    ] {
        rig.expect_stored(&url, true);
    }
    let authority = rig.authority.certificate().to_str().expect("UTF-8");
    for url in [rig.here("sslmode=verify-full"), rig.here("sslrootcert=system")] {
        rig.expect_refused(&url, &["UnknownIssuer"]);
        let ended = rig.run(&url, &[("SSL_CERT_FILE", authority)]);
        assert_eq!(ended.code, Some(0), "{url}: {}", ended.stderr);
    }
    rig.expect_refused(&rig.here("sslmode=disable"), &["no encryption"]);
}

#[test]
fn another_host_or_authority_and_an_expired_certificate_are_refused() {
    let rig = Rig::with_tls("127.0.73.32");
    let (trusted, other) = (rig.trusted(), Authority::new());
    let untrusted = format!("sslrootcert={}", other.certificate().display());
    let shown = format!("{}:5432 (sslmode=verify-full)", rig.address);
    let full = format!("sslmode=verify-full&{trusted}");
    rig.expect_refused(
        &rig.named("elsewhere.example", &full),
        &["no TLS with elsewhere.example:5432", "not valid for name \"elsewhere.example\""],
    );
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = rig.here(&format!("sslmode={mode}&{untrusted}"));
        rig.expect_refused(&url, &["invalid peer certificate", &format!("sslmode={mode}")]);
    }
    rig.present(&rig.authority.issue_expired("localhost", &format!("IP:{}", rig.address)));
    rig.expect_refused(&rig.here(&full), &[&shown, "Expired"]);
    rig.expect_refused(&rig.here(&format!("sslmode=verify-ca&{trusted}")), &["Expired"]);
    rig.expect_stored(&rig.here("sslmode=require"), true);
}

#[test]
fn a_servers_own_certificate_may_stand_for_its_authority() {
    let rig = Rig::new("127.0.73.33", ONLY_TLS);
    let own = Pair::self_signed("DNS:localhost");
    rig.present(&own);
    let trusted = format!("sslmode=verify-full&sslrootcert={}", own.certificate.display());
    rig.expect_stored(&rig.named("localhost", &trusted), true);
    rig.expect_refused(&rig.named("elsewhere.example", &trusted), &["not valid for name"]);
    // The certificate has the same names, but another key.
    rig.present(&Pair::self_signed("DNS:localhost"));
    rig.expect_refused(&rig.named("localhost", &trusted), &["invalid peer certificate"]);
}
