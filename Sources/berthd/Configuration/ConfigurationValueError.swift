/// A text that isn't a value of its key.
struct ConfigurationValueError: Error {
    let text: String
    /// What the key takes, for the operator.
    let allowed: String
}
