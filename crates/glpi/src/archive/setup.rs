//! `setup.php`, read without being run: what a plugin says of itself in `plugin_version_KEY()`.
//!
//! Only what stands there plainly is understood: texts, and constants that are defined as texts. Code that works its
//! version out says none.

use std::collections::HashMap;

use latchkey_domain::marketplace::{ArchiveFault, GlpiRange, PluginKey, PluginVersion};

use super::paths::shown;

/// What it says.
pub(super) struct Setup {
    pub(super) version: PluginVersion,
    pub(super) name: Option<String>,
    pub(super) license: Option<String>,
    pub(super) glpi: GlpiRange,
}

/// A word of PHP, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Text(String),
    Name(String),
    Arrow,
    Mark(char),
}

pub(super) fn read(php: &[u8], plugin: &PluginKey) -> Result<Setup, ArchiveFault> {
    let words = words(&String::from_utf8_lossy(php));
    let function = format!("plugin_version_{}", plugin.as_str().to_lowercase());
    // PHP does not tell upper from lower case in names of functions.
    let begins = words.windows(2).position(|pair| match pair {
        [Word::Name(keyword), Word::Name(name)] => {
            keyword.eq_ignore_ascii_case("function") && name.to_lowercase() == function
        }
        _ => false,
    });
    let Some(begins) = begins else {
        return Err(ArchiveFault::OtherPlugin { function: format!("plugin_version_{plugin}") });
    };
    let constants = constants(&words);
    let own = &words[begins..end_of(&words, begins)];
    let value = |words: &[Word], name: &str| member(words, name).and_then(|at| text(&words[at..], &constants));

    let said = value(own, "version").ok_or(ArchiveFault::NoVersion)?;
    let version = PluginVersion::parse(&said).map_err(|_| ArchiveFault::NoVersion)?;
    let range = match own.windows(3).position(is_glpi) {
        Some(at) => &own[at + 2..at + 2 + list_length(&own[at + 2..])],
        None => &[],
    };
    let limit = |name: &str| match value(range, name) {
        None => Ok(None),
        Some(said) => match PluginVersion::parse(&said) {
            Ok(version) => Ok(Some(version)),
            Err(_) => Err(ArchiveFault::Range { found: shown(&said) }),
        },
    };
    let (mut min, max) = (limit("min")?, limit("max")?);
    if min.is_none() {
        // The older way.
        min = value(own, "minGlpiVersion").and_then(|said| PluginVersion::parse(&said).ok());
    }
    if let (Some(min), Some(max)) = (&min, &max)
        && min.compare(max).is_ge()
    {
        return Err(ArchiveFault::Range { found: format!("min {min}, max {max}") });
    }
    let line = |name: &str| value(own, name).filter(|said| !said.is_empty() && said.chars().count() <= 200);
    Ok(Setup { version, name: line("name"), license: line("license"), glpi: GlpiRange { min, max } })
}

/// `'glpi' => [` or `'glpi' => array`.
fn is_glpi(three: &[Word]) -> bool {
    let [Word::Text(name), Word::Arrow, after] = three else { return false };
    let list = match after {
        Word::Mark('[') => true,
        Word::Name(name) => name.eq_ignore_ascii_case("array"),
        Word::Text(_) | Word::Arrow | Word::Mark(_) => false,
    };
    name == "glpi" && list
}

/// Where the value of a member begins.
fn member(words: &[Word], name: &str) -> Option<usize> {
    words.windows(2).position(|pair| matches!(pair, [Word::Text(text), Word::Arrow] if text == name)).map(|at| at + 2)
}

/// A text, a constant, or a text within a call such as `__('Name', 'domain')`.
fn text(words: &[Word], constants: &HashMap<String, String>) -> Option<String> {
    match words {
        [Word::Name(name), Word::Mark('('), Word::Text(text), ..] if name.starts_with('_') => Some(text.clone()),
        [Word::Text(text), Word::Mark(',' | ']' | ')' | ';'), ..] => Some(text.clone()),
        [Word::Name(name), Word::Mark(',' | ']' | ')' | ';'), ..] => constants.get(name).cloned(),
        _ => None,
    }
}

/// `define('NAME', 'text')` and `const NAME = 'text'`.
fn constants(words: &[Word]) -> HashMap<String, String> {
    let mut all = HashMap::new();
    for five in words.windows(5) {
        match five {
            [Word::Name(define), Word::Mark('('), Word::Text(name), Word::Mark(','), Word::Text(text)]
                if define.eq_ignore_ascii_case("define") =>
            {
                all.entry(name.clone()).or_insert_with(|| text.clone());
            }
            [Word::Name(keyword), Word::Name(name), Word::Mark('='), Word::Text(text), _]
                if keyword.eq_ignore_ascii_case("const") =>
            {
                all.entry(name.clone()).or_insert_with(|| text.clone());
            }
            _ => {}
        }
    }
    all
}

