//! The command line as people type it.

use sectorwatch_access::{Scope, Scopes};
use sectorwatch_airspace::{
    import::{Format as AirspaceFormat, Options},
    lookup::Point,
};

use sectorwatch_export::Format;

use super::*;
use crate::export::ExportTable;

fn typed(line: &str) -> Result<Invocation, Exit> {
    let args = ["sectorwatch"].into_iter().chain(line.split_whitespace());
    load(args.map(OsString::from), [], &Machine::default())
}

fn check(paths: &[&str], questions: &[Question], json: bool) -> Command {
    let paths = paths.iter().map(Into::into).collect();
    Command::CheckAirspace { paths, questions: questions.to_vec(), json, svg: None }
}

/// The first fourteen hours of a year, of a table.
fn export(table: ExportTable, format: Format, personal: bool, output: Option<&str>) -> Command {
    let time = |text: &str| text.parse().unwrap();
    Command::Export(ExportFile {
        table,
        format,
        from: time("2025-01-01T00:00:00Z"),
        to: time("2025-01-01T14:00:00Z"),
        personal,
        output: output.map(Into::into),
    })
}

/// What is asked of the import of these files, besides which.
fn import(files: Files) -> Command {
    Command::ImportAirspace(Box::new(ImportAirspace {
        files,
        options: Options::default(),
        merge: None,
        strict: false,
        json: false,
        output: None,
    }))
}

fn vatspy(api: Option<&str>) -> Command {
    let mut command = import(Files::Download(api.map(|api| api.parse().unwrap())));
    if let (Command::ImportAirspace(asked), None) = (&mut command, api) {
        asked.options.format = Some(AirspaceFormat::Vatspy);
    }
    command
}

#[test]
fn understands_each_command() {
    let cases = [
        ("", Command::Serve { demo: false, new_cluster: false }),
        ("serve", Command::Serve { demo: false, new_cluster: false }),
        ("--demo", Command::Serve { demo: true, new_cluster: false }),
        ("serve --demo", Command::Serve { demo: true, new_cluster: false }),
        ("--demo serve", Command::Serve { demo: true, new_cluster: false }),
        (
            "replay a.json b",
            Command::Replay {
                paths: vec!["a.json".into(), "b".into()],
                allow_future: false,
                new_cluster: false,
            },
        ),
        ("--new-cluster", Command::Serve { demo: false, new_cluster: true }),
        ("serve --demo --new-cluster", Command::Serve { demo: true, new_cluster: true }),
        (
            "replay --new-cluster a",
            Command::Replay { paths: vec!["a".into()], allow_future: false, new_cluster: true },
        ),
        (
            "--new-cluster replay a",
            Command::Replay { paths: vec!["a".into()], allow_future: false, new_cluster: true },
        ),
        (
            "reset-mark --to 2026-01-02T03:04:05.1234567+02:00",
            Command::ResetMark { to: "2026-01-02T01:04:05.123456Z".parse().unwrap() },
        ),
        (
            "replay --allow-future a",
            Command::Replay { paths: vec!["a".into()], allow_future: true, new_cluster: false },
        ),
        ("forget --cid 7", Command::Forget { cid: 7, dry_run: false, allow_again: false }),
        (
            "forget --cid=7 --dry-run --allow-again",
            Command::Forget { cid: 7, dry_run: true, allow_again: true },
        ),
        (
            "export visits --format parquet --from 1735689600 --to 2025-01-02T00:00:00+10:00",
            export(ExportTable::Visits, Format::Parquet, false, None),
        ),
        (
            "export flights --format csv --from 2025-01-01T00:00:00Z --to 1735740000 --personal -o x.csv",
            export(ExportTable::Flights, Format::Csv, true, Some("x.csv")),
        ),
        ("health", Command::Health { url: None }),
        ("health http://h/livez", Command::Health { url: Some("http://h/livez".parse().unwrap()) }),
        (
            "token --name a/b --scopes export,read --expires 2100-01-01T01:00:00+01:00",
            Command::Token(token::Wanted {
                name: "a/b".into(),
                scopes: Scopes::of(&[Scope::Read, Scope::Export]),
                expires_at: Some("2100-01-01T00:00:00Z".parse().unwrap()),
            }),
        ),
        ("config", Command::Config),
    ];
    for (line, expected) in cases {
        assert_eq!(typed(line).unwrap().command, expected, "{line}");
    }
}

