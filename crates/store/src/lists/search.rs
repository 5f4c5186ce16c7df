//! What somebody at a desk looks for by a few letters: a customer's name, the beginning of an id, or a whole key.

use latchkey_domain::ids::KeyId;
use latchkey_domain::subscriptions::Subscription;
use latchkey_domain::text::Name;
use latchkey_domain::time::Timestamp;
use latchkey_key::{Damage, registration};

use super::Page;
use super::customers::{self, Sort, Wanted};
use crate::driver::Select;
use crate::subscriptions::customers::{Customer, read};
use crate::subscriptions::keys::{self, Listed};
use crate::subscriptions::subscriptions;
use crate::value::params;
use crate::{StoreError, signing_keys};

/// The most of each kind that are given.
pub const MOST: u32 = 10;
/// The shortest beginning of an id that is looked for, in characters. Ids that were made in one hour begin alike.
const SHORTEST_ID: usize = 6;

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    /// Customers whose name has the text in it, or whose id begins with it.
    pub customers: Vec<Customer>,
    /// Subscriptions whose id begins with the text.
    pub subscriptions: Vec<(Subscription, Name)>,
    /// Keys whose id begins with the text, or the one whose text it is.
    pub keys: Vec<Listed>,
    /// Where the text is that of a key: what is wrong with it, if anything is.
    pub pasted: Option<Result<KeyId, Damage>>,
}

/// Looks for what a text may mean.
pub fn find(from: &mut impl Select, text: &str, now: Timestamp) -> Result<Hits, StoreError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Hits::default());
    }
    if looks_like_a_key(text) {
        return pasted(from, text);
    }
    let mut hits = Hits { customers: named(from, text, now)?, ..Hits::default() };
    if let Some((begin, end)) = range_of_ids(text) {
        let params = params! { begin: begin.as_str(), end: end.as_str(), most: MOST };
        let sql = "SELECT id, name, folded_name, created_at FROM customers WHERE id >= $begin AND id < $end ORDER BY id DESC LIMIT $most";
        for row in from.rows(sql, params)? {
            hits.customers.push(read(&row)?);
        }
        let sql = "SELECT id FROM subscriptions WHERE id >= $begin AND id < $end ORDER BY id DESC LIMIT $most";
        for row in from.rows(sql, params)? {
            hits.subscriptions.extend(subscriptions::find_listed(from, row.get("id")?)?);
        }
        let sql = "SELECT id FROM keys WHERE id >= $begin AND id < $end ORDER BY id DESC LIMIT $most";
        for row in from.rows(sql, params)? {
            hits.keys.extend(keys::find_listed(from, row.get("id")?)?);
        }
    }
    Ok(hits)
}

/// The key that a whole text is, whatever is wrong with it: support is to see both.
fn pasted(from: &mut impl Select, text: &str) -> Result<Hits, StoreError> {
    let read = registration::read(text.as_bytes());
    let keys = match &read {
        Ok(key) => keys::find_listed(from, key.id)?.into_iter().collect(),
        Err(_) => Vec::new(),
    };
    let pasted = match read {
        Ok(key) => key.verify(&signing_keys::ring(from)?).map(|()| key.id),
        Err(damage) => Err(damage),
    };
    Ok(Hits { keys, pasted: Some(pasted), ..Hits::default() })
}

fn named(from: &mut impl Select, text: &str, now: Timestamp) -> Result<Vec<Customer>, StoreError> {
    let wanted = Wanted { name_has: Some(text.to_owned()), ..Wanted::default() };
    let found = customers::page(from, &wanted, Sort::Name, &Page::first(MOST), now)?;
    Ok(found.rows.into_iter().map(|listed| listed.customer).collect())
}

/// No name is so long and has so few kinds of characters; a key that was cut, or has a line break inside, still does.
fn looks_like_a_key(text: &str) -> bool {
    let tight: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    tight.len() >= 60 && tight.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte))
}

/// All ids that begin so.
pub(super) fn range_of_ids(text: &str) -> Option<(String, String)> {
    let begin = text.to_ascii_lowercase();
    let is_one = begin.len() >= SHORTEST_ID
        && begin.len() <= 36
        && begin.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f' | b'-'));
    // `g` sorts after every digit of an id.
    is_one.then(|| (begin.clone(), format!("{begin}g")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_looks_like_one_also_where_it_is_cut_or_broken() {
        let key = "eyJ2IjoxLCJraWQiOiI1YXc1cGY0dC0xIiwiaWQiOiIwMWEyMDI1ZTcxM2M3ZGYxYmMzNWQ2MmU1OGE0NjIwMyIs";
        assert!(looks_like_a_key(key) && looks_like_a_key(&key[..60]) && looks_like_a_key(&key.replace("LC", "L\nC")));
        assert!(!looks_like_a_key(&key[..59]));
        assert!(!looks_like_a_key("01a2025e-713c-7df1-bc35-d62e58a46203"));
        assert!(!looks_like_a_key("Société pour la préservation des châteaux de la Loire et des environs, Tours"));
    }

    #[test]
    fn ids_are_looked_for_by_their_beginning() {
        assert_eq!(range_of_ids("01A202"), Some(("01a202".into(), "01a202g".into())));
        assert_eq!(range_of_ids("01a20"), None);
        assert_eq!(range_of_ids("acme ltd"), None);
    }
}
