/// Why a container's files can't be read or written: one line for a person.
package struct TreeFailure: Error, Equatable, CustomStringConvertible {
    package let reason: String
    /// Whether it is only that what was asked for isn't there.
    package let isMissing: Bool

    package init(_ reason: String, isMissing: Bool = false) {
        self.reason = reason
        self.isMissing = isMissing
    }

    /// The process that was to take an archive has ended; it may have said why.
    static let brokenPipe = TreeFailure("the process that writes the container's files ended without a report")

    init(_ failure: LayerFailure) {
        self.init(failure.reason)
    }

    package var description: String { reason }
}
