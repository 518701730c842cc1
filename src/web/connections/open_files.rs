//! The limit of open files of the process, and the part of it for HTTP.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Reserved for database sessions.
const FOR_THE_DATABASE: u64 = 64;
/// Reserved for the feed, logs, runtimes, and HTTP connections that wait for admission.
const FOR_THE_REST: u64 = 192;
/// The minimum for HTTP.
const AT_LEAST: usize = 16;

/// Raises the limit of open files to the hard limit, for this process and its children.
pub fn raise_open_files() {
    let raised = getrlimit(Resource::RLIMIT_NOFILE)
        .and_then(|(_, hard)| setrlimit(Resource::RLIMIT_NOFILE, hard, hard));
    if let Err(error) = raised {
        tracing::warn!(%error, "the limit of open files cannot be raised");
    }
}

/// How many of the `wanted` HTTP connections fit into the limit; logs if it is fewer.
pub fn connections_within_open_files(wanted: usize) -> usize {
    let Ok((files, _)) = getrlimit(Resource::RLIMIT_NOFILE) else { return wanted };
    let left = left(files, wanted);
    if left < wanted {
        tracing::warn!(
            files,
            wanted,
            left,
            "the limit of open files leaves fewer connections of HTTP than SECTORWATCH_HTTP_MAX_CONNECTIONS"
        );
    }
    left
}

fn left(files: u64, wanted: usize) -> usize {
    let left = files.saturating_sub(FOR_THE_DATABASE + FOR_THE_REST);
    usize::try_from(left).unwrap_or(usize::MAX).max(AT_LEAST).min(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_has_its_files_first() {
        let rows = [
            (u64::MAX, 1_000, 1_000),
            (1_256, 1_000, 1_000),
            (1_255, 1_000, 999),
            (1_024, 1_000, 768),
            (256, 1_000, 16),
            (0, 1_000, 16),
            (100_000, 50, 50),
        ];
        for (files, wanted, expected) in rows {
            assert_eq!(left(files, wanted), expected, "{files} files");
        }
    }
}
