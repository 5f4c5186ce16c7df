//! The workspace as the rules look at it: crates with what they depend on, and their sources, comments taken out.
//!
//! This is no parser. It knows as much of Rust's grammar as it takes to tell code from comments, strings and tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// One crate of `crates/`.
pub(crate) struct Crate {
    /// The directory's name: `domain`.
    pub(crate) name: String,
    /// Where its manifest is, from the workspace's root.
    pub(crate) manifest: String,
    /// What it depends on in any way, tests included.
    pub(crate) dependencies: Vec<Dependency>,
    /// The files below its `src`.
    pub(crate) sources: Vec<Source>,
}

/// One line of a manifest's dependencies.
pub(crate) struct Dependency {
    /// The package's name.
    pub(crate) package: String,
    /// Whether it is needed by tests alone.
    pub(crate) dev: bool,
}

/// One Rust file.
pub(crate) struct Source {
    /// Where it is, from the workspace's root.
    pub(crate) path: String,
    /// Its lines, the first at index 0.
    pub(crate) lines: Vec<Line>,
}

/// One line of a file.
#[derive(Default)]
pub(crate) struct Line {
    /// The code: comments are gone, and of strings only the quotes are left.
    pub(crate) code: String,
    /// The contents of the strings that begin here.
    pub(crate) strings: Vec<String>,
    /// Whether it is compiled for tests alone.
    pub(crate) test: bool,
}

impl Source {
    /// The lines that are part of the program, with their numbers.
    pub(crate) fn program(&self) -> impl Iterator<Item = (usize, &Line)> {
        self.lines.iter().enumerate().filter(|(_, line)| !line.test).map(|(index, line)| (index + 1, line))
    }

    /// The modules of the standard library that the program names, alone or within `use std::{…}`, with the line of each.
    pub(crate) fn std_modules(&self) -> Vec<(usize, String)> {
        let code: Vec<(usize, char)> = self
            .program()
            .flat_map(|(number, line)| line.code.chars().chain(['\n']).map(move |c| (number, c)))
            .collect();
        let text: String = code.iter().map(|(_, c)| if c.is_ascii() { *c } else { '?' }).collect();
        let mut found = Vec::new();
        for (at, _) in text.match_indices("std::").filter(|(at, _)| *at == 0 || !is_name(text.as_bytes()[at - 1])) {
            let mut depth = 0;
            let mut expected = true;
            let mut position = at + "std::".len();
            while let Some(&(number, c)) = code.get(position) {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => expected = true,
                    _ if expected && is_name(text.as_bytes()[position]) => {
                        let name: String =
                            text[position..].bytes().take_while(|byte| is_name(*byte)).map(char::from).collect();
                        position += name.len() - 1;
                        found.push((number, name));
                        expected = false;
                    }
                    _ => {}
                }
                position += 1;
                if depth == 0 && !expected {
                    break;
                }
            }
        }
        found
    }
}

/// Whether `text` contains `word` with nothing around it that would make it part of a longer name.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    after_each(text, word).next().is_some()
}

/// Whether `code` has a field or variable of that name: what is followed by a parenthesis is a function.
pub(crate) fn has_field(code: &str, name: &str) -> bool {
    after_each(code, name).any(|after| !after.trim_start().starts_with('('))
}

/// What follows each occurrence of a whole word.
fn after_each<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(word).filter_map(move |(at, _)| {
        let (before, after) = (&text.as_bytes()[..at], &text[at + word.len()..]);
        let part_of_a_name = before.last().copied().is_some_and(is_name) || after.bytes().next().is_some_and(is_name);
        (!part_of_a_name).then_some(after)
    })
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Reads every crate below `root`/crates.
pub(crate) fn crates(root: &Path) -> Vec<Crate> {
    let mut names: Vec<String> = entries(&root.join("crates"))
        .iter()
        .filter(|path| path.join("Cargo.toml").is_file())
        .map(|path| name(path))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let manifest = format!("crates/{name}/Cargo.toml");
            let mut files = Vec::new();
            rust_files(&root.join("crates").join(&name).join("src"), &mut files);
            files.sort();
            let relative = |path: &Path| path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let sources = files.iter().map(|path| read(&relative(path), &fs::read_to_string(path).unwrap())).collect();
            let dependencies = dependencies(&fs::read_to_string(root.join(&manifest)).unwrap());
            Crate { name, manifest, dependencies, sources: mark_test_files(sources) }
        })
        .collect()
}

