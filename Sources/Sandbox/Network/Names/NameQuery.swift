/// A question to a name server, and how it is answered.
///
/// - SeeAlso: RFC 1035, section 4.1.
struct NameQuery {
    enum Kind: UInt16 {
        case address4 = 1
        case pointer = 12
        case address6 = 28
    }

    private static let headerSize = 12
    private static let internetClass: UInt16 = 1

    let message: [UInt8]
    /// In lower case, without a final dot.
    let name: String
    /// Nil for what is asked neither about a name's addresses nor about an address's name.
    let kind: Kind?
    private let questionEnd: Int

    /// Nil for what isn't one question of a client's: it gets no answer.
    init?(_ message: some Collection<UInt8>) {
        let message = Array(message)
        guard message.count > Self.headerSize + 4, message[2] & 0xf8 == 0, message[4] == 0, message[5] == 1 else {
            return nil
        }
        var labels: [String] = []
        var place = Self.headerSize
        var length = 0
        while true {
            guard place < message.count else { return nil }
            let count = Int(message[place])
            place += 1
            if count == 0 { break }
            length += count + 1
            // A question's name is written out: what would point elsewhere is no length.
            guard count < 64, length < 256, place + count <= message.count else { return nil }
            labels.append(String(decoding: message[place..<place + count], as: UTF8.self).lowercased())
            place += count
        }
        guard place + 4 <= message.count else { return nil }
        let type = UInt16(message[place]) << 8 | UInt16(message[place + 1])
        let `class` = UInt16(message[place + 2]) << 8 | UInt16(message[place + 3])
        self.message = message
        name = labels.joined(separator: ".")
        kind = `class` == Self.internetClass ? Kind(rawValue: type) : nil
        questionEnd = place + 4
    }

    /// The answer that has those of `addresses` that were asked for.
    func answer(_ addresses: [IPAddress]) -> [UInt8] {
        let wanted = addresses.filter { address in
            switch (kind, address) {
            case (.address4, .v4), (.address6, .v6): true
            default: false
            }
        }
        return answer(wanted.map(\.bytes), of: kind ?? .address4)
    }

    /// The answer that an address has this name; nil where no such name can be told.
    func answer(_ name: String) -> [UInt8]? {
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.allSatisfy({ (1..<64).contains($0.count) }), name.utf8.count < 254 else { return nil }
        return answer([labels.flatMap { [UInt8($0.count)] + $0 } + [0]], of: .pointer)
    }

    /// None of the answers is remembered by whoever asked.
    private func answer(_ values: [[UInt8]], of kind: Kind) -> [UInt8] {
        var answer = response(code: 0)
        answer.replaceSubrange(6..<8, with: UInt16(values.count).bigEndianBytes)
        for value in values {
            // The name is the question's, which begins behind the header.
            answer += [0xc0, UInt8(Self.headerSize)] + kind.rawValue.bigEndianBytes
            answer += Self.internetClass.bigEndianBytes + UInt32(0).bigEndianBytes
            answer += UInt16(value.count).bigEndianBytes + value
        }
        return answer
    }

    /// The answer that nobody can be asked.
    var failure: [UInt8] { response(code: 2) }

    private func response(code: UInt8) -> [UInt8] {
        // QR, the question's RD, and RA; one question, and nothing else for now.
        [message[0], message[1], 0x80 | message[2] & 0x01, 0x80 | code, 0, 1, 0, 0, 0, 0, 0, 0]
            + message[Self.headerSize..<questionEnd]
    }

    /// Whether `response` answers this question.
    func isAnswered(by response: some Collection<UInt8>) -> Bool {
        let response = Array(response.prefix(questionEnd))
        return response.count == questionEnd && response[0] == message[0] && response[1] == message[1]
            && response[2] & 0x80 != 0
    }
}
