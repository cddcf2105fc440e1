import FoundationEssentials
import ImageSpec

/// One instruction that changes how an image is run, such as `CMD ["/bin/sh"]`, in Dockerfile's syntax.
///
/// - SeeAlso: docker's "Dockerfile reference"; `docker import --change`.
package struct ImageChange: Sendable, Equatable {
    private enum Instruction: String, CaseIterable {
        case command = "CMD"
        case entrypoint = "ENTRYPOINT"
        case environment = "ENV"
        case expose = "EXPOSE"
        case healthcheck = "HEALTHCHECK"
        case label = "LABEL"
        case onBuild = "ONBUILD"
        case stopSignal = "STOPSIGNAL"
        case user = "USER"
        case volume = "VOLUME"
        case workingDirectory = "WORKDIR"
    }

    private let instruction: Instruction
    private let words: [String]
    /// As the image's config has it; nil of any other instruction.
    private let healthcheck: JSONValue?

    /// Parses one instruction.
    ///
    /// - Throws: ``ImageStoreError/invalidChange(_:reason:)``.
    package init(_ text: String) throws(ImageStoreError) {
        let parts = text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard let keyword = parts.first, let instruction = Instruction(rawValue: keyword.uppercased()) else {
            let known = Instruction.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidChange(text, reason: "it should begin with one of \(known)")
        }
        let rest = parts.count == 2 ? Self.trimming(parts[1]) : ""
        guard !rest.isEmpty else { throw .invalidChange(text, reason: "nothing stands behind \(instruction.rawValue)") }
        self.instruction = instruction
        words = try Self.words(of: rest, for: instruction, in: text)
        healthcheck = try instruction == .healthcheck ? HealthcheckInstruction(rest, of: text).field : nil
    }

    /// Changes `execution` as the instruction says.
    package func apply(to execution: inout ImageExecution) {
        switch instruction {
        case .command: execution.command = words
        case .entrypoint: execution.entrypoint = words
        case .environment: setEnvironment(of: &execution)
        case .expose: execution.exposedPorts.formUnion(words)
        case .healthcheck: execution.unknownFields["Healthcheck"] = healthcheck
        case .onBuild: addTrigger(to: &execution)
        case .label: for (name, value) in pairs { execution.labels[name] = value }
        case .stopSignal: execution.stopSignal = words[0]
        case .user: execution.user = words[0]
        case .volume: execution.volumes.formUnion(words)
        case .workingDirectory: execution.workingDirectory = absolute(words[0], from: execution.workingDirectory)
        }
    }

    private var pairs: [(name: String, value: String)] {
        words.map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
        }
    }

    private func setEnvironment(of execution: inout ImageExecution) {
        for (name, value) in pairs {
            execution.environment.removeAll { $0.hasPrefix("\(name)=") }
            execution.environment.append("\(name)=\(value)")
        }
    }

    /// What a build does that begins with the image.
    private func addTrigger(to execution: inout ImageExecution) {
        var triggers: [JSONValue] = []
        if case .array(let known)? = execution.unknownFields["OnBuild"] { triggers = known }
        execution.unknownFields["OnBuild"] = .array(triggers + words.map { .string($0) })
    }

    private func absolute(_ path: String, from folder: String) -> String {
        if path.hasPrefix("/") { return path }
        return folder.hasSuffix("/") ? "\(folder)\(path)" : "\(folder)/\(path)"
    }
}

extension ImageChange {
    private static func words(
        of rest: String,
        for instruction: Instruction,
        in text: String
    ) throws(ImageStoreError) -> [String] {
        switch instruction {
        case .command, .entrypoint:
            return list(rest) ?? ["/bin/sh", "-c", rest]
        case .volume:
            if let list = list(rest) { return list }
            return try QuotedWords.split(rest, of: text)
        case .environment, .label:
            return try assignments(QuotedWords.split(rest, of: text), rest: rest, of: text)
        case .expose:
            var all: [String] = []
            for word in try QuotedWords.split(rest, of: text) { all += try ports(word, of: text) }
            return all
        case .healthcheck:
            return [rest]
        case .onBuild:
            let trigger = rest.prefix { !$0.isWhitespace }.uppercased()
            guard !["ONBUILD", "FROM", "MAINTAINER"].contains(trigger) else {
                throw .invalidChange(text, reason: "\(trigger) can't stand behind ONBUILD")
            }
            return [rest]
        case .stopSignal, .user, .workingDirectory:
            let words = try QuotedWords.split(rest, of: text)
            guard words.count == 1, !words[0].isEmpty else {
                throw .invalidChange(text, reason: "\(instruction.rawValue) takes one word")
            }
            return words
        }
    }

    /// The exec form: a JSON array of strings. What only looks like it is a shell's command, as docker has it.
    static func list(_ text: String) -> [String]? {
        guard text.hasPrefix("[") else { return nil }
        return try? JSONDecoder().decode([String].self, from: Data(text.utf8))
    }

    /// `name=value` words; or, in the old form, one name and a value with all its spaces.
    private static func assignments(
        _ words: [String],
        rest: String,
        of text: String
    ) throws(ImageStoreError) -> [String] {
        guard let first = words.first else { throw .invalidChange(text, reason: "it has no name") }
        if !first.contains("="), words.count > 1 {
            let value = rest.drop { !$0.isWhitespace }
            return ["\(first)=\(trimming(value))"]
        }
        guard words.allSatisfy({ $0.contains("=") && !$0.hasPrefix("=") }) else {
            throw .invalidChange(text, reason: "each word should be name=value")
        }
        return words
    }

    /// `port[-port][/protocol]` as a config says it: each port with its protocol.
    private static func ports(_ word: String, of text: String) throws(ImageStoreError) -> [String] {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        let transport = parts.count == 2 ? parts[1].lowercased() : "tcp"
        guard parts.count <= 2, (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
            first <= last, ["tcp", "udp", "sctp"].contains(transport)
        else { throw .invalidChange(text, reason: "'\(word)' is not a port, such as 80 or 53/udp") }
        return (first...last).map { "\($0)/\(transport)" }
    }

    private static func trimming(_ text: some StringProtocol) -> String {
        var text = Substring(text).drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
