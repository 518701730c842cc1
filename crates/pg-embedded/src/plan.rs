//! Decides what a start does with an existing or missing cluster.

use std::path::Path;

use crate::{Cluster, EmbeddedError, Loss, Marker, marker::inspect};

/// Whether a cluster may be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// Only if none has ever existed.
    IfNew,
    /// Also if the known cluster is lost. The rest of it is renamed.
    Anew,
    /// Never: the server has ended, and must continue with this cluster.
    With(Marker),
}

/// What to do with the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Use the expected cluster.
    Use,
    /// Create a cluster, because none has ever existed.
    Make,
    /// Replace a lost cluster.
    Replace,
}

impl Begin {
    /// Compares directory and marker without changing anything.
    pub fn plan(&self, data_dir: &Path, cluster: &Cluster) -> Result<Plan, EmbeddedError> {
        let noted = match self {
            Begin::With(marker) => Some(Some(marker.clone())),
            _ => Marker::read(data_dir)
                .map_err(EmbeddedError::io("read", &Marker::path(data_dir)))?,
        };
        let found = inspect(cluster.dir()).map_err(EmbeddedError::io("look at", cluster.dir()))?;
        let (noted, loss) = match (noted, found) {
            (Some(Some(noted)), Ok(found)) if noted != found => {
                (Some(noted), Loss::Other(found.created_at))
            }
            // The cluster is of an earlier version of this program, or has an unreadable marker.
            (_, Ok(_)) => return Ok(self.use_it(cluster)),
            (None, Err(_)) if *self != Begin::Anew => return Ok(Plan::Make),
            (noted, Err(loss)) => (noted.flatten(), loss),
        };
        match self {
            Begin::Anew => Ok(Plan::Replace),
            _ => Err(EmbeddedError::DataLost {
                dir: cluster.dir().to_owned(),
                created_at: noted.map(|noted| noted.created_at),
                marker: matches!(loss, Loss::Other(_)).then(|| Marker::path(data_dir)),
                loss,
                names: cluster.names(),
            }),
        }
    }

    fn use_it(&self, cluster: &Cluster) -> Plan {
        if *self == Begin::Anew {
            tracing::warn!(
                cluster = %cluster.dir().display(),
                "{} is not needed: the cluster is there, and is used", cluster.names().new_cluster
            );
        }
        Plan::Use
    }
}
