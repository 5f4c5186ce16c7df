## What the chapters and labels are called

chapter-folder = The GLPI folder
chapter-php = PHP
chapter-road = The road to the service
chapter-time = The time
chapter-key = The key, as it was given
chapter-verdict = The key, at its service
chapter-host = This Latchkey
label-view = seen by
label-why = why it matters
label-next = what to do
view-program = this program, as { $user }
view-php = PHP’s command line, as { $user }
view-web-user = the web server’s user, { $user }
view-computed = this program, from owner and mode: only root can look as { $user }
view-service = the service
sum-clean = Nothing is wrong: { $fine } checks passed.
sum-faults = Errors: { $errors }. Warnings: { $warnings }. Begin with the first; one fault often causes others.
working = Looking at: { $what }
page-title = Troubleshooting
page-intro = Every fault that `latchkey doctor` can name, in the order in which it looks: what is quick first, then what waits for a network. On a GLPI server run `latchkey doctor --glpi /var/www/glpi --key -`, which reads the key from its input; on the machine of a Latchkey run `latchkey doctor`. This page is made of the doctor’s own texts by `latchkey doctor --explain`; what differs from case to case stands in capitals.
page-key-damage = What is wrong with the text of a key is told in the same words as in GLPI’s own tab; the numbers here are examples.

## What was seen where nothing is wrong

skipped-after = Not looked at: it depends on “{ $check }”, which comes first.
skipped-no-php = Not looked at: PHP’s command line is not here. Install the package php-cli, or name the program with --php, to see what PHP sees.
skipped-no-key = Not looked at: no key was given (--key KEY, or --key - to paste it).
skipped-no-url = Not looked at: it is not known which service is asked.
skipped-no-date = Not looked at: the answer did not say what time it is.
skipped-no-tls = Not looked at: the connection is not encrypted, so there is no certificate.
skipped-no-web-user = Not looked at: the web server’s user is not known.
skipped-no-certificate = Not looked at: no certificate is configured (tls_cert); a proxy before this Latchkey speaks TLS.
skipped-no-public-url = Not looked at: no public URL is configured (public_url).
skipped-no-extension = Not looked at: PHP has no curl extension.
skipped-not-latchkey = Not looked at: the service publishes no signing keys, so it is no Latchkey; only its own verdict counts.
skipped-foreign-key = Not looked at: this is a registration key, but not one of a Latchkey; only the service that issued it can read it.
skipped-by-system = Not looked at: { $path } cannot be read here ({ $cause }). Run this as root.

