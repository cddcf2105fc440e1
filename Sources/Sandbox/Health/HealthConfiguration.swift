/// How it is found out whether a container is well.
///
/// - SeeAlso: docker's "Dockerfile reference", `HEALTHCHECK`.
package struct HealthConfiguration: Sendable, Codable, Hashable {
    /// The program to run in the container and its arguments; it is well when that ends with 0.
    package var arguments: [String]
    /// In seconds, between the end of one look and the next.
    package var interval = 30.0
    /// In seconds, after which a look counts as failed.
    package var timeout = 30.0
    /// In seconds from the start, in which failures don't count.
    package var startPeriod = 0.0
    /// How many failures in a row make it unhealthy.
    package var retries = 3

    /// - Parameter test: as an image has it: `CMD` and arguments, or `CMD-SHELL` and a line for /bin/sh.
    ///   Nil where it says `NONE`, or nothing that can be run.
    package init?(test: [String]) {
        switch test.first {
        case "CMD" where test.count > 1: arguments = Array(test.dropFirst())
        case "CMD-SHELL" where test.count == 2: arguments = ["/bin/sh", "-c", test[1]]
        default: return nil
        }
    }
}

/// How a container is, as far as it was looked.
package struct HealthState: Sendable, Codable, Equatable {
    package enum Status: String, Sendable, Codable {
        case starting, healthy, unhealthy
    }

    /// One look.
    package struct Look: Sendable, Codable, Equatable {
        /// Nanoseconds since 1970.
        package var start: Int64
        package var end: Int64
        /// -1 where it took too long.
        package var exitStatus: Int32
        /// What it wrote, up to a bound.
        package var output: String
    }

    package var status = Status.starting
    package var failuresInARow = 0
    /// The last few, the newest last.
    package var looks: [Look] = []
}
