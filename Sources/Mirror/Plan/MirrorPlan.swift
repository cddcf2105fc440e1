import ImageSpec

/// What is to be mirrored, from where to where.
package struct MirrorPlan: Sendable {
    package var entries: [MirrorEntry]
    /// What is asked of registries at most.
    package var limits: [RegistryHost: TrafficLimits]

    package init(entries: [MirrorEntry], limits: [RegistryHost: TrafficLimits] = [:]) {
        self.entries = entries
        self.limits = limits
    }
}
