//! Everything that needs the outside world: servers, processes, files, time.

mod embedded;
