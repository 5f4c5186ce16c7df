//! A plugin's sheet: the XML in which GLPI's public catalogue has it. What is wrong in one is named by its line.

use latchkey_domain::marketplace::{PluginKey, PluginVersion, SheetFault, SheetMistake};
use roxmltree::{Document, Node, ParsingOptions};
use serde::{Deserialize, Serialize};

/// What a sheet says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// How people read the plugin's name.
    pub name: String,
    /// The address of its picture.
    pub logo: Option<String>,
    /// The licence.
    pub license: Option<String>,
    /// Its addresses.
    pub homepage: Option<String>,
    /// Where mistakes are told.
    pub issues: Option<String>,
    /// What it is, at length.
    pub readme: Option<String>,
    /// What has changed.
    pub changelog: Option<String>,
    /// What it is, per language.
    pub descriptions: Vec<Description>,
    /// Who made it.
    pub authors: Vec<String>,
    /// What it is about.
    pub tags: Vec<TagWord>,
}

/// What a plugin is about, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagWord {
    /// By which a GLPI asks for it: the same for all languages where the sheet lists as many words in each.
    pub key: String,
    /// Such as `fr`.
    pub language: String,
    /// The word in that language.
    pub word: String,
}

/// What a plugin is, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Such as `fr`.
    pub language: String,
    /// In a line.
    pub short: String,
    /// At length.
    pub long: String,
}

/// The most elements of one kind that are taken.
const MOST: usize = 200;
/// The most mistakes that are named.
const MOST_MISTAKES: usize = 20;
/// The most nodes.
const MOST_NODES: u32 = 20_000;

/// Reads a sheet that is to describe this version of this plugin.
pub fn read(xml: &[u8], plugin: &PluginKey, version: &PluginVersion) -> Result<Sheet, Vec<SheetMistake>> {
    let not_xml = |line| vec![SheetMistake { line, fault: SheetFault::NotXml }];
    let text = core::str::from_utf8(xml).map_err(|error| not_xml(last_line(&xml[..error.valid_up_to()])))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        // Of one that breaks off the library names the beginning.
        let breaks_off = matches!(error, roxmltree::Error::UnexpectedEndOfStream);
        not_xml(if breaks_off { last_line(text.as_bytes()) } else { error.pos().row })
    })?;
    let mut reader = Reader { document: &document, mistakes: Vec::new() };
    let sheet = reader.sheet(plugin, version);
    if reader.mistakes.is_empty() {
        Ok(sheet)
    } else {
        reader.mistakes.sort_by_key(|mistake| mistake.line);
        reader.mistakes.truncate(MOST_MISTAKES);
        Err(reader.mistakes)
    }
}

/// The number of the line in which these bytes end, from 1.
fn last_line(text: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', text).count() + 1).unwrap_or(u32::MAX)
}

struct Reader<'d, 't> {
    document: &'d Document<'t>,
    mistakes: Vec<SheetMistake>,
}

impl<'d, 't> Reader<'d, 't> {
    fn sheet(&mut self, plugin: &PluginKey, version: &PluginVersion) -> Sheet {
        let root = self.document.root_element();
        if !root.has_tag_name("root") {
            self.mistake(root, SheetFault::Root);
            return Sheet::default();
        }
        if let Some(key) = self.one(root, "key", true) {
            let found = key.text().unwrap_or_default().trim();
            if !found.eq_ignore_ascii_case(plugin.as_str()) {
                self.mistake(key, SheetFault::OtherPlugin { found: found.chars().take(60).collect() });
            }
        }
        let name = self.one(root, "name", true).and_then(|node| self.line(node, 200)).unwrap_or_default();
        self.versions(root, version);
        Sheet {
            name,
            logo: self.address(root, "logo"),
            license: self.one(root, "license", false).and_then(|node| self.line(node, 200)),
            homepage: self.address(root, "homepage"),
            issues: self.address(root, "issues"),
            readme: self.address(root, "readme"),
            changelog: self.address(root, "changelog"),
            descriptions: self.descriptions(root),
            authors: self.authors(root),
            tags: self.tags(root),
        }
    }

