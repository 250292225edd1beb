//! The timeline as a picture: a line for each chain, and arrows between them, from top to bottom.

use std::fmt::Write as _;

use super::timeline::{Entry, Lane, Timeline, Tone};
use crate::amounts::grouped;
use crate::html::escaped;

/// Width of the picture, and where the lines of the chains are, in pixels.
const WIDTH: u32 = 1_200;
const CONSUMER: u32 = 430;
const PROVIDER: u32 = 770;
/// Height of a row, and of what is above the rows.
const ROW: usize = 21;
const HEAD: usize = 44;
/// The most letters of a text beside a line and between the lines: what is longer is in its title.
const BESIDE: usize = 64;
const BETWEEN: usize = 50;

/// The picture of a timeline.
pub fn chart(timeline: &Timeline) -> String {
    let height = HEAD + ROW * (timeline.entries.len() + 1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"system-ui,sans-serif\" font-size=\"12\">\n"
    );
    for (x, name) in [(CONSUMER, "consumer"), (PROVIDER, "provider")] {
        let _ = writeln!(
            svg,
            "<line x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{height}\" stroke=\"#94a3b8\" stroke-width=\"2\"/>\n\
             <text x=\"{x}\" y=\"22\" text-anchor=\"middle\" font-size=\"15\" font-weight=\"600\">{name}</text>",
            HEAD - 12
        );
    }
    let mut block = None;
    for (row, entry) in timeline.entries.iter().enumerate() {
        let y = HEAD + ROW * (row + 1) - 6;
        if block.replace(entry.block) != Some(entry.block) {
            let _ = writeln!(
                svg,
                "<line x1=\"8\" y1=\"{0}\" x2=\"{WIDTH}\" y2=\"{0}\" stroke=\"#eef2f7\"/>\n\
                 <text x=\"8\" y=\"{y}\" fill=\"#64748b\">block {1}</text>",
                y - 15,
                grouped(entry.block)
            );
        }
        svg.push_str(&match entry.lane {
            Lane::Consumer => dot(entry, y, CONSUMER, -12, "end"),
            Lane::Provider => dot(entry, y, PROVIDER, 12, "start"),
            Lane::There => arrow(entry, y, CONSUMER, PROVIDER),
            Lane::Back => arrow(entry, y, PROVIDER, CONSUMER),
        });
    }
    svg.push_str("</svg>\n");
    svg
}

fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Routine => "#64748b",
        Tone::Plain => "#0072b2",
        Tone::Bad => "#c2410c",
        Tone::Mended => "#15803d",
    }
}

/// Something that happens on a chain.
fn dot(entry: &Entry, y: usize, x: u32, beside: i32, anchor: &str) -> String {
    let colour = colour(entry.tone);
    let text_x = i64::from(x) + i64::from(beside);
    format!(
        "<circle cx=\"{x}\" cy=\"{}\" r=\"5\" fill=\"{colour}\"/>\n\
         <text x=\"{text_x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{}</text>\n",
        y - 4,
        text(entry, BESIDE)
    )
}

/// Something that goes from one chain to the other. What does not go well is broken.
fn arrow(entry: &Entry, y: usize, from: u32, to: u32) -> String {
    let colour = colour(entry.tone);
    let dashes = match entry.tone {
        Tone::Bad => " stroke-dasharray=\"5 4\"",
        _ => "",
    };
    let y_line = y + 3;
    // The head points back from where the arrow ends.
    let back = if from < to { to - 8 } else { to + 8 };
    format!(
        "<line x1=\"{from}\" y1=\"{y_line}\" x2=\"{to}\" y2=\"{y_line}\" stroke=\"{colour}\"{dashes}/>\n\
         <path d=\"M{back} {} L{to} {y_line} L{back} {}\" fill=\"none\" stroke=\"{colour}\"/>\n\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"{colour}\">{}</text>\n",
        y_line - 4,
        y_line + 4,
        (CONSUMER + PROVIDER) / 2,
        y - 1,
        text(entry, BETWEEN)
    )
}

fn text(entry: &Entry, letters: usize) -> String {
    let whole = entry.text();
    let short: String = whole.chars().take(letters).collect();
    if short.len() == whole.len() {
        return escaped(&whole);
    }
    format!("<title>{}</title>{}…", escaped(&whole), escaped(&short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_drawn_and_names_are_text() {
        let mut timeline = Timeline::default();
        timeline.add(3, Lane::Consumer, Tone::Plain, "closed");
        timeline.add(3, Lane::There, Tone::Bad, "coins: lost");
        timeline.add(
            4,
            Lane::Provider,
            Tone::Bad,
            format!("<b>{}", "x".repeat(BESIDE)),
        );
        let svg = chart(&timeline);
        assert_eq!(svg.matches("<circle").count(), 2);
        assert_eq!(svg.matches("<path").count(), 1);
        assert_eq!(svg.matches("stroke-dasharray").count(), 1);
        assert_eq!(svg.matches(">block ").count(), 2);
        assert!(svg.contains("<title>&lt;b&gt;xx"), "{svg}");
    }
}
