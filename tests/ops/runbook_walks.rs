//! The runbooks, walked through: each fault is injected for real into an instance of its own, a real
//! Prometheus with the real rules in a hurry watches, and what each section tells to look at is looked at.
//!
//! `SECTORWATCH_LONG_TESTS=1` plays all scenes, some minutes; else a few. `SECTORWATCH_SCENES=name,…` plays
//! these. A new alert gets a scene in `scenes`, in the file of its group.

mod causes;
mod load;
mod mixing_pooler;
mod publisher;
mod scene;
mod scenes;
mod signs;
mod stage;
mod table;
mod world;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
    thread,
};

use scene::Scene;
use stage::Stage;
use world::World;

use crate::support::long_tests;

/// Scenes at once: they mostly wait, but each has a service of its own.
const AT_ONCE: usize = 10;

#[test]
fn each_fault_brings_its_alerts_and_what_their_sections_say_is_there() {
    let chosen = std::env::var("SECTORWATCH_SCENES").ok();
    let is_played = |scene: &Scene| match &chosen {
        Some(names) => names.split(',').any(|name| name == scene.name),
        None => long_tests() || scene.is_short,
    };
    let mut scenes: Vec<_> = scenes::all().filter(|scene| is_played(scene)).collect();
    // Taken from the end.
    scenes.reverse();
    let world = World::start();
    let (scenes, problems) = (Mutex::new(scenes), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(scene) = next(&scenes) {
                    let found = play(&world, scene);
                    problems.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
                }
            });
        }
    });
    let mut problems = problems.into_inner().unwrap_or_else(PoisonError::into_inner);
    if is_played(scenes::LAST) {
        problems.extend(play(&world, scenes::LAST));
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

fn next(scenes: &Mutex<Vec<&'static Scene>>) -> Option<&'static Scene> {
    scenes.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

/// What was not as it should be. One scene that breaks off does not end the others.
fn play(world: &World, scene: &'static Scene) -> Vec<String> {
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut stage = Stage::new(world, scene);
        (scene.play)(&mut stage);
        stage.leave()
    }));
    world.forget(scene.name);
    played.unwrap_or_else(|_| vec![format!("{} broke off", scene.name)])
}
