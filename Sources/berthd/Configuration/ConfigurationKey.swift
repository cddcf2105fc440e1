/// One thing that can be configured: its name, and how a text becomes its value and back.
struct ConfigurationKey: Sendable {
    /// As in the file.
    let name: String
    /// Whether a new value is applied when the server reads its configuration again.
    let appliesWhileRunning: Bool
    /// Sets the value that a text stands for.
    let set: @Sendable (String, inout ServeConfiguration) throws(ConfigurationValueError) -> Void
    /// The value as a text that ``set`` reads.
    let text: @Sendable (ServeConfiguration) -> String
    /// Takes the value over from another configuration.
    let copy: @Sendable (ServeConfiguration, inout ServeConfiguration) -> Void

    init<Value: Sendable>(
        _ name: String,
        _ path: WritableKeyPath<ServeConfiguration, Value> & Sendable,
        _ format: ConfigurationFormat<Value>,
        whileRunning appliesWhileRunning: Bool = false
    ) {
        self.name = name
        self.appliesWhileRunning = appliesWhileRunning
        set = { (text, configuration) throws(ConfigurationValueError) in
            guard let value = format.parse(text) else {
                throw ConfigurationValueError(text: text, allowed: format.allowed)
            }
            configuration[keyPath: path] = value
        }
        text = { format.text($0[keyPath: path]) }
        copy = { $1[keyPath: path] = $0[keyPath: path] }
    }

    /// The environment variable that sets it.
    var variable: String { "BERTHD_\(name.uppercased())" }
}