#[test]
fn understands_the_commands_of_airspaces() {
    let cases = [
        ("check-airspace nz.geojson", check(&["nz.geojson"], &[], false)),
        ("check-airspace a,b c", check(&["a", "b", "c"], &[], false)),
        (
            "check-airspace a --at -33.9,151.2,3000 --at=0,360 --callsign SY_APP@124.400 --json",
            check(
                &["a"],
                &[
                    Question::At(Point {
                        latitude: -33.9,
                        longitude: 151.2,
                        altitude_ft: Some(3_000),
                    }),
                    Question::At(Point { latitude: 0.0, longitude: 360.0, altitude_ft: None }),
                    Question::Callsign("SY_APP".to_owned(), Some(124_400_000)),
                ],
                true,
            ),
        ),
        (
            "check-airspace a --svg -",
            Command::CheckAirspace {
                paths: vec!["a".into()],
                questions: Vec::new(),
                json: false,
                svg: Some("-".into()),
            },
        ),
        ("import-airspace a b", import(Files::Given(vec!["a".into(), "b".into()]))),
        ("import-airspace --download vatspy --from vatspy", vatspy(None)),
        (
            "import-airspace --download vatspy --download-from http://localhost/x",
            vatspy(Some("http://localhost/x")),
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(typed(line).unwrap().command, expected, "{line}");
    }
}

#[test]
fn flags_work_before_and_after_the_command() {
    for line in [
        "--exit-polls 9",
        "--exit-polls 9 serve",
        "serve --exit-polls=9",
        "replay x --exit-polls 9",
        "--exit-polls 9 replay x",
    ] {
        let loaded = typed(line).unwrap().settings;
        assert_eq!(loaded.settings.exit_polls, 9, "{line}");
    }
}

#[test]
fn the_environment_and_the_file_reach_the_settings() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "read_pool_size = 3\n").unwrap();
    let args = ["sectorwatch", "serve", "--config"].map(OsString::from);
    let args = args.into_iter().chain([file.path().into()]);
    let environment = [("SECTORWATCH_EXIT_POLLS".into(), "9".into())];
    let loaded = load(args, environment, &Machine::default()).unwrap();
    let settings = loaded.settings.settings;
    assert_eq!((settings.read_pool_size, settings.exit_polls), (3, 9));
}

