//! What a server is started by.

use std::path::PathBuf;

/// Where the server keeps its data, and how it differs from the defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedSettings {
    /// Holds `postgres` (the cluster), `cluster.json` (which one it is), `run` (the socket), `postgres.log`
    /// and `lock`; made when missing.
    pub data_dir: PathBuf,
    /// The directory of `initdb` and `postgres`. `None` takes the newest ones of the usual places and of `PATH`.
    pub programs: Option<PathBuf>,
    /// The superuser of the cluster and the database in it, both of this name.
    pub name: String,
    /// Server settings that override ours, such as `("log_statement", "all")`.
    pub extra: Vec<(String, String)>,
    /// What an operator calls these settings.
    pub setting_names: &'static SettingNames,
}

impl EmbeddedSettings {
    /// The defaults, for this data directory and for this role and database.
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

/// What the service calls the settings that an error tells the operator to change, such as a variable or a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingNames {
    /// Of [`EmbeddedSettings::data_dir`].
    pub data_dir: &'static str,
    /// Of [`EmbeddedSettings::programs`].
    pub programs: &'static str,
    /// Of the URL of a server that is used in place of this one.
    pub server_url: &'static str,
    /// Of what makes a start with [`Begin::Anew`](crate::Begin::Anew).
    pub new_cluster: &'static str,
}

impl SettingNames {
    /// The names that this crate has for them.
    pub const PLAIN: Self = Self {
        data_dir: "data directory",
        programs: "`programs`",
        server_url: "a URL",
        new_cluster: "`Begin::Anew`",
    };
}
