//! A server whose one handler answers when it is told to.

use std::io::{Read as _, Write as _};
use std::net::TcpStream as Client;
use std::thread::{JoinHandle, spawn};

use axum::Router;
use axum::routing::get;
use tokio::runtime::Runtime;
use tokio::sync::Notify;

use super::*;
use crate::front::proxies::Proxies;

const PATIENCE: Duration = Duration::from_secs(20);

struct Served {
    runtime: Runtime,
    address: SocketAddr,
    begun: Arc<Notify>,
    release: Arc<Notify>,
    stop: watch::Sender<bool>,
    serving: tokio::task::JoinHandle<()>,
}

impl Served {
    fn with(limits: Limits, stop_within: Duration) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let handler = {
            let (begun, release) = (begun.clone(), release.clone());
            move || async move {
                begun.notify_one();
                release.notified().await;
                "done\n"
            }
        };
        let router = Router::new().route("/slow", get(handler)).route("/healthz", get(|| async { "ok\n" }));
        let metrics = Arc::new(Metrics::new());
        let gate = Arc::new(Gate::new(router, None, Proxies::default(), &limits, metrics.clone()));
        let connections = Arc::new(Connections { gate, tls: None, limits, metrics });
        let (stop, stopped) = watch::channel(false);
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let serving = runtime.spawn(connections.serve(listener, stopped, stop_within));
        Self { runtime, address, begun, release, stop, serving }
    }

    fn asks(&self, path: &'static str) -> JoinHandle<String> {
        let address = self.address;
        spawn(move || {
            let mut client = Client::connect(address).unwrap();
            client.set_read_timeout(Some(PATIENCE)).unwrap();
            write!(client, "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            // One that is cut says as much as came.
            let _ = client.read_to_string(&mut answer);
            answer
        })
    }

    fn until_begun(&self) {
        self.runtime.block_on(async { tokio::time::timeout(PATIENCE, self.begun.notified()).await }).unwrap();
    }

    fn ends(self) {
        self.runtime.block_on(async { tokio::time::timeout(PATIENCE, self.serving).await }).unwrap().unwrap();
    }
}

#[test]
fn what_is_under_way_at_a_stop_is_finished_and_nothing_more_is_taken() {
    let served = Served::with(Limits::default(), PATIENCE);
    let idle = Client::connect(served.address).unwrap();
    let slow = served.asks("/slow");
    served.until_begun();
    served.stop.send(true).unwrap();
    latchkey_tests_support::poll_until(PATIENCE, || Client::connect(served.address).is_err().then_some(()));
    assert!(!served.serving.is_finished(), "an answer is still under way");
    served.release.notify_one();
    let answer = slow.join().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done\n"), "{answer}");
    // The idle one keeps nobody waiting.
    served.ends();
    drop(idle);
}

#[test]
fn what_does_not_end_is_cut() {
    let served = Served::with(Limits::default(), Duration::from_millis(10));
    let slow = served.asks("/slow");
    served.until_begun();
    served.stop.send(true).unwrap();
    assert_eq!(slow.join().unwrap(), "");
    served.ends();
}

#[test]
fn an_answer_that_takes_too_long_is_a_failure_of_ours() {
    let limits = Limits { request_time: Duration::from_millis(10), ..Limits::default() };
    let served = Served::with(limits, PATIENCE);
    let answer = served.asks("/slow").join().unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("OVERLOADED"), "{answer}");
}

#[test]
fn one_request_too_many_is_told_to_come_again_and_room_is_found_later() {
    let served = Served::with(Limits { requests: 1, ..Limits::default() }, PATIENCE);
    let slow = served.asks("/slow");
    served.until_begun();
    let refused = served.asks("/slow").join().unwrap();
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("OVERLOADED"), "{refused}");
    assert!(served.asks("/healthz").join().unwrap().starts_with("HTTP/1.1 200"));
    served.release.notify_one();
    assert!(slow.join().unwrap().starts_with("HTTP/1.1 200"));
    let later = served.asks("/slow");
    served.until_begun();
    served.release.notify_one();
    assert!(later.join().unwrap().starts_with("HTTP/1.1 200"));
}
