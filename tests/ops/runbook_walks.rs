//! Walks through the runbooks. Each fault is injected into an instance of its own, which a real
//! Prometheus watches with the real rules and shorter times. All places where the runbooks'
//! sections tell the reader to look are checked.
//!
//! A few scenes are played by default, and all of them with `SECTORWATCH_LONG_TESTS=1`, which takes
//! some minutes. `SECTORWATCH_SCENES=name,…` selects scenes. A new alert needs a scene in `scenes`,
//! in the file of its group.

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

/// The number of scenes at the same time. They mostly wait, but each has a service of its own.
const AT_ONCE: usize = 10;

#[test]
fn each_fault_brings_its_alerts_and_what_their_sections_say_is_there() {
    let chosen = std::env::var("SECTORWATCH_SCENES").ok();
    let is_played = |scene: &Scene| match &chosen {
        Some(names) => names.split(',').any(|name| name == scene.name),
        None => long_tests() || scene.is_short,
    };
    let mut scenes: Vec<_> = scenes::all().filter(|scene| is_played(scene)).collect();
    // The scenes are taken from the end.
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

/// Plays a scene, and returns its problems. A panic becomes a problem, so that the other scenes
/// continue.
fn play(world: &World, scene: &'static Scene) -> Vec<String> {
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut stage = Stage::new(world, scene);
        (scene.play)(&mut stage);
        stage.leave()
    }));
    world.forget(scene.name);
    played.unwrap_or_else(|_| vec![format!("{} broke off", scene.name)])
}
