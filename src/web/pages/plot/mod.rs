//! Plots as SVG inside of a page, drawn by `plotters`.
//!
//! `plotters` writes literal colours, and a page has a dark and a light theme: each [`Ink`] is a colour that stands for a
//! variable of the style sheet, and is replaced by it. Letters keep the size of the sheet, so that a plot whose width
//! follows that of the window is drawn for a wide one and for a narrow one. Add a kind of plot as a file.

mod axis;
pub mod bars;
pub mod heat;
mod ink;
pub mod load;
pub mod profile;
pub mod timeline;

use std::io;

use maud::{Markup, PreEscaped, html};
use plotters::prelude::*;

pub use axis::Axis;
use ink::Ink;

/// A sheet to draw on: the class of the style sheet that shows it, and its size in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sheet {
    /// The class.
    pub class: &'static str,
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

/// For a page with room for the whole width.
pub const WIDE: Sheet = Sheet { class: "wide", width: 960, height: 260 };
/// For a narrow page.
pub const NARROW: Sheet = Sheet { class: "narrow", width: 330, height: 210 };
/// For one of several plots beside each other, on any page.
pub const SMALL: Sheet = Sheet { class: "small", width: 330, height: 170 };

/// The size of letters, in pixels.
const LETTER: f64 = 11.0;
/// `plotters` writes the size of a font divided by this.
const OF_FONT: f64 = 1.24;

/// What a plot is called, and what it shows, for whoever cannot see it.
#[derive(Debug, Clone, Default)]
pub struct Titles {
    /// The name.
    pub title: String,
    /// A sentence about what it shows.
    pub desc: String,
}

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;
type Drawn = Result<(), DrawingAreaErrorKind<io::Error>>;

/// Draws on each sheet.
fn plot(
    sheets: &[Sheet],
    titles: &Titles,
    axes: impl Fn(Sheet) -> (Axis, Axis),
    draw: impl Fn(&mut Chart<'_, '_>) -> Drawn,
) -> Markup {
    html! {
        @for sheet in sheets {
            @let (x, y) = axes(*sheet);
            svg.plot.(sheet.class) role="img" viewBox=(format!("0 0 {} {}", sheet.width, sheet.height)) {
                title { (titles.title) }
                desc { (titles.desc) }
                (PreEscaped(drawing(*sheet, &x, &y, &draw)))
            }
        }
    }
}

/// What stands inside of the element. A drawing into memory does not fail; if one did, the table would still be there.
fn drawing(
    sheet: Sheet,
    x: &Axis,
    y: &Axis,
    draw: &impl Fn(&mut Chart<'_, '_>) -> Drawn,
) -> String {
    let mut svg = String::new();
    if let Err(error) = drawn(&mut svg, sheet, x, y, draw) {
        tracing::error!(%error, "a plot cannot be drawn");
    }
    let inside = svg.split_once("<svg").and_then(|(_, rest)| rest.split_once('>'));
    let inside = inside.map_or("", |(_, inside)| inside.trim_end());
    Ink::in_variables(inside.strip_suffix("</svg>").unwrap_or(inside))
}

fn drawn(
    svg: &mut String,
    sheet: Sheet,
    x: &Axis,
    y: &Axis,
    draw: &impl Fn(&mut Chart<'_, '_>) -> Drawn,
) -> Drawn {
    let area = SVGBackend::with_string(svg, (sheet.width, sheet.height)).into_drawing_area();
    let mut chart = ChartBuilder::on(&area)
        .margin_top(8)
        .margin_right(10)
        .margin_left(2)
        .x_label_area_size(22)
        .y_label_area_size(y.room())
        .build_cartesian_2d(x.clone(), y.clone())?;
    let letters = ("sans-serif", LETTER * OF_FONT).into_font().color(&Ink::Quiet.colour());
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(Ink::Line.colour())
        .light_line_style(TRANSPARENT)
        .axis_style(Ink::Line.colour())
        .label_style(letters)
        .x_labels(x.places().len())
        .y_labels(y.places().len())
        .x_label_formatter(&|at| x.label(*at))
        .y_label_formatter(&|at| y.label(*at))
        .draw()?;
    draw(&mut chart)?;
    drop(chart);
    area.present()
}

/// A filled rectangle.
fn block(
    (from, to): (f64, f64),
    (low, high): (f64, f64),
    colour: impl Into<ShapeStyle>,
) -> Rectangle<(f64, f64)> {
    Rectangle::new([(from, low), (to, high)], colour.into().filled())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_has_titles_and_no_colour_and_style_of_its_own() {
        let titles = Titles { title: "A <plot>".to_owned(), desc: "It & more".to_owned() };
        let axes = |_| (Axis::of_counts(4.0), Axis::of_counts(10.0));
        let markup = plot(&[WIDE, NARROW], &titles, axes, |chart| {
            chart.draw_series([block((0.0, 2.0), (0.0, 7.0), Ink::Peak.colour().mix(0.3))])?;
            Ok(())
        });
        let svg = markup.into_string();
        assert_eq!(svg.matches("<svg").count(), 2);
        assert_eq!(svg.matches("</svg>").count(), 2);
        let head = "<svg class=\"plot wide\" role=\"img\" viewBox=\"0 0 960 260\"><title>A &lt;plot&gt;</title>\
            <desc>It &amp; more</desc>";
        assert!(svg.starts_with(head), "{svg:.300}");
        assert!(svg.contains("fill=\"var(--link)\""), "{svg}");
        assert!(svg.contains("font-size=\"11\""), "{svg}");
        for foreign in ["=\"#", "style=", "xmlns", "<?xml", "rgb("] {
            assert!(!svg.contains(foreign), "{foreign}: {svg}");
        }
    }
}
