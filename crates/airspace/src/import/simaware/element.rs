//! One feature: a shape, and the callsigns that it is for.

use crate::{
    import::{
        features::{Feature, Shape},
        position::normal,
    },
    visible::is_visible,
};

/// What a callsign ends with where a feature does not say so.
pub(super) const APPROACH: &str = "APP";
pub(super) const DEPARTURE: &str = "DEP";

/// A feature with callsigns; its shape may be unusable.
#[derive(Debug)]
pub(super) struct Element {
    /// Of the feature, which may be that of others too.
    pub id: String,
    pub name: String,
    /// As they are compared; at least one.
    pub prefixes: Vec<String>,
    /// As it is compared: `TWR`, `H_APP`; none is both approach and departure.
    pub suffix: Option<String>,
    pub shape: Shape,
}

/// A callsign that can be logged on to, parted at its last `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Callsign {
    pub prefix: String,
    pub suffix: String,
}

impl Callsign {
    /// `LAX`, `APP`; the prefix `EETT` with the suffix `H_APP` is the prefix `EETT_H`.
    fn new(prefix: &str, suffix: &str) -> Self {
        match suffix.rsplit_once('_') {
            Some((middle, suffix)) => {
                Self { prefix: format!("{prefix}_{middle}"), suffix: suffix.to_owned() }
            }
            None => Self { prefix: prefix.to_owned(), suffix: suffix.to_owned() },
        }
    }

    pub fn id(&self) -> String {
        format!("{}_{}", self.prefix, self.suffix)
    }
}

impl Element {
    /// # Errors
    /// What the feature lacks.
    pub fn of(feature: &Feature) -> Result<Self, String> {
        let id = feature.text("id").ok_or("it has no id")?;
        let name = feature.text("name").unwrap_or_else(|| id.clone());
        let prefixes = feature.texts("prefix");
        let suffix = feature.text("suffix");
        let texts = [&id, &name].into_iter().chain(&prefixes).chain(&suffix);
        if !texts.into_iter().all(|text| is_visible(text)) {
            return Err(format!("{id:?} has control characters in its id, name, prefix or suffix"));
        }
        let part = |text: &String| normal(text).trim_matches('_').to_owned();
        let prefixes: Vec<String> =
            prefixes.iter().map(part).filter(|prefix| !prefix.is_empty()).collect();
        if prefixes.is_empty() {
            return Err(format!("{id} has no prefix"));
        }
        Ok(Self {
            id,
            name,
            prefixes,
            suffix: suffix.as_ref().map(part).filter(|suffix| !suffix.is_empty()),
            shape: feature.shape(),
        })
    }

    /// The id of its sector, as long as no other feature has it: `SCT/LAX`, `SCT/LAX_DEP`.
    pub fn sector_id(&self) -> String {
        let Self { id, prefixes, suffix, .. } = self;
        let prefix = prefixes.first().map_or("", String::as_str);
        match suffix {
            Some(suffix) => format!("{id}/{prefix}_{suffix}"),
            None => format!("{id}/{prefix}"),
        }
    }

    /// What `--kinds` selects it by.
    pub fn kind(&self) -> String {
        let suffix = self.suffix.as_deref().unwrap_or(APPROACH);
        Callsign::new("", suffix).suffix
    }

    /// The callsigns that it names outright; none where it has no suffix.
    pub fn named(&self) -> impl Iterator<Item = Callsign> {
        self.suffix.iter().flat_map(|suffix| {
            self.prefixes.iter().map(move |prefix| Callsign::new(prefix, suffix))
        })
    }

    /// All its callsigns, by prefix, then suffix. Without a suffix it is for approach, and for departure where that
    /// has no feature of its own.
    pub fn callsigns(&self, has_own_departure: impl Fn(&Callsign) -> bool) -> Vec<Callsign> {
        if self.suffix.is_some() {
            return self.named().collect();
        }
        let both = self
            .prefixes
            .iter()
            .flat_map(|prefix| [APPROACH, DEPARTURE].map(|suffix| Callsign::new(prefix, suffix)));
        both.filter(|callsign| callsign.suffix != DEPARTURE || !has_own_departure(callsign))
            .collect()
    }
}