saw-version = GLPI { $version }, a line that is maintained.
saw-version-newer = GLPI { $version }, which is newer than this program knows.
saw-web-user = The web server runs as { $user }.
saw-web-user-owner = No web server runs here; its files belong to { $user }, who is taken for its user.
saw-web-user-usual = No web server runs here, and root owns GLPI’s files; { $user } is taken for its user, as is usual (--web-user names another).
saw-web-user-given = The web server’s user is { $user }, as was said with --web-user.
saw-config = { $file } is there, and for the web server alone.
saw-crypt-key = { $file } has the 32 bytes that it should have.
saw-local-define-none = There is no { $file }, which is no fault: GLPI then asks its publisher’s service.
saw-local-define = { $file } is read by PHP without a fault.
saw-local-define-unchecked = { $file } is there; without PHP its syntax cannot be checked.
saw-services = This GLPI asks { $url } about keys and plugins, as PHP evaluates its settings.
saw-services-read = This GLPI asks { $url } about keys and plugins, as its settings read; without PHP they cannot be evaluated.
saw-services-default = This GLPI asks { $url }, its publisher’s service: no setting says otherwise.
saw-folders = All { $count } folders are there.
saw-folders-writable = { $user } can write into all of them.
saw-folders-closed = None of them can be written by everybody.
saw-plugins-not-under-git = No plugin stands under version control.
saw-disk = { $free } are free where { $path } is.
saw-log-none = There is no { $file }: nothing was logged.
saw-log-quiet = { $file } says nothing about registration.
saw-log-old = { $file } has lines about registration, the last of { $last }: more than a day old.
saw-php = PHP { $version } ({ $program }, { $ini }). PHP-FPM may read another php.ini.
saw-php-extensions = curl, sodium, openssl and json are there.
saw-php-archive-extensions = zlib, bz2, zip and Phar are there.
saw-php-trust-unset = PHP uses the system’s trust store: its settings name no other.
saw-php-trust-set = PHP uses the trust store { $file }, which can be read.
saw-php-trust = With { $file }, which PHP uses, the certificate holds.
saw-php-trust-system = PHP uses the system’s trust store: its settings name no other, so it judges by that one.
saw-php-road = PHP gets the service’s answers, in { $millis } ms.
saw-php-same = PHP meets the same ({ $cause }).
saw-php-only = PHP gets the service’s answers, in { $millis } ms, although this program does not.
saw-proxy-none = The environment names no proxy.
saw-proxy-over-tls = { $variable } names the proxy { $proxy }, to which TLS is spoken. This program does not do that: the way is asked by PHP alone, below.
saw-proxy-bypassed = The environment names a proxy, but not for { $host } (no_proxy).
saw-proxy = { $variable } names the proxy { $proxy }. PHP-FPM usually does not see this variable; GLPI has a setting of its own under Setup > General > Proxy.
saw-resolved = { $host } is { $addresses }, found in { $millis } ms.
saw-resolved-literal = { $host } is an address, so no name has to be looked up.
saw-connected = { $addresses } answers in { $millis } ms.
saw-no-family = { $host } has no { $kind } address, which is no fault.
saw-no-route = This machine has no way to IPv6 addresses and goes by IPv4, which is no fault.
saw-tls = { $version }; the certificate of { $subject }, from { $issuer }, holds until { $date } ({ $days } days).
saw-plain = Without TLS, within this machine.
saw-http = { $url } answers { $status } in { $millis } ms.
saw-info-answered = { $url } answers as GLPI needs it, in { $millis } ms.
saw-clock = This clock and that of { $host } differ by { $seconds } s.
saw-key-whole = The key is whole: { $key }, issued { $issued }.
saw-key-signed = The signature holds: signed with { $signer }, publisher { $publisher }.
saw-key-good = The service says: { $message }
why-key-damaged = GLPI sends the key as it was pasted and never looks inside; a key that is not whole is refused by every service.
why-key-unsigned = A key that the publisher of this service did not sign is refused by it.

saw-configuration = The settings read ({ $place }).
saw-data-dir = { $dir } is there, for its owner alone.
saw-database = { $database } answers in { $millis } ms.
saw-schema = The schema is { $schema }, this program’s own.
saw-master-key = The master key with fingerprint { $fingerprint } opens this database.
saw-certificate = The certificate of { $subject } and its key fit together; it holds until { $date } ({ $days } days).
saw-clock-host = The clock is not behind what is stored.
saw-backup = The latest backup is { $file }, of { $date }.
saw-public-url = { $url } leads to this Latchkey, in { $millis } ms.

log-dns = GLPI could not look the service’s name up.
log-connect = GLPI could not connect to the service.
log-timeout = The service did not answer GLPI in time.
log-certificate = GLPI did not believe the service’s certificate.
log-html = GLPI got a web page where an answer was due: a proxy, a portal or a wrong address.
log-unavailable = The service said that it could not answer just then.
log-other = GLPI got no answer that it could read.

## The GLPI folder

glpi-version-unknown =
    .title = GLPI’s version is not known
    .seen = Neither { $dir }/version nor GLPI’s own files say which version this is.
    .why = A half-copied GLPI behaves in ways that no documentation describes.
    .next = Unpack GLPI’s archive of your version over the folder again; it brings the file version/NUMBER with it.

glpi-version-ended =
    .title = GLPI no longer maintained
    .seen = This is GLPI { $version }, whose line gets no more corrections.
    .why = Registration still works, but known holes stay open, and new plugins are not made for it.
    .next = Plan an upgrade to a maintained line, 10.0 or 11.0.

glpi-version-too-old =
    .title = GLPI too old for registration keys
    .seen = This is GLPI { $version }, which has no registration keys yet.
    .why = Keys and the marketplace came with GLPI 9.5; this one never asks any service.
    .next = Upgrade to a maintained line, 10.0 or 11.0.

