//! What a start does with what it finds: use it, make it, or leave it alone.

use std::path::Path;

use crate::{Cluster, EmbeddedError, Loss, Marker, marker::inspect};

/// Whether a cluster may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// Where none ever was.
    IfNew,
    /// Also where one was and is lost: what is left of it is moved aside.
    Anew,
    /// Never: the server ended, and goes on with what it had.
    With(Marker),
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// The cluster is the one that is expected.
    Use,
    /// There is none, and never was.
    Make,
    /// One was, is not, and is to be replaced.
    Replace,
}

impl Begin {
    /// Looks, and changes nothing.
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
            // Of an earlier version of this program, or with a note that is cut.
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
