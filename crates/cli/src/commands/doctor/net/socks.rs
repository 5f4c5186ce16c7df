//! SOCKS 4, 4a and 5, as far as asking for a way goes: what libcurl, and with it PHP, speaks to such a proxy.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::IpAddr;

use super::http;
use super::proxy::TunnelFault;
use super::tcp::Timed;

/// Where to, and as whom.
pub(super) struct Wish<'a> {
    pub(super) host: &'a str,
    /// Where the name was looked up here; else the proxy does that.
    pub(super) address: Option<IpAddr>,
    pub(super) port: u16,
    /// Name and password.
    pub(super) credentials: Option<(&'a str, &'a str)>,
}

/// RFC 1928, with the name and password of RFC 1929.
pub(super) fn five(stream: &mut Timed, wish: &Wish<'_>) -> Result<(), TunnelFault> {
    let methods: &[u8] = if wish.credentials.is_some() { &[5, 2, 0, 2] } else { &[5, 1, 0] };
    stream.write_all(methods).map_err(broken)?;
    let [version, method] = read(stream)?;
    if version != 5 {
        return Err(no_socks());
    }
    match (method, wish.credentials) {
        (0, _) => {}
        (2, Some((name, password))) => {
            let mut said = vec![1];
            counted(&mut said, name)?;
            counted(&mut said, password)?;
            stream.write_all(&said).map_err(broken)?;
            let [_, status] = read(stream)?;
            if status != 0 {
                return Err(TunnelFault::Authentication);
            }
        }
        _ => return Err(TunnelFault::Authentication),
    }
    let mut question = vec![5, 1, 0];
    match wish.address {
        Some(IpAddr::V4(address)) => {
            question.push(1);
            question.extend_from_slice(&address.octets());
        }
        Some(IpAddr::V6(address)) => {
            question.push(4);
            question.extend_from_slice(&address.octets());
        }
        None => {
            question.push(3);
            counted(&mut question, wish.host)?;
        }
    }
    question.extend_from_slice(&wish.port.to_be_bytes());
    stream.write_all(&question).map_err(broken)?;
    let [version, reply, _, kind] = read(stream)?;
    match (version, reply) {
        (5, 0) => {}
        (5, reply) => return Err(TunnelFault::Refused(format!("SOCKS {reply} ({})", reason(reply)))),
        (_, _) => return Err(no_socks()),
    }
    // Where it goes out from, which nobody wants to know.
    let length = match kind {
        1 => 4,
        4 => 16,
        _ => {
            let [length] = read(stream)?;
            usize::from(length)
        }
    };
    let mut rest = vec![0; length + 2];
    stream.read_exact(&mut rest).map_err(broken)
}

/// SOCKS 4, and 4a where the proxy looks the name up.
pub(super) fn four(stream: &mut Timed, wish: &Wish<'_>) -> Result<(), TunnelFault> {
    let mut question = vec![4, 1];
    question.extend_from_slice(&wish.port.to_be_bytes());
    match wish.address {
        Some(IpAddr::V4(address)) => question.extend_from_slice(&address.octets()),
        Some(IpAddr::V6(_)) => return Err(TunnelFault::Broken("SOCKS 4 knows no IPv6 addresses".into())),
        None => question.extend_from_slice(&[0, 0, 0, 1]),
    }
    question.extend_from_slice(wish.credentials.map_or("", |(name, _)| name).as_bytes());
    question.push(0);
    if wish.address.is_none() {
        question.extend_from_slice(wish.host.as_bytes());
        question.push(0);
    }
    stream.write_all(&question).map_err(broken)?;
    let [version, reply, ..]: [u8; 8] = read(stream)?;
    match (version, reply) {
        (0, 90) => Ok(()),
        (0, 92 | 93) => Err(TunnelFault::Authentication),
        (0, reply) => Err(TunnelFault::Refused(format!("SOCKS {reply}"))),
        (_, _) => Err(no_socks()),
    }
}

fn reason(reply: u8) -> &'static str {
    match reply {
        2 => "not allowed",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "too far",
        7 | 8 => "not supported",
        _ => "failed",
    }
}

fn read<const N: usize>(stream: &mut Timed) -> Result<[u8; N], TunnelFault> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).map_err(broken)?;
    Ok(bytes)
}

/// A text with its length before it, which is one byte.
fn counted(into: &mut Vec<u8>, text: &str) -> Result<(), TunnelFault> {
    let length = u8::try_from(text.len()).map_err(|_| TunnelFault::Broken("the name is too long for SOCKS".into()))?;
    into.push(length);
    into.extend_from_slice(text.as_bytes());
    Ok(())
}

fn no_socks() -> TunnelFault {
    TunnelFault::Broken("it does not speak SOCKS".into())
}

fn broken(error: io::Error) -> TunnelFault {
    TunnelFault::Broken(match error.kind() == ErrorKind::UnexpectedEof {
        true => "the connection was closed".into(),
        false => http::said(&error),
    })
}