web-user-unknown =
    .title = Web server’s user not known
    .seen = No web server runs here, GLPI’s files belong to root, and none of the usual accounts (www-data, apache, nginx) is there.
    .why = What GLPI may read and write depends on the user that its web server runs as.
    .next = Name it, such as: --web-user www-data

glpi-not-installed =
    .title = GLPI not installed
    .seen = { $file } is not there.
    .why = Without it GLPI does not know its database, and shows its installation instead of your data.
    .next = Put the file back from your backup, or finish GLPI’s installation in the browser.

glpi-config-unreadable =
    .title = Database settings not readable
    .seen = { $user } cannot read { $file }.
    .why = GLPI then does not know its database, and shows an error page or its installation.
    .next = Give it to the web server’s user: `{ $command }`

glpi-config-open =
    .title = Database password open to everybody
    .seen = { $file } has mode { $mode }: every user of this machine can read the database’s password.
    .why = Whoever has that password has everything, the encrypted secrets included.
    .next = Close it: `{ $command }`

glpi-crypt-key-missing =
    .title = GLPI’s encryption key is missing
    .seen = { $file } is not there.
    .why = GLPI cannot decrypt any stored secret: the registration key’s field is empty, mail and LDAP passwords are gone.
    .next = Put { $file } back from the backup that belongs to this database, 32 bytes; only if there is none, let GLPI make a new one, then save every secret in GLPI again: `{ $command }`

glpi-crypt-key-length =
    .title = GLPI’s encryption key has a wrong length
    .seen = { $file } has { $length } bytes instead of 32: it was cut or edited, or copied as text.
    .why = GLPI cannot decrypt any stored secret: the registration key’s field is empty, mail and LDAP passwords are gone.
    .next = Put { $file } back from the backup that belongs to this database, 32 bytes, copied as binary; only if there is none, let GLPI make a new one, then save every secret in GLPI again: `{ $command }`

glpi-crypt-key-unreadable =
    .title = GLPI’s encryption key is not readable
    .seen = { $user } cannot read { $file }.
    .why = GLPI cannot decrypt any stored secret: the registration key’s field is empty, mail and LDAP passwords are gone.
    .next = Give it to the web server’s user: `{ $command }`

glpi-crypt-key-open =
    .title = GLPI’s encryption key is open to everybody
    .seen = { $file } has mode { $mode }: every user of this machine can read it.
    .why = Together with a copy of the database it opens every stored secret, the registration key included.
    .next = Close it: `{ $command }`

local-define-syntax =
    .title = Fault in local_define.php
    .seen = PHP cannot read { $file }, line { $line }: { $message }
    .why = GLPI includes this file first of all; with a fault in it GLPI does not start.
    .next = Correct line { $line } of { $file } (often a missing quotation mark or semicolon at the end of the line before); every line reads define('NAME', 'value');

local-define-unreadable =
    .title = local_define.php not readable
    .seen = { $user } cannot read { $file }.
    .why = GLPI includes this file first of all; where it may not read it, GLPI stops or ignores its settings.
    .next = Give it to the web server’s user: `{ $command }`

services-elsewhere =
    .title = GLPI asks another service
    .seen = This GLPI asks { $effective }, not { $wanted }.
    .why = A key counts only with the service of the vendor that issued it; every other one refuses it.
    .next = Let GLPI ask there, by a line in { $file } (take away an older one of the same name): `{ $command }`

services-split =
    .title = Keys and plugins are asked about in two places
    .seen = This GLPI asks { $url } about keys, but { $plugins } about plugins.
    .why = Each place judges the key for itself: the marketplace stays closed where only the other one knows it.
    .next = If this is not meant so, let GLPI ask in one place, by a line in { $file }: `{ $command }`

services-malformed =
    .title = Address of the service not usable
    .seen = The setting { $setting } is “{ $value }”.
    .why = GLPI puts its paths behind this text as it is; with a blank, a slash or a path too many it asks for pages that are not there.
    .next = In { $file } write the address as “{ $wanted }”, with http:// or https:// and nothing behind what is shown here: `{ $command }`