    /// Where versions are listed, the archive's has to be among them: the sheet is otherwise that of another.
    fn versions(&mut self, root: Node<'d, 't>, version: &PluginVersion) {
        let Some(versions) = self.one(root, "versions", false) else { return };
        let mut listed = elements(versions).filter(|node| node.has_tag_name("version")).peekable();
        let is = |node: Node<'_, '_>| node.has_tag_name("num") && node.text().map(str::trim) == Some(version.as_str());
        if listed.peek().is_some() && !listed.any(|node| elements(node).any(is)) {
            self.mistake(versions, SheetFault::VersionMissing { version: version.to_string() });
        }
    }

    fn descriptions(&mut self, root: Node<'d, 't>) -> Vec<Description> {
        let Some(description) = self.one(root, "description", true) else { return Vec::new() };
        let mut all: Vec<Description> = Vec::new();
        let Some(short) = self.one(description, "short", true) else { return all };
        for node in elements(short).take(MOST) {
            let language = language(node);
            if let Some(text) = self.line(node, 1_000) {
                all.push(Description { language, short: text, long: String::new() });
            }
        }
        if all.is_empty() && self.mistakes.is_empty() {
            self.mistake(short, SheetFault::Text { element: "short".into() });
        }
        let Some(long) = self.one(description, "long", false) else { return all };
        for node in elements(long).take(MOST) {
            let (language, text) = (language(node), node.text().unwrap_or_default().trim());
            if text.len() > 20_000 || text.contains(strange) {
                self.mistake(node, SheetFault::Text { element: named(node) });
            }
            match all.iter_mut().find(|description| description.language == language) {
                Some(description) => description.long = text.to_owned(),
                None => all.push(Description { language, short: String::new(), long: text.to_owned() }),
            }
        }
        all
    }

    fn authors(&mut self, root: Node<'d, 't>) -> Vec<String> {
        let Some(authors) = self.one(root, "authors", false) else { return Vec::new() };
        elements(authors)
            .filter(|node| node.has_tag_name("author"))
            .take(MOST)
            .filter_map(|node| self.line(node, 200))
            .collect()
    }

    fn tags(&mut self, root: Node<'d, 't>) -> Vec<TagWord> {
        let Some(tags) = self.one(root, "tags", false) else { return Vec::new() };
        let mut all: Vec<TagWord> = Vec::new();
        for of_language in elements(tags).take(MOST) {
            for (place, tag) in elements(of_language).filter(|node| node.has_tag_name("tag")).take(MOST).enumerate() {
                let Some(word) = self.line(tag, 60) else { continue };
                let language = language(of_language);
                // The words of each language stand in the same order, and the English ones make the key.
                let key = all
                    .iter()
                    .filter(|it| it.language == "en")
                    .nth(place)
                    .map_or_else(|| slug(&word), |it| it.key.clone());
                if all.len() < MOST && !key.is_empty() {
                    all.push(TagWord { key, language, word });
                }
            }
        }
        all
    }

    fn address(&mut self, root: Node<'d, 't>, name: &'static str) -> Option<String> {
        let node = self.one(root, name, false)?;
        let text = node.text().unwrap_or_default().trim();
        if text.is_empty() {
            return None;
        }
        let good = (text.starts_with("https://") || text.starts_with("http://"))
            && text.len() <= 1_000
            && !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>'));
        if !good {
            self.mistake(node, SheetFault::Address { element: name.to_owned() });
        }
        good.then(|| text.to_owned())
    }

    fn one(&mut self, parent: Node<'d, 't>, name: &'static str, needed: bool) -> Option<Node<'d, 't>> {
        let mut found = elements(parent).filter(|node| node.has_tag_name(name));
        let first = found.next();
        if let Some(second) = found.next() {
            self.mistake(second, SheetFault::Twice { element: name.to_owned() });
        }
        if first.is_none() && needed {
            self.mistake(parent, SheetFault::Missing { element: name });
        }
        first
    }

