//! Where agents send what. Nothing else of a GLPI can be reached through the gateway.

/// How the path of the token endpoint ends: agents put it behind the path that they were told.
const TOKEN: &str = "/api.php/token";
/// Where a path says that a key follows.
const ENROLL: &str = "enroll";
/// The folders of the plugins that agents speak with.
const PLUGINS: [&str; 4] = [
    "/marketplace/glpiinventory/",
    "/plugins/glpiinventory/",
    "/marketplace/fusioninventory/",
    "/plugins/fusioninventory/",
];

/// A path, as far as the gateway knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Path<'p> {
    /// Messages of agents, answered by GLPI itself. What stands there is passed on.
    Inventory(&'p str),
    /// A plugin's.
    Plugin(&'p str),
    /// Where a key is exchanged for a token.
    Token,
    /// Nothing that an agent asks for.
    Other,
}

/// Takes the key out of a path that has one: `/enroll/KEY/front/inventory.php`.
pub fn key_in(path: &str) -> (Option<&str>, &str) {
    let mut parts = path.trim_start_matches('/').splitn(3, '/');
    match (parts.next(), parts.next()) {
        (Some(ENROLL), Some(key)) if !key.is_empty() => {
            // What follows begins with the slash that ends the key.
            let rest = parts.next().map_or("/", |rest| path.get(path.len() - rest.len() - 1..).unwrap_or("/"));
            (Some(key), rest)
        }
        _ => (None, path),
    }
}

/// What a path is. Two slashes are one: agents put their own behind the one that they were told.
pub fn read(path: &str) -> Path<'_> {
    if path.ends_with(TOKEN) {
        return Path::Token;
    }
    if path.contains("..") || path.contains('%') || path.contains('\\') {
        return Path::Other;
    }
    match path.trim_end_matches('/') {
        "" => Path::Inventory("/"),
        "/front/inventory.php" => Path::Inventory("/front/inventory.php"),
        "/Inventory" => Path::Inventory("/Inventory"),
        _ if PLUGINS.iter().any(|folder| path.starts_with(folder) || *path == folder[..folder.len() - 1]) => {
            Path::Plugin(path)
        }
        _ => Path::Other,
    }
}

/// The machine that a question names: `?action=getConfig&machineid=…`.
pub const MACHINE: &str = "machineid";
/// What a question asks for.
pub const ACTION: &str = "action";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_taken_out_of_a_path() {
        for (path, key, rest) in [
            ("/", None, "/"),
            ("/front/inventory.php", None, "/front/inventory.php"),
            ("/enroll/lkenroll_a_b_c/", Some("lkenroll_a_b_c"), "/"),
            ("/enroll/lkenroll_a_b_c", Some("lkenroll_a_b_c"), "/"),
            ("/enroll/k/front/inventory.php", Some("k"), "/front/inventory.php"),
            ("/enroll/k/api.php/token", Some("k"), "/api.php/token"),
            ("/enroll//x", None, "/enroll//x"),
        ] {
            assert_eq!(key_in(path), (key, rest), "{path}");
        }
    }

    #[test]
    fn only_what_agents_ask_for_has_a_way() {
        assert_eq!(read("/"), Path::Inventory("/"));
        assert_eq!(read("/front/inventory.php"), Path::Inventory("/front/inventory.php"));
        assert_eq!(read("/Inventory"), Path::Inventory("/Inventory"));
        for token in ["/api.php/token", "/front/inventory.php/api.php/token", "//api.php/token"] {
            assert_eq!(read(token), Path::Token, "{token}");
        }
        assert_eq!(read("/plugins/fusioninventory/"), Path::Plugin("/plugins/fusioninventory/"));
        assert_eq!(read("/marketplace/glpiinventory/b/deploy/"), Path::Plugin("/marketplace/glpiinventory/b/deploy/"));
        for other in [
            "/front/login.php",
            "/apirest.php",
            "/plugins/other/",
            "/plugins/glpiinventory/../../front/user.php",
            "/plugins/glpiinventory/%2e%2e/x",
        ] {
            assert_eq!(read(other), Path::Other, "{other}");
        }
    }
}
