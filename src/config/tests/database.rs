//! Which database a run uses.

use super::*;

fn settings(environment: &[(&str, &str)]) -> Settings {
    let data_dir = [("SECTORWATCH_DATA_DIR", "/data")];
    with_env(&[&data_dir[..], environment].concat()).expect("settings").settings
}

/// Where the data is, and where the key of forgotten members.
fn places(settings: &Settings, demo: bool) -> (String, String) {
    let place = match settings.database(demo) {
        DatabaseLocation::Server(url) => url.expose().to_owned(),
        DatabaseLocation::Embedded(dir) => dir.display().to_string(),
    };
    (place, settings.forget_key_file(demo).display().to_string())
}

#[test]
fn a_server_that_is_named_is_used_and_a_demo_has_an_embedded_one_of_its_own() {
    let url = "postgres://a/a";
    for (environment, demo, place, key) in [
        (&[][..], false, "/data", "/data/forget.key"),
        (&[], true, "/data/demo", "/data/demo/forget.key"),
        (&[("DATABASE_URL", url)], false, url, "/data/forget.key"),
        (&[("DATABASE_URL", url)], true, url, "/data/forget.key"),
    ] {
        let found = places(&settings(environment), demo);
        assert_eq!(found, (place.to_owned(), key.to_owned()), "{environment:?} {demo}");
    }
}

#[test]
fn history_is_read_where_it_is_written_unless_another_server_is_named() {
    let (written, other) = ("postgres://a/a", "postgres://b/b");
    for (environment, expected) in
        [(&[][..], written), (&[("SECTORWATCH_READ_DATABASE_URL", other)], other)]
    {
        let read = settings(environment).read_url(&Secret::new(written));
        assert_eq!(read.expose(), expected);
    }
}

#[test]
fn advice_is_for_the_server_that_is_used() {
    for (environment, word) in
        [(&[][..], "postgres.log"), (&[("DATABASE_URL", "postgres://a/a")], "check DATABASE_URL")]
    {
        let advice = settings(environment).database(false).advice();
        assert!(advice.contains(word), "{advice}");
    }
}
