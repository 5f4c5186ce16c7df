//! Checking a key offline, against verifying its signature and nothing else.
//!
//! Both verify the same signatures over the same bytes; the check also decodes the text, reads it strictly, finds the
//! signing key and frames the message.

use std::hint::black_box;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signature, VerifyingKey};
use latchkey_key::{IssueDate, KeyId, PublicKeys, Signer, registration};

use crate::report::{Bound, Figure, Report};
use crate::rounds::Rounds;
use crate::{Failed, How};

/// Different keys, more than the processor's first cache holds.
const KEYS: u64 = 2_000;
/// How often the two take turns within a round, so that a slow moment of the machine hits both.
const SLICES: u32 = 40;

struct Bare {
    message: Vec<u8>,
    signature: Signature,
}

pub(crate) fn measure(how: &How, report: &mut Report) -> Result<(), Failed> {
    eprintln!("offline: checking keys, and verifying bare signatures");
    let signer = Signer::from_seed("7k2m9xqd-1".parse()?, [7; 32]);
    let mut ring = PublicKeys::new(signer.id().publisher());
    ring.insert(signer.public_key())?;
    let verifying = VerifyingKey::from_bytes(&signer.public_key().to_bytes())?;

    let (mut texts, mut bare) = (Vec::new(), Vec::new());
    for number in 0..KEYS {
        let day = (number % 28) + 1;
        // Ids that look as random as real ones.
        let id: KeyId =
            format!("0198c1de-7a3b-7c4d-8e5f-{:012x}", number.wrapping_mul(0x9e37_79b9_7f4a) >> 4 & 0xffff_ffff_ffff)
                .parse()?;
        let key = registration::issue(&signer, id, IssueDate::new(2026, 3, day.try_into()?)?);
        bare.push(Bare { message: key.signed_bytes(), signature: Signature::from_bytes(key.signature()) });
        texts.push(key.to_text());
    }

    let slice = Duration::from_millis(if how.quick { 2 } else { 25 });
    let mut rounds = Rounds {
        what: format!("keys checked ({} characters)", texts[0].len()),
        against_what: format!("bare verify_strict ({} bytes)", bare[0].message.len()),
        measured: Vec::new(),
        against: Vec::new(),
    };
    for _ in 0..how.rounds {
        let (mut checked, mut verified) = (Rate::default(), Rate::default());
        for _ in 0..SLICES {
            verified.run(slice, &bare, |bare| verifying.verify_strict(&bare.message, &bare.signature).is_ok())?;
            checked.run(slice, &texts, |text| registration::check(text.as_bytes(), &ring).is_ok())?;
        }
        rounds.measured.push(checked.a_second());
        rounds.against.push(verified.a_second());
    }
    report.add(Figure::ratio("offline", &rounds, "/s", Bound::AtLeast(0.8)));
    Ok(())
}

#[derive(Debug, Clone, Copy, Default)]
struct Rate {
    done: usize,
    seconds: f64,
}

impl Rate {
    /// Does `one` to one thing after another for a while; each has to be true.
    fn run<T>(&mut self, during: Duration, things: &[T], one: impl Fn(&T) -> bool) -> Result<(), Failed> {
        let begun = Instant::now();
        while begun.elapsed() < during {
            if !one(black_box(&things[self.done % things.len()])) {
                return Err("a signature that holds was refused".into());
            }
            self.done += 1;
        }
        self.seconds += begun.elapsed().as_secs_f64();
        Ok(())
    }

    fn a_second(&self) -> f64 {
        self.done as f64 / self.seconds
    }
}
