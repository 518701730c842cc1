//! How many sectors and positions the program writes of the community's files.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use super::{report, run, text};
use crate::support::{real_data, scratch};

#[test]
fn each_sample_is_written_whole() {
    let Some(folder) = real_data::folder("airspace") else { return };
    for (files, sectors, positions) in [
        (&["vatspy.dat", "vatspy-boundaries.geojson"][..], 1_098, 4_606),
        (&["vatsys-sectors.xml", "vatsys-volumes.xml"], 275, 292),
        (&["euroscope-fasa.ese"], 148, 113),
        (&["vatglasses-eg.json"], 170, 210),
        (&["simaware-boundaries.tar.gz"], 1_279, 2_477),
    ] {
        let profile = scratch::dir("written").join("profile.geojson");
        let paths: Vec<_> = files.iter().map(|file| folder.join(file)).collect();
        let mut arguments = vec!["import-airspace", "--report", "json", "-o", text(&profile)];
        arguments.extend(paths.iter().map(|path| text(path)));
        let ended = run(&arguments);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let written = &report(&ended)["written"];
        let written = ["sectors", "positions"].map(|what| written[what].as_u64());
        assert_eq!(written, [Some(sectors), Some(positions)], "{files:?}");
        // What was written is what can be read.
        let checked = run(&["check-airspace", text(&profile)]);
        assert_eq!(checked.code, Some(0), "{}", checked.stderr);
        let profile = fs::read_to_string(&profile).expect("the profile");
        let profile: Value = serde_json::from_str(&profile).expect("JSON");
        let features = profile["features"].as_array().expect("features").iter();
        let ids: BTreeSet<&str> =
            features.filter_map(|it| it["properties"]["id"].as_str()).collect();
        assert_eq!(ids.len() as u64, sectors, "{files:?}: each has an id of its own");
    }
}
