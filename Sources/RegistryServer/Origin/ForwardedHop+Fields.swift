import HTTPTypes

extension ForwardedHop {
    /// More proxies in a row than anyone has: what stands before them isn't read.
    private static let maximumCount = 32

    /// What the fields say, the nearest proxy's word first.
    static func hops(in fields: HTTPFields, by header: ProxyHeader) -> [ForwardedHop] {
        switch header {
        case .xForwarded: hopsInXForwarded(fields)
        case .forwarded: hopsInForwarded(fields)
        }
    }

    /// Scheme and host are the nearest proxy's: those before it are seldom passed on, and never with a place in the list.
    private static func hopsInXForwarded(_ fields: HTTPFields) -> [ForwardedHop] {
        let addresses = elements(of: .xForwardedFor, in: fields)
        var hops = addresses.map { ForwardedHop(address: address(in: $0)) }
        if hops.isEmpty { hops = [ForwardedHop()] }
        hops[0].scheme = elements(of: .xForwardedProto, in: fields).first.flatMap(scheme)
        hops[0].host = elements(of: .xForwardedHost, in: fields).first.map { String($0) }
        return hops
    }

    /// - SeeAlso: RFC 7239, section 4.
    private static func hopsInForwarded(_ fields: HTTPFields) -> [ForwardedHop] {
        elements(of: .forwarded, in: fields).map { element in
            var hop = ForwardedHop()
            for pair in split(element, at: ";") {
                guard let equals = pair.firstIndex(of: "=") else { continue }
                let value = unquoted(pair[pair.index(after: equals)...])
                switch pair[..<equals].lowercased() {
                case "for": hop.address = address(in: value[...])
                case "proto": hop.scheme = scheme(value[...])
                case "host": hop.host = value
                default: break
                }
            }
            return hop
        }
    }

    /// The parts of a field that is a list, of all lines that it has, the last one first.
    private static func elements(of name: HTTPField.Name, in fields: HTTPFields) -> [Substring] {
        var elements: [Substring] = []
        for line in fields[values: name].reversed() {
            for element in split(line[...], at: ",").reversed() {
                guard elements.count < maximumCount else { return elements }
                elements.append(element)
            }
        }
        return elements
    }

    /// Splits at the separators that don't stand in quotes; without the blanks around, and without empty parts.
    private static func split(_ text: Substring, at separator: Character) -> [Substring] {
        var isQuoted = false
        let parts = text.split { character in
            if character == "\"" { isQuoted.toggle() }
            return character == separator && !isQuoted
        }
        return parts.map(trimmed).filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        let text = trimmed(text)
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return String(text) }
        return String(text.dropFirst().dropLast())
    }

    private static func scheme(_ text: Substring) -> String? {
        let text = text.lowercased()
        return text == "http" || text == "https" ? text : nil
    }

    /// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:4711`, without the port; nil for
    /// `unknown` and for names that only the proxy understands.
    private static func address(in text: Substring) -> String? {
        var text = text
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            text = text[text.index(after: text.startIndex)..<end]
        } else if let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon {
            text = text[..<colon]
        }
        return String(text)
    }
}
