use crate::{real_data, recording::find_recordings};

#[test]
fn real_snapshots_decode_without_a_loss() {
    let Some(folder) = real_data::folder("feeds") else {
        return;
    };
    let found = find_recordings(&[folder], None).unwrap();
    assert!(found.refused.is_empty(), "{:?}", found.refused);
    let mut counts = Vec::new();
    for recording in found.good {
        let snapshot = super::decode(&recording.read().unwrap(), None).unwrap();
        let controllers = snapshot.controllers.as_deref().unwrap().len();
        let (pilots, atis) = (snapshot.pilots.len(), snapshot.atis.unwrap());
        assert_eq!(snapshot.rejected, []);
        assert!(snapshot.unknown_fields.is_empty(), "{:?}", snapshot.unknown_fields);
        assert_eq!(snapshot.connected_clients, Some((pilots + controllers + atis) as i64));
        assert_eq!(recording.update_timestamp, snapshot.update_timestamp);
        counts.push((pilots, controllers, atis));
    }
    let expected = [(736, 72, 32), (1077, 112, 51), (1083, 110, 51), (285, 35, 14), (702, 62, 35)];
    assert_eq!(counts, expected);
}
