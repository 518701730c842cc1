//! The settings of who may ask for what.

use super::{Setting, value_type};

#[rustfmt::skip] // one row each: name, type, field, help, default
pub(super) fn access() -> Vec<Setting> {
    vec![
        Setting::new("anonymous-scopes", value_type::scopes(), |s| &mut s.anonymous_scopes,
            "What a request without a token may do. Members' data always needs a token. Empty: nothing.")
            .default_note("`read` where `listen` is a loopback address, else nothing"),
        Setting::new("tokens-file", value_type::path("FILE").optional(), |s| &mut s.tokens_file,
            "The tokens, one line each, as `sectorwatch token` prints them. SIGHUP has it read again.")
            .default_note("no tokens"),
        Setting::new("trusted-proxies", value_type::networks(), |s| &mut s.trusted_proxies,
            "The proxies whose X-Forwarded-For is believed. The rate limit counts by the client's address.")
            .default_note("none"),
        Setting::new("rate-limit", value_type::rate(), |s| &mut s.rate_limit,
            "How many requests each token, or each address without one, may send in the long run. Status, metrics and probes have no limit.")
            .default("20/s"),
        Setting::new("rate-burst", value_type::at_least_one(100_000), |s| &mut s.rate_burst,
            "How many requests may come at once before the rate limit counts.")
            .default("100"),
        Setting::new("live-clients", value_type::whole(0..=99_900), |s| &mut s.live_clients,
            "How many clients may follow the live stream at once: at most 100 fewer than there may be connections.")
            .default("800"),
        Setting::new("cors-origins", value_type::origins(), |s| &mut s.cors_origins,
            "The web pages of other sites that may read from a browser, by their exact origin.")
            .default_note("none"),
    ]
}
