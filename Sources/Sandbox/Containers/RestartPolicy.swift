/// When a container that has ended is started again, without anybody asking.
package enum RestartPolicy: Sendable, Codable, Hashable {
    case never
    /// After an end with another status than 0; at most so many times in a row, where there is a number.
    case onFailure(maximum: Int?)
    case always
    /// As ``always``, but not at boot where somebody had stopped it.
    case unlessStopped

    /// Parses docker's `no`, `on-failure[:n]`, `always` and `unless-stopped`.
    ///
    /// - Throws: ``SandboxError/invalidRestartPolicy(_:)``.
    package init(_ text: String) throws(SandboxError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts[0], parts.count) {
        case ("no", 1), ("", 1): self = .never
        case ("always", 1): self = .always
        case ("unless-stopped", 1): self = .unlessStopped
        case ("on-failure", 1): self = .onFailure(maximum: nil)
        case ("on-failure", 2):
            guard let maximum = Int(parts[1]), maximum >= 0 else { throw .invalidRestartPolicy(text) }
            self = .onFailure(maximum: maximum == 0 ? nil : maximum)
        default: throw .invalidRestartPolicy(text)
        }
    }

    /// Whether to start again a container that the machine's end has ended.
    ///
    /// - Parameter wasStoppedByHand: whether it was, in truth, somebody.
    package func startsAtBoot(wasStoppedByHand: Bool) -> Bool {
        switch self {
        case .always: true
        case .unlessStopped: !wasStoppedByHand
        case .never, .onFailure: false
        }
    }

    /// Whether to start again after an end with `status`, having done so `count` times in a row.
    func restarts(after status: ExitStatus, count: Int) -> Bool {
        switch self {
        case .never: false
        case .always, .unlessStopped: true
        case .onFailure(let maximum): status.code != 0 && count < maximum ?? .max
        }
    }
}

extension RestartPolicy: CustomStringConvertible {
    package var description: String {
        switch self {
        case .never: "no"
        case .always: "always"
        case .unlessStopped: "unless-stopped"
        case .onFailure(let maximum): maximum.map { "on-failure:\($0)" } ?? "on-failure"
        }
    }

    package init(from decoder: any Decoder) throws {
        self = try RestartPolicy(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