glpi-folders-missing =
    .title = Folders of GLPI are missing
    .seen = Not there: { $folders }.
    .why = GLPI keeps sessions, its cache, logs and downloads in them; without them pages fail or changes are lost.
    .next = Make them: `{ $command }`

glpi-folders-not-writable =
    .title = GLPI cannot write where it has to
    .seen = { $user } cannot change: { $folders }.
    .why = GLPI cannot keep sessions, cache, logs or downloads there; this is common after a restore, or after bin/console, as root.
    .next = Give them to the web server’s user: `{ $command }`

glpi-folders-open =
    .title = Open to everybody
    .seen = Every user of this machine can change: { $folders }.
    .why = Whoever can write there can put code into GLPI and read its database’s password.
    .next = Close them: `{ $command }`

plugins-under-git =
    .title = Plugins under version control
    .seen = These plugins have a .git folder: { $plugins }.
    .why = GLPI’s marketplace never updates such a plugin, and says nothing about it.
    .next = If the plugin is to come from the marketplace, move the .git folder away: `{ $command }`

disk-full =
    .title = Disk full
    .seen = Only { $free } are free where { $path } is.
    .why = On a full disk sessions, logs, downloads and the database’s changes are lost.
    .next = Make room there, for example by removing old backups and logs, or enlarge the disk.

disk-low =
    .title = Little room on the disk
    .seen = Only { $free } are free where { $path } is.
    .why = On a full disk sessions, logs, downloads and the database’s changes are lost.
    .next = Make room there before it is full, or enlarge the disk.

log-failures =
    .title = GLPI logged failed registrations
    .seen = { $file } has { $count } such entries of the last day, the latest of { $last }: { $lines }
    .why = { $explained }
    .next = If something else is named here, mend that first; then open Setup > General > GLPI Network in GLPI: no new line may appear, and within two days this message goes away.

## PHP

php-fails =
    .title = PHP does not run
    .seen = { $program } was started and failed: { $cause }
    .why = GLPI’s background tasks run with this program, and nothing can be said about what PHP sees.
    .next = Run it by hand and mend what it says: `{ $program } -v`

php-too-old =
    .title = PHP too old for this GLPI
    .seen = This is PHP { $version }; GLPI { $glpi } needs { $least } or later.
    .why = GLPI does not start with it.
    .next = Install PHP { $least } or later, for the web server and for the command line.

php-extension-missing =
    .title = PHP lacks an extension that keys need
    .seen = Missing: { $extensions } (settings: { $ini }).
    .why = Without them GLPI can neither ask the service nor decrypt the stored key.
    .next = Install and enable them, then restart PHP: `{ $command }`

php-archive-extension-missing =
    .title = PHP lacks an extension for archives
    .seen = Missing: { $extensions } (settings: { $ini }).
    .why = Plugins come as archives; some of them cannot be unpacked without these.
    .next = Install and enable them, then restart PHP: `{ $command }`

php-trust-file =
    .title = PHP’s trust store is not there
    .seen = { $setting } in { $ini } names { $file }: { $cause }.
    .why = PHP then believes no certificate at all, and GLPI reaches no service.
    .next = Correct the path in { $ini }, or take the line { $setting } out so that PHP uses the system’s trust store; then restart PHP.

php-trust-issuer =
    .title = PHP does not believe the certificate
    .seen = With { $file }, which PHP uses ({ $setting } in { $ini }), the certificate of the service does not hold: { $issuer } is not in it. With the system’s trust store it does.
    .why = GLPI asks with PHP’s trust store; it refuses the connection although other programs do not.
    .next = Take { $setting } out of { $ini } so that PHP uses the system’s trust store, or add the authority’s certificate to { $file }; then restart PHP.

php-road =
    .title = PHP does not reach the service
    .seen = PHP, as { $user }, does not get the answer of { $url }: { $cause }.
    .why = GLPI asks the service with PHP; what other programs can do does not help it.
    .next = Look for what is different for PHP or for this user: a proxy, disabled functions in php.ini, a firewall rule per user, or SELinux, where this opens the way: `setsebool -P httpd_can_network_connect on`

## The road to the service

proxy-malformed =
    .title = Proxy setting not understood
    .seen = The environment variable { $variable } is “{ $value }”, which is not the address of a proxy.
    .why = Whatever asks through this proxy fails before it leaves this machine.
    .next = Set it to an address such as http://proxy.example.org:3128, or remove it: `unset { $variable }`

