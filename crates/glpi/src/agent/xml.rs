//! Messages as XML, as FusionInventory wrote them: what they are is read in one walk over their elements, with the whole
//! checked to be well formed. No entity is resolved and no document type is taken: no agent sends one.

use memchr::{memchr, memmem};

use super::message::Place;

/// No agent nests deeper.
const DEEPEST: usize = 32;

/// What a message's elements say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Top {
    pub(super) query: Option<String>,
    pub(super) deviceid: Option<String>,
    pub(super) version: Option<String>,
    pub(super) machine: Option<String>,
    pub(super) tag: Option<String>,
    /// Where the tag's value stands; where it has an ACCOUNTINFO for another key, or none, a new one may begin there.
    pub(super) place: Place,
}

/// What comes next in a text.
enum Piece<'m> {
    Open { name: &'m [u8], empty: bool },
    Close { name: &'m [u8] },
    Other,
}

/// Walks through; `None` where it is not well formed, or its root is not a REQUEST.
pub(super) fn top(body: &[u8]) -> Option<Top> {
    let mut top = Top::default();
    let mut path: Vec<&[u8]> = Vec::with_capacity(DEEPEST);
    let mut at = 0;
    let mut value_begins = 0;
    let mut rooted = false;
    // The last KEYNAME within an ACCOUNTINFO, and the place of the value beside it, whichever comes first.
    let (mut names_tag, mut value): (bool, Option<(usize, usize)>) = (false, None);
    while let Some(less) = memchr(b'<', body.get(at..)?).map(|found| at + found) {
        if path.is_empty() && !body[at..less].iter().all(|byte| is_blank(*byte) || at == 0 && is_mark(*byte)) {
            return None;
        }
        let (piece, end) = piece(body, less)?;
        match piece {
            Piece::Other => {}
            Piece::Open { name, empty } => {
                if path.is_empty() && (rooted || name != b"REQUEST") || path.len() == DEEPEST {
                    return None;
                }
                rooted = true;
                match (path.as_slice(), name) {
                    ([b"REQUEST"], b"CONTENT") if !empty && top.place == Place::Nowhere => {
                        top.place = Place::Gap(end);
                    }
                    ([b"REQUEST", b"CONTENT"], b"ACCOUNTINFO") => (names_tag, value) = (false, None),
                    _ => {}
                }
                if !empty {
                    path.push(name);
                    value_begins = end;
                }
            }
            Piece::Close { name } => {
                if path.pop() != Some(name) {
                    return None;
                }
                // Of an element that has others in it, it is what stands after the last of them.
                let text = || plain(&body[value_begins.min(less)..less]);
                match (path.as_slice(), name) {
                    ([b"REQUEST"], b"QUERY") => once(&mut top.query, text()?)?,
                    ([b"REQUEST"], b"DEVICEID") => once(&mut top.deviceid, text()?)?,
                    ([b"REQUEST", b"CONTENT"], b"VERSIONCLIENT") => top.version = text(),
                    ([b"REQUEST", b"CONTENT", b"HARDWARE"], b"UUID") => top.machine = text(),
                    ([b"REQUEST", b"CONTENT", b"ACCOUNTINFO"], b"KEYNAME") => {
                        names_tag = text().is_some_and(|text| text.eq_ignore_ascii_case("TAG"));
                    }
                    ([b"REQUEST", b"CONTENT", b"ACCOUNTINFO"], b"KEYVALUE") => value = Some((value_begins, less)),
                    ([b"REQUEST", b"CONTENT"], b"ACCOUNTINFO") if names_tag => {
                        if let Some((begin, end)) = value {
                            top.tag = plain(&body[begin..end]);
                            top.place = Place::Value(begin, end);
                        }
                    }
                    _ => {}
                }
                value_begins = end;
            }
        }
        at = end;
    }
    let rest = body.get(at..)?;
    (rooted && path.is_empty() && rest.iter().all(|byte| is_blank(*byte) || *byte == 0)).then_some(top)
}

/// What is put there for a tag.
pub(super) fn tag_at(place: Place, tag: &str) -> String {
    match place {
        Place::Gap(_) => format!("<ACCOUNTINFO><KEYNAME>TAG</KEYNAME><KEYVALUE>{tag}</KEYVALUE></ACCOUNTINFO>"),
        Place::Value(..) | Place::Nowhere => tag.to_owned(),
    }
}

/// The piece that begins at `at`, where a `<` stands, and where it ends.
fn piece(body: &[u8], at: usize) -> Option<(Piece<'_>, usize)> {
    let rest = &body[at..];
    let until = |end: &[u8]| memmem::find(rest, end).map(|found| at + found + end.len());
    if rest.starts_with(b"<?") {
        return Some((Piece::Other, until(b"?>")?));
    }
    if rest.starts_with(b"<!--") {
        return Some((Piece::Other, until(b"-->")?));
    }
    if rest.starts_with(b"<![CDATA[") {
        return Some((Piece::Other, until(b"]]>")?));
    }
    if rest.starts_with(b"<!") {
        return None;
    }
    let close = rest.get(1) == Some(&b'/');
    let begin = at + 1 + usize::from(close);
    let length = body.get(begin..)?.iter().position(|byte| !is_name(*byte))?;
    let name = &body[begin..begin + length];
    if name.is_empty() {
        return None;
    }
    // A `>` within an attribute's quotation marks is part of it.
    let (mut end, mut quote) = (begin + length, None);
    loop {
        let byte = *body.get(end)?;
        end += 1;
        match (quote, byte) {
            (Some(mark), _) if mark == byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => break,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'<') => return None,
            (None, _) => {}
        }
    }
    let empty = body[end - 2] == b'/';
    Some((if close { Piece::Close { name } } else { Piece::Open { name, empty } }, end))
}

