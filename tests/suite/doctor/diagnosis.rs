//! The doctor's findings, to be compared, and followed.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::installed::Ran;

/// What the doctor said.
pub(super) struct Diagnosis {
    pub(super) code: Option<i32>,
    pub(super) checks: Vec<Finding>,
}

/// One finding.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) id: String,
    pub(super) status: String,
    pub(super) code: Option<String>,
    pub(super) view: String,
    pub(super) seen: String,
    pub(super) why: String,
    pub(super) next_step: String,
}

/// What every finding has, in a document for scripts.
const MEMBERS: [&str; 7] = ["code", "id", "next_step", "seen", "status", "view", "why"];

impl Diagnosis {
    #[track_caller]
    pub(super) fn of(ran: &Ran) -> Self {
        let document: Value = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}{}", ran.stdout, ran.stderr));
        assert_eq!(document.as_object().unwrap().keys().collect::<Vec<_>>(), ["checks"]);
        let text = |check: &Value, name: &str| {
            check[name].as_str().unwrap_or_else(|| panic!("{name} is no text in {check}")).to_owned()
        };
        let checks = document["checks"].as_array().unwrap().iter().map(|check| Finding {
            id: text(check, "id"),
            status: text(check, "status"),
            code: check["code"].as_str().map(str::to_owned),
            view: text(check, "view"),
            seen: text(check, "seen"),
            why: text(check, "why"),
            next_step: text(check, "next_step"),
        });
        let diagnosis = Self { code: ran.status.code(), checks: checks.collect() };
        for check in document["checks"].as_array().unwrap() {
            let mut members: Vec<&String> = check.as_object().unwrap().keys().collect();
            members.sort();
            assert_eq!(members, MEMBERS, "{check}");
        }
        diagnosis.checks.iter().for_each(|check| diagnosis.holds_together(check));
        diagnosis
    }

    /// A fault says all that there is to say; what is passed over is so for the sake of something that was seen.
    #[track_caller]
    fn holds_together(&self, check: &Finding) {
        assert!(!check.seen.is_empty() && !check.view.is_empty(), "{check:?}");
        let is_fault = match check.status.as_str() {
            "ok" | "skipped" => false,
            "warning" | "error" => true,
            other => panic!("{other} is no status"),
        };
        let told = [check.code.is_some(), !check.why.is_empty(), !check.next_step.is_empty()];
        assert_eq!(told, [is_fault; 3], "{check:?}");
        let mut cause = check;
        while let Some(id) = cause.depends_on() {
            cause = self.check(id);
            assert_ne!(cause.status, "ok", "{} waits for {id}, where nothing is wrong", check.id);
        }
    }

    fn faults(&self) -> Vec<&Finding> {
        self.checks.iter().filter(|check| matches!(check.status.as_str(), "warning" | "error")).collect()
    }

    /// It names this fault, and no other.
    #[track_caller]
    pub(super) fn names(&self, code: &str) -> Finding {
        let faults = self.faults();
        let codes: Vec<&str> = faults.iter().filter_map(|fault| fault.code.as_deref()).collect();
        assert_eq!(codes, [code], "{faults:#?}");
        let expected = i32::from(faults[0].status == "error");
        assert_eq!(self.code, Some(expected), "the exit code of {faults:#?}");
        assert!(!faults[0].next_step.is_empty() && !faults[0].view.is_empty());
        faults[0].clone()
    }

    /// It finds nothing.
    #[track_caller]
    pub(super) fn is_clean(&self) {
        let faults = self.faults();
        assert!(faults.is_empty(), "{faults:#?}");
        assert_eq!(self.code, Some(0));
    }

    #[track_caller]
    pub(super) fn check(&self, id: &str) -> &Finding {
        self.checks.iter().find(|check| check.id == id).unwrap_or_else(|| panic!("no check {id}"))
    }

    #[track_caller]
    pub(super) fn seen(&self, id: &str) -> &str {
        &self.check(id).seen
    }
}

impl Finding {
    /// The commands that it gives, which stand between backticks.
    pub(super) fn commands(&self) -> Vec<String> {
        self.next_step.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    /// The check that has to be mended before this one is asked.
    fn depends_on(&self) -> Option<&str> {
        self.seen.split_once("depends on “")?.1.split_once('”').map(|(check, _)| check)
    }

    /// Does literally what it says.
    #[track_caller]
    pub(super) fn follow(&self) {
        self.follow_where(&[]);
    }

    /// The same, on a machine that has these programs, too.
    #[track_caller]
    pub(super) fn follow_where(&self, tools: &[&Path]) {
        let commands = self.commands();
        assert!(!commands.is_empty(), "no command in {:?}", self.next_step);
        let system = PathBuf::from(std::env::var_os("PATH").unwrap());
        let path =
            std::env::join_paths(tools.iter().map(|dir| dir.to_path_buf()).chain(std::env::split_paths(&system)));
        let path = path.unwrap();
        for command in commands {
            let ran = Command::new("/bin/sh").arg("-c").arg(&command).env("PATH", &path).output().unwrap();
            assert!(ran.status.success(), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
        }
    }
}
