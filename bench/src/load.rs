//! Many GLPIs at once, as light as they can be: the same for whichever server is asked.
//!
//! Two threads hold the connections between them, which stay open, as those of a proxy in front of the service do. Each
//! connection has at most one question under way. Every answer is read to its end, and has to be what the asker expects;
//! the first that is not ends the measurement.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;

use crate::Failed;
use crate::glpi::{Answer, Question};
use crate::seed::Texts;

/// Threads that ask; as many as there are cores, so that a server which needs little leaves none idle.
const THREADS: usize = 2;
/// Connections of all threads together.
pub(crate) const CONNECTIONS: usize = 64;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which keys are asked about.
#[derive(Clone, Copy)]
pub(crate) enum Order {
    /// Drawn at random from all, from a seed.
    Drawn(u64),
    /// Each once, in an order that is not that of their making.
    EachOnce,
}

/// What came of it.
pub(crate) struct Answers {
    /// Answers that came within the time that counts.
    pub(crate) count: u64,
    /// How long that time was, in seconds.
    pub(crate) seconds: f64,
    /// From the moment when each question was due to the end of its answer, in microseconds. Without a pace a question is
    /// due when the answer before it came.
    pub(crate) latencies: Vec<u32>,
}

/// Whom to ask about what.
#[derive(Clone)]
pub(crate) struct Asking {
    pub(crate) server: SocketAddr,
    pub(crate) keys: Texts,
    pub(crate) order: Order,
}

impl Asking {
    /// Asks as fast as the answers come, for a while; what comes during the warm-up does not count.
    pub(crate) fn flat_out(&self, warm_up: Duration, during: Duration) -> Result<Answers, Failed> {
        self.on_all_threads(|_| Pace::FlatOut { warm_up, during })
    }

    /// Asks about each key once, as fast as the answers come.
    pub(crate) fn each_once(&self) -> Result<Answers, Failed> {
        let once = Self { order: Order::EachOnce, ..self.clone() };
        once.on_all_threads(|_| Pace::FlatOut { warm_up: Duration::ZERO, during: Duration::MAX })
    }

    /// Asks at a constant rate, whether or not the answers keep up.
    pub(crate) fn at_rate(&self, rate: f64, during: Duration) -> Result<Answers, Failed> {
        let every = Duration::from_secs_f64(THREADS as f64 / rate);
        self.on_all_threads(|thread| Pace::Constant {
            every,
            first: every.mul_f64(thread as f64 / THREADS as f64),
            during,
        })
    }

    fn on_all_threads(&self, pace: impl Fn(usize) -> Pace) -> Result<Answers, Failed> {
        let all: Vec<Result<Answers, Failed>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let (pace, keys) = (pace(thread), Draw::new(self.order, thread, self.keys.len()));
                    scope.spawn(move || {
                        let streams = (0..CONNECTIONS / THREADS).map(|_| connect(self.server));
                        Asker::new(self, keys, &streams.collect::<Result<Vec<_>, _>>()?)?.run(&pace)
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| Err("an asker panicked".into())))
                .collect()
        });
        let mut sum = Answers { count: 0, seconds: 0.0, latencies: Vec::new() };
        for answers in all {
            let answers = answers?;
            sum.count += answers.count;
            sum.seconds = sum.seconds.max(answers.seconds);
            sum.latencies.extend(answers.latencies);
        }
        Ok(sum)
    }
}

impl Answers {
    pub(crate) fn a_second(&self) -> f64 {
        self.count as f64 / self.seconds
    }

    /// The latency that this part of all answers did not exceed, in milliseconds.
    pub(crate) fn percentile(&mut self, part: f64) -> f64 {
        self.latencies.sort_unstable();
        let place = (self.latencies.len() as f64 * part).ceil() as usize;
        self.latencies.get(place.saturating_sub(1)).map_or(f64::NAN, |micros| f64::from(*micros) / 1e3)
    }
}

#[derive(Clone, Copy)]
enum Pace {
    FlatOut { warm_up: Duration, during: Duration },
    Constant { every: Duration, first: Duration, during: Duration },
}

/// One thread with its connections.
struct Asker<'s> {
    question: Question,
    keys: Texts,
    draw: Draw,
    connections: Vec<Connection<'s>>,
    polled: Vec<PollFd<'s>>,
    idle: Vec<usize>,
}

struct Connection<'s> {
    stream: &'s TcpStream,
    question: Vec<u8>,
    answer: Vec<u8>,
    /// When the question under way was due.
    due: Option<Instant>,
}

impl<'s> Asker<'s> {
    fn new(asking: &Asking, draw: Draw, streams: &'s [TcpStream]) -> Result<Self, Failed> {
        Ok(Self {
            question: Question::to(asking.server)?,
            keys: asking.keys.clone(),
            draw,
            connections: streams.iter().map(Connection::new).collect(),
            polled: streams.iter().map(|stream| PollFd::new(stream.as_fd(), PollFlags::POLLIN)).collect(),
            idle: (0..streams.len()).collect(),
        })
    }

