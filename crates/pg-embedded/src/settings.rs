//! The settings of the server.

use std::path::PathBuf;

/// Where the server keeps its data, and its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedSettings {
    /// Holds `postgres` (the cluster), `cluster.json` (its marker), `run` (the socket), `postgres.log` and
    /// `lock`. Created if it is missing.
    pub data_dir: PathBuf,
    /// The directory of `initdb` and `postgres`. `None` uses the newest in the usual directories and in
    /// `PATH`.
    pub programs: Option<PathBuf>,
    /// The name of the cluster's superuser and of its database.
    pub name: String,
    /// Server settings that override the defaults, such as `("log_statement", "all")`.
    pub extra: Vec<(String, String)>,
    /// The service's names for these settings.
    pub setting_names: &'static SettingNames,
}

impl EmbeddedSettings {
    /// The defaults with this data directory and this name of role and database.
    pub fn new(data_dir: impl Into<PathBuf>, name: &str) -> Self {
        Self {
            data_dir: data_dir.into(),
            programs: None,
            name: name.to_owned(),
            extra: Vec::new(),
            setting_names: &SettingNames::PLAIN,
        }
    }
}

/// The names by which the service knows the settings that an operator can change, such as a variable or a
/// flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingNames {
    /// The name of [`EmbeddedSettings::data_dir`].
    pub data_dir: &'static str,
    /// The name of [`EmbeddedSettings::programs`].
    pub programs: &'static str,
    /// The name of the setting with the URL of another server.
    pub server_url: &'static str,
    /// The name of the option for [`Begin::Anew`](crate::Begin::Anew).
    pub new_cluster: &'static str,
}

impl SettingNames {
    /// The names in this crate.
    pub const PLAIN: Self = Self {
        data_dir: "data directory",
        programs: "`programs`",
        server_url: "a URL",
        new_cluster: "`Begin::Anew`",
    };
}
