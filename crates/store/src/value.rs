//! What goes into a statement and what comes out of it: text, whole numbers and nothing else, on both databases.

use std::cell::Cell;
use std::str::FromStr;
use std::sync::Arc;

use latchkey_domain::ids::{
    AgentId, ConnectionId, CustomerId, InstanceId, KeyId, MoveId, OperatorId, PublisherId, RegistrationId,
    SigningKeyId, SubscriptionId, TrialId,
};
use latchkey_domain::text::{Name, OfferRef, Reason};
use latchkey_domain::time::{Date, Timestamp};

use crate::StoreError;

/// One value, as both databases have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// No value.
    Null,
    /// BIGINT: numbers, flags, and instants in milliseconds.
    Int(i64),
    /// TEXT: everything else.
    Text(String),
}

/// Parameters of a statement by name, without the dollar sign: `params! { id: key.id, now }`.
macro_rules! params {
    (@value $name:ident : $value:expr) => { (stringify!($name), $crate::value::IntoValue::into_value($value)) };
    (@value $name:ident) => { (stringify!($name), $crate::value::IntoValue::into_value($name)) };
    ($($name:ident $(: $value:expr)?),* $(,)?) => { &[$(params!(@value $name $(: $value)?)),*] };
}
pub(crate) use params;

/// Parameters as [`params!`] makes them.
pub(crate) type Params<'p> = &'p [(&'static str, Value)];

/// One row of an answer.
#[derive(Debug, Clone)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
    /// Behind the column that was wanted last: most are wanted in their order, and to look at all names each time takes longer
    /// than to read a value.
    next: Cell<usize>,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values, next: Cell::new(0) }
    }

    /// The value of a column, as the type that is wanted.
    pub(crate) fn get<T: FromValue>(&self, column: &str) -> Result<T, StoreError> {
        let (before, behind) = self.columns.split_at(self.next.get().min(self.columns.len()));
        let is_it = |name: &String| name == column;
        let at = behind.iter().position(is_it).map(|at| before.len() + at).or_else(|| before.iter().position(is_it));
        match at.and_then(|at| self.values.get(at).inspect(|_| self.next.set(at + 1))) {
            Some(value) => T::from_value(value)
                .ok_or_else(|| StoreError::Corrupt(format!("column {column} is not a {}", std::any::type_name::<T>()))),
            None => Err(StoreError::Bug(format!("a statement has no column {column}"))),
        }
    }
}

/// What can be a parameter.
pub(crate) trait IntoValue {
    fn into_value(self) -> Value;
}

/// What can be read from a column.
pub(crate) trait FromValue: Sized {
    fn from_value(value: &Value) -> Option<Self>;
}

impl IntoValue for i64 {
    fn into_value(self) -> Value {
        Value::Int(self)
    }
}

impl IntoValue for u32 {
    fn into_value(self) -> Value {
        Value::Int(self.into())
    }
}

impl IntoValue for Timestamp {
    fn into_value(self) -> Value {
        Value::Int(self.millis())
    }
}

impl IntoValue for &str {
    fn into_value(self) -> Value {
        self.to_owned().into_value()
    }
}

impl IntoValue for String {
    /// PostgreSQL takes no NUL. Nothing that is stored has one, so what is looked for with one is found as little as before.
    fn into_value(self) -> Value {
        Value::Text(if self.contains('\0') { self.replace('\0', "\u{fffd}") } else { self })
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl IntoValue for $type {
            fn into_value(self) -> Value {
                Value::Text(self.to_string())
            }
        }
        impl FromValue for $type {
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Text(text) => <$type>::from_str(text).ok(),
                    Value::Null | Value::Int(_) => None,
                }
            }
        }
    )*};
}
as_text!(
    AgentId,
    RegistrationId,
    ConnectionId,
    KeyId,
    CustomerId,
    SubscriptionId,
    OperatorId,
    InstanceId,
    MoveId,
    TrialId,
    SigningKeyId,
    PublisherId,
    Date
);

impl IntoValue for &OfferRef {
    fn into_value(self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
}

impl IntoValue for &Name {
    fn into_value(self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
}

impl IntoValue for &Reason {
    fn into_value(self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl FromValue for OfferRef {
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).and_then(|text| Self::parse(&text).ok())
    }
}

impl FromValue for Name {
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).and_then(|text| Self::parse("name", &text).ok())
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            Value::Null | Value::Int(_) => None,
        }
    }
}

impl FromValue for Arc<str> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.as_str().into()),
            Value::Null | Value::Int(_) => None,
        }
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(*number),
            Value::Null | Value::Text(_) => None,
        }
    }
}

impl FromValue for u32 {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).and_then(|number| number.try_into().ok())
    }
}

impl FromValue for Timestamp {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(Self::from_millis)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            Value::Int(_) | Value::Text(_) => T::from_value(value).map(Some),
        }
    }
}
