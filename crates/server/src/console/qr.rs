//! A key as a QR code: black on white in light and dark alike, since cameras want it so.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use super::plots::{Svg, escaped};

/// Modules of white around the code.
const QUIET: usize = 4;

/// The code of a text; `None` where it is longer than any code holds.
pub(crate) fn drawn(text: &str, title: &str) -> Option<Svg> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (side, colors) = (code.width(), code.to_colors());
    let size = side + 2 * QUIET;
    let mut path = String::new();
    for (row, modules) in colors.chunks(side).enumerate() {
        let mut column = 0;
        while column < side {
            let run = modules[column..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", column + QUIET, row + QUIET);
            }
            column += run.max(1);
        }
    }
    let title = escaped(title);
    Some(Svg(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {size} {size}\" role=\"img\" aria-label=\"{title}\" shape-rendering=\"crispEdges\"><title>{title}</title><path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_the_modules_of_its_text() {
        let svg = drawn("eyJ2IjoxfQ==", "k").unwrap().0;
        let code = QrCode::with_error_correction_level("eyJ2IjoxfQ==", EcLevel::L).unwrap();
        let dark = code.to_colors().iter().filter(|color| **color == Color::Dark).count();
        let drawn: usize =
            svg.split("v1h-").skip(1).map(|run| run.split('z').next().unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!(drawn, dark);
        assert!(super::drawn(&"x".repeat(4_000), "k").is_none());
    }
}