/// Every file below `root`/crates whose name ends with `.extension`, from the workspace's root.
pub(crate) fn files_ending(root: &Path, extension: &str) -> Vec<String> {
    let mut directories = vec![root.join("crates")];
    let mut found = Vec::new();
    while let Some(directory) = directories.pop() {
        for path in entries(&directory) {
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|given| given == extension) {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

fn rust_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for path in entries(directory) {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What a manifest depends on, in all its tables of dependencies.
pub(crate) fn dependencies(manifest: &str) -> Vec<Dependency> {
    fn collect(table: &toml::Table, found: &mut Vec<Dependency>) {
        for (key, value) in table {
            let Some(value) = value.as_table() else { continue };
            match key.as_str() {
                "dependencies" | "build-dependencies" | "dev-dependencies" => {
                    found.extend(value.iter().map(|(name, how)| Dependency {
                        package: how.get("package").and_then(toml::Value::as_str).unwrap_or(name).to_owned(),
                        dev: key == "dev-dependencies",
                    }));
                }
                "target" => value.values().filter_map(toml::Value::as_table).for_each(|table| collect(table, found)),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    collect(&manifest.parse().unwrap(), &mut found);
    found
}

/// Reads one file's text.
pub(crate) fn read(path: &str, text: &str) -> Source {
    let mut lines = vec![Line::default()];
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let (taken, string) = token(rest, before);
        let (token, after) = rest.split_at(taken);
        match string {
            Some((begin, end)) => {
                let line = lines.last_mut().unwrap();
                line.strings.push(token[begin..end].to_owned());
                line.code.push_str("\"\"");
            }
            None if taken == c.len_utf8() && c != '\n' => lines.last_mut().unwrap().code.push(c),
            None => {}
        }
        lines.extend(token.matches('\n').map(|_| Line::default()));
        before = c;
        rest = after;
    }
    let mut source = Source { path: path.to_owned(), lines };
    mark_tests(&mut source);
    source
}

/// The length of the first token of `rest`, which is a string, a comment, a quoted character or else one character; for
/// a string also where its content begins and ends.
fn token(rest: &str, before: char) -> (usize, Option<(usize, usize)>) {
    let until = |from: usize, end: &str| rest[from..].find(end).map_or(rest.len(), |at| from + at);
    if rest.starts_with("//") {
        return (until(0, "\n"), None);
    }
    if rest.starts_with("/*") {
        let mut depth = 0;
        let mut at = 0;
        while at < rest.len() {
            let tail = &rest.as_bytes()[at..];
            if tail.starts_with(b"/*") {
                (depth, at) = (depth + 1, at + 2);
            } else if tail.starts_with(b"*/") {
                (depth, at) = (depth - 1, at + 2);
            } else {
                at += 1;
            }
            if depth == 0 {
                break;
            }
        }
        return (at, None);
    }
    if let Some(raw) = rest.strip_prefix('r').filter(|_| before == 'b' || before == 'c' || !is_name(before as u8)) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let begin = 1 + hashes + 1;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = until(begin, &close);
            return ((end + close.len()).min(rest.len()), Some((begin, end)));
        }
    }
    if rest.starts_with('"') {
        let end = unescaped(rest, '"');
        return ((end + 1).min(rest.len()), Some((1, end)));
    }
    if let Some(quoted) = rest.strip_prefix('\'') {
        let mut next = quoted.chars();
        // Otherwise it is a lifetime.
        if next.next() == Some('\\') || next.next() == Some('\'') {
            return ((unescaped(rest, '\'') + 1).min(rest.len()), None);
        }
    }
    (rest.chars().next().map_or(0, char::len_utf8), None)
}

/// Where the quote that opens `rest` is closed.
fn unescaped(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if !escaped && c == quote {
            return at;
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

/// Marks what stands under `#[cfg(test)]`, up to the brace or semicolon that ends it.
fn mark_tests(source: &mut Source) {
    let mut inside: Option<i32> = None;
    for line in &mut source.lines {
        let mut code = line.code.as_str();
        if inside.is_none() {
            let Some((_, after)) = code.split_once("#[cfg(test)]") else { continue };
            (inside, code) = (Some(0), after);
        }
        line.test = true;
        for c in code.chars() {
            match (c, &mut inside) {
                ('{', Some(depth)) => *depth += 1,
                ('}', Some(depth)) if *depth > 1 => *depth -= 1,
                ('}', _) | (';', Some(0)) => inside = None,
                _ => {}
            }
        }
    }
}

/// Marks the files that are modules under `#[cfg(test)]` elsewhere.
fn mark_test_files(mut sources: Vec<Source>) -> Vec<Source> {
    let mut tests = BTreeSet::new();
    for source in &sources {
        let directory = match source.path.strip_suffix("/mod.rs").or_else(|| source.path.strip_suffix("/lib.rs")) {
            Some(directory) => directory,
            None => source.path.strip_suffix("/main.rs").unwrap_or(source.path.trim_end_matches(".rs")),
        };
        for line in source.lines.iter().filter(|line| line.test) {
            let declared = line.code.trim().trim_start_matches("#[cfg(test)]").trim();
            if let Some(module) = declared.strip_suffix(';').and_then(|rest| rest.split("mod ").nth(1)) {
                tests.insert(format!("{directory}/{module}.rs"));
                tests.insert(format!("{directory}/{module}/mod.rs"));
            }
        }
    }
    for source in sources.iter_mut().filter(|source| tests.contains(&source.path)) {
        source.lines.iter_mut().for_each(|line| line.test = true);
    }
    sources
}