    fn run(mut self, pace: &Pace) -> Result<Answers, Failed> {
        // By default Linux lets a sleeper sleep 50 µs longer than it asked for.
        nix::sys::prctl::set_timerslack(1)?;
        let begun = Instant::now();
        let mut answers = Answers { count: 0, seconds: 0.0, latencies: Vec::new() };
        let (from, until) = match *pace {
            Pace::FlatOut { warm_up, during } => (begun + warm_up, begun.checked_add(warm_up.saturating_add(during))),
            Pace::Constant { during, .. } => (begun, Some(begun + during)),
        };
        let mut next_due = match *pace {
            Pace::FlatOut { .. } => begun,
            Pace::Constant { first, .. } => begun + first,
        };
        let mut more = true;
        loop {
            let now = Instant::now();
            while more && next_due <= now && !self.idle.is_empty() {
                // A question that was due is asked, however late; what is due after the end never was.
                more = until.is_none_or(|until| next_due < until) && self.ask(next_due)?;
                match *pace {
                    Pace::FlatOut { .. } => next_due = now,
                    Pace::Constant { every, .. } => next_due += every,
                }
            }
            if !more && self.idle.len() == self.connections.len() {
                break;
            }
            let wait = match *pace {
                Pace::Constant { .. } if more && !self.idle.is_empty() => next_due.saturating_duration_since(now),
                Pace::Constant { .. } | Pace::FlatOut { .. } => PATIENCE,
            };
            self.wait(wait)?;
            for place in 0..self.connections.len() {
                if self.polled[place].any() == Some(false) {
                    continue;
                }
                let Some(due) = self.connections[place].hear()? else { continue };
                self.idle.push(place);
                let now = Instant::now();
                match *pace {
                    Pace::FlatOut { .. } => {
                        if now >= from && until.is_none_or(|until| now < until) {
                            answers.count += 1;
                            answers.latencies.push(micros(now, due));
                        }
                        next_due = now;
                    }
                    Pace::Constant { .. } => {
                        answers.count += 1;
                        answers.latencies.push(micros(now, due));
                    }
                }
            }
        }
        let end = until.map_or_else(Instant::now, |until| until.min(Instant::now()));
        answers.seconds = end.saturating_duration_since(from).as_secs_f64();
        Ok(answers)
    }

    /// Asks the next question on an idle connection; false where there is none left to ask.
    fn ask(&mut self, due: Instant) -> Result<bool, Failed> {
        let Some(key) = self.draw.next() else { return Ok(false) };
        if let Some(place) = self.idle.pop() {
            let connection = &mut self.connections[place];
            self.question.write(self.keys.at(key), &mut connection.question);
            connection.ask(due)?;
        }
        Ok(true)
    }

    /// Waits until there is an answer, or a part of one, or until the time is up.
    fn wait(&mut self, patience: Duration) -> Result<(), Failed> {
        let ready = ppoll(&mut self.polled, Some(TimeSpec::from_duration(patience)), None)?;
        if ready == 0 && patience >= PATIENCE {
            return Err(format!("no answer within {} s", PATIENCE.as_secs()).into());
        }
        Ok(())
    }
}

fn micros(now: Instant, since: Instant) -> u32 {
    now.saturating_duration_since(since).as_micros().try_into().unwrap_or(u32::MAX)
}

fn connect(server: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&server, PATIENCE)?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

impl<'s> Connection<'s> {
    fn new(stream: &'s TcpStream) -> Self {
        Self { stream, question: Vec::with_capacity(1024), answer: Vec::with_capacity(4096), due: None }
    }

    fn ask(&mut self, due: Instant) -> Result<(), Failed> {
        self.answer.clear();
        self.due = Some(due);
        // It has at most one small question under way, which the socket's buffer always has room for.
        Ok(self.stream.write_all(&self.question)?)
    }

    /// Hears what has come; once the answer is whole, when its question was due.
    fn hear(&mut self) -> Result<Option<Instant>, Failed> {
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer) {
            Ok(0) => return Err("the server closed a connection".into()),
            Ok(count) => self.answer.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        match Answer::read(&self.answer)? {
            None => Ok(None),
            Some(answer) if answer.is_valid() == Some(true) => Ok(self.due.take()),
            Some(answer) => Err(format!("a good key was not told to be good:\n{}", answer.shown()).into()),
        }
    }
}

/// The places of the keys to ask about.
struct Draw {
    order: Order,
    state: u64,
    count: usize,
    asked: usize,
    thread: usize,
}

impl Draw {
    fn new(order: Order, thread: usize, count: usize) -> Self {
        let seed = match order {
            Order::Drawn(seed) => seed.wrapping_mul(THREADS as u64).wrapping_add(thread as u64 + 1),
            Order::EachOnce => 0,
        };
        Self { order, state: seed, count, asked: 0, thread }
    }
}

impl Iterator for Draw {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self.order {
            Order::Drawn(_) => {
                // SplitMix64: every state gives another number, and near seeds give far numbers.
                self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mut mixed = self.state;
                mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                Some(((mixed ^ (mixed >> 31)) % self.count as u64) as usize)
            }
            Order::EachOnce => {
                let number = self.asked * THREADS + self.thread;
                self.asked += 1;
                // A stride that shares no divisor with the count visits every place once.
                (number < self.count).then(|| number * coprime_stride(self.count) % self.count)
            }
        }
    }
}

fn coprime_stride(count: usize) -> usize {
    let divides = |mut a: usize, mut b: usize| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    (count * 618 / 1_000..).find(|stride| *stride > 0 && divides(*stride, count) == 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_asked_about_once() {
        for count in [1, 2, 7, 1_000, 20_000] {
            let all = (0..THREADS).flat_map(|thread| Draw::new(Order::EachOnce, thread, count));
            let mut places: Vec<usize> = all.collect();
            places.sort_unstable();
            assert_eq!(places, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn drawn_keys_are_spread_over_all() {
        let mut drawn: Vec<usize> = Draw::new(Order::Drawn(3), 0, 1_000).take(10_000).collect();
        drawn.sort_unstable();
        drawn.dedup();
        assert!(drawn.len() > 990, "{}", drawn.len());
    }

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let mut answers = Answers { count: 0, seconds: 0.0, latencies: (1..=100).rev().map(|ms| ms * 1_000).collect() };
        assert_eq!(answers.percentile(0.99), 99.0);
        assert_eq!(answers.percentile(0.5), 50.0);
    }
}
