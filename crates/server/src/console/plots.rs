//! Plots, drawn on the server: pure functions from numbers to SVG. Colours come from classes of the style sheet, so that they
//! follow light and dark; below each plot stands a table of the same numbers, for whoever does not see it.

use std::fmt::Write as _;

use askama::FastWritable;
use askama::filters::HtmlSafe;

/// The plot's own units: it is scaled to its place.
const WIDTH: usize = 720;
const HEIGHT: usize = 160;
/// Room for the words below the bars.
const FOOT: usize = 20;
/// How wide a letter of those words is, at the most.
const LETTER: f64 = 7.0;
/// Room for the largest number above them.
const HEAD: usize = 16;

/// A plot of bars.
#[derive(Debug, Clone)]
pub(crate) struct Bars {
    /// What it shows, in a sentence.
    pub(crate) title: String,
    /// What the parts of a bar are called, from the lowest up.
    pub(crate) parts: Vec<String>,
    /// From left to right.
    pub(crate) bars: Vec<Bar>,
}

/// One bar.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    /// What it stands for.
    pub(crate) label: String,
    /// A few characters below it; none where there is no room for all.
    pub(crate) mark: String,
    /// As many as there are parts.
    pub(crate) values: Vec<u64>,
    /// The list behind it.
    pub(crate) href: Option<String>,
}

impl Bars {
    /// The highest bar; at least 1.
    pub(crate) fn highest(&self) -> u64 {
        self.bars.iter().map(Bar::total).max().unwrap_or_default().max(1)
    }

    /// Whether there is anything to see.
    pub(crate) fn is_empty(&self) -> bool {
        self.bars.iter().all(|bar| bar.total() == 0)
    }

    /// The drawing.
    pub(crate) fn svg(&self) -> Svg {
        let mut svg = String::new();
        // With ways to go inside it is no picture: a reader of screens goes through them.
        let role = if self.bars.iter().any(|bar| bar.href.is_some()) { "group" } else { "img" };
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"{role}\" aria-label=\"{title}\"><title>{title}</title>",
            title = escaped(&self.title)
        );
        let floor = HEIGHT - FOOT;
        let _ = write!(svg, "<path class=\"axis\" d=\"M0 {floor}h{WIDTH}\"/>");
        let step = WIDTH as f64 / self.bars.len().max(1) as f64;
        let (highest, room) = (self.highest(), (floor - HEAD) as f64);
        for (at, bar) in self.bars.iter().enumerate() {
            let (left, width) = (at as f64 * step + step * 0.12, step * 0.76);
            let mut top = floor as f64;
            if let Some(href) = &bar.href {
                let _ = write!(svg, "<a href=\"{}\">", escaped(href));
            }
            let _ = write!(svg, "<g><title>{}</title>", escaped(&bar.said(&self.parts)));
            // The whole column answers to the pointer, also where there is nothing to see.
            let _ = write!(
                svg,
                "<path class=\"room\" d=\"M{:.1} {HEAD}h{step:.1}V{floor}h-{step:.1}z\"/>",
                at as f64 * step
            );
            for (part, value) in bar.values.iter().enumerate().filter(|(_, value)| **value > 0) {
                // What is there is seen, however little it is beside the highest.
                let height = (*value as f64 / highest as f64 * room).max(1.5);
                top -= height;
                let _ = write!(
                    svg,
                    "<path class=\"part-{part}\" d=\"M{left:.1} {top:.1}h{width:.1}v{height:.1}h-{width:.1}z\"/>"
                );
            }
            svg.push_str("</g>");
            if bar.href.is_some() {
                svg.push_str("</a>");
            }
            if !bar.mark.is_empty() {
                // A mark of the first or the last bar stays within the plot.
                let half = bar.mark.chars().count() as f64 * LETTER / 2.0;
                let middle = (left + width / 2.0).min(WIDTH as f64 - half).max(half);
                let _ = write!(
                    svg,
                    "<text x=\"{middle:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                    HEIGHT - 5,
                    escaped(&bar.mark)
                );
            }
        }
        if !self.is_empty() {
            let _ = write!(svg, "<text x=\"0\" y=\"11\">{}</text>", self.highest());
        }
        svg.push_str("</svg>");
        Svg(svg)
    }
}

impl Bar {
    fn total(&self) -> u64 {
        self.values.iter().sum()
    }

    fn said(&self, parts: &[String]) -> String {
        let values = self.values.iter().zip(parts).map(|(value, part)| format!("{part}: {value}"));
        format!("{} — {}", self.label, values.collect::<Vec<_>>().join(", "))
    }
}

/// A drawing that stands in a page as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Svg(pub(super) String);

impl HtmlSafe for Svg {}

impl FastWritable for Svg {
    fn write_into(&self, out: &mut dyn std::fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(out.write_str(&self.0)?)
    }
}

impl std::fmt::Display for Svg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text as it stands in markup.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: &[&[u64]]) -> Bars {
        let bar = |values: &&[u64]| Bar {
            label: "a <b>".into(),
            mark: "x".into(),
            values: values.to_vec(),
            href: Some("/console/keys?a=1&b=\"".into()),
        };
        Bars {
            title: "\"T\" & <t>".into(),
            parts: vec!["p".into(), "q".into()],
            bars: values.iter().map(bar).collect(),
        }
    }

    #[test]
    fn what_is_shown_is_shown_as_text() {
        let svg = bars(&[&[1, 2]]).svg().0;
        assert!(
            svg.contains("aria-label=\"&quot;T&quot; &amp; &lt;t&gt;\"") && svg.contains("a &lt;b&gt; — p: 1, q: 2")
        );
        assert!(svg.contains("href=\"/console/keys?a=1&amp;b=&quot;\""));
        for never in ["style=", "<b>", "fill=", "script"] {
            assert!(!svg.contains(never), "{never}: {svg}");
        }
    }

    #[test]
    fn a_mark_stays_within_the_plot() {
        let mut many = bars(&[&[1_u64, 0][..]; 48]);
        many.bars.iter_mut().for_each(|bar| bar.mark = "12:00".into());
        let svg = many.svg().0;
        let all: Vec<f64> = svg
            .split("<text x=\"")
            .skip(1)
            .filter(|text| text.contains("middle"))
            .filter_map(|text| text.split('"').next()?.parse().ok())
            .collect();
        assert_eq!(all.len(), 48);
        assert!(all.iter().all(|middle| (17.5..=WIDTH as f64 - 17.5).contains(middle)), "{all:?}");
        assert!(all.is_sorted());
    }

    #[test]
    fn bars_stay_in_their_place_and_the_smallest_is_seen() {
        let svg = bars(&[&[0, 0], &[1, 0], &[1_000_000, 500_000]]).svg().0;
        assert_eq!(svg.matches("class=\"part-").count(), 3, "nothing is drawn for nothing");
        for number in svg.split("class=\"part-").skip(1).filter_map(|part| part.split(" d=\"M").nth(1)) {
            let top: f64 = number.split([' ', 'h']).nth(1).unwrap().parse().unwrap();
            assert!((HEAD as f64 - 0.1..=(HEIGHT - FOOT) as f64).contains(&top), "{top}");
        }
        assert!(bars(&[]).svg().0.ends_with("</svg>"));
        assert!(bars(&[&[0, 0]]).is_empty() && !bars(&[&[0, 1]]).is_empty());
    }
}
