//! Embeds what the console's pages load: Tabler's style sheet with ours behind it, our script, our picture, and of Tabler's
//! icons those that templates and handlers name (`icons::USERS`).
//!
//! It reads `ui/node_modules`, which `npm ci --ignore-scripts` fills, and never runs npm itself: a build that asks the
//! network on its own is one that nobody can repeat.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a build that cannot be done says so and ends"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

fn main() {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    let ui = here.join("../../ui");
    for watched in
        ["../../ui/console.css", "../../ui/console.js", "../../ui/latchkey.svg", "../../ui/package-lock.json"]
    {
        println!("cargo::rerun-if-changed={watched}");
    }
    println!("cargo::rerun-if-changed=../../ui/node_modules/.package-lock.json");
    for watched in ["build.rs", "templates", "src/console"] {
        println!("cargo::rerun-if-changed={watched}");
    }

    let tabler = installed(&ui, "@tabler/core/dist/css/tabler.min.css");
    let style = format!("{tabler}\n{}", read(&ui.join("console.css")));
    let mut code = String::new();
    for (name, file, kind, text) in [
        ("STYLE", "console.css", "text/css; charset=utf-8", style),
        ("SCRIPT", "console.js", "text/javascript; charset=utf-8", read(&ui.join("console.js"))),
        ("PICTURE", "latchkey.svg", "image/svg+xml", read(&ui.join("latchkey.svg"))),
    ] {
        asset(&out, &mut code, name, file, kind, text.as_bytes());
    }
    fs::write(out.join("assets.rs"), code).unwrap();
    fs::write(out.join("icons.rs"), icons(&here, &ui)).unwrap();
}

/// Writes a file in three forms, and the constant that names them.
fn asset(out: &Path, code: &mut String, name: &str, file: &str, kind: &str, bytes: &[u8]) {
    let hash: String = Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let (stem, ending) = file.rsplit_once('.').unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes).unwrap();
    let mut brotli = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut brotli, &params).unwrap();
    for (form, bytes) in [("plain", bytes), ("gz", &gzip.finish().unwrap()), ("br", &brotli)] {
        fs::write(out.join(format!("{file}.{form}")), bytes).unwrap();
    }
    let include = |form| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}.{form}\"))");
    let (plain, gz, br) = (include("plain"), include("gz"), include("br"));
    writeln!(
        code,
        "/// `{file}`.\npub(crate) const {name}: Asset = Asset {{ path: \"/console/assets/{stem}-{hash}.{ending}\", kind: \"{kind}\", plain: {plain}, gzip: {gz}, brotli: {br} }};"
    )
    .unwrap();
}

/// A constant for each icon that is named somewhere.
fn icons(here: &Path, ui: &Path) -> String {
    let mut names = BTreeSet::new();
    for place in ["templates", "src/console"] {
        collect(&here.join(place), &mut names);
    }
    let mut code = String::new();
    for name in names {
        let file = name.to_lowercase().replace('_', "-");
        let svg = installed(ui, &format!("@tabler/icons/icons/outline/{file}.svg"));
        let inner = svg.split_once('>').and_then(|(_, rest)| rest.rsplit_once("</svg>")).expect("an icon is an svg").0;
        let inner: Vec<&str> =
            inner.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains("M0 0h24v24H0z")).collect();
        writeln!(
            code,
            "/// Tabler's `{file}`.\npub(crate) const {name}: Icon = Icon({:?});",
            format!(
                "<svg class=\"icon\" width=\"24\" height=\"24\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\">{}</svg>",
                inner.concat().replace(" />", "/>")
            )
        )
        .unwrap();
    }
    code
}

/// What stands after `icons::` in a folder's files.
fn collect(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, names);
            continue;
        }
        for after in read(&path).split("icons::").skip(1) {
            let name: String =
                after.chars().take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_').collect();
            if !name.is_empty() {
                names.insert(name);
            }
        }
    }
}

fn installed(ui: &Path, file: &str) -> String {
    let path = ui.join("node_modules").join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "\n\ncannot read {}: {error}\n  The console's style sheet and icons come from npm. Install them, then build again:\n  npm ci --ignore-scripts --prefix ui\n\n",
            path.display()
        )
    })
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}
