//! Tables of every kind, and their parts.

use super::differ::{Differ, Differences};
use crate::model::{Ident, ObjectId, ObjectKind, Property, QualifiedName, Table, VirtualTable};

impl<'a> Differ<'a> {
    pub(super) fn tables(&mut self) {
        self.objects(|c| &c.tables, |o| ObjectId::table(&o.name), Self::table);
        self.objects(
            |c| &c.virtual_tables,
            |o| ObjectId::new(ObjectKind::VirtualTable, o.name.clone()),
            |differ, id, before: &VirtualTable, after: &VirtualTable| {
                let mut d = differ.differences();
                d.compare(Property::Module, &before.module, &after.module);
                d.compare(Property::Arguments, &before.arguments, &after.arguments);
                d.compare(Property::Comment, &before.comment, &after.comment);
                differ.altered(id, d);
            },
        );
    }

    fn table(&mut self, id: &ObjectId, before: &'a Table, after: &'a Table) {
        let mut d = self.differences();
        shape(&mut d, before, after);
        inheritance(&mut d, before, after);
        storage(&mut d, before, after);
        self.tablespace(
            &mut d,
            before.tablespace.as_ref(),
            after.tablespace.as_ref(),
        );
        self.facets(&mut d, &before.facets, &after.facets);
        self.altered(id, d);
        self.columns(before, after);
        self.constraints(before, after);
        self.indexes_of_table(before, after);
        self.triggers(&after.name, (&before.triggers, &after.triggers));
        self.rules(&after.name, (&before.rules, &after.rules));
        self.policies(&after.name, (&before.policies, &after.policies));
    }
}

/// What kind of table it is.
fn shape(d: &mut Differences, before: &Table, after: &Table) {
    let kind = |t: &Table| t.foreign.as_ref().map(|_| Ident::from("foreign"));
    d.compare(Property::Kind, &kind(before), &kind(after));
    if let (Some(before), Some(after)) = (&before.foreign, &after.foreign) {
        d.compare(Property::Server, &before.server, &after.server);
        d.parameters(Property::ForeignOption, &before.options, &after.options);
    }
    d.compare(
        Property::Persistence,
        &before.persistence,
        &after.persistence,
    );
    d.compare(
        Property::PartitionBy,
        &before.partition_by,
        &after.partition_by,
    );
    d.compare(Property::OfType, &before.of_type, &after.of_type);
    d.compare(Property::Strict, &before.strict, &after.strict);
    d.compare(
        Property::WithoutRowid,
        &before.without_rowid,
        &after.without_rowid,
    );
}

fn inheritance(d: &mut Differences, before: &Table, after: &Table) {
    d.compare(
        Property::PartitionOf,
        &before.partition_of,
        &after.partition_of,
    );
    if before.inherits == after.inherits {
        return;
    }
    let count = |list: &[QualifiedName], name: &QualifiedName| list.iter().any(|n| n == name);
    for name in before
        .inherits
        .iter()
        .filter(|n| !count(&after.inherits, n))
    {
        d.compare(Property::Parent(name.clone()), &true, &false);
    }
    for name in after
        .inherits
        .iter()
        .filter(|n| !count(&before.inherits, n))
    {
        d.compare(Property::Parent(name.clone()), &false, &true);
    }
    let common = |this: &Table, other: &Table| -> Vec<QualifiedName> {
        let common = this.inherits.iter().filter(|n| count(&other.inherits, n));
        common.cloned().collect()
    };
    d.compare(
        Property::InheritanceOrder,
        &common(before, after),
        &common(after, before),
    );
}

fn storage(d: &mut Differences, before: &Table, after: &Table) {
    d.parameters(Property::Parameter, &before.storage, &after.storage);
    d.compare(
        Property::AccessMethod,
        &before.access_method,
        &after.access_method,
    );
    d.compare(
        Property::ReplicaIdentity,
        &before.replica_identity,
        &after.replica_identity,
    );
    d.compare(
        Property::RowSecurity,
        &before.row_security,
        &after.row_security,
    );
    d.compare(
        Property::ForceRowSecurity,
        &before.force_row_security,
        &after.force_row_security,
    );
    d.compare(Property::ClusterOn, &before.cluster_on, &after.cluster_on);
}
