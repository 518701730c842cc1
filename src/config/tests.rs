//! The contract of the settings, row by row.

use std::{collections::BTreeSet, path::Path};

use super::*;

fn machine() -> Machine {
    Machine {
        hostname: "Tower_1.example".to_owned(),
        is_root: false,
    }
}

fn given(flags: &[(&str, &str)], environment: &[(&str, &str)], file: Option<&Path>) -> Given {
    let owned = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(k, v)| (k.to_string(), v.to_string()));
        pairs.collect()
    };
    Given {
        flags: owned(flags),
        environment: owned(environment),
        file: file.map(Into::into),
    }
}

fn with_env(environment: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    resolve(&given(&[], environment, None), &machine())
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn source<'a>(loaded: &'a Loaded, key: &str) -> &'a Effective {
    loaded.sources.iter().find(|s| s.key == key).unwrap()
}

/// Per row: variable, default as shown, texts that are allowed, texts that are not.
type Row = (
    &'static str,
    Option<&'static str>,
    &'static [&'static str],
    &'static [&'static str],
);

const SIZES: &[&str] = &["0", "101", "-1", "4.5", "four"];
const SPEEDS: &[&str] = &["-1", "3001", "60kt", "99999999999"];
const KEEPS: &[&str] = &["0", "1d", "1h 30m 2d", "90 days"];
const NO_KEEPS: &[&str] = &["23h", "7", "-1d", "200years", "for ever"];
const URLS: &[&str] = &["http://localhost:1", "https://u:p@example.org/a?b=c"];
const NO_URLS: &[&str] = &["ftp://example.org", "example.org", "http://", "/etc/passwd"];
const DATABASES: &[&str] = &[
    "postgres://me:pw@db:5432/sectorwatch",
    "postgresql:///sectorwatch?host=/run/postgresql",
];
const NO_DATABASES: &[&str] = &["mysql://me@db/x", "host=db user=me", "postgres://db:x/y"];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("SECTORWATCH_FEED_URL", None, URLS, NO_URLS),
    ("SECTORWATCH_TRANSCEIVERS_URL", None, URLS, NO_URLS),
    ("SECTORWATCH_STATUS_URL", None, URLS, NO_URLS),
    ("SECTORWATCH_POLL_INTERVAL", Some("15s"), &["100ms", "1h", "1m 30s"], &["99ms", "61m", "15", "0", "fast"]),
    ("SECTORWATCH_USER_AGENT", Some("sectorwatch/0.1.0 (+https://example.invalid/sectorwatch)"), &["me <me@example.org>"], &["a\nb", "zürich"]),
    ("SECTORWATCH_AIRSPACE", None, &["nz.geojson"], &[]),
    ("SECTORWATCH_CONTROLLERS", Some("*"), &["SY_*", "ML-*_CTR, BN?_*", "[AB]*"], &["[A", "SY_*,,ML*", "{a"]),
    ("SECTORWATCH_REQUIRE_FLIGHT_PLAN", Some("true"), &["true", "false"], &["yes", "1"]),
    ("SECTORWATCH_ENTRY_SPEED_KT", Some("60"), &["30", "3000"], SPEEDS),
    ("SECTORWATCH_EXIT_SPEED_KT", Some("30"), &["0", "60"], SPEEDS),
    ("SECTORWATCH_EXIT_POLLS", Some("2"), &["1", "100"], SIZES),
    ("SECTORWATCH_MISSING_GRACE", Some("5m"), &["1s", "24h"], &["999ms", "25h", "5"]),
    ("DATABASE_URL", None, DATABASES, NO_DATABASES),
    ("SECTORWATCH_READ_DATABASE_URL", None, DATABASES, NO_DATABASES),
    ("SECTORWATCH_DATA_DIR", Some("./data"), &["/srv/x"], &[]),
    ("SECTORWATCH_INGEST_POOL_SIZE", Some("4"), &["2", "100"], &["1", "101", "x"]),
    ("SECTORWATCH_READ_POOL_SIZE", Some("8"), &["1", "100"], SIZES),
    ("SECTORWATCH_ACQUIRE_TIMEOUT", Some("5s"), &["10ms", "5m"], &["9ms", "301s", "5"]),
    ("SECTORWATCH_STATEMENT_TIMEOUT", Some("10s"), &["100ms", "10m"], &["99ms", "601s", "10"]),
    ("SECTORWATCH_CONNECTION_MAX_LIFETIME", Some("30m"), &["1s", "30d"], &["999ms", "31d", "0"]),
    ("SECTORWATCH_RETENTION_POSITIONS", Some("30d"), KEEPS, NO_KEEPS),
    ("SECTORWATCH_RETENTION_LEDGER", Some("30d"), KEEPS, NO_KEEPS),
    ("SECTORWATCH_RETENTION_REJECTED", Some("7d"), KEEPS, NO_KEEPS),
    ("SECTORWATCH_LISTEN", Some("127.0.0.1:8080"), &["0.0.0.0:0", "[::1]:80"], &["8080", "localhost:80", ":80"]),
    ("SECTORWATCH_INSTANCE", Some("tower-1.example"), &["a", "a-1.b"], &["A", "a b", "abcdefghijklmnopqrstuvwxyz0123456"]),
    ("RUST_LOG", Some("info"), &["debug", "warn,sectorwatch::poller=trace"], &["=loud=", "info,sectorwatch=shout"]),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", None, URLS, NO_URLS),
];

