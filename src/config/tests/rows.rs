//! The contract of the settings, one row each.

use super::*;

/// Per row: variable, displayed default, allowed texts, texts that are not allowed.
type Row = (&'static str, Option<&'static str>, &'static [&'static str], &'static [&'static str]);

const SIZES: &[&str] = &["0", "101", "-1", "4.5", "four"];
const SPEEDS: &[&str] = &["-1", "3001", "60kt", "99999999999"];
const KEEPS: &[&str] = &["0", "1d", "1h 30m 2d", "90 days"];
const NO_KEEPS: &[&str] = &["23h", "7", "-1d", "200years", "for ever"];
const URLS: &[&str] = &["http://localhost:1", "https://u:p@example.org/a?b=c"];
const NO_URLS: &[&str] = &["ftp://example.org", "example.org", "http://", "/etc/passwd"];
const DATABASES: &[&str] =
    &["postgres://me:pw@db:5432/sectorwatch", "postgresql:///sectorwatch?host=/run/postgresql"];
const NO_DATABASES: &[&str] = &["mysql://me@db/x", "host=db user=me", "postgres://db:x/y"];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("SECTORWATCH_FEED_URL", None, URLS, NO_URLS),
    ("SECTORWATCH_TRANSCEIVERS_URL", None, URLS, NO_URLS),
    ("SECTORWATCH_STATUS_URL", None, URLS, NO_URLS),
    ("SECTORWATCH_POLL_INTERVAL", Some("15s"), &["100ms", "7m 30s", "1m 30s"], &["99ms", "61m", "15", "0", "fast"]),
    ("SECTORWATCH_FEED_CLOCK_SKEW", Some("5m"), &["1s", "24h", "1m 30s"], &["999ms", "25h", "0", "5"]),
    ("SECTORWATCH_USER_AGENT", Some("sectorwatch/0.1.0"), &["me <me@example.org>"], &["a\nb", "zürich"]),
    ("SECTORWATCH_AIRSPACE", None, &["nz.geojson", "a, b/c"], &[",", "a,,b", " "]),
    ("SECTORWATCH_AIRSPACE_WATCH", Some("false"), &["true", "false"], &["yes", "1"]),
    ("SECTORWATCH_TRANSITION_ALTITUDE_FT", None, &["0", "5000", "60000"], &["-1", "60001", "FL100", "1.5"]),
    ("SECTORWATCH_LEVEL_HYSTERESIS_FT", Some("100"), &["0", "2000"], &["-1", "2001", "100ft"]),
    ("SECTORWATCH_CONTROLLERS", Some("*"), &["SY_*", "ML-*_CTR, BN?_*", "[AB]*"], &["[A", "SY_*,,ML*", "{a"]),
    ("SECTORWATCH_RADIO_CONTACT", Some("on"), &["on", "off"], &["true", "ON"]),
    ("SECTORWATCH_RADIO_CAPS", Some("DEL=15,GND=15,TWR=50,APP=150,CTR=600,FSS=1500"),
        &["APP=60", "CTR = 20000, FSS=0.5"], &["APP", "APP=0", "DEP=5", "APP=1,APP=2", "APP=20001"]),
    ("SECTORWATCH_RADIO_GRACE", Some("45s"), &["1s", "5m"], &["999ms", "301s", "45"]),
    ("SECTORWATCH_ADVISORY_FREQUENCIES", None, &["126.7", "126.700, 123.45", ""], &["126.7;123.45", "0", "MHz", "126.7,,"]),
    ("SECTORWATCH_MOVEMENT_GROUND_KT", Some("40"), &["0", "50"], SPEEDS),
    ("SECTORWATCH_MOVEMENT_AIR_KT", Some("50"), &["40", "3000"], SPEEDS),
    ("SECTORWATCH_MOVEMENT_RADIUS_NM", Some("3"), &["0.1", "2.5", "20"], &["0", "20.1", "3NM", "NaN"]),
    ("SECTORWATCH_AIRPORTS", None, &["airports.csv"], &[]),
    ("SECTORWATCH_REQUIRE_FLIGHT_PLAN", Some("true"), &["true", "false"], &["yes", "1"]),
    ("SECTORWATCH_ENTRY_SPEED_KT", Some("60"), &["30", "3000"], SPEEDS),
    ("SECTORWATCH_EXIT_SPEED_KT", Some("30"), &["0", "60"], SPEEDS),
    ("SECTORWATCH_EXIT_POLLS", Some("2"), &["1", "100"], SIZES),
    ("SECTORWATCH_MISSING_GRACE", Some("5m"), &["16s", "24h"], &["999ms", "25h", "5"]),
    ("SECTORWATCH_LONGEST_GAP", Some("15m"), &["1m", "24h"], &["59s", "25h", "15"]),
    ("DATABASE_URL", None, DATABASES, NO_DATABASES),
    ("SECTORWATCH_READ_DATABASE_URL", None, DATABASES, NO_DATABASES),
    ("SECTORWATCH_DATA_DIR", Some("./data"), &["/srv/x"], &[]),
    ("SECTORWATCH_INGEST_POOL_SIZE", Some("4"), &["2", "100"], &["1", "101", "x"]),
    ("SECTORWATCH_READ_POOL_SIZE", Some("8"), &["1", "100"], SIZES),
    ("SECTORWATCH_ACQUIRE_TIMEOUT", Some("5s"), &["10ms", "5m"], &["9ms", "301s", "5"]),
    ("SECTORWATCH_STATEMENT_TIMEOUT", Some("10s"), &["100ms", "10m"], &["99ms", "601s", "10"]),
    ("SECTORWATCH_CONNECTION_MAX_LIFETIME", Some("30m"), &["1s", "30d"], &["999ms", "31d", "0"]),
    ("SECTORWATCH_LEAK_THRESHOLD", Some("flights=20s, controllers=20s, transceivers=20s, contacts=20s, sectors=20s, ledger=10s, restore=10s, retention=5m, api=2s, export=20s, live=10s"),
        &["api=500ms", "flights = 1m, api=1d"], &["api", "api=", "nobody=1s", "health=10s", "api=9ms", "api=25h", "api=2"]),
    ("SECTORWATCH_AUDIT_INTERVAL", Some("30s"), &["1s", "2m"], &["999ms", "121s", "30"]),
    ("SECTORWATCH_POOL_SELF_HEAL", Some("true"), &["true", "false"], &["yes", "1"]),
    ("SECTORWATCH_RETENTION_POSITIONS", Some("30d"), KEEPS, NO_KEEPS),
    ("SECTORWATCH_RETENTION_LEDGER", Some("30d"), KEEPS, NO_KEEPS),
    ("SECTORWATCH_RETENTION_REJECTED", Some("7d"), KEEPS, NO_KEEPS),
    ("SECTORWATCH_RETENTION_FLIGHTS", Some("0"), KEEPS, NO_KEEPS),
    ("SECTORWATCH_STORE_FREE_TEXT", Some("true"), &["true", "false"], &["yes", "1"]),
    ("SECTORWATCH_FORGET_KEY", None, &["0123456789abcdef", "c2VjcmV0IHNlY3JldA=="], &["0123456789abcde", "0123456789 abcdef"]),
    ("SECTORWATCH_LISTEN", Some("127.0.0.1:8080"), &["0.0.0.0:0", "[::1]:80"], &["8080", "localhost:80", ":80"]),
    ("SECTORWATCH_ALLOWED_HOSTS", None, &["sectorwatch", "a.example, B.example.", "*"], &["a,,b", "a:80", "http://a", "*.example", "[::1]"]),
    ("SECTORWATCH_HTTP_MAX_CONNECTIONS", Some("1000"), &["16", "100000"], &["15", "100001", "0", "many"]),
    ("SECTORWATCH_INSTANCE", Some("tower-1.example"), &["a", "a-1.b"], &["A", "a b", "abcdefghijklmnopqrstuvwxyz0123456"]),
    ("RUST_LOG", Some("info"), &["debug", "warn,sectorwatch::poller=trace"], &["=loud=", "info,sectorwatch=shout"]),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", None, URLS, NO_URLS),
    ("SECTORWATCH_ANONYMOUS_SCOPES", None, &["read", "export, read", ""], &["personal", "read,personal", "write", "read,", "Read"]),
    ("SECTORWATCH_TOKENS_FILE", None, &["/etc/sectorwatch/tokens"], &[]),
    ("SECTORWATCH_TRUSTED_PROXIES", None, &["10.0.0.0/8", "127.0.0.1, ::1/128"], &["proxy", "10.0.0.0/33", "10.0.0.1,"]),
    ("SECTORWATCH_RATE_LIMIT", Some("20/s"), &["1/s", "100000/s"], &["0", "0/s", "20", "20/m", "-1/s", "100001/s"]),
    ("SECTORWATCH_RATE_BURST", Some("100"), &["1", "100000"], &["0", "-1", "100001", "many"]),
    ("SECTORWATCH_LIVE_CLIENTS", Some("800"), &["0", "900"], &["-1", "99901", "many"]),
    ("SECTORWATCH_CORS_ORIGINS", None, &["https://a.example", "https://a.example, http://localhost:3000"],
        &["*", "https://a.example/", "a.example", "https://a.example,*", "null"]),
];

