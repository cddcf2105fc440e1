import NIOCore
import SwiftASN1
import X509

/// By which names and addresses clients may reach this server.
package struct ServerNames: Sendable, Equatable {
    package let dnsNames: [String]
    /// As texts.
    package let addresses: [String]

    /// Sorts IP addresses from names, and leaves out what is there twice and what can be neither.
    package init(_ texts: [String]) {
        var dnsNames: [String] = []
        var addresses: [String] = []
        for text in texts.map({ $0.lowercased() }) {
            if SocketAddress.bytes(ofAddress: text) != nil {
                if !addresses.contains(text) { addresses.append(text) }
            } else if Self.isDNSName(text), !dnsNames.contains(text) {
                dnsNames.append(text)
            }
        }
        self.dnsNames = dnsNames
        self.addresses = addresses
    }

    private static func isDNSName(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 253 else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
    }

    var alternativeNames: SubjectAlternativeNames {
        let bytes = addresses.compactMap { SocketAddress.bytes(ofAddress: $0) }
        return SubjectAlternativeNames(
            dnsNames.map { .dnsName($0) } + bytes.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) }
        )
    }
}
