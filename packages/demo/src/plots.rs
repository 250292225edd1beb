//! Plots as SVG.

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::amounts::grouped;

/// Size of a plot in pixels; pages scale it.
const SIZE: (u32, u32) = (900, 360);
/// Colours that most people with colour blindness can tell apart as well.
pub const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(160, 120, 0),
    RGBColor(86, 180, 233),
];
const TEXT: RGBColor = RGBColor(71, 85, 105);
const GRID: RGBColor = RGBColor(226, 232, 240);

/// A plot and what its colours mean.
pub struct Plot {
    /// What is to be seen.
    pub title: String,
    /// The picture.
    pub svg: String,
    /// Names of the colours, in CSS.
    pub legend: Vec<Entry>,
}

/// A colour and what it means.
pub struct Entry {
    /// In CSS.
    pub colour: String,
    /// What it means.
    pub name: String,
}

/// A line, or the upper edge of an area, by blocks or epochs.
pub struct Curve {
    /// What it is.
    pub name: String,
    /// Its colour.
    pub colour: RGBColor,
    /// One for each place of the axis.
    pub values: Vec<f64>,
}

/// Whether what is below a curve is filled.
#[derive(Clone, Copy, PartialEq)]
pub enum Fill {
    /// It is not.
    None,
    /// It is.
    Below,
}

/// What the axes of a plot are.
pub struct Axes<'a> {
    /// Places on the horizontal one.
    pub places: Vec<f64>,
    /// What they count.
    pub across: &'a str,
    /// What the values are of.
    pub up: &'a str,
}

fn entry(curve: &Curve) -> Entry {
    let RGBColor(red, green, blue) = curve.colour;
    Entry {
        colour: format!("#{red:02x}{green:02x}{blue:02x}"),
        name: curve.name.clone(),
    }
}

/// Draws curves and says what their colours mean.
///
/// # Errors
/// When the drawing fails.
pub fn plot(title: &str, axes: &Axes, curves: &[Curve], fill: Fill) -> Result<Plot> {
    Ok(Plot {
        title: title.to_string(),
        svg: svg(axes, curves, fill).map_err(|error| anyhow!("{title}: {error}"))?,
        legend: curves.iter().map(entry).collect(),
    })
}

fn svg(axes: &Axes, curves: &[Curve], fill: Fill) -> Result<String> {
    let wrong = |error: DrawingAreaErrorKind<std::io::Error>| anyhow!("{error}");
    let largest = curves.iter().flat_map(|it| &it.values).copied();
    let top = largest.fold(0.0, f64::max).max(1e-6) * 1.05;
    let last = axes.places.last().copied().unwrap_or(1.0);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin(8)
            .margin_right(24)
            .x_label_area_size(44)
            .y_label_area_size(84)
            .build_cartesian_2d(0.0..last, 0.0..top)
            .map_err(wrong)?;
        let text = ("sans-serif", 15).into_font().color(&TEXT);
        chart
            .configure_mesh()
            .x_desc(axes.across)
            .y_desc(axes.up)
            .x_labels(11)
            .y_labels(7)
            .x_label_formatter(&|block| grouped(block.round()))
            .y_label_formatter(&|value| label(*value, top))
            .label_style(text.clone())
            .axis_desc_style(text)
            .axis_style(TEXT)
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .draw()
            .map_err(wrong)?;
        for curve in curves {
            let points = axes
                .places
                .iter()
                .copied()
                .zip(curve.values.iter().copied());
            let line = ShapeStyle::from(curve.colour).stroke_width(2);
            match fill {
                Fill::None => chart.draw_series(LineSeries::new(points, line)),
                Fill::Below => {
                    // Opaque: what is below is not to shine through.
                    let area = lighter(curve.colour);
                    chart.draw_series(AreaSeries::new(points, 0.0, area).border_style(line))
                }
            }
            .map_err(wrong)?;
        }
        area.present().map_err(wrong)?;
    }
    Ok(svg)
}

/// A colour mixed with white.
fn lighter(colour: RGBColor) -> RGBColor {
    let mixed = |part: u8| ((u16::from(part) + 2 * 255) / 3) as u8;
    let RGBColor(red, green, blue) = colour;
    RGBColor(mixed(red), mixed(green), mixed(blue))
}

/// A number at an axis that ends with `top`.
fn label(value: f64, top: f64) -> String {
    if top >= 10.0 {
        grouped(value.round())
    } else if top >= 0.1 {
        format!("{value:.2}")
    } else {
        format!("{value:.0e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_as_many_places_as_they_need() {
        assert_eq!(label(12_345.2, 20_000.0), "12,345");
        assert_eq!(label(0.254, 0.5), "0.25");
        assert_eq!(label(0.000_02, 0.000_05), "2e-5");
    }
}