/// Where the function that begins here ends.
fn end_of(words: &[Word], begins: usize) -> usize {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate().skip(begins) {
        match word {
            Word::Mark('{') => depth += 1,
            Word::Mark('}') if depth <= 1 => return at,
            Word::Mark('}') => depth -= 1,
            Word::Text(_) | Word::Name(_) | Word::Arrow | Word::Mark(_) => {}
        }
    }
    words.len()
}

/// How many words a list has, from its bracket (or `array`) to the one that closes it.
fn list_length(words: &[Word]) -> usize {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate() {
        match word {
            Word::Mark('[' | '(') => depth += 1,
            Word::Mark(']' | ')') if depth <= 1 => return at + 1,
            Word::Mark(']' | ')') => depth -= 1,
            Word::Text(_) | Word::Name(_) | Word::Arrow | Word::Mark(_) => {}
        }
    }
    words.len()
}

fn words(php: &str) -> Vec<Word> {
    let (mut rest, mut all) = (php, Vec::new());
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("/*") {
            rest = after.find("*/").map_or("", |end| &after[end + 2..]);
        } else if rest.starts_with("//") || c == '#' && !rest.starts_with("#[") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if let Some(after) = rest.strip_prefix("=>") {
            all.push(Word::Arrow);
            rest = after;
        } else if c == '\'' || c == '"' {
            let (text, after) = quoted(&rest[1..], c);
            all.push(Word::Text(text));
            rest = after;
        } else if c.is_alphabetic() || c == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            all.push(Word::Name(rest[..end].to_owned()));
            rest = &rest[end..];
        } else {
            if !c.is_whitespace() {
                all.push(Word::Mark(c));
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    all
}

/// A text up to its closing mark, and what follows.
fn quoted(rest: &str, mark: char) -> (String, &str) {
    let (mut text, mut escaped) = (String::new(), false);
    for (at, c) in rest.char_indices() {
        if escaped {
            if c != mark && c != '\\' {
                text.push('\\');
            }
            text.push(c);
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == mark {
            return (text, &rest[at + c.len_utf8()..]);
        } else {
            text.push(c);
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(min: &str, max: &str) -> GlpiRange {
        GlpiRange { min: PluginVersion::parse(min).ok(), max: PluginVersion::parse(max).ok() }
    }

    fn of(php: &str) -> Result<Setup, ArchiveFault> {
        read(php.as_bytes(), &PluginKey::parse("Fields").unwrap())
    }

    #[test]
    fn a_usual_one_is_understood() {
        let php = r#"<?php
            // 'version' => '0.0.1'
            define('PLUGIN_FIELDS_VERSION', '1.21.8');
            define("PLUGIN_FIELDS_MIN_GLPI", "10.0.0"); # a comment
            const PLUGIN_FIELDS_MAX_GLPI = '10.0.99';
            function plugin_init_fields() { $x = ['version' => 'none']; }
            function plugin_version_fields(): array {
                return [
                    'name' => __("Additionnal fields", "fields"),
                    'version' => PLUGIN_FIELDS_VERSION,
                    'license' => 'GPLv2+',
                    'requirements' => [
                        'php' => ['min' => '7.4'],
                        'glpi' => ['min' => PLUGIN_FIELDS_MIN_GLPI, 'max' => PLUGIN_FIELDS_MAX_GLPI],
                    ],
                ];
            }
            function other() { return ['version' => '9']; }"#;
        let setup = of(php).unwrap();
        assert_eq!(setup.version.as_str(), "1.21.8");
        assert_eq!(setup.name.as_deref(), Some("Additionnal fields"));
        assert_eq!(setup.license.as_deref(), Some("GPLv2+"));
        assert_eq!(setup.glpi, between("10.0.0", "10.0.99"));
    }

    #[test]
    fn what_is_not_said_plainly_is_not_said() {
        let body = |inner: &str| format!("<?php function plugin_version_fields() {{ return [{inner}]; }}");
        assert_eq!(of(&body("'version' => file_get_contents('VERSION')")).err(), Some(ArchiveFault::NoVersion));
        assert_eq!(of(&body("'version' => '1.' . MINOR")).err(), Some(ArchiveFault::NoVersion));
        assert_eq!(of(&body("'version' => 'latest'")).err(), Some(ArchiveFault::NoVersion));
        assert!(matches!(of("<?php function plugin_version_other() {}"), Err(ArchiveFault::OtherPlugin { .. })));
        let range = "'version' => '1.0', 'requirements' => ['glpi' => ['min' => '11.0', 'max' => '10.0']]";
        assert!(matches!(of(&body(range)), Err(ArchiveFault::Range { .. })));
        let old = of(&body("'version' => '1.0', 'minGlpiVersion' => '9.5'")).unwrap();
        assert_eq!(old.glpi, between("9.5", ""));
        let array = "'version' => '1.0', 'requirements' => array('glpi' => array('min' => '10.0'))";
        assert_eq!(of(&body(array)).unwrap().glpi, between("10.0", ""));
    }
}
