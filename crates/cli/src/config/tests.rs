use clap::Parser as _;

use super::*;

fn environment(variables: &[(&str, &str)]) -> Result<Environment, Problem> {
    Environment::from_variables(variables.iter().map(|(name, value)| (name.into(), value.into())))
}

pub(super) fn load_with(arguments: &[&str], variables: &[(&str, &str)], file: &str) -> Result<Config, Problem> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("latchkey.toml"), file).unwrap();
    let cli = Cli::try_parse_from([&["latchkey"], arguments].concat()).unwrap();
    load(&cli, environment(variables)?, DataDir::new(dir.path().to_owned()))
}

pub(super) fn problem(arguments: &[&str], variables: &[(&str, &str)], file: &str) -> Problem {
    match load_with(arguments, variables, file) {
        Ok(_) => panic!("accepted"),
        Err(problem) => problem,
    }
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_file() {
    let file = "listen = \"127.0.0.1:1\"\n";
    let variables = [("LATCHKEY_LISTEN", "127.0.0.1:2")];
    let port = |arguments: &[&str], variables: &[(&str, &str)], file| {
        load_with(arguments, variables, file).unwrap().listen.port()
    };
    assert_eq!(port(&["serve", "--listen", "127.0.0.1:3"], &variables, file), 3);
    assert_eq!(port(&["serve"], &variables, file), 2);
    assert_eq!(port(&["serve"], &[("LATCHKEY_LISTEN", "")], file), 1);
    assert_eq!(port(&["serve"], &[], ""), 7070);
}

#[test]
fn a_slip_in_a_name_is_refused_with_what_was_meant() {
    let slip = problem(&["serve"], &[], "# the vendor's\ntime_zome = \"UTC\"\n");
    assert!(slip.detail.ends_with("latchkey.toml:2: time_zome: no such setting"), "{}", slip.detail);
    assert!(slip.next_step.ends_with("Did you mean \"time_zone\"?"), "{}", slip.next_step);
    let slip = problem(&["serve"], &[("LATCHKEY_LISTN", "x")], "");
    assert!(slip.next_step.ends_with("Did you mean \"LATCHKEY_LISTEN\"?"), "{}", slip.next_step);
}

#[test]
fn what_does_not_read_is_named_with_its_place() {
    let broken = problem(&["serve"], &[], "listen = \"127.0.0.1:1\"\ntime_zone = \"UTC\n");
    assert!(broken.detail.contains("latchkey.toml:2: "), "{}", broken.detail);
    let number = problem(&["serve"], &[], "cache_keys = \"many\"");
    assert!(
        number.detail.ends_with("latchkey.toml:1: cache_keys: \"many\" is not a whole number"),
        "{}",
        number.detail
    );
    let kind = problem(&["serve"], &[], "listen = true");
    assert!(kind.detail.contains("latchkey.toml:1: listen: "), "{}", kind.detail);
    let zone = problem(&["serve", "--time-zone", "Europe/Pari"], &[], "");
    assert_eq!(zone.detail, "--time-zone: \"Europe/Pari\" is not a time zone");
}

#[test]
fn a_database_url_is_never_repeated() {
    let refused = problem(&["serve"], &[("LATCHKEY_DATABASE_URL", "postgresql://me:hunter2@[/x")], "");
    assert!(!format!("{refused:?}").contains("hunter2"));
}

#[test]
fn a_word_for_a_shell_is_quoted_where_it_has_to_be() {
    assert_eq!(for_shell("/tmp/demo-1"), "/tmp/demo-1");
    assert_eq!(for_shell("it's here"), r"'it'\''s here'");
    assert_eq!(for_shell(""), "''");
}

#[test]
fn a_public_url_has_no_slash_at_its_end() {
    let read = |url| load_with(&["serve", "--public-url", url], &[], "").map(|config| config.public_url);
    assert_eq!(read("https://keys.example.org/").unwrap().unwrap(), "https://keys.example.org");
    for bad in ["keys.example.org", "ftp://x", "https://", "https:///", "https://a b", "https://x/?y", "https://u@x"] {
        assert!(read(bad).is_err(), "{bad}");
    }
}

#[test]
fn variables_that_kubernetes_sets_are_left_alone() {
    let variables =
        [("LATCHKEY_PORT", "tcp://10.0.0.1:7070"), ("LATCHKEY_PORT_7070_TCP", "x"), ("LATCHKEY_SERVICE_HOST", "x")];
    assert!(environment(&variables).is_ok());
    assert!(environment(&[("LATCHKEY_PORTS", "x")]).is_err());
}

#[test]
fn a_master_key_comes_from_one_place() {
    let both = [("LATCHKEY_MASTER_KEY", "x"), ("LATCHKEY_MASTER_KEY_FILE", "y")];
    assert!(problem(&["serve"], &both, "").detail.starts_with("both"));
    let flag = load_with(&["serve", "--master-key-file", "z"], &both, "").unwrap();
    assert!(matches!(flag.master_key, master_key::Source::File(path) if path == Path::new("z")));
    let file = load_with(&["serve"], &[], "master_key_file = \"keys/master\"").unwrap();
    assert!(
        matches!(file.master_key, master_key::Source::File(path) if path == file.data_dir.path().join("keys/master"))
    );
}

#[test]
fn the_front_is_read_from_flags_environment_and_file() {
    let file = "trusted_proxies = [\"10.0.0.0/8\", \"::1\"]\ntls_cert = \"tls.crt\"\nmax_requests = 7\n";
    let config = load_with(&["serve"], &[("LATCHKEY_TLS_KEY", "/keys/tls.key")], file).unwrap();
    let front = &config.front;
    assert_eq!(front.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.0.0/8", "::1/128"]);
    let (certificate, key) = front.tls.clone().unwrap();
    assert_eq!((certificate, key), (config.data_dir.path().join("tls.crt"), PathBuf::from("/keys/tls.key")));
    assert_eq!((front.limits.requests, front.limits.drain_time), (7, Duration::from_secs(1)));
    let flags = ["serve", "--trusted-proxy", "192.0.2.1", "--trusted-proxy", "192.0.2.2"];
    assert_eq!(load_with(&flags, &[], "").unwrap().front.trusted_proxies.len(), 2);
}

#[test]
fn a_front_that_does_not_read_is_refused() {
    let proxy = problem(&["serve", "--trusted-proxy", "10.1.0.0/8"], &[], "");
    assert_eq!(
        proxy.detail,
        "--trusted-proxy: \"10.1.0.0/8\" is not a range of addresses: bits are set behind its prefix"
    );
    let little = problem(&["serve"], &[("LATCHKEY_IDLE_TIMEOUT_SECONDS", "0")], "");
    assert_eq!(little.detail, "LATCHKEY_IDLE_TIMEOUT_SECONDS: 0 is too little");
    let lonely = problem(&["serve"], &[], "tls_key = \"x\"");
    assert!(lonely.detail.ends_with("tls_key: a key without its certificate"), "{}", lonely.detail);
    assert!(problem(&["serve"], &[], "trusted_proxies = [1]").detail.contains("trusted_proxies"));
    let slip = problem(&["serve"], &[], "max_request = 3");
    assert!(slip.next_step.ends_with("Did you mean \"max_requests\"?"), "{}", slip.next_step);
}

#[test]
fn where_requests_may_go_is_read_as_ranges() {
    let file = "outgoing_allow = [\"10.20.0.0/16\", \"::1\"]\noutgoing_ca_file = \"own.pem\"\n";
    let outgoing = load_with(&["migrate"], &[], file).unwrap().outgoing;
    assert_eq!(outgoing.allowed.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.20.0.0/16", "::1/128"]);
    assert!(outgoing.ca_file.is_some_and(|file| file.ends_with("own.pem") && file.is_absolute()));
    let none = load_with(&["migrate"], &[], "").unwrap().outgoing;
    assert_eq!((none.allowed.len(), none.ca_file), (0, None), "nothing internal is reached by itself");
    let wrong = problem(&["migrate"], &[("LATCHKEY_OUTGOING_ALLOW", "10.20.0.0/16,intranet")], "");
    assert_eq!(wrong.detail, "LATCHKEY_OUTGOING_ALLOW: \"intranet\" is not an address, or a range of addresses");
}