#[test]
fn each_setting_has_its_name_default_and_bounds() {
    let documented: Vec<_> = table(&machine()).iter().map(|s| s.env.clone()).collect();
    let expected: Vec<_> = ROWS.iter().map(|row| row.0).collect();
    assert_eq!(documented, expected);

    for (setting, (env, default, good, bad)) in table(&machine()).iter().zip(ROWS) {
        let defaults = with_env(&[]).unwrap();
        let effective = effective_value(&defaults, &setting.key);
        assert_eq!(effective.value.as_deref(), *default, "{env}");
        assert_eq!(effective.origin, Origin::Default, "{env}");
        for text in *good {
            let loaded = with_env(&[(env, text)]).unwrap_or_else(|e| panic!("{env}={text}: {e}"));
            assert_eq!(effective_value(&loaded, &setting.key).origin, Origin::Environment, "{env}");
        }
        for text in *bad {
            let error = with_env(&[(env, text)]).expect_err(&format!("{env}={text}"));
            let [problem] = error.problems.as_slice() else {
                panic!("{env}={text}: {error}");
            };
            let message = problem.to_string();
            for part in [setting.key.as_str(), env, setting.allowed.as_str()] {
                assert!(message.contains(part), "{message} lacks {part}");
            }
        }
    }
}

