//! The recipes of `docs/api.md`, taken out of the document and run as they stand.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
};

use crate::support::{
    documents::Feed,
    feed_server::FeedServer,
    postgres::Database,
    python, schedule, scratch,
    service::{PATIENCE, Service, Setup},
    sql::Client,
};

const DOCUMENT: &str = include_str!("../../docs/api.md");
const PUBLICATIONS: i64 = 30;
/// The span of the recipes. All of the schedule is in it.
const SPAN: [&str; 2] = ["2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z"];
const IN_SPAN: &str = "entry_timestamp < '2025-01-02' and \
     (exit_timestamp is null or exit_timestamp > '2025-01-01')";

/// The blocks of code of one recipe: the language and the text of each.
pub fn recipe(name: &str) -> Vec<(&'static str, &'static str)> {
    let (_, rest) = DOCUMENT.split_once(&format!("\n### {name}\n")).expect("a recipe of this name");
    let section = rest.split("\n## ").next().and_then(|it| it.split("\n### ").next());
    let blocks = section.expect("a section").split("```").skip(1).step_by(2);
    blocks.map(|block| block.split_once('\n').expect("a language and its text")).collect()
}

/// A service with the data of a schedule, and a token for it.
struct Kitchen {
    service: Service,
    client: Client,
    // It is dropped with its handle.
    _database: Database,
    feed: FeedServer,
    dir: PathBuf,
    token: String,
}

impl Kitchen {
    fn open() -> Self {
        let (feed, database, dir) =
            (FeedServer::start(), Database::migrated(), scratch::dir("recipes"));
        let made = Setup::bare(&["token", "--name", "cook", "--scopes", "read,export"]).run();
        assert_eq!(made.code, Some(0), "{}", made.stderr);
        let line = made.stderr.lines().find(|line| line.starts_with("cook:")).expect("a line");
        let tokens = dir.join("tokens");
        fs::write(&tokens, format!("{line}\n")).expect("write the tokens");
        let setup = Setup::serve(&database, &feed)
            .env("SECTORWATCH_TOKENS_FILE", tokens.to_str().expect("UTF-8"))
            .env("SECTORWATCH_ANONYMOUS_SCOPES", "");
        let mut service = setup.start();
        for number in 0..PUBLICATIONS {
            service.take(&feed, &schedule::traffic(number));
        }
        let token = made.stdout.trim().to_owned();
        Self { service, client: database.client(), _database: database, feed, dir, token }
    }

    fn prepared(&self, mut command: Command) -> Command {
        command
            .current_dir(&self.dir)
            .env("SECTORWATCH", format!("http://{}", self.service.address()))
            .env("SECTORWATCH_TOKEN", &self.token)
            .envs(["FROM", "TO"].into_iter().zip(SPAN));
        command
    }

    /// Runs a shell script, and returns what it prints.
    fn shell(&self, script: &str) -> String {
        printed(self.prepared(Command::new("bash")).args(["-euo", "pipefail", "-c", script]))
    }

    fn python(&self, script: &str) -> String {
        printed(self.prepared(python::with_packages()).args(["-c", script]))
    }
}

fn printed(command: &mut Command) -> String {
    let ran = command.output().expect("start a program");
    assert!(ran.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("UTF-8")
}

#[test]
fn every_recipe_of_the_document_works_as_it_stands() {
    let mut kitchen = Kitchen::open();
    curl(&kitchen);
    pandas(&kitchen);
    duckdb(&kitchen);
    spreadsheet(&kitchen);
    bot(&mut kitchen);
}

fn curl(kitchen: &Kitchen) {
    let [("sh", script)] = recipe("curl")[..] else { panic!("one block") };
    // Several pages.
    let lines = kitchen.shell(&script.replace("limit=1000", "limit=7"));
    let ids: Vec<i64> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("an object"))
        .map(|visit| visit["id"].as_i64().expect("an id"))
        .collect();
    let sql = format!(
        "select v.id::text from flight_sector_occupancy v where {IN_SPAN} order by entry_timestamp, v.id"
    );
    let stored: Vec<i64> =
        kitchen.client.column(&sql).iter().map(|id| id.parse().expect("a number")).collect();
    assert!(stored.len() > 14, "{stored:?}");
    assert_eq!(ids, stored);
}

