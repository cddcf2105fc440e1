/// A condition on one argument of a system call.
package struct SeccompArgument: Sendable, Equatable, Codable {
    package var index: Int
    package var value: UInt64
    /// What the argument is to be once `value` has masked it.
    package var valueTwo: UInt64?
    package var op: String
}
