/// All that is wrong with a configuration, one sentence each, in the words for the operator.
struct ConfigurationErrors: Error, CustomStringConvertible {
    let messages: [String]

    init(_ messages: [String]) {
        self.messages = messages
    }

    init(_ message: String) {
        self.init([message])
    }

    var description: String { messages.joined(separator: "\n") }
}
