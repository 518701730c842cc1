//! The facts about the machine that defaults depend on.

/// Facts of the machine on which the service runs.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// The host name from the system, which may be empty.
    pub hostname: String,
    /// Whether the process runs as root.
    pub is_root: bool,
}

impl Machine {
    /// Reads the facts of this machine.
    pub fn current() -> Self {
        Self {
            hostname: nix::unistd::gethostname()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            is_root: nix::unistd::geteuid().is_root(),
        }
    }

    /// The host name changed to fit `[a-z0-9.-]{1,32}`, or the project's name when nothing is left.
    pub(super) fn instance(&self) -> String {
        let fitting: String = self
            .hostname
            .to_ascii_lowercase()
            .chars()
            .map(|c| if is_instance_char(c) { c } else { '-' })
            .take(32)
            .collect();
        match fitting.trim_matches(['-', '.']) {
            "" => "sectorwatch".to_owned(),
            name => name.to_owned(),
        }
    }

    pub(super) fn data_dir(&self) -> &'static str {
        if self.is_root { "/var/lib/sectorwatch" } else { "./data" }
    }
}

/// Whether `c` is allowed in an instance name, which is part of PostgreSQL's `application_name`.
pub(super) fn is_instance_char(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '.' | '-')
}
