use super::*;
use crate::decode::optional_fields;

fn registered() -> (Registry, FeedMetrics) {
    let registry = Registry::default();
    let metrics = FeedMetrics::register(&registry).unwrap();
    (registry, metrics)
}

fn samples(registry: &Registry) -> Vec<String> {
    let text = String::from_utf8(registry.render().unwrap()).unwrap();
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    samples.map(|line| line.trim_start_matches("sectorwatch_feed_").to_owned()).collect()
}

fn value(registry: &Registry, sample: &str) -> Option<f64> {
    let samples = samples(registry);
    let value = samples.iter().find_map(|line| line.strip_prefix(sample));
    value.map(|value| value.trim().parse().unwrap())
}

fn rejected(source: RecordType, reason: RejectionReason) -> Rejected {
    Rejected {
        source,
        reason,
        detail: String::new(),
        cid: None,
        callsign: None,
        raw: String::new(),
    }
}

#[test]
fn every_label_set_is_born_at_0() {
    let (registry, _) = registered();
    let samples = samples(&registry);
    let count = |family: &str| samples.iter().filter(|line| line.starts_with(family)).count();
    assert_eq!(count("requests_total{"), 12);
    assert_eq!(count("records_rejected_total{"), 16);
    assert_eq!(count("fields_unreadable_total{"), optional_fields().count());
    assert_eq!(count("publications_missed_total{"), 1);
    for family in [
        "unknown_fields_total{",
        "publication_lag_seconds_count{",
        "response_bytes_count{",
        "request_duration_seconds_count{",
    ] {
        assert_eq!(count(family), 2, "{family}");
    }
    assert!(samples.iter().all(|line| line.ends_with(" 0")), "{samples:?}");
    assert!(
        samples.contains(
            &r#"records_rejected_total{feed="transceivers",kind="transceiver",reason="range"} 0"#
                .to_owned()
        )
    );
}

#[test]
fn only_a_feed_that_is_on_has_a_timestamp() {
    let (registry, metrics) = registered();
    let sample = |feed: &str| format!(r#"update_timestamp_seconds{{feed="{feed}"}}"#);
    assert_eq!(value(&registry, &sample("v3")), None);

    let before = unix_seconds(Utc::now());
    metrics.switched_on(Feed::V3);
    let born = value(&registry, &sample("v3")).unwrap();
    assert!(before <= born && born <= unix_seconds(Utc::now()), "{born}");

    metrics.published(Feed::V3, Time::from_timestamp_micros(1_500_000).unwrap());
    // A restarted poller must not make an old feed look fresh.
    metrics.clone().switched_on(Feed::V3);
    assert_eq!(value(&registry, &sample("v3")), Some(1.5));
    assert_eq!(value(&registry, &sample("transceivers")), None);
}

#[test]
fn counts_by_feed_and_reason() {
    let (registry, metrics) = registered();
    let radio = rejected(RecordType::Transceiver, RejectionReason::Range);
    metrics.rejected(&[
        radio.clone(),
        radio,
        rejected(RecordType::Pilot, RejectionReason::TooLong),
    ]);
    metrics.missed(3);
    let at = |seconds| Time::from_timestamp(seconds, 0).unwrap();
    metrics.committed(Feed::V3, at(100), at(117));
    for (sample, expected) in [
        (r#"records_rejected_total{feed="transceivers",kind="transceiver",reason="range"}"#, 2.0),
        (r#"records_rejected_total{feed="v3",kind="pilot",reason="too_long"}"#, 1.0),
        (r#"publications_missed_total{feed="v3"}"#, 3.0),
        (r#"publication_lag_seconds_sum{feed="v3"}"#, 17.0),
        (r#"publication_lag_seconds_bucket{feed="v3",le="15"}"#, 0.0),
        (r#"publication_lag_seconds_bucket{feed="v3",le="20"}"#, 1.0),
    ] {
        assert_eq!(value(&registry, sample), Some(expected), "{sample}");
    }
}

#[test]
fn an_unknown_field_counts_once_and_noise_is_capped() {
    let (registry, metrics) = registered();
    let names: BTreeSet<_> = ["pilots.a", "pilots.b"].map(str::to_owned).into();
    assert_eq!(metrics.unknown_fields(Feed::V3, &names), ["pilots.a", "pilots.b"]);
    assert!(metrics.clone().unknown_fields(Feed::V3, &names).is_empty());
    assert_eq!(metrics.unknown_fields(Feed::Transceivers, &names).len(), 2);

    let noise: BTreeSet<_> = (0..1000).map(|n| format!("pilots.{n}")).collect();
    assert_eq!(metrics.unknown_fields(Feed::V3, &noise).len(), UNKNOWN_FIELDS_CAP - 2);
    assert_eq!(value(&registry, r#"unknown_fields_total{feed="v3"}"#), Some(256.0));
    assert_eq!(value(&registry, r#"unknown_fields_total{feed="transceivers"}"#), Some(2.0));
}

#[test]
fn every_field_that_can_be_lost_is_counted_by_its_name() {
    let (registry, metrics) = registered();
    let unreadable: Unreadable = optional_fields().zip(1..).collect();
    metrics.unreadable(&unreadable);
    metrics.unreadable(&unreadable);
    let families = samples(&registry).iter().filter(|it| it.starts_with("fields_")).count();
    assert_eq!(families, unreadable.len(), "none is born by the way");
    for ((source, field), count) in &unreadable {
        let (feed, kind) = (Feed::of(*source).as_str(), source.as_str());
        let sample =
            format!(r#"fields_unreadable_total{{feed="{feed}",field="{field}",kind="{kind}"}}"#);
        assert_eq!(value(&registry, &sample), Some(2.0 * *count as f64), "{sample}");
    }
}

#[test]
fn the_newest_snapshot_says_what_share_is_lost() {
    let (registry, metrics) = registered();
    let drift = Drift { pilots: 40, refused: 10, field: Some(("heading", 20)) };
    metrics.drift(&drift);
    metrics.schema_refused(true);
    assert_eq!(value(&registry, "pilots_refused_ratio"), Some(0.25));
    assert_eq!(value(&registry, "pilots_unreadable_ratio"), Some(0.5));
    assert_eq!(value(&registry, "schema_refused"), Some(1.0));
    metrics.drift(&Drift::default());
    metrics.schema_refused(false);
    for sample in ["pilots_refused_ratio", "pilots_unreadable_ratio", "schema_refused"] {
        assert_eq!(value(&registry, sample), Some(0.0), "{sample}");
    }
}
