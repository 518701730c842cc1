//! Colours that stand for the variables of the style sheet.

use plotters::style::RGBColor;
use strum::{EnumIter, IntoEnumIterator as _};

/// A colour of a plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter)]
pub enum Ink {
    /// Letters.
    Quiet,
    /// Axes and lines of the mesh.
    Line,
    /// The greatest number at once.
    Peak,
    /// The mean.
    Mean,
    /// Staffed.
    Staffed,
    /// Not staffed.
    Unstaffed,
    /// The least share of five.
    Least,
    /// The second share.
    Second,
    /// The third share.
    Third,
    /// The fourth share.
    Fourth,
    /// The greatest share.
    Greatest,
}

impl Ink {
    /// The shares from 0 to 1, in five parts.
    pub fn of_share(share: f64) -> Self {
        match share {
            share if share < 0.2 => Self::Least,
            share if share < 0.4 => Self::Second,
            share if share < 0.6 => Self::Third,
            share if share < 0.8 => Self::Fourth,
            _ => Self::Greatest,
        }
    }

    /// The colour that is replaced.
    pub fn colour(self) -> RGBColor {
        RGBColor(1, 0xFE, self as u8)
    }

    /// The variable of the style sheet.
    fn variable(self) -> &'static str {
        match self {
            Self::Quiet => "--quiet",
            Self::Line => "--line",
            Self::Peak => "--link",
            Self::Mean => "--staffed",
            Self::Staffed => "--ok",
            Self::Unstaffed => "--critical",
            Self::Least => "--load-empty",
            Self::Second => "--load-quarter",
            Self::Third => "--load-half",
            Self::Fourth => "--load-three-quarters",
            Self::Greatest => "--load-whole",
        }
    }

    /// The drawing with variables in the places of colours.
    pub fn in_variables(svg: &str) -> String {
        Self::iter().fold(svg.to_owned(), |svg, ink| {
            let RGBColor(red, green, blue) = ink.colour();
            let literal = format!("\"#{red:02X}{green:02X}{blue:02X}\"");
            svg.replace(&literal, &format!("\"var({})\"", ink.variable()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_colour_is_a_variable_of_the_style_sheet() {
        let sheet = crate::web::page::style_sheet().into_string();
        for ink in Ink::iter() {
            assert!(sheet.contains(&format!("{}:", ink.variable())), "{ink:?}");
        }
        let shares = [0.0, 0.19, 0.2, 0.5, 0.79, 0.8, 1.0].map(Ink::of_share);
        let parts = [Ink::Least, Ink::Least, Ink::Second, Ink::Third, Ink::Fourth];
        assert_eq!(shares[..5], parts);
        assert_eq!(shares[5..], [Ink::Greatest, Ink::Greatest]);
    }
}
