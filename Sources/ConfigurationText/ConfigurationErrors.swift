/// All that is wrong with a configuration, one sentence each, in the words for the operator.
package struct ConfigurationErrors: Error, CustomStringConvertible {
    package let messages: [String]

    package init(_ messages: [String]) {
        self.messages = messages
    }

    package init(_ message: String) {
        self.init([message])
    }

    package var description: String { messages.joined(separator: "\n") }
}
