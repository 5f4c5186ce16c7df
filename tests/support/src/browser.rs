//! A real browser, as people use it: Debian's Chromium without a window, driven through its chromedriver.
//!
//! WebDriver is JSON over HTTP, which this crate speaks already; no other client is needed for it. A browser keeps everything
//! in a directory of its own and goes with its [`Browser`]. What a page may do (scripts) and what the reader has (a phone, a
//! dark system, French) is set by the test.

use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http::Request;
use crate::{Process, Program, free_port};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long something may take to appear on a page.
const APPEARS_WITHIN: Duration = Duration::from_secs(30);
/// The name under which WebDriver hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser, open.
pub struct Browser {
    port: u16,
    session: String,
    driver: Process,
    _profile: TempDir,
}

/// What WebDriver says no to: its name for it, and its words.
type Refused = (String, String);

impl Browser {
    /// Opens one whose reader reads `language`.
    #[track_caller]
    pub fn start(language: &str) -> Browser {
        let (profile, port) = (tempfile::tempdir().unwrap(), free_port());
        let driver = Program::new("chromedriver")
            .arg(format!("--port={port}"))
            .env("HOME", profile.path())
            .env("XDG_CONFIG_HOME", profile.path())
            .spawn();
        driver.wait_for_line("was started successfully", PATIENCE);
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--hide-scrollbars".to_owned(),
            format!("--lang={language}"),
            format!("--user-data-dir={}", profile.path().join("chromium").display()),
        ];
        let options = json!({ "args": arguments, "prefs": { "intl.accept_languages": language } });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": options } } });
        let mut browser = Browser { port, session: String::new(), driver, _profile: profile };
        let opened = browser.try_to("POST", "/session", Some(&wanted));
        let opened = opened.unwrap_or_else(|(_, words)| panic!("no browser: {words}"));
        opened["sessionId"].as_str().unwrap().clone_into(&mut browser.session);
        browser.screen(1280, 900);
        browser
    }

    /// Shows pages on a screen of this size; a narrow one is a phone's.
    #[track_caller]
    pub fn screen(&self, width: u32, height: u32) {
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.tell("Emulation.setDeviceMetricsOverride", &screen);
    }

    /// From now on the reader's system is dark, or light, and wants nothing to move: what is looked at is what stays.
    #[track_caller]
    pub fn dark(&self, dark: bool) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.tell("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// From now on pages may not run scripts.
    #[track_caller]
    pub fn without_scripts(&self) {
        self.tell("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// Opens an address.
    #[track_caller]
    pub fn open(&self, url: &str) {
        self.does("POST", "/url", Some(&json!({ "url": url })));
    }

    /// Where it is.
    #[track_caller]
    pub fn address(&self) -> String {
        self.does("GET", "/url", None).as_str().unwrap().to_owned()
    }

    /// What is read in the first element of a CSS selector, once it is there.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        let element = self.find("css selector", css);
        self.does("GET", &format!("/element/{element}/text"), None).as_str().unwrap().to_owned()
    }

    /// What stands in a field.
    #[track_caller]
    pub fn value(&self, css: &str) -> String {
        let element = self.find("css selector", css);
        self.does("GET", &format!("/element/{element}/property/value"), None).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until something can be read on the page. Fails the test where it does not come.
    #[track_caller]
    pub fn reads(&self, words: &str) {
        let begun = Instant::now();
        while !self.body().contains(words) {
            let late = begun.elapsed() > APPEARS_WITHIN;
            assert!(!late, "{}: nobody reads {words:?} in\n{}", self.address(), self.body());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What can be read on the page; nothing while it changes.
    pub fn body(&self) -> String {
        let body = self.try_here("POST", "/element", Some(&json!({ "using": "css selector", "value": "body" })));
        let text = body.and_then(|body| {
            self.try_here("GET", &format!("/element/{}/text", body[ELEMENT].as_str().unwrap_or_default()), None)
        });
        text.map(|text| text.as_str().unwrap_or_default().to_owned()).unwrap_or_default()
    }

    /// Whether there is an element.
    pub fn has(&self, css: &str) -> bool {
        self.try_here("POST", "/element", Some(&json!({ "using": "css selector", "value": css }))).is_ok()
    }

    /// Types into a field, in the place of what was in it.
    #[track_caller]
    pub fn fill(&self, css: &str, text: &str) {
        let field = self.find("css selector", css);
        self.does("POST", &format!("/element/{field}/clear"), Some(&json!({})));
        self.does("POST", &format!("/element/{field}/value"), Some(&json!({ "text": text })));
    }

    /// Chooses a file for a field that takes one.
    #[track_caller]
    pub fn choose(&self, css: &str, file: &Path) {
        let field = self.find("css selector", css);
        self.does("POST", &format!("/element/{field}/value"), Some(&json!({ "text": file.to_str().unwrap() })));
    }

    /// Clicks the first element of a CSS selector.
    #[track_caller]
    pub fn click(&self, css: &str) {
        let element = self.find("css selector", css);
        self.does("POST", &format!("/element/{element}/click"), Some(&json!({})));
    }

    /// Follows the link in whose text these words are.
    #[track_caller]
    pub fn follow(&self, words: &str) {
        let element = self.find("partial link text", words);
        self.does("POST", &format!("/element/{element}/click"), Some(&json!({})));
    }

    /// Presses the button with these words on it.
    #[track_caller]
    pub fn push(&self, words: &str) {
        let element = self.find("xpath", &format!("//button[contains(normalize-space(.), {words:?})]"));
        self.does("POST", &format!("/element/{element}/click"), Some(&json!({})));
    }

    /// Presses keys, wherever the focus is: `\u{E004}` is the tabulator, `\u{E007}` is Enter.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let focused = self.does("GET", "/element/active", None);
        let element = focused[ELEMENT].as_str().unwrap();
        self.does("POST", &format!("/element/{element}/value"), Some(&json!({ "text": keys })));
    }

    /// Runs a function's body in the page, and gives what it returns.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.does("POST", "/execute/sync", Some(&json!({ "script": script, "args": [] })))
    }

    /// The same for one that calls its last argument with what it gives.
    #[track_caller]
    pub fn run_async(&self, script: &str) -> Value {
        self.does("POST", "/execute/async", Some(&json!({ "script": script, "args": [] })))
    }

    /// Keeps a picture of the whole page.
    #[track_caller]
    pub fn picture(&self, file: &Path) {
        let picture = self.tell("Page.captureScreenshot", &json!({ "format": "png", "captureBeyondViewport": true }));
        let bytes = BASE64.decode(picture["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    /// A command of Chromium's own, which its driver hands on.
    #[track_caller]
    fn tell(&self, command: &str, parameters: &Value) -> Value {
        self.does("POST", "/goog/cdp/execute", Some(&json!({ "cmd": command, "params": parameters })))
    }

    #[track_caller]
    fn find(&self, using: &str, what: &str) -> String {
        let (begun, wanted) = (Instant::now(), json!({ "using": using, "value": what }));
        loop {
            match self.try_here("POST", "/element", Some(&wanted)) {
                Ok(found) => return found[ELEMENT].as_str().unwrap().to_owned(),
                Err(_) if begun.elapsed() < APPEARS_WITHIN => std::thread::sleep(Duration::from_millis(50)),
                Err((name, _)) => panic!("{name}: {what} at {} in\n{}", self.address(), self.body()),
            }
        }
    }

    #[track_caller]
    fn does(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.try_here(method, path, body).unwrap_or_else(|(name, words)| panic!("{path}: {name}: {words}"))
    }

    fn try_here(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Refused> {
        self.try_to(method, &format!("/session/{}{path}", self.session), body)
    }

    fn try_to(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Refused> {
        let request = Request::new(method, path).timeout(PATIENCE);
        let request = body.map_or(request.clone(), |body| request.json(body));
        let answer = request.send(("127.0.0.1", self.port)).json();
        let value = answer["value"].clone();
        match value["error"].as_str() {
            Some(name) => Err((name.to_owned(), value["message"].as_str().unwrap_or_default().to_owned())),
            None => Ok(value),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser goes with its session, and its driver after it.
        let _ = self.try_here("DELETE", "", None);
        self.driver.terminate();
    }
}
