//! Faults of the machine itself, whose folders are others for as long as a story lasts: trust stores, PHP's settings and
//! libraries, full disks, accounts. The system allows that to root alone.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use nix::mount::{MsFlags, mount, umount};
use nix::unistd::{Uid, User, chown};

use super::certificates::{Authority, Wish, self_signed_with_pem};
use super::host;
use super::lab::{Lab, Service, everything_below, mode};
use super::network::{Network, in_a_network_of_its_own};
use crate::installed::Installed;

#[test]
fn a_trust_store_that_is_missing_is_named() {
    in_a_network_of_its_own(|_| {
        let nothing: Option<&str> = None;
        let lab = Lab::at(Service::with_tls()).with_variable("SSL_CERT_FILE", "");
        // A machine on which nobody installed ca-certificates.
        mount(Some("none"), "/etc/ssl", Some("tmpfs"), MsFlags::empty(), nothing).unwrap();
        let fault = lab.diagnosis().names("TRUST_STORE_MISSING");
        assert_eq!(fault.commands(), ["apt-get install ca-certificates"]);
        // What the package brings: the authorities in this place.
        fs::create_dir_all("/etc/ssl/certs").unwrap();
        fs::write("/etc/ssl/certs/ca-certificates.crt", lab.service.authority().pem()).unwrap();
        lab.diagnosis().is_clean();
    });
}

#[test]
fn an_authority_of_ones_own_is_taken_into_the_system_as_it_is_said() {
    in_a_network_of_its_own(|network| {
        // The system's trust store, of which nothing outside is touched.
        let nothing: Option<&str> = None;
        for place in ["/etc/ssl", "/etc/ca-certificates", "/usr/local/share/ca-certificates"] {
            let copy = network.dir.path().join(place.replace('/', "-"));
            fs::create_dir_all(&copy).unwrap();
            let copied = Command::new("cp").arg("-a").arg(format!("{place}/.")).arg(&copy).status().unwrap();
            assert!(copied.success(), "{place}, which the package ca-certificates brings");
            mount(Some(&copy), place, nothing, MsFlags::MS_BIND, nothing).unwrap();
        }
        for code in ["CERT_UNKNOWN_ISSUER", "CERT_SELF_SIGNED", "CERT_INTERCEPTED"] {
            let lab = Lab::at(Service::with_tls()).trusting_the_system();
            let vouched = |authority: &Authority| (authority.vouches_for(&Wish::of("127.0.0.1")), authority.pem());
            let (tls, pem) = match code {
                "CERT_UNKNOWN_ISSUER" => vouched(lab.service.authority()),
                "CERT_INTERCEPTED" => vouched(&Authority::named("FortiGate CA")),
                _ => self_signed_with_pem(&Wish::of("127.0.0.1")),
            };
            lab.service.front().changes(|manner| manner.tls = Some(tls));
            let fault = lab.diagnosis().names(code);
            // "put its certificate as a .crt file into /usr/local/share/ca-certificates and run …"
            fs::write(format!("/usr/local/share/ca-certificates/{code}.crt"), pem).unwrap();
            fault.follow();
            lab.diagnosis().is_clean();
        }
    });
}

/// PHP's settings in /etc/php, of which nothing outside is touched; gives the folder of a PHP-FPM 8.9.
fn settings_of_php_fpm(network: &Network) -> PathBuf {
    let nothing: Option<&str> = None;
    let copy = network.dir.path().join("php");
    let copied = Command::new("cp").args(["-a", "/etc/php/."]).arg(&copy).status().unwrap();
    assert!(copied.success());
    let fpm = copy.join("8.9/fpm");
    fs::create_dir_all(fpm.join("pool.d")).unwrap();
    mount(Some(&copy), "/etc/php", nothing, MsFlags::MS_BIND, nothing).unwrap();
    fpm
}

#[test]
fn a_trust_store_of_php_fpm_alone_that_lacks_the_authority_is_named_and_adding_it_mends_it() {
    in_a_network_of_its_own(|network| {
        let fpm = settings_of_php_fpm(&network);
        let lab = Lab::at(Service::with_tls());
        let store = lab.file("fpm.pem");
        fs::write(&store, Authority::named("Another authority").pem()).unwrap();
        mode(&store, 0o644);
        fs::write(fpm.join("php.ini"), "curl.cainfo = /nowhere/overridden.pem\n").unwrap();
        let line = format!("[www]\nphp_admin_value[curl.cainfo] = {} ; ours\n", store.display());
        fs::write(fpm.join("pool.d/www.conf"), line).unwrap();
        let fault = lab.diagnosis().names("PHP_TRUST_ISSUER");
        assert!(fault.seen.contains("curl.cainfo in /etc/php/8.9/fpm/pool.d/www.conf"), "{}", fault.seen);
        // "or add the authority's certificate to …"
        let both = format!("{}{}", fs::read_to_string(&store).unwrap(), lab.service.authority().pem());
        fs::write(&store, both).unwrap();
        lab.diagnosis().is_clean();
    });
}

