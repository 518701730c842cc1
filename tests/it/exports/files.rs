//! Files, and what is in them.

use std::{
    fs,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
};

use super::{
    readers,
    scene::{SPAN, TABLES, path},
};
use crate::{
    api_v1::world::World,
    support::{scratch, service::Setup},
};

pub fn each_file_is_read_back_as_it_is_stored(world: &World) {
    let folder = scratch::dir("exports");
    let mut written = Vec::new();
    for exported in &TABLES {
        for personal in [false, true] {
            if personal && !exported.is_personal() {
                continue;
            }
            let name = format!("{}{}", exported.table, if personal { "_personal" } else { "" });
            let rows = exported.stored(&world.sql, personal);
            fs::write(folder.join(format!("{name}.rows")), rows).expect("write rows");
            for format in exported.formats() {
                let asked = if personal { "&personal=1" } else { "" };
                let answer = world.get_personal(&(exported.path(format) + asked));
                assert_eq!(answer.status, 200, "{name}.{format}: {}", answer.text());
                let file = format!("{name}.{format}");
                fs::write(folder.join(&file), answer.body).expect("write a file");
                written.push(file);
            }
        }
    }
    let mut compared = readers::check(&folder);
    written.sort();
    compared.sort();
    assert_eq!(compared, written);
}

/// Writes a file by the command line.
fn exported(world: &World, table: &str, format: &str, file: &Path, more: &[&str]) -> Vec<u8> {
    let (from, to) = SPAN;
    let file_name = file.to_str().expect("UTF-8");
    let asked = ["export", table, "--format", format, "--from", from, "--to", to, "-o", file_name];
    let arguments: Vec<_> = asked.iter().chain(more).copied().collect();
    let ended = Setup::bare(&arguments).env("DATABASE_URL", &world.database.url()).run();
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "{}", ended.stderr);
    fs::read(file).expect("the file")
}

pub fn the_command_line_writes_the_same(world: &World) {
    let folder = scratch::dir("written");
    let file = folder.join("file");
    for exported_table in &TABLES {
        for format in exported_table.formats() {
            // Each table once, and one table in each format.
            if format != "csv" && exported_table.table != "visits" {
                continue;
            }
            let table = exported_table.table;
            let by_http = world.get_personal(&exported_table.path(format)).body;
            assert!(by_http == exported(world, table, format, &file, &[]), "{table}.{format}");
        }
    }
    let path = path("flights", "parquet", SPAN) + "&personal=1";
    let personal = exported(world, "flights", "parquet", &file, &["--personal"]);
    assert!(world.get_personal(&path).body == personal, "personal columns");
    let names = fs::read_dir(&folder).expect("files").map(|file| file.expect("a file").file_name());
    assert_eq!(names.collect::<Vec<_>>(), ["file"], "nothing is left behind");
    to_standard_output(world);
}

fn to_standard_output(world: &World) {
    let (from, to) = SPAN;
    let run = |to: &str, more: &[&str]| {
        let asked = ["export", "movements", "--format", "csv", "--from", from, "--to", to];
        let arguments: Vec<_> = asked.iter().chain(more).copied().collect();
        Setup::bare(&arguments).env("DATABASE_URL", &world.database.url()).run()
    };
    let ended = run(to, &[]);
    let by_http = world.get_personal(&path("movements", "csv", SPAN)).text();
    assert_eq!((ended.code, ended.stdout.lines().count()), (Some(0), by_http.lines().count()));
    assert!(by_http.lines().eq(ended.stdout.lines()));
    for (to, more, part) in [
        (from, &[][..], "`from` is not before `to`"),
        (to, &["-o", "no/such/folder/file"], "no/such/folder/file.part"),
    ] {
        let ended = run(to, more);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{part}");
        assert!(ended.stderr.contains(part), "{part}: {}", ended.stderr);
    }
}

/// As `head` goes when it has enough.
pub fn an_output_that_is_closed_needs_no_words(world: &World) {
    let (from, to) = SPAN;
    let mut command = Command::new(env!("CARGO_BIN_EXE_sectorwatch"))
        .args(["export", "positions", "--format", "csv", "--from", from, "--to", to])
        .env_clear()
        .env("DATABASE_URL", world.database.url())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("start the binary");
    let mut output = command.stdout.take().expect("piped");
    output.read_exact(&mut [0; 10]).expect("the begin");
    drop(output);
    let ended = command.wait_with_output().expect("its end");
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

pub fn what_is_personal_is_there_only_if_it_is_asked_for(world: &World) {
    let secrets =
        ["SECRETREMARK", "SECRETATIS", "1987601", "1876501", "remarks", "text_atis", "cid"];
    let holds =
        |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|at| at == text.as_bytes());
    for exported in &TABLES {
        for format in exported.formats() {
            let plain = world.get_personal(&exported.path(format));
            for secret in secrets {
                assert!(!holds(&plain.body, secret), "{secret} in {}.{format}", exported.table);
            }
            // Nobody without the scope is told anything, whatever they ask.
            for more in ["&personal=1", "&cid=1987601"] {
                let refused = world.get(&(exported.path(format) + more));
                assert_eq!(refused.status, 401, "{}.{format}{more}", exported.table);
            }
        }
    }
    let of_member = world.get_personal(&(path("flights", "csv", SPAN) + "&cid=1987601&personal=1"));
    let lines: Vec<_> = of_member.text().lines().skip(1).map(str::to_owned).collect();
    let stored = world.sql.count(&format!(
        "select count(*) from flights where cid = 1987601 and first_seen between '{}' and '{}'",
        SPAN.0, SPAN.1
    ));
    assert!(lines.iter().all(|line| line.contains(",1987601,")) && lines.len() as u64 >= stored);
}
