//! nginx, as Debian has it: what several measurements are against.

use std::path::{Path, PathBuf};
use std::process::Command;

use latchkey_tests_support::{Process, Program};

use crate::Failed;

/// Where Debian has it.
const NGINX: &str = "/usr/sbin/nginx";

/// One that runs. It is told to stop: one that is killed leaves its workers behind.
pub(crate) struct Nginx {
    _process: Process,
    configuration: PathBuf,
}

impl Nginx {
    /// Starts it with all that it keeps in a directory, which is there; `http` is what stands in its block of that name.
    pub(crate) fn start(root: &Path, http: &str) -> Result<Self, Failed> {
        let text = format!(
            "daemon off; worker_processes 2; pid {root}/pid; error_log {root}/error.log; events {{ worker_connections 1024; }}\n\
             http {{ access_log off; sendfile on; keepalive_requests 1000000; client_body_temp_path {root}/a; proxy_temp_path {root}/b;\n\
             fastcgi_temp_path {root}/c; uwsgi_temp_path {root}/d; scgi_temp_path {root}/e;\n{http} }}\n",
            root = root.display(),
        );
        let configuration = root.join("nginx.conf");
        std::fs::write(&configuration, text)?;
        Ok(Self { _process: Program::new(NGINX).arg("-c").arg(&configuration).spawn(), configuration })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Where it is gone already there is nothing to stop.
        let _ = Command::new(NGINX).arg("-c").arg(&self.configuration).args(["-s", "stop"]).status();
    }
}
