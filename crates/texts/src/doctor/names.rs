//! The names of everything that the doctor can say, and of the values that each text shows.

/// A part of what is looked at, in the order in which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Chapter {
    /// The GLPI folder and its files.
    Folder,
    /// PHP, its extensions and its trust store.
    Php,
    /// The registration key, as it was pasted.
    Key,
    /// The way to the service: name, addresses, proxy, TLS, HTTP.
    Road,
    /// Clocks.
    Time,
    /// The registration key, as its service sees it.
    Verdict,
    /// A machine on which a Latchkey runs.
    Host,
}

impl Chapter {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [Self::Folder, Self::Php, Self::Key, Self::Road, Self::Time, Self::Verdict, Self::Host];

    /// What it is called.
    pub fn heading(self) -> Sight {
        match self {
            Self::Folder => Sight::ChapterFolder,
            Self::Php => Sight::ChapterPhp,
            Self::Road => Sight::ChapterRoad,
            Self::Time => Sight::ChapterTime,
            Self::Key => Sight::ChapterKey,
            Self::Verdict => Sight::ChapterVerdict,
            Self::Host => Sight::ChapterHost,
        }
    }
}

macro_rules! codes {
    ($($name:ident $code:literal $chapter:ident [$($value:literal),*])*) => {
        /// Something that is wrong, by its stable name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each is told in words by its entry in the locale files")]
        pub enum Code {
            $($name,)*
        }

        impl Code {
            /// All of them, in the order of the page that lists them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code, for scripts.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// Where it belongs.
            pub fn chapter(self) -> Chapter {
                match self {
                    $(Self::$name => Chapter::$chapter,)*
                }
            }

            /// The values that its text shows, in the order in which they are given.
            pub fn values(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($value),*],)*
                }
            }
        }
    };
}

