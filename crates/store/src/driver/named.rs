//! Named parameters for a database that only knows numbered ones.

/// A statement with `$1 …` in place of `$name …`, and the names in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Numbered {
    pub(crate) sql: String,
    pub(crate) names: Vec<String>,
}

/// Numbers the parameters by first appearance; one that appears twice keeps its number. Quoted text is left alone.
pub(crate) fn number(sql: &str) -> Numbered {
    let mut out = String::with_capacity(sql.len());
    let mut names: Vec<String> = Vec::new();
    let mut rest = sql;
    let mut quoted = false;
    while let Some(c) = rest.chars().next() {
        if c == '\'' {
            quoted = !quoted;
        }
        if c != '$' || quoted {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let end = rest[1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(rest.len(), |at| at + 1);
        let name = &rest[1..end];
        let position = names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        out.push('$');
        out.push_str(&(position + 1).to_string());
        rest = &rest[end..];
    }
    Numbered { sql: out, names }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_by_first_appearance() {
        let numbered = number("UPDATE t SET a = $b, c = '$b' WHERE d = $a AND e = $b");
        assert_eq!(numbered.sql, "UPDATE t SET a = $1, c = '$b' WHERE d = $2 AND e = $1");
        assert_eq!(numbered.names, ["b", "a"]);
    }
}
