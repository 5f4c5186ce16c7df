//! The top-level members of a JSON object, as far as telling one kind of key from another needs them. Not a JSON parser
//! for use elsewhere: it finds where values begin and end and looks no deeper. Nothing it says makes a key good.

/// Deeper values are not a registration key's, of whomever.
const MAX_DEPTH: usize = 16;

/// The names and values, as written, of a text that is one JSON object from end to end; otherwise nothing.
pub(super) fn members(text: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let mut cursor = Cursor { text, at: 0 };
    let mut members = Vec::new();
    cursor.eat(b'{')?;
    if cursor.eat(b'}').is_none() {
        loop {
            let name = cursor.span(|cursor| cursor.string())?;
            cursor.eat(b':')?;
            let value = cursor.span(|cursor| cursor.value(MAX_DEPTH))?;
            members.push((&name[1..name.len() - 1], value));
            if cursor.eat(b',').is_none() {
                cursor.eat(b'}')?;
                break;
            }
        }
    }
    cursor.skip_white_space();
    (cursor.at == text.len()).then_some(members)
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn skip_white_space(&mut self) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Option<u8> {
        self.skip_white_space();
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    /// What `step` passes over, without the white space before it.
    fn span(&mut self, step: impl FnOnce(&mut Self) -> Option<()>) -> Option<&'a [u8]> {
        self.skip_white_space();
        let begin = self.at;
        step(self)?;
        self.text.get(begin..self.at)
    }

    fn string(&mut self) -> Option<()> {
        self.eat(b'"')?;
        loop {
            let byte = *self.text.get(self.at)?;
            self.at += if byte == b'\\' { 2 } else { 1 };
            match byte {
                b'"' => return Some(()),
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => self.string(),
            b'{' => self.list(b'{', b'}', depth.checked_sub(1)?),
            b'[' => self.list(b'[', b']', depth.checked_sub(1)?),
            _ => self.word(),
        }
    }

    /// An array, or an object below the top.
    fn list(&mut self, open: u8, close: u8, depth: usize) -> Option<()> {
        self.eat(open)?;
        if self.eat(close).is_some() {
            return Some(());
        }
        loop {
            if open == b'{' {
                self.skip_white_space();
                self.string()?;
                self.eat(b':')?;
            }
            self.value(depth)?;
            if self.eat(b',').is_none() {
                return self.eat(close);
            }
        }
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Option<()> {
        let rest = self.text.get(self.at..)?;
        let len = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
        self.at += len;
        (len > 0).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_members_of_the_top_alone() {
        let text = br#" { "a" : [1, {"b": "}"}, []], "c\"d":"x\\", "a":-1.5e3 , "e":{} } "#;
        let found = members(text).unwrap();
        let expected: [(&[u8], &[u8]); 4] =
            [(b"a", br#"[1, {"b": "}"}, []]"#), (br#"c\"d"#, br#""x\\""#), (b"a", b"-1.5e3"), (b"e", b"{}")];
        assert_eq!(found, expected);
        assert_eq!(members(b"{}"), Some(vec![]));
    }

    #[test]
    fn anything_but_one_whole_object_is_none() {
        for text in [
            "",
            "{",
            "[]",
            "1",
            "{}{}",
            "{} x",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            r#"{"a":"}"#,
            r#"{a:1}"#,
            r#"{"a":[1,]}"#,
            "{\"a\":\"\n\"}",
        ] {
            assert_eq!(members(text.as_bytes()), None, "{text}");
        }
        let deep = [br#"{"a":"#.as_slice(), &b"[".repeat(500)].concat();
        assert_eq!(members(&deep), None);
    }
}
