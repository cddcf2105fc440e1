/// A berthd doesn't do what its operator asked, and says why in words that stand for themselves.
package struct AdministrationRefused: Error, Sendable, Equatable, CustomStringConvertible {
    package let reason: String

    package var description: String { reason }
}