#[test]
fn a_php_that_lacks_a_library_is_named_as_it_says_itself() {
    in_a_network_of_its_own(|_| {
        let nothing: Option<&str> = None;
        // One that PHP is linked with, and neither a shell nor this program.
        let linked = Command::new("ldd").arg(fs::canonicalize("/usr/bin/php").unwrap()).output().unwrap();
        let linked = String::from_utf8(linked.stdout).unwrap();
        let line = linked.lines().find(|line| line.contains("libxml2") || line.contains("libargon2")).unwrap();
        let library = fs::canonicalize(line.split("=> ").nth(1).unwrap().split(' ').next().unwrap()).unwrap();
        let lab = Lab::healthy();
        mount(Some("/dev/null"), &library, nothing, MsFlags::MS_BIND, nothing).unwrap();
        let fault = lab.diagnosis().names("PHP_FAILS");
        assert!(fault.seen.contains("error while loading shared libraries"), "{}", fault.seen);
        // "Run it by hand and mend what it says"
        let by_hand = Command::new("/bin/sh").arg("-c").arg(&fault.commands()[0]).output().unwrap();
        assert!(String::from_utf8_lossy(&by_hand.stderr).contains("error while loading shared libraries"));
        umount(&library).unwrap();
        lab.diagnosis().is_clean();
    });
}

#[test]
fn a_trust_store_that_php_fpm_alone_names_is_looked_at() {
    in_a_network_of_its_own(|network| {
        let fpm = settings_of_php_fpm(&network);
        fs::write(fpm.join("php.ini"), "; a comment\ncurl.cainfo = \"/nowhere/bundle.pem\"\n").unwrap();
        let lab = Lab::healthy();
        let fault = lab.diagnosis().names("PHP_TRUST_FILE");
        assert!(fault.seen.contains("/etc/php/8.9/fpm/php.ini names /nowhere/bundle.pem"), "{}", fault.seen);
        // "take the line curl.cainfo out"
        fs::write(fpm.join("php.ini"), "; a comment\n;curl.cainfo =\n").unwrap();
        lab.diagnosis().is_clean();
    });
}

#[test]
fn a_disk_that_is_full_is_named_and_room_mends_it() {
    in_a_network_of_its_own(|_| {
        let nothing: Option<&str> = None;
        let lab = Lab::healthy();
        let files = lab.glpi().join("files");
        let aside = lab.file("aside");
        fs::rename(&files, &aside).unwrap();
        fs::create_dir(&files).unwrap();
        mount(Some("none"), &files, Some("tmpfs"), MsFlags::empty(), Some("size=40m")).unwrap();
        let copied = Command::new("cp").arg("-a").arg(format!("{}/.", aside.display())).arg(&files).status().unwrap();
        assert!(copied.success());
        lab.diagnosis().names("DISK_LOW");
        fs::write(files.join("_dumps/old-backup"), vec![0; 20 << 20]).unwrap();
        lab.diagnosis().names("DISK_FULL");
        // "by removing old backups", or "enlarge the disk".
        fs::remove_file(files.join("_dumps/old-backup")).unwrap();
        mount(Some("none"), &files, nothing, MsFlags::MS_REMOUNT, Some("size=2g")).unwrap();
        lab.diagnosis().is_clean();
    });
}

#[test]
fn a_disk_of_a_latchkey_that_is_full_is_named_and_room_mends_it() {
    in_a_network_of_its_own(|_| {
        let nothing: Option<&str> = None;
        let installed = Installed::embedded();
        fs::create_dir(installed.data_dir()).unwrap();
        let options = "size=40m,mode=700";
        mount(Some("none"), &installed.data_dir(), Some("tmpfs"), MsFlags::empty(), Some(options)).unwrap();
        installed.issues_key("Acme");
        host::backs_up(&installed);
        let fault = host::diagnosis(&installed).names("DISK_LOW");
        assert_eq!(fault.id, "host.disk");
        let remount = MsFlags::MS_REMOUNT;
        mount(Some("none"), &installed.data_dir(), nothing, remount, Some("size=2g,mode=700")).unwrap();
        host::diagnosis(&installed).is_clean();
    });
}

#[test]
fn a_web_server_whose_user_is_not_known_is_named_and_naming_it_mends_it() {
    in_a_network_of_its_own(|network| {
        let nothing: Option<&str> = None;
        let lab = Lab::healthy().without_arguments();
        // Its files belong to root, and its group may do all; none of the usual accounts is there, and nothing runs.
        let daemon = User::from_name("daemon").unwrap().unwrap();
        for path in everything_below(&lab.glpi()) {
            chown(&path, Some(Uid::from_raw(0)), Some(daemon.gid)).unwrap();
            mode(&path, if path.is_dir() { 0o770 } else { 0o640 });
        }
        let accounts = fs::read_to_string("/etc/passwd").unwrap();
        let usual = |line: &&str| ["www-data:", "apache:", "nginx:"].iter().any(|name| line.starts_with(name));
        let others: String = accounts.lines().filter(|line| !usual(line)).map(|line| format!("{line}\n")).collect();
        let passwd = network.dir.path().join("passwd");
        fs::write(&passwd, others).unwrap();
        mount(Some(&passwd), "/etc/passwd", nothing, MsFlags::MS_BIND, nothing).unwrap();
        mount(Some("none"), "/proc", Some("tmpfs"), MsFlags::empty(), nothing).unwrap();
        let fault = lab.diagnosis().names("WEB_USER_UNKNOWN");
        assert!(fault.next_step.contains("--web-user"), "{}", fault.next_step);
        lab.with_arguments(&["--web-user", "daemon"]).diagnosis().is_clean();
    });
}
