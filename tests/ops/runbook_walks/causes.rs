//! The table in the runbooks that says which of several alerts names the cause. It is generated
//! from the scenes, all of which are played.

use super::{
    scene::{Scene, WHERE_BUSY, full},
    scenes,
};
use crate::{alerts::RUNBOOKS, files};

/// The first line of the table.
const HEAD: &str = "| What is wrong | What fires | Begin with |";

fn perhaps(scene: &Scene) -> impl Iterator<Item = &&'static str> {
    scene.perhaps.iter().filter(|alert| !WHERE_BUSY.contains(alert))
}

fn row(scene: &Scene) -> String {
    let sure = scene.alerts.iter().map(|alert| (*alert).to_owned());
    let perhaps = perhaps(scene).map(|alert| format!("perhaps {alert}"));
    let mut fires: Vec<_> = sure.chain(perhaps).collect();
    fires.sort_by_key(|alert| alert.starts_with("perhaps"));
    let first = scene.alerts[0];
    let anchor = full(first).to_lowercase();
    format!("| {} | {} | [{first}](#{anchor}) |\n", scene.fault, fires.join(", "))
}

fn table() -> String {
    let several = |scene: &&Scene| scene.alerts.len() + perhaps(scene).count() > 1;
    let mut rows: Vec<_> = scenes::all().filter(several).map(row).collect();
    rows.sort();
    format!("{HEAD}\n|---|---|---|\n{}", rows.concat())
}

#[test]
fn the_runbooks_say_which_of_several_alerts_names_the_cause() {
    let text = files::read(RUNBOOKS);
    let (before, rest) = text.split_once(HEAD).expect("the table's head");
    let (_, after) = rest.split_once("\n\n").expect("an empty line after the table");
    files::assert_generated(RUNBOOKS, &format!("{before}{}\n{after}", table()));
}
