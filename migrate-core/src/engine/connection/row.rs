//! Rows of any engine, as code migrations read them.

use std::sync::Arc;

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// NULL.
    Null,
    /// A boolean. MySQL and SQLite have none and return an integer.
    Bool(bool),
    /// An integer of up to 64 bits.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// Text, and every type without a variant of its own, as the server prints it.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A type that can be read from a [`Value`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a row",
    note = "use the typed sqlx connection instead, e.g. `db.postgres()?`"
)]
pub trait FromValue: Sized {
    /// Returns the value as this type; `None` if it has another type.
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(truth) => Some(*truth),
            Value::Int(number @ (0 | 1)) => Some(*number == 1),
            Value::Null | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Bytes(_) => {
                None
            }
        }
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(*number),
            // Sums and unsigned 64-bit integers arrive as text where the engine returns them as decimals.
            Value::Text(text) => text.parse().ok(),
            Value::Null | Value::Bool(_) | Value::Float(_) | Value::Bytes(_) => None,
        }
    }
}

impl FromValue for f64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Float(number) => Some(*number),
            Value::Text(text) => text.parse().ok(),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Bytes(_) => None,
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Bytes(_) => {
                None
            }
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes.clone()),
            Value::Text(text) => Some(text.clone().into_bytes()),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => None,
        }
    }
}

/// Reads NULL as `None`.
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        if *value == Value::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}

/// A row of a query's result.
#[derive(Clone, Debug)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// Returns the value of the column named `column`; `None` if there is no such column or it is not a `T`.
    pub fn get<T: FromValue>(&self, column: &str) -> Option<T> {
        let index = self.columns.iter().position(|name| name == column)?;
        self.at(index)
    }

    /// Returns the value of the column at `index`, from 0; `None` if there is no such column or it is not a `T`.
    pub fn at<T: FromValue>(&self, index: usize) -> Option<T> {
        self.values.get(index).and_then(T::from_value)
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    pub(crate) fn into_first(self) -> Option<Value> {
        self.values.into_iter().next()
    }
}