codes! {
    VersionUnknown "GLPI_VERSION_UNKNOWN" Folder ["dir"]
    VersionEnded "GLPI_VERSION_ENDED" Folder ["version"]
    VersionTooOld "GLPI_VERSION_TOO_OLD" Folder ["version"]
    WebUserUnknown "WEB_USER_UNKNOWN" Folder []
    NotInstalled "GLPI_NOT_INSTALLED" Folder ["file"]
    ConfigUnreadable "GLPI_CONFIG_UNREADABLE" Folder ["file", "user", "command"]
    ConfigOpen "GLPI_CONFIG_OPEN" Folder ["file", "mode", "command"]
    CryptKeyMissing "GLPI_CRYPT_KEY_MISSING" Folder ["file", "command"]
    CryptKeyLength "GLPI_CRYPT_KEY_LENGTH" Folder ["file", "length", "command"]
    CryptKeyUnreadable "GLPI_CRYPT_KEY_UNREADABLE" Folder ["file", "user", "command"]
    CryptKeyOpen "GLPI_CRYPT_KEY_OPEN" Folder ["file", "mode", "command"]
    LocalDefineSyntax "LOCAL_DEFINE_SYNTAX" Folder ["file", "line", "message"]
    LocalDefineUnreadable "LOCAL_DEFINE_UNREADABLE" Folder ["file", "user", "command"]
    ServicesElsewhere "SERVICES_ELSEWHERE" Folder ["effective", "wanted", "file", "command"]
    ServicesSplit "SERVICES_SPLIT" Folder ["url", "plugins", "file", "command"]
    ServicesMalformed "SERVICES_MALFORMED" Folder ["setting", "value", "wanted", "file", "command"]
    FoldersMissing "GLPI_FOLDERS_MISSING" Folder ["folders", "command"]
    FoldersNotWritable "GLPI_FOLDERS_NOT_WRITABLE" Folder ["folders", "user", "command"]
    FoldersOpen "GLPI_FOLDERS_OPEN" Folder ["folders", "command"]
    PluginsUnderGit "PLUGINS_UNDER_GIT" Folder ["plugins", "command"]
    DiskFull "DISK_FULL" Folder ["path", "free"]
    DiskLow "DISK_LOW" Folder ["path", "free"]
    LogFailures "LOG_FAILURES" Folder ["file", "count", "last", "lines", "explained"]

    PhpFails "PHP_FAILS" Php ["program", "cause"]
    PhpTooOld "PHP_TOO_OLD" Php ["version", "glpi", "least"]
    PhpExtensionMissing "PHP_EXTENSION_MISSING" Php ["extensions", "ini", "command"]
    PhpArchiveExtensionMissing "PHP_ARCHIVE_EXTENSION_MISSING" Php ["extensions", "ini", "command"]
    PhpTrustFile "PHP_TRUST_FILE" Php ["setting", "file", "cause", "ini"]

    ProxyMalformed "PROXY_MALFORMED" Road ["variable", "value"]
    ProxyUnreachable "PROXY_UNREACHABLE" Road ["proxy", "variable", "cause"]
    ProxyAuthentication "PROXY_AUTHENTICATION" Road ["proxy", "variable", "scheme"]
    ProxyUnnamed "PROXY_UNNAMED" Road ["url"]
    ProxyRefuses "PROXY_REFUSES" Road ["proxy", "variable", "status", "host"]
    DnsTimeout "DNS_TIMEOUT" Road ["host", "seconds", "servers"]
    DnsFailed "DNS_FAILED" Road ["host", "cause", "servers"]
    DnsNameUnknown "DNS_NAME_UNKNOWN" Road ["host"]
    DnsSlow "DNS_SLOW" Road ["host", "millis", "servers"]
    TcpRefused "TCP_REFUSED" Road ["address", "host"]
    TcpTimeout "TCP_TIMEOUT" Road ["address", "host", "seconds"]
    TcpUnreachable "TCP_UNREACHABLE" Road ["address", "host", "cause", "ip"]
    Ipv4Dead "IPV4_DEAD" Road ["host", "addresses", "cause"]
    Ipv6Dead "IPV6_DEAD" Road ["host", "addresses", "cause"]
    NotEncrypted "NOT_ENCRYPTED" Road ["url"]
    TrustStoreMissing "TRUST_STORE_MISSING" Road ["places"]
    TlsNotSpoken "TLS_NOT_SPOKEN" Road ["address"]
    TlsTooOld "TLS_TOO_OLD" Road ["host"]
    TlsFailed "TLS_FAILED" Road ["host", "cause"]
    CertExpired "CERT_EXPIRED" Road ["subject", "date"]
    CertNotYetValid "CERT_NOT_YET_VALID" Road ["subject", "date"]
    CertWrongName "CERT_WRONG_NAME" Road ["host", "names"]
    CertSelfSigned "CERT_SELF_SIGNED" Road ["subject"]
    CertUnknownIssuer "CERT_UNKNOWN_ISSUER" Road ["subject", "issuer"]
    CertIntercepted "CERT_INTERCEPTED" Road ["host", "issuer"]
    CertUnusable "CERT_UNUSABLE" Road ["host", "cause"]
    CertExpiresSoon "CERT_EXPIRES_SOON" Road ["subject", "date", "days"]
    CaptivePortal "CAPTIVE_PORTAL" Road ["url", "to"]
    RedirectLoop "REDIRECT_LOOP" Road ["url"]
    Redirected "REDIRECTED" Road ["url", "to", "wanted"]
    RedirectedAstray "REDIRECTED_ASTRAY" Road ["url", "to"]
    HttpTimeout "HTTP_TIMEOUT" Road ["url", "seconds"]
    HttpSlow "HTTP_SLOW" Road ["url", "millis"]
    HttpBroken "HTTP_BROKEN" Road ["url", "cause"]
    HttpEmpty "HTTP_EMPTY" Road ["url", "status"]
    HttpHtml "HTTP_HTML" Road ["url", "status", "beginning"]
    HttpNotJson "HTTP_NOT_JSON" Road ["url", "status", "beginning"]
    HttpStatus "HTTP_STATUS" Road ["url", "status"]
    ServiceUnavailable "SERVICE_UNAVAILABLE" Road ["url", "status", "code", "detail"]
    PhpTrustIssuer "PHP_TRUST_ISSUER" Road ["file", "issuer", "setting", "ini"]
    PhpRoad "PHP_ROAD" Road ["user", "url", "cause"]

    ClockAhead "CLOCK_AHEAD" Time ["seconds", "host"]
    ClockBehind "CLOCK_BEHIND" Time ["seconds", "host"]

    KeyRefused "KEY_REFUSED" Verdict ["code", "message"]
    SubscriptionStopped "SUBSCRIPTION_STOPPED" Verdict ["code", "message"]
    KeyNeedsAttention "KEY_NEEDS_ATTENTION" Verdict ["code", "message"]
    VerdictUnusable "VERDICT_UNUSABLE" Verdict ["status", "beginning"]

    ConfigurationInvalid "CONFIGURATION_INVALID" Host ["detail", "next"]
    InstallationMissing "INSTALLATION_MISSING" Host ["dir", "command"]
    DataDirOpen "DATA_DIR_OPEN" Host ["dir", "mode", "command"]
    MasterKeyUnusable "MASTER_KEY_UNUSABLE" Host ["detail", "next"]
    MasterKeyOther "MASTER_KEY_OTHER" Host ["expected", "given"]
    DatabaseAway "DATABASE_AWAY" Host ["detail", "next"]
    DatabaseSlow "DATABASE_SLOW" Host ["millis"]
    SchemaOld "SCHEMA_OLD" Host ["found", "known", "command"]
    SchemaNewer "SCHEMA_NEWER" Host ["found", "known"]
    TlsPairUnusable "TLS_PAIR_UNUSABLE" Host ["detail"]
    ClockBehindDatabase "CLOCK_BEHIND_DATABASE" Host ["seconds", "command"]
    BackupNone "BACKUP_NONE" Host ["dir", "command"]
    BackupOld "BACKUP_OLD" Host ["file", "date", "days", "command"]
    PublicUrlOther "PUBLIC_URL_OTHER" Host ["url", "found", "own"]
}

