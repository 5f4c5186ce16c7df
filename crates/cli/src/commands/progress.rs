//! How far a long command has come, on a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::context::Context;

/// A bar on standard error, where somebody sees it.
pub(super) fn bar(context: &Context) -> ProgressBar {
    if !context.printer.may_move() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} rows, {eta} left");
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Moves it on.
pub(super) fn show(bar: &ProgressBar, done: u64, of: u64) {
    // Asking the bar for each of a million rows would take longer than the rows.
    if done.is_multiple_of(500) || done == of {
        bar.set_length(of);
        bar.set_position(done);
    }
}