/// The text of an element that is a plain word, with the five entities that XML has by itself.
fn plain(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    let text = text.trim();
    let text = text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")).unwrap_or(text);
    Some(
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&"),
    )
}

/// Said twice, it is no message: see [`super::json`].
fn once(place: &mut Option<String>, text: String) -> Option<()> {
    match place {
        Some(_) => None,
        None => {
            *place = Some(text);
            Some(())
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':') || byte >= 0x80
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// A byte of UTF-8's byte order mark.
fn is_mark(byte: u8) -> bool {
    matches!(byte, 0xef | 0xbb | 0xbf)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tag_of(text: &str) -> Option<String> {
        top(text.as_bytes()).unwrap().tag
    }

    fn with_tag(body: &[u8], tag: &str) -> Option<Vec<u8>> {
        let place = top(body)?.place;
        place.filled(body, &tag_at(place, tag))
    }

    #[test]
    fn what_a_message_is_stands_at_its_top() {
        let text = "<?xml version=\"1.0\"?>\n<REQUEST>\n <QUERY>INVENTORY</QUERY><CONTENT><QUERY>X</QUERY><HARDWARE><UUID>4C4C</UUID>\
            </HARDWARE><VERSIONCLIENT>F &amp; I</VERSIONCLIENT><A b='>'/></CONTENT><DEVICEID> a-1 </DEVICEID></REQUEST>\n";
        let top = top(text.as_bytes()).unwrap();
        assert_eq!(top.query.as_deref(), Some("INVENTORY"));
        assert_eq!(top.deviceid.as_deref(), Some("a-1"));
        assert_eq!(top.machine.as_deref(), Some("4C4C"));
        assert_eq!(top.version.as_deref(), Some("F & I"));
    }

    #[test]
    fn what_is_not_well_formed_is_no_message() {
        for bad in [
            "",
            "REQUEST",
            "<REQUEST>",
            "<REQUEST><A></REQUEST></A>",
            "<REQUEST/><REQUEST/>",
            "<OTHER/>",
            "<REQUEST/>more",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><REQUEST/>",
            "<REQUEST><QUERY>A</QUERY><QUERY>B</QUERY></REQUEST>",
            "<REQUEST><A <B></A></REQUEST>",
            "<REQUEST><!-- </REQUEST>",
            "< REQUEST></ REQUEST>",
        ] {
            assert!(top(bad.as_bytes()).is_none(), "{bad}");
        }
        let deep = format!("<REQUEST>{}{}</REQUEST>", "<A>".repeat(100), "</A>".repeat(100));
        assert!(top(deep.as_bytes()).is_none());
        assert!(top(b"<REQUEST/>").is_some());
    }

    #[test]
    fn a_tag_takes_the_place_of_another_and_nothing_else_changes() {
        let info = |name: &str, value: &str| {
            format!("<ACCOUNTINFO>\n<KEYNAME>{name}</KEYNAME><KEYVALUE>{value}</KEYVALUE></ACCOUNTINFO>")
        };
        let message =
            |inner: &str| format!("<REQUEST><CONTENT>{inner}<BIOS/></CONTENT><QUERY>INVENTORY</QUERY></REQUEST>");
        let tagged = |inner: &str| String::from_utf8(with_tag(message(inner).as_bytes(), "B").unwrap()).unwrap();
        assert_eq!(tagged(&info("TAG", "A")), message(&info("TAG", "B")));
        assert_eq!(tagged(&info("TAG", "")), message(&info("TAG", "B")));
        let with_other = info("ROOM", "7");
        let put = tagged(&with_other);
        assert_eq!(tag_of(&put).as_deref(), Some("B"));
        assert!(put.contains(&with_other), "{put}");
        assert_eq!(tag_of(&tagged("")).as_deref(), Some("B"));
        let swapped = "<ACCOUNTINFO><KEYVALUE>A</KEYVALUE><KEYNAME>TAG</KEYNAME></ACCOUNTINFO>";
        assert_eq!(tagged(swapped), message(&swapped.replace(">A<", ">B<")));
        assert_eq!(with_tag(b"<REQUEST><QUERY>PROLOG</QUERY></REQUEST>", "B"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = top(&body);
            let _ = with_tag(&body, "B");
        }

        #[test]
        fn any_text_of_such_pieces_is_read_to_its_end(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                "<REQUEST>", "</REQUEST>", "<CONTENT>", "</CONTENT>", "<ACCOUNTINFO>", "</ACCOUNTINFO>", "<KEYNAME>TAG</KEYNAME>",
                "<KEYVALUE>", "</KEYVALUE>", "<A/>", "<!--", "-->", "<![CDATA[", "]]>", "<", ">", "é", "\"", "<A b=\"",
            ]), 0..20),
        ) {
            let text = pieces.concat();
            if let Some(tagged) = with_tag(text.as_bytes(), "B") {
                prop_assert!(top(&tagged).is_some());
            }
        }
    }
}
