//! A page of HTML that needs nothing else: its frame and its parts.

use std::fmt::Write as _;

use crate::grid::{self, Grid, Term};
use crate::plots::Plot;

const STYLE: &str = include_str!("report.css");

/// A page of plots alone.
pub fn plots_page(title: &str, plots: &[Plot]) -> String {
    let figures: String = plots.iter().map(figure).collect();
    document(title, &section(title, &figures))
}

/// A page that needs nothing else.
pub fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escaped(title)
    )
}

/// Text as it stands in a page. Validators choose their names, so they may look like markup.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in grid::shown(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// The head of a page: its title, a line below it, and whether every check holds.
pub fn heading(title: &str, line: &str, holds: bool) -> String {
    let verdict = match holds {
        true => "<p class=\"verdict good\">Every check holds</p>",
        false => "<p class=\"verdict bad\">A check does not hold</p>",
    };
    format!(
        "<header>\n<div>\n<h1>{}</h1>\n<p>{}</p>\n</div>\n{verdict}\n</header>\n",
        escaped(title),
        escaped(line)
    )
}

/// The terms of a conservation equation, one below the other, with what their numbers are.
pub fn equation(point: &str, terms: &[Term]) -> String {
    let mut out = format!(
        "<p>In points, {}. Both sides are integers, nothing is rounded.</p>\n<div class=\"wide\"><table class=\"equation\">\n",
        escaped(point)
    );
    for term in terms {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
            term.sign,
            escaped(&term.number),
            escaped(&term.what)
        );
    }
    out.push_str("</table></div>\n");
    out
}

/// A part of a page with a title.
pub fn section(title: &str, content: &str) -> String {
    format!(
        "<section>\n<h2>{}</h2>\n{content}</section>\n",
        escaped(title)
    )
}

/// A plot with its legend.
pub fn figure(plot: &Plot) -> String {
    let mut out = format!(
        "<figure>\n<figcaption>{}</figcaption>\n<p class=\"legend\">",
        escaped(&plot.title)
    );
    for entry in &plot.legend {
        let _ = write!(
            out,
            "<span><i style=\"background:{}\"></i>{}</span>",
            entry.colour,
            escaped(&entry.name)
        );
    }
    let _ = write!(out, "</p>\n{}\n</figure>\n", plot.svg);
    out
}

/// A table.
pub fn table(grid: &Grid) -> String {
    let class = |place: usize| {
        if grid.is_number(place) {
            " class=\"n\""
        } else {
            ""
        }
    };
    let mut out = String::from("<div class=\"wide\"><table>\n");
    if !grid.header.is_empty() {
        out.push_str("<thead><tr>");
        for (place, cell) in grid.header.iter().enumerate() {
            let _ = write!(out, "<th{}>{}</th>", class(place), escaped(cell));
        }
        out.push_str("</tr></thead>\n");
    }
    out.push_str("<tbody>\n");
    for row in &grid.rows {
        out.push_str("<tr>");
        for (place, cell) in row.iter().enumerate() {
            let _ = write!(out, "<td{}>{}</td>", class(place), escaped(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_are_text_and_nothing_else() {
        assert_eq!(
            escaped("<b>\"A\" & 'B'</b>\u{1b}"),
            "&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;\u{fffd}"
        );
    }
}
