use super::{
    known::{
        ARRIVAL, BBOX, BY, CALLSIGN, CID, CURSOR, DEPARTURE, FROM, LIMIT, PERSONAL, SECTOR, STEP,
        TO, TZ,
    },
    *,
};
use crate::web::problem::{Code, Problem};
use sectorwatch_core::Time;
use sectorwatch_store::api::{Absent, Asked, BoundingBox, CoverageBy};

const ALL: &[Parameter] = &[
    FROM, TO, LIMIT, CURSOR, CALLSIGN, DEPARTURE, ARRIVAL, SECTOR, BBOX, CID, PERSONAL, TZ, STEP,
    BY,
];

fn query(text: &str) -> Query {
    Query::parse(text, ALL).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

/// The code and the text of an error.
fn told<T: std::fmt::Debug>(outcome: Result<T, Problem>) -> (Code, String) {
    let problem = outcome.expect_err("refused");
    (problem.code(), problem.to_string())
}

fn list_span(query: &mut Query) -> Result<Asked, Problem> {
    asked(query, Absent::LastDay, Asked::LONGEST_OF_A_LIST)
}

#[test]
fn parameters_are_decoded_and_sorted_and_empty_pieces_are_skipped() {
    let rows = [
        ("", ""),
        ("&&", ""),
        ("to=2&from=1", "from=1&to=2"),
        ("sector=A+B%2FC", "sector=A%20B%2FC"),
        ("%66rom=1", "from=1"),
        ("sector=%C3%BC", "sector=%C3%BC"),
        ("sector=a=b", "sector=a%3Db"),
        ("sector", "sector="),
        ("begin=1&end=2", "from=1&to=2"),
    ];
    for (text, whole) in rows {
        assert_eq!(query(text).whole(), whole, "{text}");
    }
}

#[test]
fn bad_queries_are_refused_by_name() {
    let rows = [
        ("form=1", Code::UnknownParameter, "form is no parameter"),
        ("From=1", Code::UnknownParameter, "From is no parameter"),
        ("=1", Code::UnknownParameter, "those here are from, to"),
        ("x%3Cscript%3E=1", Code::UnknownParameter, "There is an unknown parameter"),
        ("from=1&from=1", Code::BadRequest, "from (begin is the same) is given more than once"),
        ("from=1&begin=1", Code::BadRequest, "from (begin is the same)"),
        ("end=1&to=1", Code::BadRequest, "to (end is the same)"),
        ("limit=1&limit=2", Code::BadRequest, "limit is given more than once"),
        ("from=%", Code::BadRequest, "two hexadecimal digits"),
        ("from=%4", Code::BadRequest, "two hexadecimal digits"),
        ("from=%zz", Code::BadRequest, "two hexadecimal digits"),
        ("sector=%ff", Code::BadRequest, "UTF-8"),
        ("sector=%00", Code::BadRequest, "NUL"),
    ];
    for (text, code, says) in rows {
        let (is, detail) = told(Query::parse(text, ALL));
        assert_eq!(is, code, "{text}");
        assert!(detail.contains(says), "{text}: {detail}");
    }
    let (code, detail) = told(Query::parse("a=1", &[]));
    assert_eq!(code, Code::UnknownParameter);
    assert!(detail.contains("there are none here"), "{detail}");
}

#[test]
fn times_are_rfc_3339_or_seconds() {
    let rows = [
        ("2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z"),
        ("2026-07-01t12:00:00z", "2026-07-01T12:00:00Z"),
        ("2026-07-01T22:00:00%2B10:00", "2026-07-01T12:00:00Z"),
        ("2026-07-01T22:00:00+10:00", "2026-07-01T12:00:00Z"),
        ("2026-07-01T02:00:00-10:00", "2026-07-01T12:00:00Z"),
        ("1782907200", "2026-07-01T12:00:00Z"),
        ("0", "1970-01-01T00:00:00Z"),
        ("-1", "1969-12-31T23:59:59Z"),
        ("2026-07-01T12:00:00.123456789Z", "2026-07-01T12:00:00.123456Z"),
        ("2026-06-30T23:59:60Z", "2026-07-01T00:00:00Z"),
    ];
    for (text, normal) in rows {
        let mut query = query(&format!("from={text}"));
        let span = list_span(&mut query).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert!(span.from.is_some() && span.to.is_none(), "{text}");
        assert_eq!(query.get(&FROM), Some(normal), "{text}");
    }
    let bad = [
        "",
        "-",
        "now",
        "1.5",
        "2026-07-01",
        "2026-07-01T12:00:00",
        "2026-07-01 12:00:00Z",
        "2026-07-01+12:00:00Z",
        "2026-02-30T00:00:00Z",
        "99999999999999999999",
        "253402300800",
        "-62135596801",
        "10000-01-01T00:00:00Z",
        " 1",
        "1e9",
        "%D9%A1",
        "\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}",
    ];
    for text in bad {
        let (code, detail) = told(list_span(&mut query(&format!("to={text}"))));
        assert_eq!(code, Code::BadTime, "{text}");
        assert!(detail.contains("to is a time of RFC 3339"), "{text}: {detail}");
    }
}

#[test]
fn a_span_with_both_ends_is_checked_before_anything_is_read() {
    let both = |text: &str| told(list_span(&mut query(text)));
    assert_eq!(both("from=100&to=100").0, Code::BadSpan);
    assert_eq!(both("begin=101&end=100").0, Code::BadSpan);
    let (code, detail) = both("from=0&to=2678401");
    assert_eq!(code, Code::SpanTooWide);
    assert!(detail.contains("31 days"), "{detail}");
    let span = list_span(&mut query("from=0&to=2678400")).expect("31 days");
    assert_eq!(span.from, Some(Time::UNIX_EPOCH));
    let export = Asked::LONGEST_OF_AN_EXPORT;
    let year = asked(&mut query("from=0&to=31622401"), Absent::LastDay, export);
    let (code, detail) = told(year);
    assert_eq!(code, Code::SpanTooWide);
    assert!(detail.contains("366 days"), "{detail}");
}

#[test]
fn boxes_may_cross_180_degrees() {
    let good = [
        ("-10,-20,30,40", (-10.0, -20.0, 30.0, 40.0), "-10,-20,30,40"),
        ("170,-20,-170,-10", (170.0, -20.0, -170.0, -10.0), "170,-20,-170,-10"),
        ("-180,-90,180,90", (-180.0, -90.0, 180.0, 90.0), "-180,-90,180,90"),
        ("1.50,2,1.5,2", (1.5, 2.0, 1.5, 2.0), "1.5,2,1.5,2"),
    ];
    for (text, (west, south, east, north), normal) in good {
        let mut query = query(&format!("bbox={text}"));
        let read = bbox(&mut query).expect("a box");
        assert_eq!(read, Some(BoundingBox { west, south, east, north }), "{text}");
        assert_eq!(query.get(&BBOX), Some(normal));
    }
    let bad = [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "1,2,3,",
        "a,b,c,d",
        "nan,0,1,1",
        "-inf,0,1,1",
        "0,1,1,0",
        "-180.1,0,1,1",
        "0,0,181,1",
        "0,-91,1,1",
        "0,0,1,90.5",
        "1;2;3;4",
        "0, 0, 1, 1",
    ];
    for text in bad {
        let (code, detail) = told(bbox(&mut query(&format!("bbox={text}"))));
        assert_eq!(code, Code::BadBbox, "{text}");
        assert!(detail.contains("west,south,east,north"), "{detail}");
    }
}

#[test]
fn words_are_read_to_their_normal_form() {
    assert_eq!(query("callsign=qfa12").callsign(), Ok(Some("QFA12".into())));
    assert_eq!(query("departure=yssy").departure(), Ok(Some("YSSY".into())));
    assert_eq!(query("arrival=ymml").arrival(), Ok(Some("YMML".into())));
    assert_eq!(query("sector=Sy+App").sector(), Ok(Some("Sy App".into())));
    assert_eq!(query("cid=0012").cid(), Ok(Some(12)));
    assert_eq!(query("personal=1").personal(), Ok(true));
    assert_eq!(query("").personal(), Ok(false));
    assert_eq!(query("tz=Australia/Lord_Howe").tz(), Ok("Australia/Lord_Howe".into()));
    assert_eq!(query("").tz(), Ok("UTC".into()));
    assert_eq!(query("by=weekday_hour").by(), Ok(CoverageBy::WeekdayHour));
    for (text, limit) in [("", 100), ("limit=1", 1), ("limit=1000", 1000), ("limit=007", 7)] {
        assert_eq!(query(text).limit(), Ok(limit), "{text}");
    }
}

#[test]
fn bad_words_are_refused_with_what_is_allowed() {
    let long = "a".repeat(65);
    let refused: Vec<(Code, String, &str)> = [
        (told(query("callsign=").callsign()), "1 to 16"),
        (told(query("callsign=A+B").callsign()), "1 to 16"),
        (told(query("callsign=ABCDEFGHIJKLMNOPQ").callsign()), "1 to 16"),
        (told(query("callsign=%C3%BC").callsign()), "1 to 16"),
        (told(query("departure=").departure()), "1 to 64"),
        (told(query(&format!("arrival={long}")).arrival()), "1 to 64"),
        (told(query("sector=%0a").sector()), "control characters"),
        (told(query("cid=0").cid()), "2147483647"),
        (told(query("cid=2147483648").cid()), "2147483647"),
        (told(query("cid=-1").cid()), "2147483647"),
        (told(query("cid=").cid()), "2147483647"),
        (told(query("limit=0").limit()), "1 to 1000"),
        (told(query("limit=1001").limit()), "1 to 1000"),
        (told(query("limit=%2B5").limit()), "1 to 1000"),
        (told(query("limit=").limit()), "1 to 1000"),
        (told(query("limit=1.0").limit()), "1 to 1000"),
        (told(query("limit=99999999999999999999").limit()), "1 to 1000"),
        (told(query("personal=0").personal()), "1, or absent"),
        (told(query("personal=true").personal()), "1, or absent"),
        (told(query("tz=Sydney").tz()), "IANA"),
        (told(query("tz=AEST-10").tz()), "IANA"),
        (told(query("tz=").tz()), "IANA"),
        (told(query("by=day").by()), "sector, hour, weekday_hour and facility"),
        (told(query("").by()), "sector, hour, weekday_hour and facility"),
    ]
    .map(|((code, detail), says)| (code, detail, says))
    .into();
    for (number, (code, detail, says)) in refused.into_iter().enumerate() {
        let expected = match number {
            0..=3 => Code::BadCallsign,
            11..=16 => Code::BadLimit,
            _ => Code::BadRequest,
        };
        assert_eq!(code, expected, "{detail}");
        assert!(detail.contains(says), "{detail}");
    }
}

#[test]
fn steps_divide_a_day() {
    for (text, seconds) in [
        ("", 900),
        ("step=1m", 60),
        ("step=15m", 900),
        ("step=1h", 3_600),
        ("step=60m", 3_600),
        ("step=24h", 86_400),
        ("step=1d", 86_400),
    ] {
        let mut query = query(text);
        assert_eq!(
            Step::read(&mut query).expect("a step").length().num_seconds(),
            seconds,
            "{text}"
        );
    }
    for text in
        ["", "m", "0m", "7m", "5h", "2d", "15", "15s", "-15m", "1.5h", "99999999999d", "1\u{fc}"]
    {
        let (code, detail) = told(Step::read(&mut query(&format!("step={text}"))));
        assert_eq!(code, Code::BadRequest, "{text}");
        assert!(detail.contains("divides a day"), "{detail}");
    }
}

#[test]
fn the_next_page_has_the_same_filters() {
    let query = query("limit=5&cursor=old&end=2026-07-01T00:00:00Z&callsign=a%26b");
    assert_eq!(query.filters(), "callsign=a%26b&to=2026-07-01T00:00:00Z");
    let next = "callsign=a%26b&limit=5&to=2026-07-01T00:00:00Z&cursor=new";
    assert_eq!(query.next("new"), next);
}

#[test]
fn every_example_is_allowed_and_every_name_is_known_once() {
    let mut names: Vec<_> = ALL.iter().flat_map(|p| [Some(p.name), p.alias]).flatten().collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), ALL.len() + 2, "two have an alias");
    let text = ALL.iter().map(|p| format!("{}={}", p.name, p.example)).collect::<Vec<_>>();
    let mut query = query(&text.join("&").replace('/', "%2F"));
    list_span(&mut query).expect("a span");
    bbox(&mut query).expect("a box");
    Step::read(&mut query).expect("a step");
    query.limit().expect("a limit");
    query.cid().expect("a cid");
    query.callsign().expect("a callsign");
    query.departure().expect("a departure");
    query.arrival().expect("an arrival");
    query.sector().expect("a sector");
    query.tz().expect("a zone");
    query.by().expect("a word");
    query.personal().expect("a flag");
}