/// Every variable with a value that is unique and not a default.
const GIVEN: &[(&str, &str)] = &[
    ("DATABASE_URL", "postgres://a/a"),
    ("SECTORWATCH_READ_DATABASE_URL", "postgres://b/b"),
    ("SECTORWATCH_LISTEN", "127.0.0.9:9"),
    ("SECTORWATCH_ALLOWED_HOSTS", "L, m."),
    ("SECTORWATCH_HTTP_MAX_CONNECTIONS", "137"),
    ("SECTORWATCH_LIVE_CLIENTS", "36"),
    ("SECTORWATCH_FEED_URL", "http://c/"),
    ("SECTORWATCH_TRANSCEIVERS_URL", "http://d/"),
    ("SECTORWATCH_STATUS_URL", ""),
    ("SECTORWATCH_POLL_INTERVAL", "21s"),
    ("SECTORWATCH_FEED_CLOCK_SKEW", "37s"),
    ("SECTORWATCH_AIRSPACE", "e, e/f"),
    ("SECTORWATCH_TRANSITION_ALTITUDE_FT", "37"),
    ("SECTORWATCH_LEVEL_HYSTERESIS_FT", "38"),
    ("SECTORWATCH_AIRSPACE_WATCH", "true"),
    ("SECTORWATCH_DATA_DIR", "f"),
    ("SECTORWATCH_INGEST_POOL_SIZE", "22"),
    ("SECTORWATCH_READ_POOL_SIZE", "23"),
    ("SECTORWATCH_ACQUIRE_TIMEOUT", "24s"),
    ("SECTORWATCH_STATEMENT_TIMEOUT", "25s"),
    ("SECTORWATCH_CONNECTION_MAX_LIFETIME", "26s"),
    ("SECTORWATCH_LEAK_THRESHOLD", "api=35s"),
    ("SECTORWATCH_AUDIT_INTERVAL", "36s"),
    ("SECTORWATCH_POOL_SELF_HEAL", "false"),
    ("SECTORWATCH_INSTANCE", "g"),
    ("SECTORWATCH_RETENTION_POSITIONS", "27d"),
    ("SECTORWATCH_RETENTION_LEDGER", "28d"),
    ("SECTORWATCH_RETENTION_REJECTED", "0"),
    ("SECTORWATCH_RETENTION_FLIGHTS", "29d"),
    ("SECTORWATCH_STORE_FREE_TEXT", "false"),
    ("SECTORWATCH_FORGET_KEY", "0123456789abcdef"),
    ("SECTORWATCH_CONTROLLERS", "h*, i*"),
    ("SECTORWATCH_RADIO_CONTACT", "off"),
    ("SECTORWATCH_RADIO_CAPS", "APP=60"),
    ("SECTORWATCH_RADIO_GRACE", "46s"),
    ("SECTORWATCH_ADVISORY_FREQUENCIES", "126.7, 123.45"),
    ("SECTORWATCH_MOVEMENT_GROUND_KT", "41"),
    ("SECTORWATCH_MOVEMENT_AIR_KT", "42"),
    ("SECTORWATCH_MOVEMENT_RADIUS_NM", "4.5"),
    ("SECTORWATCH_AIRPORTS", "n.csv"),
    ("SECTORWATCH_REQUIRE_FLIGHT_PLAN", "false"),
    ("SECTORWATCH_ENTRY_SPEED_KT", "33"),
    ("SECTORWATCH_EXIT_SPEED_KT", "32"),
    ("SECTORWATCH_EXIT_POLLS", "31"),
    ("SECTORWATCH_MISSING_GRACE", "34s"),
    ("SECTORWATCH_LONGEST_GAP", "39m"),
    ("SECTORWATCH_USER_AGENT", "j"),
    ("RUST_LOG", "trace"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://k/"),
    ("SECTORWATCH_ANONYMOUS_SCOPES", "export"),
    ("SECTORWATCH_TOKENS_FILE", "o"),
    ("SECTORWATCH_TRUSTED_PROXIES", "192.0.2.0/24"),
    ("SECTORWATCH_RATE_LIMIT", "47/s"),
    ("SECTORWATCH_RATE_BURST", "48"),
    ("SECTORWATCH_CORS_ORIGINS", "http://p"),
];

#[test]
fn values_arrive_in_their_own_fields() {
    let settings = with_env(GIVEN).unwrap().settings;

    let url = |text: &str| text.parse::<url::Url>().unwrap();
    let seconds = Duration::from_secs;
    let days = |days: u64| Some(Duration::from_hours(24 * days));
    assert_eq!(settings.database_url, Some(Secret::new("postgres://a/a")));
    assert_eq!(settings.read_database_url, Some(Secret::new("postgres://b/b")));
    assert_eq!(settings.listen, "127.0.0.9:9".parse().unwrap());
    assert_eq!(settings.allowed_hosts, ["l", "m"]);
    assert_eq!((settings.http_max_connections, settings.live_clients), (137, 36));
    assert_eq!(settings.feed_url, Some(url("http://c/")));
    assert_eq!(settings.transceivers_url, OptionalUrl::Given(url("http://d/")));
    assert_eq!(settings.status_url, OptionalUrl::Off);
    assert_eq!(settings.poll_interval, seconds(21));
    assert_eq!(settings.feed_clock_skew, seconds(37));
    assert_eq!(settings.airspace, [Path::new("e"), Path::new("e/f")]);
    assert_eq!((settings.transition_altitude_ft, settings.level_hysteresis_ft), (Some(37), 38));
    assert!(settings.airspace_watch);
    assert_eq!(settings.data_dir, Path::new("f"));
    assert_eq!((settings.ingest_pool_size, settings.read_pool_size), (22, 23));
    assert_eq!(settings.acquire_timeout, seconds(24));
    assert_eq!(settings.statement_timeout, seconds(25));
    assert_eq!(settings.connection_max_lifetime, seconds(26));
    assert_eq!(settings.leak_thresholds.of("api"), Some(seconds(35)));
    assert_eq!(settings.leak_thresholds.of("flights"), Some(seconds(20)), "not named");
    assert_eq!(settings.audit_interval, seconds(36));
    assert!(!settings.pool_self_heal);
    assert_eq!(settings.instance, "g");
    assert_eq!(settings.retention_positions, days(27));
    assert_eq!(settings.retention_ledger, days(28));
    assert_eq!(settings.retention_rejected, None);
    assert_eq!(settings.retention_flights, days(29));
    assert!(!settings.store_free_text);
    assert_eq!(settings.forget_key, Some(Secret::new("0123456789abcdef")));
    assert_eq!(settings.controllers, ["h*", "i*"]);
    assert!(!settings.radio_contact);
    assert_eq!(Some(settings.radio_caps), Caps::read("APP=60"));
    assert_eq!(settings.radio_grace, seconds(46));
    let advisory = ["126.7", "123.45"].map(|mhz| Channel::of_mhz(mhz).unwrap());
    assert_eq!(settings.advisory_frequencies, advisory);
    assert_eq!((settings.movement_ground_kt, settings.movement_air_kt), (41, 42));
    assert_eq!(settings.movement_radius_nm, 4.5);
    assert_eq!(settings.airports.as_deref(), Some(Path::new("n.csv")));
    assert!(!settings.require_flight_plan);
    assert_eq!((settings.entry_speed_kt, settings.exit_speed_kt), (33, 32));
    assert_eq!(settings.exit_polls, 31);
    assert_eq!(settings.missing_grace, seconds(34));
    assert_eq!(settings.longest_gap, Duration::from_mins(39));
    assert_eq!(settings.user_agent, "j");
    assert_eq!(settings.log_filter, "trace");
    assert_eq!(settings.otlp_endpoint, Some(url("http://k/")));
    assert_eq!(settings.scopes_without_token(), Scopes::of(&[Scope::Export]));
    assert_eq!(settings.tokens_file.as_deref(), Some(Path::new("o")));
    assert_eq!(Some(settings.trusted_proxies), Networks::read("192.0.2.0/24"));
    assert_eq!((Some(settings.rate_limit), settings.rate_burst.get()), (Rate::read("47/s"), 48));
    assert_eq!(settings.cors_origins, [WebOrigin::read("http://p").unwrap()]);
}