macro_rules! sights {
    ($($name:ident $id:literal [$($value:literal),*])*) => {
        /// Something that was seen and is no fault, or is not looked at.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each is told in words by its entry in the locale files")]
        pub enum Sight {
            $($name,)*
        }

        impl Sight {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its entry in the locale files.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// The values that its text shows, in the order in which they are given.
            pub fn values(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($value),*],)*
                }
            }
        }
    };
}

sights! {
    ChapterFolder "chapter-folder" []
    ChapterPhp "chapter-php" []
    ChapterRoad "chapter-road" []
    ChapterTime "chapter-time" []
    ChapterKey "chapter-key" []
    ChapterVerdict "chapter-verdict" []
    ChapterHost "chapter-host" []
    LabelView "label-view" []
    LabelWhy "label-why" []
    LabelNext "label-next" []
    ViewProgram "view-program" ["user"]
    ViewPhp "view-php" ["user"]
    ViewWebUser "view-web-user" ["user"]
    ViewComputed "view-computed" ["user"]
    ViewService "view-service" []
    SumClean "sum-clean" ["fine"]
    SumFaults "sum-faults" ["errors", "warnings"]
    Working "working" ["what"]
    PageTitle "page-title" []
    PageIntro "page-intro" []
    PageKeyDamage "page-key-damage" []

    SkippedAfter "skipped-after" ["check"]
    SkippedNoPhp "skipped-no-php" []
    SkippedNoKey "skipped-no-key" []
    SkippedNoUrl "skipped-no-url" []
    SkippedNoDate "skipped-no-date" []
    SkippedNoTls "skipped-no-tls" []
    SkippedNoWebUser "skipped-no-web-user" []
    SkippedNoCertificate "skipped-no-certificate" []
    SkippedNoPublicUrl "skipped-no-public-url" []
    SkippedNoExtension "skipped-no-extension" []
    SkippedNotLatchkey "skipped-not-latchkey" []
    SkippedForeignKey "skipped-foreign-key" []
    SkippedBySystem "skipped-by-system" ["path", "cause"]

    Version "saw-version" ["version"]
    VersionNewer "saw-version-newer" ["version"]
    WebUser "saw-web-user" ["user"]
    WebUserOwner "saw-web-user-owner" ["user"]
    WebUserUsual "saw-web-user-usual" ["user"]
    WebUserGiven "saw-web-user-given" ["user"]
    Config "saw-config" ["file"]
    CryptKey "saw-crypt-key" ["file"]
    LocalDefineNone "saw-local-define-none" ["file"]
    LocalDefine "saw-local-define" ["file"]
    LocalDefineUnchecked "saw-local-define-unchecked" ["file"]
    Services "saw-services" ["url"]
    ServicesRead "saw-services-read" ["url"]
    ServicesDefault "saw-services-default" ["url"]
    Folders "saw-folders" ["count"]
    FoldersWritable "saw-folders-writable" ["user"]
    FoldersClosed "saw-folders-closed" []
    PluginsNotUnderGit "saw-plugins-not-under-git" []
    Disk "saw-disk" ["path", "free"]
    LogNone "saw-log-none" ["file"]
    LogQuiet "saw-log-quiet" ["file"]
    LogOld "saw-log-old" ["file", "last"]
    Php "saw-php" ["version", "program", "ini"]
    PhpExtensions "saw-php-extensions" []
    PhpArchiveExtensions "saw-php-archive-extensions" []
    PhpTrustUnset "saw-php-trust-unset" []
    PhpTrustSet "saw-php-trust-set" ["file"]
    PhpTrust "saw-php-trust" ["file"]
    PhpTrustSystem "saw-php-trust-system" []
    PhpRoad "saw-php-road" ["millis"]
    PhpSame "saw-php-same" ["cause"]
    PhpOnly "saw-php-only" ["millis"]
    ProxyNone "saw-proxy-none" []
    ProxyOverTls "saw-proxy-over-tls" ["proxy", "variable"]
    ProxyBypassed "saw-proxy-bypassed" ["host"]
    Proxy "saw-proxy" ["proxy", "variable"]
    Resolved "saw-resolved" ["host", "addresses", "millis"]
    ResolvedLiteral "saw-resolved-literal" ["host"]
    Connected "saw-connected" ["addresses", "millis"]
    NoFamily "saw-no-family" ["host", "kind"]
    NoRoute "saw-no-route" []
    Tls "saw-tls" ["version", "subject", "issuer", "date", "days"]
    Plain "saw-plain" []
    Http "saw-http" ["url", "status", "millis"]
    InfoAnswered "saw-info-answered" ["url", "millis"]
    Clock "saw-clock" ["seconds", "host"]
    KeyWhole "saw-key-whole" ["key", "issued"]
    KeySigned "saw-key-signed" ["signer", "publisher"]
    KeyGood "saw-key-good" ["message"]
    WhyKeyDamaged "why-key-damaged" []
    WhyKeyUnsigned "why-key-unsigned" []

    Configuration "saw-configuration" ["place"]
    DataDir "saw-data-dir" ["dir"]
    Database "saw-database" ["database", "millis"]
    Schema "saw-schema" ["schema"]
    MasterKey "saw-master-key" ["fingerprint"]
    Certificate "saw-certificate" ["subject", "date", "days"]
    ClockHost "saw-clock-host" []
    Backup "saw-backup" ["file", "date"]
    PublicUrl "saw-public-url" ["url", "millis"]

    LogDns "log-dns" []
    LogConnect "log-connect" []
    LogTimeout "log-timeout" []
    LogCertificate "log-certificate" []
    LogHtml "log-html" []
    LogUnavailable "log-unavailable" []
    LogOther "log-other" []
}
