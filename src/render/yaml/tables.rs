//! Tables with everything that belongs to them, partitions included.

use super::columns::Typing;
use super::names::Names;
use super::said;
use super::value::{Map, Value, texts};
use crate::ddl::{self, Form};
use crate::model::{
    Column, Expr, ObjectId, PartitionBound, Persistence, ReplicaIdentity, Table, VirtualTable,
};

/// The levels of partitions that stand within their table; the source reads eight.
const MAX_NESTED: usize = 6;

impl Names<'_> {
    pub(super) fn table(&self, table: &Table) -> Value {
        let mut map = Map::block();
        said::facets(&mut map, &table.facets);
        self.notes(&mut map, &ObjectId::table(&table.name));
        self.origin(&mut map, table);
        map.put_filled("columns", self.columns(table));
        self.constraints(&mut map, table);
        self.divided(&mut map, table);
        map.put_filled("indexes", self.indexes(&table.name, &table.indexes));
        self.settings(&mut map, table);
        map.put_filled("triggers", self.triggers(&table.name, &table.triggers));
        match (table.row_security, table.force_row_security) {
            (true, true) => map.put("row_security", "forced"),
            (true, false) => map.put("row_security", Value::Boolean(true)),
            (false, true) => map.put("row_security", "forced only"),
            (false, false) => {}
        }
        map.put_filled("policies", self.policies(table));
        said::privileges(&mut map, &table.facets.acl, "TABLE");
        map.into()
    }

    /// `partition_by` and the partitions that have nothing of their own.
    fn divided(&self, map: &mut Map, table: &Table) {
        if let Some(by) = &table.partition_by {
            map.put("partition_by", self.partition_by(by));
        }
        let mut partitions = Map::block();
        for partition in self.partitions(&table.name) {
            let Some(of) = &partition.partition_of else {
                continue;
            };
            let mut inner = Map::inline();
            put_bound(&mut inner, &of.bound);
            said::facets(&mut inner, &partition.facets);
            map_storage(&mut inner, partition);
            self.divided(&mut inner, partition);
            said::privileges(&mut inner, &partition.facets.acl, "TABLE");
            let only_default = inner.entries.len() == 1 && of.bound == PartitionBound::Default;
            let value: Value = if only_default {
                "default".into()
            } else {
                inner.into()
            };
            partitions.put(&*partition.name.name, value);
        }
        map.put_filled("partitions", partitions);
    }

    /// Whether a table is told with its parent: a partition with nothing of its own.
    pub(super) fn is_nested(&self, table: &Table) -> bool {
        let Some(of) = &table.partition_of else {
            return false;
        };
        let bare = Table {
            name: table.name.clone(),
            columns: table.columns.clone(),
            partition_by: table.partition_by.clone(),
            partition_of: table.partition_of.clone(),
            storage: table.storage.clone(),
            tablespace: table.tablespace.clone(),
            rules: table.rules.clone(),
            facets: table.facets.clone(),
            ..Table::default()
        };
        *table == bare
            && of.parent.schema == table.name.schema
            && self.cx.catalog.tables.contains_key(&of.parent)
            && !self.cx.catalog.is_external(&of.parent)
            && !self.cx.catalog.is_external(&table.name)
            && ddl::form(&self.cx, table) == Form::PartitionOf
            && self.columns(table).is_empty()
            && !self.has_notes(&ObjectId::table(&table.name))
            && self.depth(table) <= MAX_NESTED
    }

    /// The number of ancestors of a partition, as far as it matters.
    fn depth(&self, table: &Table) -> usize {
        let mut depth = 0;
        let mut parent = table.partition_of.as_ref();
        while let Some(of) = parent.filter(|_| depth <= MAX_NESTED) {
            depth += 1;
            let table = self.cx.catalog.tables.get(&of.parent);
            parent = table.and_then(|t| t.partition_of.as_ref());
        }
        depth
    }

    /// What a table is, beside one of its own.
    fn origin(&self, map: &mut Map, table: &Table) {
        match table.persistence {
            Persistence::Permanent => {}
            Persistence::Unlogged => map.put_flag("unlogged", true),
            Persistence::Temporary => map.put_flag("temporary", true),
        }
        map.put_some("of", table.of_type.as_ref().map(|t| self.relation(t)));
        if let Some(of) = &table.partition_of {
            let mut inner = Map::inline();
            inner.put("parent", self.relation(&of.parent));
            put_bound(&mut inner, &of.bound);
            map.put("partition_of", inner);
        }
        map.put_filled(
            "inherits",
            texts(table.inherits.iter().map(|p| self.relation(p))),
        );
        if let Some(foreign) = &table.foreign {
            let mut inner = Map::inline();
            inner.put("server", &*foreign.server);
            inner.put_filled("options", &foreign.options);
            map.put("foreign", inner);
        }
    }

    fn settings(&self, map: &mut Map, table: &Table) {
        map_storage(map, table);
        map.put_some("access_method", table.access_method.as_deref());
        match &table.replica_identity {
            ReplicaIdentity::Default => {}
            ReplicaIdentity::Full => map.put("replica_identity", "full"),
            ReplicaIdentity::Nothing => map.put("replica_identity", "nothing"),
            ReplicaIdentity::Index(index) => {
                let mut inner = Map::inline();
                inner.put("index", &**index);
                map.put("replica_identity", inner);
            }
        }
        map.put_some("cluster_on", table.cluster_on.as_deref());
        map.put_flag("strict", table.strict);
        map.put_flag("without_rowid", table.without_rowid);
    }

    fn columns(&self, table: &Table) -> Map {
        let mut map = Map::block();
        let form = ddl::form(&self.cx, table);
        for column in &table.columns {
            let inherited = form == Form::Plain && column.inherited;
            let typing = if form == Form::PartitionOf || inherited {
                Typing::Taken
            } else {
                Typing::Own
            };
            let own;
            let column = match self.parent_column(table, column) {
                // What the parent says need not be said again.
                Some(parent) if typing == Typing::Taken => {
                    own = without_parents(column, parent);
                    &own
                }
                _ => column,
            };
            let value = self.column(table, column, typing);
            if typing == Typing::Own || value != Value::Map(Map::inline()) {
                map.put(&*column.name, value);
            }
        }
        map
    }

    /// The column of the first parent that has it.
    fn parent_column(&self, table: &Table, column: &Column) -> Option<&Column> {
        let of = table.partition_of.iter().map(|of| &of.parent);
        let mut parents = of.chain(&table.inherits);
        parents.find_map(|parent| self.cx.catalog.tables.get(parent)?.column(&column.name))
    }

    /// What neither CREATE TABLE nor a key can say of a column that a table inherits: that it does
    /// not have the default of one above it, or takes nulls. Each table says it for itself.
    pub(super) fn dropped_defaults(&self, table: &Table) -> Vec<String> {
        let plain = ddl::form(&self.cx, table) == Form::Plain;
        let inherited = table.columns.iter().filter(|c| plain && c.inherited);
        let name = self.dialect.quote_name(&table.name);
        let mut out = Vec::new();
        for column in inherited {
            let quoted = self.dialect.quote(&column.name);
            let mut say = |dropped: &str| {
                out.push(format!(
                    "ALTER TABLE ONLY {name} ALTER COLUMN {quoted} DROP {dropped}"
                ));
            };
            let above = || {
                let lineage = self.cx.catalog.lineage(&table.name).skip(1);
                lineage.filter_map(|t| t.column(&column.name))
            };
            if column.default.is_none() && above().any(|c| c.default.is_some()) {
                say("DEFAULT");
            }
            if !column.not_null && above().any(|c| c.not_null) {
                say("NOT NULL");
            }
        }
        out
    }

    pub(super) fn virtual_table(&self, table: &VirtualTable) -> Value {
        let arguments: Vec<&str> = table.arguments.iter().map(|a| a.text()).collect();
        let mut map = Map::block();
        said::describe(&mut map, table.comment.as_deref());
        self.notes(
            &mut map,
            &ObjectId::new(crate::model::ObjectKind::VirtualTable, table.name.clone()),
        );
        let word = self.dialect.quote(&table.module) == table.module.as_str();
        if map.is_empty() && word && !arguments.iter().any(|a| a.contains("--")) {
            return format!("{}({})", table.module, arguments.join(", ")).into();
        }
        map.put("using", &*table.module);
        map.put_filled("arguments", texts(arguments));
        map.into()
    }
}

