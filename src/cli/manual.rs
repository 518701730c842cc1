//! The manual page that `--help` prints.

use crate::config;

/// Returns the whole manual. The list of settings comes from the table of settings.
pub(super) fn manual() -> String {
    let settings = config::manual_section();
    format!("{BEFORE_SETTINGS}{settings}{AFTER_SETTINGS}")
}

const BEFORE_SETTINGS: &str = "\
NAME
    sectorwatch - records who flew through which sector of a VATSIM airspace

SYNOPSIS
    sectorwatch [--SETTING VALUE]... [serve] [--demo] [--new-cluster]
    sectorwatch [--SETTING VALUE]... replay [--allow-future] [--new-cluster] FILE|DIR...
    sectorwatch [--SETTING VALUE]... reset-mark --to TIME
    sectorwatch [--SETTING VALUE]... forget --cid N [--dry-run] [--allow-again]
    sectorwatch [--SETTING VALUE]... export TABLE --format FORMAT --from TIME --to TIME
        [--personal] [-o FILE]
    sectorwatch [--SETTING VALUE]... check-airspace [--at LAT,LON[,FEET]]...
        [--callsign CALLSIGN[@MHZ]]... [--json] [--svg OUT] FILE|DIR...
    sectorwatch [--SETTING VALUE]... import-airspace [--from FORMAT] [--division X]
        [--ids GLOB,...] [--kinds KIND,...] [--merge FILE] [--transition-altitude FT] [--source-version V] [--strict]
        [--report text|json] [-o FILE] {PATH...|--download vatspy [--download-from URL]}
    sectorwatch [--SETTING VALUE]... health [URL]
    sectorwatch [--SETTING VALUE]... token --name N --scopes SCOPE,... [--expires TIME]
    sectorwatch [--SETTING VALUE]... config

DESCRIPTION
    Asks VATSIM's data feed every 15 seconds, keeps the flights inside an airspace, and stores
    flights, positions and sector visits in PostgreSQL. Shows itself at /metrics (Prometheus),
    /api/status (JSON), /livez and /readyz.

    Without DATABASE_URL it starts a PostgreSQL of its own from the binaries on this machine,
    with its data in the data directory.

COMMANDS
    serve
        Collects the network until told to stop (SIGTERM, SIGINT). The default.
        With --demo, a simulated network; the status page says so.
    replay [--allow-future] FILE|DIR...
        Collects recorded snapshots (.json, .gz, .zst) in the order of their own time, with the
        radios of NAME.json from NAME.radios.json beside it (or .gz, .zst); without them, radios
        are unknown. Snapshots that are already stored, or older, are skipped. Those more than 24 hours ahead of the
        clock are refused, since nothing older than the newest stored one is stored after it;
        with --allow-future they are taken.
    reset-mark --to TIME
        Sets the mark, the time of the newest stored snapshot, to TIME (RFC 3339, not ahead of the
        clock), where a snapshot of the future was stored: only what is newer than the mark is
        stored. Needs the service to be stopped. Queued transitions are applied, flights and
        controllers last seen after TIME count as seen at TIME, open visits that began after it are
        closed where they began as 'unobserved'. What is stored of radio contact and of control for
        the time after TIME is deleted, and nothing else. Prints what it did.
    forget --cid N [--dry-run] [--allow-again]
        Deletes every row of the member with this VATSIM id, and prints how many of what; a running
        service knows it in its next cycle. Nothing of theirs is stored any more: they are known by
        a keyed digest, whose key is SECTORWATCH_FORGET_KEY, or the file forget.key in the data
        directory. With --allow-again, the member is stored again from then on; with --dry-run,
        nothing is changed.
    export TABLE --format FORMAT --from TIME --to TIME [--personal] [-o FILE]
        Writes flights, visits, positions, contacts, controllers or movements of a span of time, of
        366 days and 5 million rows at most, as csv, ndjson, parquet or (but for contacts and
        controllers) geojson. Reads the database directly, as the export of the API does; a running
        service is not disturbed. TIME is RFC 3339, or seconds since 1970. Without -o it writes to
        standard output; with it to FILE.part, which is renamed once all of it is there. --personal
        adds the columns with VATSIM ids, remarks and texts of controllers.
    check-airspace FILE|DIR...
        Reports what GeoJSON files hold, read as one airspace, and what is wrong with them. With
        --at, prints instead the sectors at a point, the smallest first, which one is recorded and
        why the others are not; without FEET limits are not judged. With --callsign, prints the
        positions that a controller is at, and the sectors that these own. With --json, the answers
        are one JSON array, points before callsigns. With --svg, also draws the sectors, and the
        points of --at, into an SVG file; - is standard output, which then has nothing else.
    import-airspace PATH...
        Reads files that the community has (vatspy, vatsys, vatglasses, euroscope, simaware, or
        geojson), folders of them or .tar.gz archives, and writes GeoJSON for --airspace to
        standard output or to the file of -o. The format is told by the content, or named by
        --from. --division, --ids and --kinds select sectors; --merge adds them to a file that is
        there. What was found, repaired and left out, and why, is reported on standard error. Exits
        with 1 when nothing is usable, or with --strict when anything was left out. Mind the
        licence of the files.
        With --download vatspy instead of paths, the current files of VAT-Spy are fetched, which
        VATSIM's API of map data names, or the server of --download-from (https://, or http:// on
        this machine). Their commit becomes the version of the dataset. They are licensed under
        CC BY-SA 4.0.
    health [URL]
        Asks a running service how it is, within 3 s; by default /readyz at --listen.
    token --name N --scopes SCOPE,... [--expires TIME]
        Makes a token for whoever reads the API, and prints it to standard output: it is shown only
        once. Its line for the file of SECTORWATCH_TOKENS_FILE, which holds a digest in its place,
        is printed to standard error. Scopes are read, export (which needs read) and personal.
        From TIME on (RFC 3339), the token is not valid any more.
    config
        Prints the effective settings as a file for --config, with the source of each. Passwords
        are masked.