proxy-unreachable =
    .title = Proxy not reachable
    .seen = The proxy { $proxy }, which { $variable } names, cannot be reached: { $cause }.
    .why = Everything goes through it, so nothing arrives.
    .next = Start the proxy or correct its address; if this machine needs none, remove the setting: `unset { $variable }`

proxy-authentication =
    .title = Proxy asks for a password
    .seen = The proxy { $proxy }, which { $variable } names, wants to know who asks (407, or the same in SOCKS).
    .why = Without a name and a password that it knows it lets nothing through.
    .next = Put name and password into the setting: `export { $variable }={ $scheme }://USER:PASSWORD@{ $proxy }` and into GLPI under Setup > General > Proxy

proxy-unnamed =
    .title = A proxy that nobody named asks for a password
    .seen = { $url } answers 407, though the environment names no proxy: something on the way wants to know who asks.
    .why = Without a name and a password that it knows it lets nothing through, GLPI’s requests neither.
    .next = Ask whoever runs the network to let this machine through, or which proxy to use, and name that: in the environment (https_proxy, http_proxy) and in GLPI under Setup > General > Proxy.

proxy-refuses =
    .title = Proxy does not let us through
    .seen = The proxy { $proxy }, which { $variable } names, refuses the way to { $host } with status { $status }.
    .why = GLPI’s requests end at the proxy.
    .next = Ask whoever runs the proxy to allow { $host }; if this machine may go there directly: `export no_proxy={ $host }`

dns-timeout =
    .title = Name server does not answer
    .seen = Nobody said within { $seconds } s what address { $host } has. Asked: { $servers }.
    .why = Without an address there is no connection; GLPI waits for every page that shows the marketplace, and then gives up.
    .next = Replace the name servers in /etc/resolv.conf by ones that answer; `getent ahosts { $host }` then answers at once.

dns-failed =
    .title = Name not looked up
    .seen = The address of { $host } could not be looked up: { $cause }. Asked: { $servers }.
    .why = Without an address there is no connection.
    .next = Replace the name servers in /etc/resolv.conf by ones that answer; `getent ahosts { $host }` then answers at once.

dns-name-unknown =
    .title = Name unknown
    .seen = The name servers know no address of { $host }.
    .why = Without an address there is no connection.
    .next = Check how { $host } is written in local_define.php (a Latchkey’s own address: public_url); if it is right, ask whoever runs the service, or your network, to make the name known.

dns-slow =
    .title = Name server slow
    .seen = It took { $millis } ms to learn the address of { $host }. Asked: { $servers }.
    .why = GLPI waits that long each time it asks the service, and gives up when it takes longer.
    .next = Take name servers that answer late or not at all out of /etc/resolv.conf; the first one is asked first.

tcp-refused =
    .title = Port refused
    .seen = { $address } refuses the connection: the machine is there, but nothing listens on this port.
    .why = The service is not running, or the address has a wrong port.
    .next = Check the port in local_define.php (a Latchkey’s own address: public_url); whoever runs { $host } starts the service and opens the port.

tcp-timeout =
    .title = No answer from the address
    .seen = { $address } did not answer within { $seconds } s: packets disappear on the way.
    .why = A firewall drops them, or the machine is away; GLPI waits and gives up.
    .next = Have the way from this machine to { $address } opened in the firewalls, and check that { $host } runs and has this address.

tcp-unreachable =
    .title = No way to the address
    .seen = { $address } cannot be reached: { $cause }.
    .why = This machine knows no way there.
    .next = Check this machine’s network and routes, and that { $host } should have this address: `ip route get { $ip }`

ipv4-dead =
    .title = IPv4 announced, but dead
    .seen = { $host } has the IPv4 addresses { $addresses }, and none answers ({ $cause }); IPv6 does.
    .why = Programs that try IPv4 first wait or fail.
    .next = Whoever runs { $host } makes the service answer on these addresses, or takes the A records out of the name’s zone.

