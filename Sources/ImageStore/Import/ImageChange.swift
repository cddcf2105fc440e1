import FoundationEssentials
import ImageSpec

/// One instruction of a Dockerfile that says how an image is run, such as `CMD ["sh"]` or `ENV PATH=/bin`.
///
/// - SeeAlso: docker's `import --change`; "Dockerfile reference".
package struct ImageChange: Sendable, Equatable {
    private enum Instruction: String {
        case command = "CMD"
        case entrypoint = "ENTRYPOINT"
        case environment = "ENV"
        case expose = "EXPOSE"
        case label = "LABEL"
        case stopSignal = "STOPSIGNAL"
        case user = "USER"
        case volume = "VOLUME"
        case workingDirectory = "WORKDIR"
    }

    private let instruction: Instruction
    private let value: String

    /// - Throws: ``ImageStoreError/invalidChange(_:reason:)``.
    package init(_ text: String) throws(ImageStoreError) {
        let parts = text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard let name = parts.first, let instruction = Instruction(rawValue: name.uppercased()) else {
            throw .invalidChange(
                text,
                reason: "it should begin with CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR"
            )
        }
        guard parts.count == 2 else { throw .invalidChange(text, reason: "it has no value") }
        self.instruction = instruction
        value = String(parts[1])
        if instruction == .environment || instruction == .label { _ = try pairs() }
    }

    /// Makes the change.
    package func apply(to execution: inout ImageExecution) throws(ImageStoreError) {
        switch instruction {
        case .command: execution.command = commandLine
        case .entrypoint: execution.entrypoint = commandLine
        case .environment:
            for (name, value) in try pairs() {
                execution.environment.removeAll { $0.hasPrefix("\(name)=") }
                execution.environment.append("\(name)=\(value)")
            }
        case .expose:
            for port in ShellWords.split(value) {
                execution.exposedPorts.insert(port.contains("/") ? port : "\(port)/tcp")
            }
        case .label: for (name, value) in try pairs() { execution.labels[name] = value }
        case .stopSignal: execution.stopSignal = value
        case .user: execution.user = value
        case .volume: execution.volumes.formUnion(list ?? ShellWords.split(value))
        case .workingDirectory: execution.workingDirectory = value
        }
    }

    /// The value as a JSON array of strings, when it is one.
    private var list: [String]? { try? JSONDecoder().decode([String].self, from: Data(value.utf8)) }

    /// The array, or the shell that is to read the value.
    private var commandLine: [String] { list ?? ["/bin/sh", "-c", value] }

    /// `name=value` any number of times, or one name and its value with a space between.
    private func pairs() throws(ImageStoreError) -> [(name: String, value: String)] {
        let words = ShellWords.split(value)
        guard let first = words.first else { return [] }
        guard first.contains("=") else {
            guard words.count > 1 else {
                throw .invalidChange("\(instruction.rawValue) \(value)", reason: "'\(first)' has no value")
            }
            return [(first, String(value.drop { !$0.isWhitespace }.drop(while: \.isWhitespace)))]
        }
        var pairs: [(String, String)] = []
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw .invalidChange("\(instruction.rawValue) \(value)", reason: "'\(word)' should be name=value")
            }
            pairs.append((parts[0], parts[1]))
        }
        return pairs
    }
}
