import ImageSpec

/// A change needs more room than the limits of a namespace leave.
package struct QuotaExceeded: Error, Sendable, Hashable {
    /// What there is not enough of.
    package enum Resource: String, Sendable, Hashable {
        case bytes
        case repositories
    }

    /// nil for the whole registry.
    package let namespace: RepositoryName?
    package let resource: Resource
    package let limit: Int64
    /// Before the change.
    package let used: Int64
    /// How much the change would add; nil when that isn't known, which it needn't be where all is used.
    package let needed: Int64?

    package init(namespace: RepositoryName?, resource: Resource, limit: Int64, used: Int64, needed: Int64?) {
        self.namespace = namespace
        self.resource = resource
        self.limit = limit
        self.used = used
        self.needed = needed
    }
}

extension QuotaExceeded: CustomStringConvertible {
    package var description: String {
        let place = namespace.map { "the namespace '\($0)'" } ?? "this registry"
        let holding = "\(place) may hold \(limit) \(resource) and holds \(used)"
        return needed.map { "\(holding): there is no room for \($0) more" } ?? "\(holding): there is no room for more"
    }
}
