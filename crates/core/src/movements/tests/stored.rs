//! The text of a state.

use super::*;

fn after(observations: &[Observed]) -> AirportState {
    observations.iter().fold(AirportState::default(), |state, seen| {
        state.step(seen, &airports(), &Thresholds::default()).0
    })
}

#[test]
fn the_text_is_as_documented() {
    assert_eq!(AirportState::default().to_text(), None);
    let at = |second: i64| sample::time(second).timestamp_micros();
    let place = |seen: &Observed| format!("{} {}", seen.latitude, seen.longitude);
    let taxi = at_sydney(0, Some(10), 21);
    let last = |seen: &Observed| {
        let micros = seen.at.timestamp_micros();
        format!("1 {micros} {micros} {}", place(seen))
    };
    let ground = after(&[taxi]).to_text().expect("a text");
    assert_eq!(ground, format!("{} ground YSSY {}", last(&taxi), at(0)));
    let roll = at_sydney(15, Some(45), 21);
    assert_eq!(after(&[roll]).to_text().expect("a text"), last(&roll));
    let climb = at_sydney(15, Some(140), 900);
    assert_eq!(after(&[taxi, climb]).to_text().expect("a text"), format!("{} air 0", last(&climb)));
    let (high, low) = (at_sydney(0, Some(140), 1_500), at_sydney(15, Some(140), 300));
    let approach = after(&[high, low]).to_text().expect("a text");
    let fix = format!("{} {} {}", at(15), at(0), place(&low));
    assert_eq!(approach, format!("{} air 1 YSSY 300 {fix}", last(&low)));
    let lower = at_sydney(30, Some(140), 100);
    let touchdown = after(&[high, low, lower]).to_text().expect("a text");
    let fix = format!("{} {} {}", at(30), at(15), place(&lower));
    assert_eq!(touchdown, format!("{} air 1 YSSY 100 {fix} {fix}", last(&lower)));
}

#[test]
fn an_unreadable_text_is_a_state_in_which_nothing_was_seen() {
    let observations = [1_500, 300, 100].map(|altitude| at_sydney(0, Some(140), altitude));
    let good = after(&observations).to_text().expect("a text");
    assert_ne!(AirportState::from_text(&good), AirportState::default());
    let words: Vec<&str> = good.split(' ').collect();
    // A text that ends early may be another good one, but never one of a later place.
    for (kept, is_read) in [(5, true), (7, true), (13, true), (17, true)] {
        let state = AirportState::from_text(&words[..kept].join(" "));
        assert_eq!(state != AirportState::default(), is_read, "{kept} words");
    }
    let unfinished = (0..words.len()).filter(|kept| ![5, 7, 13, 17].contains(kept));
    let unfinished = unfinished.map(|kept| words[..kept].join(" "));
    let broken = (0..words.len()).filter(|word| *word != 7).map(|word| {
        let mut words = words.clone();
        words[word] = "?";
        words.join(" ")
    });
    let more = format!("{good} 1");
    let old = good.replacen('1', "0", 1);
    for text in unfinished.chain(broken).chain([more, old, "1 99999999999999999999".to_owned()]) {
        assert_eq!(AirportState::from_text(&text), AirportState::default(), "{text}");
    }
}