#[test]
fn wrong_usage_and_wrong_settings_end_with_2_and_say_why() {
    let cases = [
        ("--poll-intervall 15s", "--poll-interval"),
        ("sevre", "serve"),
        ("replay", "<FILE|DIR>"),
        ("check-airspace", "<FILE|DIR>"),
        ("import-airspace", "<PATH>"),
        ("import-airspace --download vatspy a", "cannot be used with"),
        ("import-airspace --download vatsys", "vatspy"),
        ("import-airspace --download vatspy --from vatsys", "no other format than vatspy"),
        ("import-airspace --download-from http://h/ a", "cannot be used with"),
        ("import-airspace --download-from http://h/", "--download <vatspy>"),
        ("import-airspace --download vatspy --download-from ftp://h", "http://"),
        ("health ftp://h", "http://"),
        ("export", "<TABLE>"),
        ("export planes --format csv --from 0 --to 1", "flights, visits, positions"),
        ("export flights --format xlsx --from 0 --to 1", "csv, ndjson, parquet, geojson"),
        ("export contacts --format geojson --from 0 --to 1", "but as csv, ndjson, parquet"),
        ("export flights --format csv --from yesterday --to 1", "RFC 3339"),
        ("export flights --format csv --to 1", "--from <TIME>"),
        ("forget", "--cid <N>"),
        ("forget --cid 0", "--cid <N>"),
        ("forget --cid me", "--cid <N>"),
        ("reset-mark", "--to <TIME>"),
        ("reset-mark --to yesterday", "RFC 3339"),
        ("reset-mark --to 2026-01-02T03:04:05", "RFC 3339"),
        ("reset-mark --to 2999-01-02T03:04:05Z", "ahead of the clock"),
        ("token --name a", "--scopes <SCOPE,...>"),
        ("token --scopes read", "--name <N>"),
        ("token --name a:b --scopes read", "without ':'"),
        ("token --name #a --scopes read", "not '#' first"),
        ("token --name a --scopes write", "read, export and personal"),
        ("token --name a --scopes ,", "read, export and personal"),
        ("token --name a --scopes read --expires 2026-01-02T03:04:05Z", "it is past"),
        ("token --name a --scopes read --expires tomorrow", "RFC 3339"),
        ("--demo config", "--demo belongs to 'serve'"),
        ("replay --demo x", "--demo"),
        ("--new-cluster config", "--new-cluster belongs to 'serve' and 'replay'"),
        ("health --new-cluster", "--new-cluster"),
        ("--exit-polls -1", "exit_polls = \"-1\" (flag --exit-polls)"),
        ("--exit-polls", "--exit-polls <N>"),
        ("--config no/such.toml", "no/such.toml"),
    ];
    for (line, part) in cases {
        let exit = typed(line).unwrap_err();
        assert_eq!(exit.code, 2, "{line}: {}", exit.message);
        assert!(exit.message.contains(part), "{line}: {}", exit.message);
    }
}

#[test]
fn a_mistyped_flag_does_not_show_its_value() {
    let exit = typed("--databse-url=postgres://u:hunter2@db/x").unwrap_err();
    assert!(exit.message.contains("--database-url"), "{}", exit.message);
    assert!(!exit.message.contains("hunter2"), "{}", exit.message);
    for url in ["ftp://u:hunter2@h", "http://u:hunter2@h:x/", "hunter2"] {
        let exit = typed(&format!("health {url}")).unwrap_err();
        assert!(!exit.message.contains("hunter2"), "{}", exit.message);
        let line = format!("import-airspace --download vatspy --download-from {url}");
        let exit = typed(&line).map_or_else(|exit| exit.message, |_| String::new());
        assert!(!exit.contains("hunter2"), "{exit}");
    }
}

#[test]
fn help_and_version_end_with_0() {
    for line in ["--help", "-h", "help"] {
        let exit = typed(line).unwrap_err();
        assert_eq!(exit.code, 0, "{line}");
        assert_eq!(exit.message.trim_end(), manual::manual().trim_end(), "{line}");
    }
    for line in ["--version", "-V"] {
        let exit = typed(line).unwrap_err();
        assert_eq!(exit.code, 0);
        let expected = format!("sectorwatch {VERSION} (revision {REVISION})");
        assert_eq!(exit.message, expected);
    }
    let exit = typed("replay --help").unwrap_err();
    assert_eq!(exit.code, 0);
    assert!(exit.message.contains("--exit-polls"), "{}", exit.message);
}

#[test]
fn the_manual_has_every_section_command_and_setting() {
    let manual = manual::manual();
    for heading in [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "COMMANDS",
        "SETTINGS",
        "ENVIRONMENT",
        "FILES",
        "EXAMPLES",
        "EXIT STATUS",
    ] {
        assert!(manual.lines().any(|line| line == heading), "{heading}");
    }
    let table = config::table(&Machine::default());
    for command in grammar::grammar(&table).get_subcommands() {
        let synopsis = format!("[--SETTING VALUE]... {}", command.get_name());
        let synopsis = synopsis.replace("serve", "[serve]");
        assert!(manual.contains(&synopsis), "{synopsis}");
    }
    for setting in &table {
        let named = format!("--{} ", setting.flag);
        assert!(manual.contains(&named), "{named}");
    }
}