ipv6-dead =
    .title = IPv6 announced, but dead
    .seen = { $host } has the IPv6 addresses { $addresses }, and none answers ({ $cause }); IPv4 does.
    .why = Programs that try IPv6 first wait or fail; GLPI becomes slow without an error.
    .next = Whoever runs { $host } makes the service answer on these addresses, or takes the AAAA records out of the name’s zone.

not-encrypted =
    .title = Connection not encrypted
    .seen = The address is { $url }, without TLS.
    .why = Whoever can listen on the way reads the registration key.
    .next = Let the service speak TLS, and write https:// in local_define.php.

trust-store-missing =
    .title = No trust store
    .seen = This machine has no certificates of authorities, at any of: { $places }.
    .why = No certificate can be checked, so no encrypted connection can be trusted.
    .next = Install them: `apt-get install ca-certificates`

tls-not-spoken =
    .title = No TLS at this port
    .seen = { $address } answers, but not with TLS.
    .why = The address begins with https://, but something else listens on its port.
    .next = Correct the port in local_define.php (a Latchkey’s own address: public_url), or let the service speak TLS there.

tls-too-old =
    .title = TLS too old
    .seen = { $host } speaks no TLS that is still safe (1.2 or 1.3).
    .why = This program and current PHP refuse older ones.
    .next = Whoever runs { $host } enables TLS 1.2 or 1.3.

tls-failed =
    .title = TLS does not come about
    .seen = { $host } broke off the TLS handshake: { $cause }.
    .why = Without TLS nothing is asked.
    .next = Whoever runs { $host } looks into its TLS settings and its log; a firewall that looks into TLS can be the cause, too.

cert-expired =
    .title = Certificate expired
    .seen = The certificate of { $subject } ended on { $date }.
    .why = GLPI refuses the connection: “Unable to fetch registration information”.
    .next = Whoever runs the service puts a new certificate in the place of the old one; a Latchkey takes a new file by itself.

cert-not-yet-valid =
    .title = Certificate not valid yet
    .seen = The certificate of { $subject } begins on { $date }.
    .why = GLPI refuses the connection until then.
    .next = Whoever runs the service uses a certificate that is valid today.

cert-wrong-name =
    .title = Certificate of another name
    .seen = { $host } shows a certificate for { $names }.
    .why = GLPI refuses the connection: it cannot know that it talks to the right service.
    .next = Write one of these names in local_define.php (a Latchkey’s own address: public_url), or let whoever runs the service get a certificate for { $host }.

cert-self-signed =
    .title = Certificate signed by itself
    .seen = The certificate of { $subject } was signed by no authority, only by itself.
    .why = Anybody can make such a certificate, so GLPI refuses the connection.
    .next = Whoever runs the service gets a certificate from an authority; or make this machine trust it: put the certificate as a .crt file into /usr/local/share/ca-certificates and run `update-ca-certificates`

cert-unknown-issuer =
    .title = Certificate from an unknown authority
    .seen = The certificate of { $subject } comes from { $issuer }, which this machine does not know.
    .why = Either the service uses an authority of its own, or leaves out certificates between, or somebody on the way opens the connection; GLPI refuses it.
    .next = If { $issuer } is an authority of your own: put its certificate as a .crt file into /usr/local/share/ca-certificates and run `update-ca-certificates`. If the service should have a public certificate, let it send the whole chain. If you do not know the name, find out who opens the connection.

cert-intercepted =
    .title = Connection opened on the way
    .seen = Instead of the certificate of { $host } there is one from { $issuer }: a proxy or a firewall opens the encrypted connection.
    .why = GLPI refuses the connection; and whoever opens it reads the registration key.
    .next = Ask whoever runs the network to leave connections to { $host } closed (exempt it from TLS inspection); if that is not possible, put the certificate of { $issuer } as a .crt file into /usr/local/share/ca-certificates and run `update-ca-certificates`

cert-unusable =
    .title = Certificate not usable
    .seen = The certificate of { $host } does not do: { $cause }.
    .why = GLPI refuses the connection.
    .next = Whoever runs { $host } gets a new certificate.

cert-expires-soon =
    .title = Certificate ends soon
    .seen = The certificate of { $subject } ends on { $date }, in { $days } days.
    .why = From then on GLPI refuses the connection.
    .next = Whoever runs the service renews it before; where that happens by itself, it should have happened by now.

