//! The requested protection of a session, by URL and address.

use super::*;
use crate::connection::url::Roots;

fn protection(mode: Option<SslMode>, roots: Option<Roots>, address: &str) -> Protection {
    let parameters = TlsParameters { mode, roots, identity: None };
    Protection::of(&parameters, address.parse().expect("an address"))
}

#[test]
fn without_a_mode_only_loopback_may_go_without_tls() {
    for address in ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"] {
        let protection = protection(None, None, address);
        assert_eq!((protection.mode, protection.is_exposed), (SslMode::Prefer, false), "{address}");
    }
    for address in ["10.0.0.1", "192.0.2.7", "0.0.0.0", "169.254.0.1", "::2", "::ffff:10.0.0.1"] {
        let protection = protection(None, None, address);
        assert_eq!(
            (protection.mode, protection.is_exposed),
            (SslMode::VerifyFull, true),
            "{address}"
        );
        assert!(
            protection.is_name_verified()
                && protection.is_tls_tried()
                && !protection.is_plain_allowed()
        );
    }
}

#[test]
fn a_mode_that_is_said_holds_everywhere() {
    let told = SslMode::ALL.map(|mode| {
        let [near, far] = ["127.0.0.1", "192.0.2.7"].map(|at| protection(Some(mode), None, at));
        assert_eq!((near.mode, far.mode), (mode, mode));
        assert_eq!((near.is_exposed, far.is_exposed), (false, true));
        (far.is_tls_tried(), far.is_plain_allowed(), far.verified)
    });
    assert_eq!(
        told,
        [
            (false, true, Verified::Nothing),
            (true, true, Verified::Nothing),
            (true, false, Verified::Nothing),
            (true, false, Verified::Authority),
            (true, false, Verified::Name),
        ]
    );
}

#[test]
fn authorities_that_are_named_are_asked_in_weak_modes_too() {
    for mode in [SslMode::Prefer, SslMode::Require] {
        let protection = protection(Some(mode), Some(Roots::File("/ca".into())), "127.0.0.1");
        assert_eq!(protection.verified, Verified::Authority);
    }
}

#[test]
fn a_name_is_needed_only_where_it_is_verified() {
    let address = "192.0.2.7".parse().expect("an address");
    let name_of = |name, mode| {
        Host { name, address }
            .name_for(protection(Some(mode), None, "192.0.2.7"))
            .map_err(|e| e.to_string())
    };
    assert_eq!(name_of(Some("db.example"), SslMode::VerifyFull).as_deref(), Ok("db.example"));
    assert_eq!(name_of(Some("a b"), SslMode::Require).as_deref(), Ok("192.0.2.7"));
    for nameless in [None, Some("a b")] {
        let refused = name_of(nameless, SslMode::VerifyFull).expect_err("no name");
        assert!(refused.contains("sslmode=verify-full"), "{refused}");
    }
}
