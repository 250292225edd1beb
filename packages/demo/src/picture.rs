//! What was printed, drawn as a terminal in an SVG file.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Width and height of a character cell in pixels.
const CELL: (f64, f64) = (7.4, 16.0);
/// Space around the text.
const MARGIN: f64 = 18.0;
/// Height of the window's title.
const BAR: f64 = 32.0;

/// Characters that are drawn at a column, as one text.
struct Run {
    column: usize,
    width: usize,
    text: String,
}

/// The picture of a terminal in which `command` printed `output`.
pub fn terminal(command: &str, output: &str) -> String {
    let prompt = format!("$ {command}");
    let lines: Vec<&str> = std::iter::once(prompt.as_str())
        .chain(output.lines())
        .collect();
    let columns = lines.iter().map(|line| line.width()).max().unwrap_or(0);
    let width = columns as f64 * CELL.0 + 2.0 * MARGIN;
    let height = lines.len() as f64 * CELL.1 + BAR + 2.0 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" \
         font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"12.3\" fill=\"#d8dee9\" xml:space=\"preserve\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"10\" fill=\"#1b2230\"/>\n"
    );
    for (place, colour) in ["#ff5f57", "#febc2e", "#28c840"].into_iter().enumerate() {
        let x = 22 + 20 * place;
        let _ = writeln!(
            svg,
            "<circle cx=\"{x}\" cy=\"18\" r=\"6\" fill=\"{colour}\"/>"
        );
    }
    for (row, line) in lines.iter().enumerate() {
        let y = BAR + MARGIN + row as f64 * CELL.1 + 12.0;
        let colour = colour(row, line);
        let _ = write!(svg, "<text y=\"{y:.0}\"{colour}>");
        for run in runs(line) {
            let x = MARGIN + run.column as f64 * CELL.0;
            let length = run.width as f64 * CELL.0;
            // Fonts differ in width: every run is made as long as its cells.
            let _ = write!(
                svg,
                "<tspan x=\"{x:.1}\" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\">{}</tspan>",
                escaped(&run.text)
            );
        }
        svg.push_str("</text>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

/// The colour of a line, by what it says.
fn colour(row: usize, line: &str) -> &'static str {
    if row == 0 {
        " fill=\"#ffffff\""
    } else if line.starts_with("holds:") || line.ends_with("the same integer") {
        " fill=\"#8fd694\""
    } else if line.starts_with("DOES NOT HOLD") || line.contains("IT DIFFERS") {
        " fill=\"#ff8a80\""
    } else if line.starts_with(['┌', '├', '└', '╞']) {
        " fill=\"#5b6880\""
    } else {
        ""
    }
}

/// A line cut at wide gaps, at the edges of cells, and where a character takes two columns, so that
/// what follows stands in its column whatever the font does.
fn runs(line: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut column = 0;
    let mut is_open = false;
    for letter in line.chars() {
        let width = letter.width().unwrap_or(0);
        if letter == ' ' {
            // One space joins, a second one cuts.
            let joins = runs.last().is_some_and(|run| !run.text.ends_with(' '));
            match runs.last_mut() {
                Some(run) if is_open && joins => {
                    run.text.push(letter);
                    run.width += 1;
                }
                _ => is_open = false,
            }
        } else {
            let stands_alone = matches!(letter, '│' | '┆') || width != 1;
            match runs.last_mut() {
                Some(run) if is_open && (!stands_alone || width == 0) => {
                    run.text.push(letter);
                    run.width += width;
                }
                _ => runs.push(Run {
                    column,
                    width,
                    text: letter.to_string(),
                }),
            }
            is_open = !stands_alone || width == 0;
        }
        column += width;
    }
    for run in &mut runs {
        let kept = run.text.trim_end_matches(' ').len();
        run.width -= run.text.len() - kept;
        run.text.truncate(kept);
    }
    runs
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_stands_in_its_column() {
        let line = "│ 🐠stake.fish | bitfish ┆  9,597 ┆";
        let runs = runs(line);
        for run in &runs {
            let before: String = line
                .chars()
                .scan(0, |column, letter| {
                    let here = *column;
                    *column += letter.width().unwrap_or(0);
                    Some((here, letter))
                })
                .filter(|(column, _)| (run.column..run.column + run.width).contains(column))
                .map(|(_, letter)| letter)
                .collect();
            assert_eq!(before, run.text);
        }
        let texts: Vec<&str> = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(
            texts,
            ["│", "🐠", "stake.fish | bitfish", "┆", "9,597", "┆"]
        );
    }

    #[test]
    fn a_picture_has_every_line_and_escapes_what_is_markup() {
        let svg = terminal("cargo demo", "a <b> & c\n\nholds: all\n");
        assert!(svg.contains("$ cargo demo"));
        assert!(svg.contains("a &lt;b&gt; &amp; c"));
        assert!(svg.contains("#8fd694"));
        assert_eq!(svg.matches("<text").count(), 4);
    }
}