fn map_storage(map: &mut Map, table: &Table) {
    map.put_filled("storage", &table.storage);
    map.put_some("tablespace", table.tablespace.as_deref());
}

/// A partition's column without what `PARTITION OF` takes from the parent.
fn without_parents(column: &Column, parent: &Column) -> Column {
    let mut own = column.clone();
    own.collation = None;
    own.generated = None;
    own.not_null &= !parent.not_null;
    own.default = own.default.filter(|d| parent.default.as_ref() != Some(d));
    own.storage = own.storage.filter(|s| parent.storage.as_ref() != Some(s));
    own.compression = own
        .compression
        .filter(|c| parent.compression.as_ref() != Some(c));
    own
}

/// `from` and `to`, `in`, `modulus` and `remainder`, `default`.
fn put_bound(map: &mut Map, bound: &PartitionBound) {
    match bound {
        PartitionBound::Default => map.put_flag("default", true),
        PartitionBound::Range { from, to } => {
            map.put("from", bounds(from));
            map.put("to", bounds(to));
        }
        PartitionBound::List(values) => {
            map.put("in", Value::List(values.iter().map(bound_value).collect()));
        }
        PartitionBound::Hash { modulus, remainder } => {
            map.put("modulus", Value::Integer((*modulus).into()));
            map.put("remainder", Value::Integer((*remainder).into()));
        }
    }
}

fn bounds(values: &[Expr]) -> Value {
    match values {
        [only] => bound_value(only),
        values => Value::List(values.iter().map(bound_value).collect()),
    }
}

/// A date needs no quotes of SQL's.
fn bound_value(value: &Expr) -> Value {
    let text = value.text();
    let inner = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
    let date = |t: &&str| {
        t.len() >= 10
            && !t.contains('\'')
            && t.bytes().take(10).enumerate().all(|(n, b)| match n {
                4 | 7 => b == b'-',
                _ => b.is_ascii_digit(),
            })
    };
    match inner.filter(date) {
        Some(date) => Value::Text(date.to_owned()),
        None => Value::Literal(text.to_owned()),
    }
}
