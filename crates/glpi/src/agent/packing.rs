//! How bodies are packed: zlib, gzip, or not at all.
//!
//! Agents say so in the content type, and are sometimes wrong; so the first bytes decide, which cannot be those of JSON or
//! XML in either case. Unpacking is bounded: a body of a few kilobytes can unpack to gigabytes.

use std::cell::RefCell;
use std::io::{self, Read as _, Write as _};

use flate2::read::MultiGzDecoder;
use flate2::write::{GzEncoder, ZlibEncoder};
use flate2::{Compression, Decompress, FlushDecompress, Status};

thread_local! {
    /// What unpacking remembers fills 40 KB: to make it anew took longer than to unpack a message of an agent that only knocks.
    static UNPACKER: RefCell<Decompress> = RefCell::new(Decompress::new(true));
}

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// `application/x-compress-zlib`: what agents do by default.
    Zlib,
    /// `application/x-compress-gzip`.
    Gzip,
    /// Not at all.
    Plain,
}

/// Why a body does not unpack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpackable {
    /// It would be longer than what is taken.
    Swells,
    /// It is damaged, or was cut.
    Damaged,
}

impl Packing {
    /// How these bytes are packed.
    pub fn of(body: &[u8]) -> Self {
        match body {
            [0x1f, 0x8b, ..] => Self::Gzip,
            // The low four bits say deflate; the two bytes are a multiple of 31 (RFC 1950).
            [first, second, ..]
                if first & 0x0f == 8 && first >> 4 <= 7 && u16::from_be_bytes([*first, *second]).is_multiple_of(31) =>
            {
                Self::Zlib
            }
            _ => Self::Plain,
        }
    }

    /// The content type under which it is sent; that of plain text depends on what is in it.
    pub fn content_type(self, format: super::Format) -> &'static str {
        match (self, format) {
            (Self::Zlib, _) => "application/x-compress-zlib",
            (Self::Gzip, _) => "application/x-compress-gzip",
            (Self::Plain, super::Format::Json) => "application/json",
            (Self::Plain, super::Format::Xml) => "application/xml",
        }
    }

    /// Unpacks, to `most` bytes at the most.
    pub fn unpack(self, body: &[u8], most: usize) -> Result<Vec<u8>, Unpackable> {
        match self {
            Self::Plain if body.len() > most => Err(Unpackable::Swells),
            Self::Plain => Ok(body.to_vec()),
            Self::Zlib => unpack_zlib(body, most),
            Self::Gzip => bounded(MultiGzDecoder::new(body), body.len(), most),
        }
    }

    /// Packs.
    pub fn pack(self, body: &[u8]) -> Vec<u8> {
        let packed = match self {
            Self::Plain => Ok(body.to_vec()),
            Self::Zlib => {
                let mut encoder = ZlibEncoder::new(Vec::with_capacity(body.len() / 8), Compression::default());
                encoder.write_all(body).and_then(|()| encoder.finish())
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 8), Compression::default());
                encoder.write_all(body).and_then(|()| encoder.finish())
            }
        };
        // Writing to memory does not fail.
        packed.unwrap_or_default()
    }
}

fn unpack_zlib(body: &[u8], most: usize) -> Result<Vec<u8>, Unpackable> {
    UNPACKER.with_borrow_mut(|unpacker| {
        unpacker.reset(true);
        let mut unpacked = Vec::with_capacity(guess(body.len(), most).max(64));
        loop {
            if unpacked.len() == unpacked.capacity() {
                unpacked.reserve(unpacked.len());
            }
            let (read, written) = (unpacker.total_in(), unpacked.len());
            let rest = usize::try_from(read).ok().and_then(|read| body.get(read..)).unwrap_or_default();
            let status = unpacker.decompress_vec(rest, &mut unpacked, FlushDecompress::None);
            let status = status.map_err(|_| Unpackable::Damaged)?;
            if unpacked.len() > most {
                return Err(Unpackable::Swells);
            }
            match status {
                Status::StreamEnd => return Ok(unpacked),
                // It was cut: nothing is left to read, and nothing more comes of it.
                Status::Ok | Status::BufError if unpacker.total_in() == read && unpacked.len() == written => {
                    return Err(Unpackable::Damaged);
                }
                Status::Ok | Status::BufError => {}
            }
        }
    })
}

/// How long a body may be unpacked. Inventories are a twelfth of their length when they are packed.
fn guess(packed: usize, most: usize) -> usize {
    packed.saturating_mul(12).min(most).min(1 << 20)
}

fn bounded(reader: impl io::Read, packed: usize, most: usize) -> Result<Vec<u8>, Unpackable> {
    let mut unpacked = Vec::with_capacity(guess(packed, most));
    reader.take(most as u64 + 1).read_to_end(&mut unpacked).map_err(|_| Unpackable::Damaged)?;
    if unpacked.len() > most { Err(Unpackable::Swells) } else { Ok(unpacked) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_packed_unpacks_and_is_known_by_its_first_bytes() {
        for body in [&b"{\"action\":\"contact\"}"[..], b"<?xml version=\"1.0\"?><REQUEST/>", b"\n {}", b""] {
            for packing in [Packing::Zlib, Packing::Gzip, Packing::Plain] {
                let packed = packing.pack(body);
                assert_eq!(Packing::of(&packed), packing);
                assert_eq!(packing.unpack(&packed, body.len()).unwrap(), body);
            }
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let zeros = vec![0; 64 << 20];
        for packing in [Packing::Zlib, Packing::Gzip] {
            let bomb = packing.pack(&zeros);
            assert!(bomb.len() < 100_000, "{}", bomb.len());
            assert_eq!(packing.unpack(&bomb, 1 << 20), Err(Unpackable::Swells));
        }
        // One behind the other unpacks as one, too.
        let many = Packing::Gzip.pack(&zeros[..1 << 20]).repeat(40);
        assert_eq!(Packing::Gzip.unpack(&many, 32 << 20), Err(Unpackable::Swells));
    }

    #[test]
    fn what_was_cut_or_damaged_says_so() {
        for packing in [Packing::Zlib, Packing::Gzip] {
            let packed = packing.pack(b"{\"action\":\"contact\",\"deviceid\":\"a\"}");
            assert_eq!(packing.unpack(&packed[..packed.len() - 5], 1_000), Err(Unpackable::Damaged));
            let mut other = packed.clone();
            other[packed.len() - 2] ^= 1;
            assert_eq!(packing.unpack(&other, 1_000), Err(Unpackable::Damaged));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_end_within_bounds(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            for packing in [Packing::of(&body), Packing::Zlib, Packing::Gzip, Packing::Plain] {
                if let Ok(unpacked) = packing.unpack(&body, 1_000) {
                    prop_assert!(unpacked.len() <= 1_000);
                }
            }
        }
    }
}