#[test]
fn each_setting_has_its_name_default_and_bounds() {
    let documented: Vec<_> = table(&machine()).iter().map(|s| s.env.clone()).collect();
    let expected: Vec<_> = ROWS.iter().map(|row| row.0).collect();
    assert_eq!(documented, expected);

    for (setting, (env, default, good, bad)) in table(&machine()).iter().zip(ROWS) {
        let defaults = with_env(&[]).unwrap();
        let effective = source(&defaults, &setting.key);
        assert_eq!(effective.value.as_deref(), *default, "{env}");
        assert_eq!(effective.source, Source::Default, "{env}");
        for text in *good {
            let loaded = with_env(&[(env, text)]).unwrap_or_else(|e| panic!("{env}={text}: {e}"));
            assert_eq!(
                source(&loaded, &setting.key).source,
                Source::Environment,
                "{env}"
            );
        }
        for text in *bad {
            let error = with_env(&[(env, text)]).expect_err(&format!("{env}={text}"));
            let [problem] = error.problems.as_slice() else {
                panic!("{env}={text}: {error}");
            };
            let message = problem.to_string();
            for part in [&setting.key, env.as_ref(), setting.allowed.as_str()] {
                assert!(message.contains(part), "{message} lacks {part}");
            }
        }
    }
}

