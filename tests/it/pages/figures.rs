//! Each figure of a page is that of its answer of the API.

use std::collections::HashMap;

use serde_json::Value;

use super::scene::{PAGES, Scene, page_of};
use crate::{
    status_page::browser::demo,
    support::{postgres::Database, service::Service},
};

/// A value of a page: the answer of its section, its place there, and its attributes and text.
struct Figure {
    source: String,
    pointer: String,
    attributes: String,
    text: String,
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn figures(html: &str) -> Vec<Figure> {
    let mut figures = Vec::new();
    for section in html.split(" data-source=\"").skip(1) {
        let (source, section) = section.split_once('"').expect("a source");
        for part in section.split(" data-leaf=\"").skip(1) {
            let (pointer, rest) = part.split_once('"').expect("a pointer");
            let (attributes, rest) = rest.split_once('>').expect("an element");
            let (text, _) = rest.split_once('<').expect("a text");
            let [source, pointer, text] = [source, pointer, text].map(unescaped);
            figures.push(Figure { source, pointer, attributes: attributes.to_owned(), text });
        }
    }
    figures
}

/// The links to answers of the API in the head.
fn alternates(html: &str) -> Vec<String> {
    let links = html.split("<link rel=\"alternate\" type=\"application/json\" href=\"").skip(1);
    links.map(|link| unescaped(link.split('"').next().expect("a link"))).collect()
}

/// Seconds as hours and minutes.
fn hours(seconds: f64) -> String {
    let minutes = (seconds / 60.0).floor();
    format!("{}:{:02} h", thousands((minutes / 60.0).floor()), minutes % 60.0)
}

fn thousands(figure: f64) -> String {
    let digits = format!("{:.0}", figure.abs());
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|it| str::from_utf8(it).expect("digits")).collect();
    format!("{}{}", if figure < 0.0 { "-" } else { "" }, groups.join(","))
}

fn shown_of(pointer: &str, value: &Value) -> String {
    let member = pointer.rsplit('/').next().unwrap_or_default();
    match value {
        Value::Null => "–".to_owned(),
        Value::Number(number) => {
            let figure = number.as_f64().expect("a number");
            match member {
                "mean" => format!("{figure:.2}"),
                "controlled" | "known" | "coverage" | "share" => format!("{:.0} %", figure * 100.0),
                "latitude" | "longitude" => format!("{figure:.4}"),
                "frequency_hz" => format!("{:.3}", figure / 1e6),
                _ if member.ends_with("seconds") => hours(figure),
                _ => thousands(figure.round()),
            }
        }
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "nobody".to_owned(),
        Value::Array(items) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        _ => panic!("{pointer} is no value: {value}"),
    }
}

/// Compares the figures of a page with its answers, which the page links.
fn compare(service: &Service, path: &str) {
    let page = page_of(service.address(), path);
    let html = page.text();
    assert_eq!(page.status, 200, "{path}: {html:.3000}");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
    assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
    assert!(!html.contains("<script") && !html.contains("style=\""), "{path}");
    let alternates = alternates(&html);
    let answers: HashMap<&str, Value> = alternates
        .iter()
        .map(|link| {
            let answer = service.get(link);
            assert_eq!(answer.status, 200, "{path}: {link}: {}", answer.text());
            (link.as_str(), answer.json())
        })
        .collect();
    let figures = figures(&html);
    assert!(figures.len() > 3, "{path}: {} figures", figures.len());
    for Figure { source, pointer, attributes, text } in &figures {
        let answer = answers
            .get(source.as_str())
            .unwrap_or_else(|| panic!("{path}: {source} is no alternate"));
        let value =
            answer.pointer(pointer).unwrap_or_else(|| panic!("{path}: no {pointer} in {source}"));
        assert!(!pointer.contains("cid"), "{path}: no page has a member of VATSIM");
        match attributes.split_once("datetime=\"") {
            // The text is of the time zone of the page.
            Some((_, time)) => {
                assert_eq!(Some(time.trim_end_matches('"')), value.as_str(), "{path} {pointer}")
            }
            None => {
                assert_eq!(*text, shown_of(pointer, value), "{path}: {pointer} in {source}")
            }
        }
    }
    let size = html.len();
    eprintln!("{path}: {} figures, {size} bytes", figures.len());
    assert!(size < 2_000_000, "{path}: {size} bytes");
}

#[test]
fn figures_are_those_of_the_api() {
    let scene = Scene::filled();
    for path in PAGES {
        compare(&scene.service, path);
    }
}

#[test]
fn figures_of_the_demo_are_those_of_the_api() {
    let database = Database::migrated();
    // The mark must not move between a page and its answers.
    let (service, _) = demo(&database, "4m");
    let live = service.get("/api/v1/live").json();
    let inside = live["data"]["flights"].as_array().expect("flights").iter();
    let mut inside = inside.filter(|flight| flight["sector_name"].is_string());
    let flight = inside.next().expect("a flight in a sector");
    let (sector, id) = (flight["sector_name"].as_str().expect("a sector"), &flight["id"]);
    for path in [
        "/sectors",
        "/sectors?span=31d&tz=Australia/Lord_Howe",
        &format!("/sectors/{sector}?step=1m"),
        &format!("/flights/{id}"),
        "/controllers?tz=Asia/Kathmandu",
    ] {
        compare(&service, path);
    }
}
