//! What a YAML document holds, before it is laid out.

use crate::model::Parameters;

/// A value of a YAML document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A text, which stays one for every reader of YAML.
    Text(String),
    /// A text that is a number, a truth value or nothing where it looks like one: SQL literals.
    Literal(String),
    /// A text that stands between quotes whatever it holds: its reader would cut it otherwise.
    Quoted(String),
    Boolean(bool),
    Integer(i64),
    Null,
    List(Vec<Self>),
    Map(Map),
}

/// Keys with their values, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Map {
    pub(super) entries: Vec<(String, Value)>,
    /// Whether it may stand on one line, where it fits.
    pub(super) inline: bool,
}

impl Map {
    /// One key a line.
    pub(super) fn block() -> Self {
        Self::default()
    }

    /// On one line where it fits.
    pub(super) fn inline() -> Self {
        Self {
            inline: true,
            ..Self::default()
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn put(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        self.entries.push((key.into(), value.into()));
    }

    /// Puts a value that is there.
    pub(super) fn put_some(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// Puts `true` where it holds.
    pub(super) fn put_flag(&mut self, key: &str, holds: bool) {
        if holds {
            self.put(key, Value::Boolean(true));
        }
    }

    /// Puts a list or mapping that holds anything.
    pub(super) fn put_filled(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        let empty = match &value {
            Value::List(items) => items.is_empty(),
            Value::Map(map) => map.is_empty(),
            _ => false,
        };
        if !empty {
            self.put(key, value);
        }
    }
}

impl Value {
    /// The same for programs.
    pub(super) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) | Self::Literal(text) | Self::Quoted(text) => text.as_str().into(),
            Self::Boolean(holds) => (*holds).into(),
            Self::Integer(number) => (*number).into(),
            Self::Null => serde_json::Value::Null,
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(map) => {
                let entries = map.entries.iter();
                let entries = entries.map(|(key, value)| (key.clone(), value.to_json()));
                serde_json::Value::Object(entries.collect())
            }
        }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<Vec<Self>> for Value {
    fn from(items: Vec<Self>) -> Self {
        Self::List(items)
    }
}

impl From<&Parameters> for Value {
    fn from(parameters: &Parameters) -> Self {
        let mut map = Map::inline();
        for (name, value) in parameters {
            map.put(&**name, Self::Literal(value.to_string()));
        }
        Self::Map(map)
    }
}

/// A list of texts.
pub(super) fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Value {
    let items = items.into_iter().map(|item| Value::from(item.as_ref()));
    Value::List(items.collect())
}

/// One text as itself, several as a list.
pub(super) fn one_or_list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Value {
    let mut items: Vec<Value> = items.into_iter().map(|i| i.as_ref().into()).collect();
    match (items.pop(), items.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            items.push(last);
            Value::List(items)
        }
        (None, _) => Value::List(items),
    }
}
