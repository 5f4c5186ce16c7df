//! Lists, as wide as the terminal: a table where it fits, else a paragraph for each row.
//!
//! Invariant: words stay whole, as ids have to, which are there to be copied.

use comfy_table::presets::NOTHING;
use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, Width};
use unicode_width::UnicodeWidthStr as _;

use super::Tone;

/// No column is made narrower than this, in characters.
const NARROWEST: usize = 8;
/// What stands between two columns.
const GAP: usize = 2;
/// How far the second and later lines of a paragraph are moved in.
const INDENT: usize = 4;

pub(super) type Rows = Vec<Vec<(String, Tone)>>;

/// How wide the terminal is, in characters; `None` where nobody looks at one.
pub(crate) fn terminal_width() -> Option<usize> {
    Table::new().width().map(usize::from)
}

/// The lines of a list. Columns in `elastic` are broken between words where the terminal is too narrow.
pub(super) fn lines(headers: &[&str], elastic: &[usize], rows: Rows) -> Vec<String> {
    match terminal_width() {
        Some(width) if least_width(headers, elastic, &rows) > width => flowing(&rows, width),
        width => table(headers, elastic, rows, width),
    }
}

fn table(headers: &[&str], elastic: &[usize], rows: Rows, width: Option<usize>) -> Vec<String> {
    let mut table = Table::new();
    table.force_no_tty().enforce_styling().load_style(NOTHING);
    table.style_text_only();
    let least = elastic.iter().map(|column| least_of(*column, headers, &rows)).collect::<Vec<_>>();
    if let (Some(width), false) = (width.and_then(|width| u16::try_from(width).ok()), elastic.is_empty()) {
        table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(headers.iter().map(|header| Cell::new(header.to_uppercase()).fg(Color::DarkGrey)));
    for row in rows {
        table.add_row(row.into_iter().map(|(text, tone)| tone.cell(&text)));
    }
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        let least = elastic.iter().position(|column| *column == at).and_then(|at| least.get(at));
        column.set_constraint(match least {
            Some(least) => {
                ColumnConstraint::LowerBoundary(Width::Fixed(u16::try_from(least + GAP).unwrap_or(u16::MAX)))
            }
            None => ColumnConstraint::ContentWidth,
        });
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// The cells of each row one after the other, broken between them where the line is full, and within one only where it is
/// longer than a line.
fn flowing(rows: &Rows, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for row in rows {
        let (mut line, mut filled) = (String::new(), 0);
        for (text, tone) in row.iter().filter(|(text, _)| !text.is_empty()) {
            let pieces: Vec<&str> =
                if text.width() + INDENT > width { text.split_whitespace().collect() } else { vec![text] };
            for (at, piece) in pieces.into_iter().enumerate() {
                let gap = if at == 0 { GAP } else { 1 };
                if filled > 0 && filled + gap + piece.width() > width {
                    lines.push(std::mem::replace(&mut line, " ".repeat(INDENT)));
                    filled = INDENT;
                } else if filled > 0 {
                    line.push_str(&" ".repeat(gap));
                    filled += gap;
                }
                line.push_str(&tone.paint(piece));
                filled += piece.width();
            }
        }
        lines.push(line);
    }
    lines
}

/// How narrow the table can be.
fn least_width(headers: &[&str], elastic: &[usize], rows: &Rows) -> usize {
    let column = |at: usize| match elastic.contains(&at) {
        true => least_of(at, headers, rows),
        false => cells(at, headers, rows).map(|text| text.width()).max().unwrap_or(0),
    };
    (0..headers.len()).map(column).sum::<usize>() + GAP * headers.len().saturating_sub(1)
}

/// How narrow a column can be whose texts are broken between words.
fn least_of(at: usize, headers: &[&str], rows: &Rows) -> usize {
    let words = cells(at, headers, rows).flat_map(str::split_whitespace).map(|word| word.width());
    words.max().unwrap_or(0).max(NARROWEST)
}

fn cells<'t>(at: usize, headers: &'t [&str], rows: &'t Rows) -> impl Iterator<Item = &'t str> {
    let below = rows.iter().filter_map(move |row| row.get(at).map(|(text, _)| text.as_str()));
    headers.get(at).copied().into_iter().chain(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Rows {
        let plain = |text: &str| (text.to_owned(), Tone::Plain);
        let row = |id: &str, about: &str| vec![plain(id), plain(""), plain("running"), plain(about)];
        vec![
            row("01a211c7-9156-74c0", "short"),
            row("01a211c8-0b23-7e44", "株式会社 and a sentence that is longer than a line"),
        ]
    }

    #[test]
    fn a_list_that_does_not_fit_is_told_row_by_row() {
        let seen = flowing(&rows(), 30);
        assert_eq!(
            seen,
            [
                "01a211c7-9156-74c0  running",
                "    short",
                "01a211c8-0b23-7e44  running",
                "    株式会社 and a sentence",
                "    that is longer than a line",
            ]
        );
        assert!(seen.iter().all(|line| line.width() <= 30));
    }

    #[test]
    fn a_table_is_as_narrow_as_its_longest_word() {
        let headers = ["id", "reason", "state", "about it"];
        let fixed = "01a211c7-9156-74c0".len() + 2 + "reason".len() + 2 + "running".len() + 2;
        assert_eq!(least_width(&headers, &[3], &rows()), fixed + "sentence".len());
        let lines = table(&headers, &[3], rows(), Some(fixed + 10));
        let lines: Vec<String> = lines.iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect();
        assert!(lines.iter().all(|line| line.width() <= fixed + 10), "{lines:#?}");
        assert!(lines.iter().any(|line| line.contains("sentence")), "{lines:#?}");
    }
}
