import Glibc

/// What this host's ps(1) says of some processes.
struct HostProcessList {
    private(set) var columns: [String]
    private(set) var rows: [[String]]

    /// More than a host has processes for, in bytes.
    private static let maximumSize = 16 << 20

    /// - Parameters:
    ///   - options: as ps takes them; the column PID must be among what it prints.
    ///   - processes: whom to tell of.
    /// - Throws: ``HostProcessListError``.
    init(_ options: [String], of processes: Set<Int32>) throws(HostProcessListError) {
        let text = try Self.output(of: options)
        let lines = text.split(separator: "\n")
        columns = lines.first?.split(separator: " ").map(String.init) ?? []
        guard let position = columns.firstIndex(of: "PID") else {
            throw HostProcessListError(reason: "ps was to print no column PID")
        }
        let count = columns.count
        rows = lines.dropFirst().compactMap { line in
            let cells = line.split(separator: " ", maxSplits: count - 1).map { String($0.drop { $0 == " " }) }
            guard cells.count > position, let process = Int32(cells[position]), processes.contains(process) else {
                return nil
            }
            return cells
        }
    }

    private static func output(of options: [String]) throws(HostProcessListError) -> String {
        // Each a word of the shell's, whatever is in it.
        let words = (["ps"] + options).map {
            "'\($0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
        }
        guard let pipe = popen(words.joined(separator: " ") + " 2>/dev/null", "re") else {
            throw HostProcessListError(reason: "ps can't be started")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < maximumSize {
            let count = fread(&buffer, 1, buffer.count, pipe)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        let status = pclose(pipe)
        guard status == 0 else {
            let isMissing = (status >> 8) & 0xff == 127
            throw HostProcessListError(
                reason: isMissing ? "ps is not installed on this host" : "ps takes no such options"
            )
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Processes could not be listed as they were to be.
struct HostProcessListError: Error, CustomStringConvertible {
    let reason: String

    var description: String { "can't list the processes: \(reason)" }
}