#[test]
fn values_arrive_in_their_own_fields() {
    // Every variable set to something that no other variable and no default has.
    let settings = with_env(&[
        ("DATABASE_URL", "postgres://a/a"),
        ("SECTORWATCH_READ_DATABASE_URL", "postgres://b/b"),
        ("SECTORWATCH_LISTEN", "127.0.0.9:9"),
        ("SECTORWATCH_FEED_URL", "http://c/"),
        ("SECTORWATCH_TRANSCEIVERS_URL", "http://d/"),
        ("SECTORWATCH_STATUS_URL", ""),
        ("SECTORWATCH_POLL_INTERVAL", "21s"),
        ("SECTORWATCH_AIRSPACE", "e"),
        ("SECTORWATCH_DATA_DIR", "f"),
        ("SECTORWATCH_INGEST_POOL_SIZE", "22"),
        ("SECTORWATCH_READ_POOL_SIZE", "23"),
        ("SECTORWATCH_ACQUIRE_TIMEOUT", "24s"),
        ("SECTORWATCH_STATEMENT_TIMEOUT", "25s"),
        ("SECTORWATCH_CONNECTION_MAX_LIFETIME", "26s"),
        ("SECTORWATCH_INSTANCE", "g"),
        ("SECTORWATCH_RETENTION_POSITIONS", "27d"),
        ("SECTORWATCH_RETENTION_LEDGER", "28d"),
        ("SECTORWATCH_RETENTION_REJECTED", "0"),
        ("SECTORWATCH_CONTROLLERS", "h*, i*"),
        ("SECTORWATCH_REQUIRE_FLIGHT_PLAN", "false"),
        ("SECTORWATCH_ENTRY_SPEED_KT", "33"),
        ("SECTORWATCH_EXIT_SPEED_KT", "32"),
        ("SECTORWATCH_EXIT_POLLS", "31"),
        ("SECTORWATCH_MISSING_GRACE", "34s"),
        ("SECTORWATCH_USER_AGENT", "j"),
        ("RUST_LOG", "trace"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://k/"),
    ])
    .unwrap()
    .settings;

    let url = |text: &str| text.parse::<url::Url>().unwrap();
    let seconds = Duration::from_secs;
    let days = |days| Some(Duration::from_hours(24 * days));
    assert_eq!(settings.database_url, Some(Secret::new("postgres://a/a")));
    assert_eq!(
        settings.read_database_url,
        Some(Secret::new("postgres://b/b"))
    );
    assert_eq!(settings.listen, "127.0.0.9:9".parse().unwrap());
    assert_eq!(settings.feed_url, Some(url("http://c/")));
    assert_eq!(
        settings.transceivers_url,
        OptionalUrl::Given(url("http://d/"))
    );
    assert_eq!(settings.status_url, OptionalUrl::Off);
    assert_eq!(settings.poll_interval, seconds(21));
    assert_eq!(settings.airspace, Some("e".into()));
    assert_eq!(settings.data_dir, Path::new("f"));
    assert_eq!(
        (settings.ingest_pool_size, settings.read_pool_size),
        (22, 23)
    );
    assert_eq!(settings.acquire_timeout, seconds(24));
    assert_eq!(settings.statement_timeout, seconds(25));
    assert_eq!(settings.connection_max_lifetime, seconds(26));
    assert_eq!(settings.instance, "g");
    assert_eq!(settings.retention_positions, days(27));
    assert_eq!(settings.retention_ledger, days(28));
    assert_eq!(settings.retention_rejected, None);
    assert_eq!(settings.controllers, ["h*", "i*"]);
    assert!(!settings.require_flight_plan);
    assert_eq!((settings.entry_speed_kt, settings.exit_speed_kt), (33, 32));
    assert_eq!(settings.exit_polls, 31);
    assert_eq!(settings.missing_grace, seconds(34));
    assert_eq!(settings.user_agent, "j");
    assert_eq!(settings.log_filter, "trace");
    assert_eq!(settings.otlp_endpoint, Some(url("http://k/")));
}

#[test]
fn flag_goes_before_environment_before_file_before_default() {
    let file = file("exit_polls = 7\n");
    let flag: &[_] = &[("exit-polls", "5")];
    let env: &[_] = &[("SECTORWATCH_EXIT_POLLS", "6")];
    let cases = [
        (flag, env, Some(file.path()), 5, Source::Flag),
        (&[], env, Some(file.path()), 6, Source::Environment),
        (&[], &[], Some(file.path()), 7, Source::File),
        (&[], &[], None, 2, Source::Default),
    ];
    for (flags, environment, path, expected, from) in cases {
        let loaded = resolve(&given(flags, environment, path), &machine()).unwrap();
        assert_eq!(loaded.settings.exit_polls, expected);
        let effective = source(&loaded, "exit_polls");
        assert_eq!(effective.source, from);
        assert_eq!(effective.value, Some(expected.to_string()));
    }
}

#[test]
fn an_empty_variable_is_unset_or_off_and_an_empty_flag_is_an_error() {
    for setting in table(&machine()) {
        let loaded = with_env(&[(&setting.env, "")]).unwrap();
        let expected = if setting.empty_is_off {
            Source::Environment
        } else {
            Source::Default
        };
        assert_eq!(
            source(&loaded, &setting.key).source,
            expected,
            "{}",
            setting.env
        );
    }
    assert_eq!(
        with_env(&[("SECTORWATCH_TRANSCEIVERS_URL", "")])
            .unwrap()
            .settings
            .transceivers_url,
        OptionalUrl::Off
    );
    for flag in [
        "feed-url",
        "airspace",
        "data-dir",
        "database-url",
        "exit-polls",
    ] {
        assert!(
            resolve(&given(&[(flag, "")], &[], None), &machine()).is_err(),
            "{flag}"
        );
    }
}

#[test]
fn the_file_takes_toml_values_and_reports_all_that_is_wrong_at_once() {
    let good = file(
        "require_flight_plan = false\ningest_pool_size = 3\npoll_interval = '1m'\n\
         controllers = ['SY_*', 'ML*']\nstatus_url = ''\n",
    );
    let settings = resolve(&given(&[], &[], Some(good.path())), &machine())
        .unwrap()
        .settings;
    assert!(!settings.require_flight_plan);
    assert_eq!(settings.ingest_pool_size, 3);
    assert_eq!(settings.poll_interval, Duration::from_mins(1));
    assert_eq!(settings.controllers, ["SY_*", "ML*"]);
    assert_eq!(settings.status_url, OptionalUrl::Off);

    let bad = file("pol_interval = '1m'\nlisten = 1.5\n[database]\nurl = ''\n");
    let env = [
        ("SECTORWATCH_EXIT_POLLS", "0"),
        ("SECTORWATCH_INSTANCE", "É"),
    ];
    let flags = [("missing-grace", "5")];
    let error = resolve(&given(&flags, &env, Some(bad.path())), &machine()).unwrap_err();
    assert_eq!(error.problems.len(), 6, "{error}");
    let message = error.to_string();
    for part in [
        "pol_interval in",
        "did you mean poll_interval?",
        "listen = \"a float\"",
        "database in",
        "exit_polls = \"0\" (environment SECTORWATCH_EXIT_POLLS); allowed: a whole number, 1 … 100",
        "instance = \"É\"",
        "missing_grace = \"5\" (flag --missing-grace)",
    ] {
        assert!(message.contains(part), "{message}\nlacks {part}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_its_lines_are_not_shown() {
    let missing = resolve(
        &given(&[], &[], Some(Path::new("no/such.toml"))),
        &machine(),
    );
    assert!(missing.unwrap_err().to_string().contains("no/such.toml"));

    let broken = file("exit_polls = 3\ndatabase_url = \"postgres://u:hunter2@db/x\" y\n");
    let error = resolve(&given(&[], &[], Some(broken.path())), &machine()).unwrap_err();
    let message = error.to_string();
    assert!(message.contains("line 2"), "{message}");
    assert!(!message.contains("hunter2"), "{message}");
}

#[test]
fn the_exit_speed_is_at_most_the_entry_speed() {
    let error = with_env(&[("SECTORWATCH_ENTRY_SPEED_KT", "20")]).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("exit_speed_kt = \"30\" (default); allowed: at most entry_speed_kt = 20"),
        "{message}"
    );
}

#[test]
fn secrets_are_masked_wherever_a_value_is_shown() {
    let cases = [
        (
            "DATABASE_URL",
            "postgres://u:hunter2@db/x",
            "postgres://u:***@db/x",
        ),
        (
            "DATABASE_URL",
            "postgres:///x?host=/r&password=hunter2",
            "postgres:///x?host=/r&password=***",
        ),
        (
            "DATABASE_URL",
            "mysql://u:hunter2@db/x",
            "mysql://u:***@db/x",
        ),
        ("DATABASE_URL", "user=u password=hunter2", "***"),
        ("DATABASE_URL", "postgres://u:5/hunter2@db/x", "***"),
        (
            "SECTORWATCH_FEED_URL",
            "https://u:hunter2@h/",
            "https://u:***@h/",
        ),
        (
            "SECTORWATCH_STATUS_URL",
            "https://h/?token=hunter2&a=b",
            "https://h/?token=***&a=b",
        ),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http//u:hunter2@h", "***"),
    ];
    for (env, text, shown) in cases {
        let message = match with_env(&[(env, text)]) {
            Ok(loaded) => {
                let debugged = format!("{:?} {loaded:?}", loaded.settings);
                assert!(!debugged.contains("hunter2"), "{debugged}");
                effective(&loaded)
            }
            Err(error) => format!("{error} {error:?}"),
        };
        assert!(message.contains(shown), "{message} lacks {shown}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn warns_of_doubtful_values_and_unknown_variables() {
    let silent = [
        ("SECTORWATCH_POLL_INTERVAL", "15s"),
        ("SECTORWATCH_LONG_TESTS", "1"),
        ("SECTORWATCH_REAL_DATA", "/x"),
        ("SECTORWATCH_FAULT_COMMIT", "3"),
        ("PATH", "/bin"),
    ];
    assert_eq!(with_env(&silent).unwrap().warnings, [""; 0]);

    let doubtful = [
        ("SECTORWATCH_POLL_INTERVAL", "14s"),
        ("SECTORWATCH_MISSING_GRACE", "14s"),
        ("SECTORWATCH_EXIT_POLL", "3"),
        ("SECTORWATCH_COLOUR", "red"),
    ];
    let warnings = with_env(&doubtful).unwrap().warnings;
    let expected = [
        "poll_interval is 14s",
        "missing_grace (14s) is not longer",
        "SECTORWATCH_COLOUR is no setting",
        "SECTORWATCH_EXIT_POLL is no setting; did you mean SECTORWATCH_EXIT_POLLS?",
    ];
    assert_eq!(warnings.len(), expected.len(), "{warnings:?}");
    for (warning, expected) in warnings.iter().zip(expected) {
        assert!(warning.contains(expected), "{warning}");
    }
}

#[test]
fn the_printed_settings_are_a_file_that_gives_the_same_settings() {
    let flags = [
        ("exit-polls", "4"),
        ("transceivers-url", ""),
        ("feed-url", "http://f/"),
    ];
    let loaded = resolve(&given(&flags, &[], None), &machine()).unwrap();
    let printed = effective(&loaded);
    assert!(printed.contains("# flag --exit-polls"), "{printed}");
    assert!(printed.contains("# database_url is unset"), "{printed}");

    let again = file(&printed);
    let again = resolve(&given(&[], &[], Some(again.path())), &machine()).unwrap();
    let values = |loaded: &Loaded| -> Vec<_> {
        let pairs = loaded.sources.iter();
        pairs.map(|s| (s.key.clone(), s.value.clone())).collect()
    };
    assert_eq!(values(&again), values(&loaded));
}

#[test]
fn documents_name_every_setting_once_with_its_default_and_bounds() {
    let (manual, markdown) = (manual_section(), markdown_table());
    for setting in table(&machine()) {
        let heading = format!(
            "--{} {}, {}\n",
            setting.flag, setting.placeholder, setting.env
        );
        assert_eq!(manual.matches(&heading).count(), 1, "{heading}");
        let row = format!("| `--{}` | `{}` |", setting.flag, setting.env);
        assert_eq!(markdown.matches(&row).count(), 1, "{row}");
    }
    let columns: BTreeSet<_> = markdown.lines().map(|l| l.matches('|').count()).collect();
    assert_eq!(columns, BTreeSet::from([6]), "{markdown}");
    assert!(
        manual.lines().all(|line| line.chars().count() <= 100),
        "{manual}"
    );
}

#[test]
fn the_defaults_fit_the_machine() {
    let cases = [
        ("", "sectorwatch"),
        ("___", "sectorwatch"),
        ("Büro", "b-ro"),
        (
            "a-very-long-host-name-of-a-cloud-provider",
            "a-very-long-host-name-of-a-cloud",
        ),
    ];
    for (hostname, instance) in cases {
        let machine = Machine {
            hostname: hostname.to_owned(),
            is_root: true,
        };
        let loaded = resolve(&Given::default(), &machine).unwrap();
        assert_eq!(loaded.settings.instance, instance);
        assert_eq!(loaded.settings.data_dir, Path::new("/var/lib/sectorwatch"));
    }
}
