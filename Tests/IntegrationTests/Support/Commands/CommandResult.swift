/// What a program left behind when it ended.
struct CommandResult: Sendable {
    let status: ExitStatus
    let standardOutput: [UInt8]
    let standardError: [UInt8]

    var text: String { String(decoding: standardOutput, as: UTF8.self) }
    var errorText: String { String(decoding: standardError, as: UTF8.self) }
}