SETTINGS
    Each is a flag, before or after the command; an environment variable; and a key of the file,
    written like the flag with '_' for '-'. A flag goes before the environment, the environment
    before the file, the file before the default. An empty variable counts as unset, but for
    the settings that say that empty means off. Times have a unit: 100ms, 15s, 1h 30m, 30d.
";

const AFTER_SETTINGS: &str = "
OTHER OPTIONS
    --config FILE    reads settings from a file
    --new-cluster    with serve or replay: where the data of the embedded PostgreSQL is lost, which
                     stops the start otherwise, begins with an empty one; keeps what is left aside
    -h, --help       prints this manual; after a command, its options
    -V, --version    prints the version and the revision of this build

ENVIRONMENT
    Besides the settings:
    PG_BIN_DIR
        Where the binaries of the embedded PostgreSQL are (initdb, postgres).
    NO_COLOR
        Set to anything: no colours in the log.
    OTEL_BSP_SCHEDULE_DELAY, OTEL_TRACES_SAMPLER, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_HEADERS
        As OpenTelemetry defines them.
    An unknown variable that starts with SECTORWATCH_ is warned about.

FILES
    The file of --config is a flat table in TOML; a list of texts may stand for GLOBS:
        poll_interval = \"30s\"
        ingest_pool_size = 4
        controllers = [\"SY_*\", \"ML-*_CTR\"]
    Unknown keys stop the start.

EXAMPLES
    sectorwatch
        collects the network into an embedded PostgreSQL
    sectorwatch serve --demo --listen 0.0.0.0:8080
        collects a simulated network, and serves HTTP to everyone
    DATABASE_URL=postgres://me@db/sectorwatch sectorwatch --airspace nz.geojson
        collects another airspace into a PostgreSQL of yours
    sectorwatch export positions --format parquet --from 2026-07-01T00:00:00Z \\
            --to 2026-07-02T00:00:00Z -o positions.parquet
        writes all positions of a day
    sectorwatch --config /etc/sectorwatch.toml config
        shows what holds, and why

    sectorwatch token --name bot --scopes read >bot.token 2>>tokens
        makes a token, and adds its line to the file of tokens

EXIT STATUS
    0   done, or well
    1   failed, or not well; what failed is said on standard error
    2   wrong usage or settings
";