fn pandas(kitchen: &Kitchen) {
    let [("python", script)] = recipe("pandas")[..] else { panic!("one block") };
    let table = kitchen.python(&format!("{script}\nprint('sum', len(visits))"));
    let sectors = kitchen.client.column("select distinct sector_name from flight_sector_occupancy");
    assert!(sectors.len() > 3 && sectors.iter().all(|it| table.contains(it)), "{table}");
    let sql = format!("select count(*) from flight_sector_occupancy where {IN_SPAN}");
    let all = kitchen.client.count(&sql);
    assert!(table.ends_with(&format!("sum {all}\n")), "{table}");
}

fn duckdb(kitchen: &Kitchen) {
    let [("sh", fetch), ("sql", query)] = recipe("DuckDB")[..] else { panic!("two blocks") };
    kitchen.shell(fetch);
    let script = format!(
        "import duckdb\nfor row in duckdb.sql(\"\"\"{query}\"\"\").fetchall(): print(row[0], row[1], row[2], row[4])"
    );
    let query = query.trim().trim_end_matches(';');
    let in_sql = query.replace("'visits.parquet'", "flight_sector_occupancy");
    let rows = kitchen.client.column(&format!(
        "select concat_ws(' ', sector_name, visits, flights, to_next_sector) from ({in_sql}) rows"
    ));
    assert_eq!(kitchen.python(&script).lines().collect::<Vec<_>>(), rows);
}

fn spreadsheet(kitchen: &Kitchen) {
    let [("sh", fetch)] = recipe("A spreadsheet")[..] else { panic!("one block") };
    kitchen.shell(fetch);
    let rows = kitchen.python(
        "import csv\nfor row in csv.DictReader(open('movements.csv', newline='', encoding='utf-8')): \
         print(row['id'], row['callsign'], row['icao'], row['kind'])",
    );
    let stored = kitchen.client.column(
        "select concat_ws(' ', m.id, f.callsign, m.icao, m.kind) from airport_movements m \
         join flights f on f.id = m.flight_id order by m.at, m.id",
    );
    assert!(!stored.is_empty(), "the schedule has movements");
    assert_eq!(rows.lines().collect::<Vec<_>>(), stored);
}

/// Ends its process.
struct Bot(Child);

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn bot(kitchen: &mut Kitchen) {
    let [("python", script)] = recipe("A Discord bot")[..] else { panic!("one block") };
    let (webhook, said) = webhook();
    // The test does not wait for as long as a channel may.
    let script = script.replace("pause = 15", "pause = 0.1");
    let mut command = kitchen.prepared(python::with_packages());
    command.args(["-c", &script]).env("DISCORD_WEBHOOK", webhook).stdout(Stdio::null());
    let _bot = Bot(command.spawn().expect("start the bot"));
    let says = |text: &str| {
        let body = said.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("nothing of {text}"));
        let message: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(message["content"], text);
    };
    says("SY_APP is online on 124.700");
    let empty = Feed::second(schedule::STEP_SECONDS * PUBLICATIONS);
    kitchen.service.take(&kitchen.feed, &empty);
    says("SY_APP has left");
}

/// An address that takes messages as Discord does, and the bodies that it got.
fn webhook() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (sender, bodies) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a client"));
            let mut length = 0;
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).expect("a head");
                let line = line.trim().to_ascii_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a length");
                }
                if line.is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).expect("a body");
            stream
                .get_mut()
                .write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                .expect("answer");
            let _ = sender.send(String::from_utf8(body).expect("UTF-8"));
        }
    });
    (format!("http://{address}/webhook"), bodies)
}

/// What a reader copies first is what the test sets.
#[test]
fn the_recipes_take_their_settings_from_the_environment_that_the_document_shows() {
    let names: BTreeSet<&str> = DOCUMENT
        .lines()
        .filter_map(|line| line.strip_prefix("export "))
        .flat_map(|line| line.split(' ').filter_map(|part| part.split_once('=')))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, BTreeSet::from(["FROM", "SECTORWATCH", "SECTORWATCH_TOKEN", "TO"]));
}
