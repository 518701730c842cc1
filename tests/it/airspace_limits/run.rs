//! A run of the program, with what it cost.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::shapes::Files;
use crate::support::{scratch, service::Setup, wait};

/// A run that does not end is stopped then; what is allowed is much less.
const PATIENCE: Duration = Duration::from_secs(600);
/// Of the kernel's account of time.
const TICKS_A_SECOND: f64 = 100.0;

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// Seconds of the processor, which other programs do not lengthen as they do those of the clock.
    pub processor_s: f64,
    /// Most bytes that it held at one time.
    pub peak_bytes: u64,
}

/// Runs the program to its end.
pub fn run(arguments: &[&str]) -> Run {
    let mut program = Setup::bare(arguments).spawn();
    let process = PathBuf::from(format!("/proc/{}", program.pid()));
    let (mut processor_s, mut peak_bytes) = (0.0_f64, 0);
    let begun = Instant::now();
    wait::until("the program ends", PATIENCE, || {
        processor_s = processor_s.max(seconds(&process).unwrap_or(0.0));
        peak_bytes = peak_bytes.max(peak(&process).unwrap_or(0));
        program.ended().is_some()
    });
    let ended = program.finish(PATIENCE);
    // One that ends before it is looked at has used no more than the time that went by.
    let processor_s = if processor_s == 0.0 { begun.elapsed().as_secs_f64() } else { processor_s };
    Run { code: ended.code, stdout: ended.stdout, stderr: ended.stderr, processor_s, peak_bytes }
}

fn seconds(process: &Path) -> Option<f64> {
    let account = fs::read_to_string(process.join("stat")).ok()?;
    // Behind the name, which may hold spaces: fields 14 and 15.
    let fields: Vec<&str> = account.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS_A_SECOND)
}

fn peak(process: &Path) -> Option<u64> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1_024)
}

/// The files in a folder of their own.
pub fn written(files: &Files) -> PathBuf {
    let folder = scratch::dir("large");
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("write a file");
    }
    folder
}
