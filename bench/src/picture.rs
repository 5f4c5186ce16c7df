//! The figures against their bounds, as a picture.
//!
//! A bar is as long as its figure is better than its bound, on a scale of powers of ten: the line in the middle is the
//! bound itself, and a bar that does not reach it is a bound that is missed.

use std::fmt::Write as _;

use crate::report::{Bound, Figure};

const WIDTH: f64 = 860.0;
const ROW: f64 = 30.0;
const TOP: f64 = 62.0;
/// Where the bars begin, and where they end.
const FROM: f64 = 150.0;
const TO: f64 = 610.0;
/// The scale, in powers of ten: from a tenth of the bound to a thousand times better.
const LEAST: f64 = -1.0;
const MOST: f64 = 3.0;

/// An SVG of all figures that have a bound.
pub(crate) fn draw(figures: &[Figure]) -> String {
    let bars: Vec<(&Figure, f64)> = figures.iter().filter_map(|figure| Some((figure, better(figure)?))).collect();
    let height = TOP + ROW * bars.len() as f64 + 16.0;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">
<title>What was measured, against its bound</title>
<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>
<text x="16" y="22" font-size="15" fill="#1d2433">How many times better than its bound</text>
"##
    );
    for power in LEAST as i32..=MOST as i32 {
        let x = x_of(10_f64.powi(power));
        let (colour, name) = match power {
            0 => ("#1d2433", "bound".to_owned()),
            _ => ("#d5dae3", format!("{}×", 10_f64.powi(power))),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            svg,
            r##"<text x="{x:.1}" y="46" text-anchor="middle" fill="#5b6577">{name}</text><line x1="{x:.1}" x2="{x:.1}" y1="{}" y2="{}" stroke="{colour}"/>"##,
            TOP - 8.0,
            height - 12.0
        );
    }
    for (row, (figure, better)) in bars.iter().enumerate() {
        let y = TOP + ROW * row as f64;
        let colour = if figure.kept() == Some(true) { "#2f7d5b" } else { "#b3372f" };
        let _ = writeln!(
            svg,
            r##"<text x="{}" y="{}" text-anchor="end" fill="#1d2433">{}</text><rect x="{FROM}" y="{y}" width="{:.1}" height="18" fill="{colour}" fill-opacity="0.85"/><text x="{}" y="{}" fill="#1d2433">{} ({})</text>"##,
            FROM - 10.0,
            y + 14.0,
            figure.name,
            x_of(*better) - FROM,
            TO + 14.0,
            y + 14.0,
            figure.shown(),
            figure.bound.shown(figure.unit),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// How many times better than its bound a figure is; `None` where it has none.
fn better(figure: &Figure) -> Option<f64> {
    match figure.bound {
        Bound::AtLeast(least) => Some(figure.value() / least),
        // A bound of nothing is either kept or not.
        Bound::AtMost(0.0) => Some(if figure.value() == 0.0 { 1.0 } else { 0.0 }),
        Bound::AtMost(most) => Some(most / figure.value()),
        Bound::None => None,
    }
}

fn x_of(better: f64) -> f64 {
    let part = (better.log10().clamp(LEAST, MOST) - LEAST) / (MOST - LEAST);
    FROM + part * (TO - FROM)
}