    fn line(&mut self, node: Node<'d, 't>, most: usize) -> Option<String> {
        let text = node.text().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() || text.chars().count() > most || text.contains(strange) {
            self.mistake(node, SheetFault::Text { element: named(node) });
            return None;
        }
        Some(text)
    }

    fn mistake(&mut self, node: Node<'_, '_>, fault: SheetFault) {
        let line = self.document.text_pos_at(node.range().start).row;
        self.mistakes.push(SheetMistake { line, fault });
    }
}

fn elements<'d, 't>(parent: Node<'d, 't>) -> impl Iterator<Item = Node<'d, 't>> {
    parent.children().filter(Node::is_element)
}

fn named(node: Node<'_, '_>) -> String {
    node.tag_name().name().chars().take(60).collect()
}

/// `fr` of `fr` and of `fr_FR`.
fn language(node: Node<'_, '_>) -> String {
    let name = node.tag_name().name();
    name.split(['_', '-']).next().unwrap_or(name).to_lowercase().chars().take(8).collect()
}

/// Lower case letters, digits and hyphens: it stands in an address.
fn slug(word: &str) -> String {
    let plain = word.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-");
    plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn strange(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(xml: &str) -> Result<Sheet, Vec<(u32, String)>> {
        let (plugin, version) = (PluginKey::parse("fields").unwrap(), PluginVersion::parse("1.2.0").unwrap());
        read(xml.as_bytes(), &plugin, &version).map_err(|all| {
            all.into_iter().map(|it| (it.line, format!("{} {}", it.fault.name(), it.fault.about()))).collect()
        })
    }

    const GOOD: &str = "<root>\n<name>Fields</name>\n<key>fields</key>\n<logo>https://a.example/l.png</logo>\n\
        <description><short><en>More fields</en><fr>Plus de champs</fr></short><long><en>At\nlength</en></long></description>\n\
        <authors><author>A B</author></authors>\n<versions><version><num>1.2.0</num></version></versions>\n\
        <tags><en><tag>Forms</tag></en><fr_FR><tag>Formulaires</tag></fr_FR></tags>\n</root>";

    #[test]
    fn one_of_the_public_catalogue_is_read() {
        let sheet = of(GOOD).unwrap();
        assert_eq!(sheet.name, "Fields");
        assert_eq!(sheet.descriptions[1].short, "Plus de champs");
        let tags: Vec<_> = sheet.tags.iter().map(|it| (&*it.key, &*it.language, &*it.word)).collect();
        assert_eq!(tags, [("forms", "en", "Forms"), ("forms", "fr", "Formulaires")]);
    }

    #[test]
    fn mistakes_are_named_by_line() {
        assert_eq!(of("<root>\n<name>a</name"), Err(vec![(2, "not-xml ".into())]));
        assert_eq!(of("<plugin/>"), Err(vec![(1, "root ".into())]));
        assert_eq!(of("<!DOCTYPE a [<!ENTITY b 'c'>]><root/>"), Err(vec![(1, "not-xml ".into())]));
        let bad = GOOD
            .replace("https://a.example", "ftp://a.example")
            .replace("fields</key>", "other</key>")
            .replace("1.2.0", "1.1.0");
        let expected = [(3, "other-plugin other"), (4, "address logo"), (7, "version-missing 1.2.0")];
        // Line 6 is authors: the long description has a line break of its own.
        let found = of(&bad).unwrap_err();
        assert_eq!(found.iter().map(|(_, what)| what.as_str()).collect::<Vec<_>>(), expected.map(|(_, what)| what));
        assert_eq!(found[..2].iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(of("<root>\n</root>").unwrap_err().len(), 3, "key, name, description");
    }
}