captive-portal =
    .title = A portal answers instead
    .seen = { $url } leads to { $to }, a web page for people: a portal where one has to log in.
    .why = GLPI cannot log in there; it gets a page instead of an answer.
    .next = Log this machine in at the portal, or have it let through without.

redirect-loop =
    .title = Redirected in a circle
    .seen = { $url } leads back to itself, again and again.
    .why = GLPI gives up after some rounds and says that the service is away.
    .next = Whoever runs the service corrects its redirects; a proxy that speaks plain HTTP to a service which demands https is the usual cause.

redirected =
    .title = Redirected
    .seen = { $url } leads to { $to }.
    .why = GLPI follows a redirect on its first request only; afterwards it gets nothing, and the key may go to a host that was never meant.
    .next = Write the final address in local_define.php: define('GLPI_NETWORK_SERVICES', '{ $wanted }');

redirected-astray =
    .title = Redirected to something else
    .seen = { $url } leads to { $to }, where no service answers for keys.
    .why = GLPI gets nothing that it can read, and sends the key wherever it is led.
    .next = Check that the address in local_define.php is that of the service; if it is, whoever runs it takes this redirect away.

http-timeout =
    .title = No answer to the question
    .seen = The connection stands, but { $url } did not answer within { $seconds } s.
    .why = GLPI waits and gives up.
    .next = Whoever runs the service looks at its load and its log: `latchkey doctor` there. If it is fast from elsewhere, a firewall holds the answer back.

http-slow =
    .title = Slow answer
    .seen = { $url } answered after { $millis } ms.
    .why = GLPI’s pages wait for it.
    .next = Whoever runs the service looks at its load: `latchkey doctor` there.

http-broken =
    .title = Connection broken off
    .seen = { $url } gave no whole answer: { $cause }.
    .why = GLPI gets nothing that it can read.
    .next = Whoever runs the service looks into its log; if it saw no request, a proxy or a firewall between broke the connection off.

http-empty =
    .title = Empty answer
    .seen = { $url } answered { $status } with an empty body.
    .why = GLPI takes an empty answer for a service that is away.
    .next = Check that the address in local_define.php is that of the service; then whoever runs it looks into the proxy before it.

http-html =
    .title = A web page where an answer was due
    .seen = { $url } answered { $status } with a web page: { $beginning }
    .why = GLPI cannot read it: “Unable to fetch registration information”.
    .next = Check that the address in local_define.php is that of the service and not of a web site; if it is, something between (a proxy, a portal, an error page) answers in its place: read the page.

http-not-json =
    .title = Answer not readable
    .seen = { $url } answered { $status } with something that is not JSON: { $beginning }
    .why = GLPI cannot read it: “Unable to fetch registration information”.
    .next = Check that the address in local_define.php is that of the service, without a path behind it.

http-status =
    .title = Question refused
    .seen = { $url } answered with status { $status }.
    .why = What is asked there is not there or not allowed, so GLPI gets no information.
    .next = Check that the address in local_define.php is that of the service, without a path behind it; then whoever runs it looks into the proxy before it.

service-unavailable =
    .title = The service cannot answer now
    .seen = { $url } answered { $status } { $code }: { $detail }
    .why = This says nothing about the key; GLPI shows “Unable to fetch registration information” and asks again.
    .next = Try again in some minutes; if it stays, whoever runs the service runs `latchkey doctor` there.

## The time

clock-ahead =
    .title = This clock is ahead
    .seen = This machine’s clock is { $seconds } s ahead of that of { $host }.
    .why = Certificates seem to have ended, and GLPI believes what it heard of a key for less than a day; the service itself judges keys by its own clock.
    .next = Let this machine keep time: `timedatectl set-ntp true`

clock-behind =
    .title = This clock is behind
    .seen = This machine’s clock is { $seconds } s behind that of { $host }.
    .why = New certificates seem not to be valid yet, and GLPI believes what it heard of a key for longer than a day; the service itself judges keys by its own clock.
    .next = Let this machine keep time: `timedatectl set-ntp true`

## The key

