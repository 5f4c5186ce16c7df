//! What has to be so of what agents send, whatever the bytes are: for the fuzzer, and for the tests, which make up bytes of their own.

use latchkey_glpi::agent::{Message, Packing, answer};

const TAG: &str = "SITE-B";
/// Small, so that a byte more than is allowed is soon found.
const MOST: usize = 1 << 20;

/// The structure of a message, in either format: what was read is bounded, and a tag changes nothing but the tag.
pub(crate) fn structure(body: &[u8]) {
    let Ok(message) = Message::read(body) else { return };
    for text in [&message.version, &message.tag, &message.machine].into_iter().flatten() {
        assert!(text.chars().count() <= 120 && !text.chars().any(char::is_control), "{text:?}");
    }
    let Some(tagged) = message.with_tag(body, TAG) else { return };
    let again = Message::read(&tagged).expect("a message with another tag is a message");
    assert_eq!(again.tag.as_deref(), Some(TAG));
    assert_eq!((again.format, again.what), (message.format, message.what));
    assert_eq!((&again.device, &again.version, &again.machine), (&message.device, &message.version, &message.machine));
    assert_eq!(again.with_tag(&tagged, TAG).as_deref(), Some(tagged.as_slice()), "done again, it changes nothing");
    // What stands before it and behind it is as it was: together it is at least what was kept.
    let begin = body.iter().zip(&tagged).take_while(|(own, other)| own == other).count();
    let end = body.iter().rev().zip(tagged.iter().rev()).take_while(|(own, other)| own == other).count();
    let put = tagged.len().saturating_sub(begin + end);
    assert!(put <= TAG.len() + 80, "{put} bytes are others");
}

/// JSON, GLPI's own protocol.
pub(crate) fn json(bytes: &[u8]) {
    structure(bytes);
    structure(&[b"{\"action\":\"inventory\",\"deviceid\":\"a\",", bytes].concat());
}

/// XML, the old protocol.
pub(crate) fn xml(bytes: &[u8]) {
    structure(bytes);
    structure(&[b"<REQUEST><QUERY>INVENTORY</QUERY><DEVICEID>a</DEVICEID>", bytes].concat());
    structure(
        &[b"<REQUEST><QUERY>INVENTORY</QUERY><DEVICEID>a</DEVICEID><CONTENT>", bytes, b"</CONTENT></REQUEST>"].concat(),
    );
}

/// How bodies are packed: unpacking ends within its bound, and what was unpacked packs again.
pub(crate) fn packings(bytes: &[u8]) {
    for packing in [Packing::of(bytes), Packing::Zlib, Packing::Gzip, Packing::Plain] {
        let Ok(plain) = packing.unpack(bytes, MOST) else { continue };
        assert!(plain.len() <= MOST);
        let packed = packing.pack(&plain);
        assert!(packing == Packing::Plain || Packing::of(&packed) == packing);
        assert_eq!(packing.unpack(&packed, MOST).as_deref(), Ok(plain.as_slice()));
    }
    // Answers of GLPI come the same way.
    let heard = answer::heard(bytes);
    assert!(heard.body.len() <= MOST && (!heard.good || !heard.body.is_empty()));
}

/// A message as the gateway reads it: unpacked, understood, given another tag, packed as it was.
pub(crate) fn letter(bytes: &[u8]) {
    let packing = Packing::of(bytes);
    let Ok(plain) = packing.unpack(bytes, MOST) else { return };
    structure(&plain);
    let tagged = Message::read(&plain).ok().and_then(|message| message.with_tag(&plain, TAG));
    if let Some(tagged) = tagged {
        let packed = packing.pack(&tagged);
        assert_eq!(Packing::of(&packed), packing);
        assert_eq!(packing.unpack(&packed, 2 * MOST).as_deref(), Ok(tagged.as_slice()));
    }
}