key-refused =
    .title = The service refuses the key
    .seen = The service says { $code }: { $message }
    .why = GLPI shows this sentence, closes the marketplace, and remembers it for up to a day.
    .next = Do what the sentence says; then open Setup > General > GLPI Network in GLPI, which asks anew.

subscription-stopped =
    .title = The subscription does not run
    .seen = The service says { $code }: { $message }
    .why = The key is true, but nothing is delivered for it now.
    .next = Do what the sentence says; then open Setup > General > GLPI Network in GLPI, which asks anew.

key-needs-attention =
    .title = The key works, but something is due
    .seen = The service says { $code }: { $message }
    .why = It will stop working if nobody acts.
    .next = Do what the sentence says before the day that it names.

verdict-unusable =
    .title = No verdict in the answer
    .seen = The service answered { $status } without saying whether the key is valid: { $beginning }
    .why = GLPI shows “Unable to fetch registration information”, and nothing about the key.
    .next = Check that the address in local_define.php is that of the service; then tell whoever runs it.

## This Latchkey

configuration-invalid =
    .title = Settings not understood
    .seen = { $detail }
    .why = Neither the server nor any command starts with it.
    .next = { $next }

installation-missing =
    .title = No installation
    .seen = There is no Latchkey in { $dir }.
    .why = There is nothing to look at, and no key could be answered for.
    .next = Name the right place with --data-dir or LATCHKEY_DATA_DIR; to make a new one: `{ $command }`

data-dir-open =
    .title = Data directory open to others
    .seen = { $dir } has mode { $mode }: other users of this machine can look into it.
    .why = It holds the customers, and the master key that opens the signing keys.
    .next = Close it: `{ $command }`

master-key-unusable =
    .title = Master key not usable
    .seen = { $detail }
    .why = Without it no key can be signed or shown, and the server does not start.
    .next = { $next }

master-key-other =
    .title = Another master key
    .seen = The master key here has fingerprint { $given }; this database was sealed under { $expected }.
    .why = No other key opens its secrets, and the server does not start.
    .next = Put the master key that belongs to this database in its place, from the copy that you kept.

database-away =
    .title = Database not reachable
    .seen = { $detail }
    .why = Keys in memory are answered for a while, everything else with 503.
    .next = { $next }

database-slow =
    .title = Database slow
    .seen = The database took { $millis } ms for a small question.
    .why = Every key that is not in memory waits for it.
    .next = Look at the load of the database and of its disk.

schema-old =
    .title = Schema of an older version
    .seen = The database has schema { $found }; this program brings it to { $known } at its next start.
    .why = Nothing is wrong, but an older program may refuse the database afterwards.
    .next = Take a backup, then bring it up to date: `{ $command }`

schema-newer =
    .title = Schema of a newer version
    .seen = The database has schema { $found }; this program knows { $known }.
    .why = This program is too old for it and does not start.
    .next = Install the Latchkey that the other machines run, or a newer one.

tls-pair-unusable =
    .title = Certificate and key not usable
    .seen = { $detail }
    .why = The server does not start with them, or goes on with the ones before.
    .next = Put the certificate, followed by those that vouch for it, into tls_cert, and its private key into tls_key, both as PEM.

clock-behind-database =
    .title = This clock is behind what is stored
    .seen = This machine’s clock is { $seconds } s behind the latest change in the database.
    .why = More than an hour of it stops all answers: a wrong date would make a wrong verdict, which GLPIs remember for a day.
    .next = Set the clock right; if it is right: `{ $command }`

backup-none =
    .title = No backup
    .seen = There is no backup in { $dir }.
    .why = If this disk fails, customers, subscriptions and the right to answer for keys are lost.
    .next = Make one, and have it made every day: `{ $command }`; where they are kept elsewhere, name the place with --backups

backup-old =
    .title = Backup old
    .seen = The latest backup is { $file }, of { $date }: { $days } days old.
    .why = What came after it is lost with this disk; keys issued since would be answered with 503 after a restore.
    .next = Make one, and have it made every day: `{ $command }`

public-url-other =
    .title = The public URL leads elsewhere
    .seen = { $url } is answered by publisher { $found }; this installation is { $own }.
    .why = GLPIs that are pointed there ask another Latchkey, which refuses your keys.
    .next = Correct the name’s address or the proxy before it, or the setting public_url.
