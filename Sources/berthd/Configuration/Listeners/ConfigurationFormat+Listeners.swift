import Foundation
import RegistryServer

extension ConfigurationFormat<String> {
    static var file: Self {
        ConfigurationFormat(allowed: "a file's path", parse: { $0.isEmpty ? nil : $0 }, text: { $0 })
    }

    /// Scheme, host and perhaps port, with nothing behind.
    static var serverURL: Self {
        ConfigurationFormat(
            allowed: "an address as https://registry.example:5000, without a path",
            parse: { text in
                guard let url = URLComponents(string: text), ["http", "https"].contains(url.scheme),
                    url.host?.isEmpty == false, url.user == nil, url.query == nil, url.fragment == nil,
                    ["", "/"].contains(url.path)
                else { return nil }
                return url.path == "/" ? String(text.dropLast()) : text
            },
            text: { $0 }
        )
    }
}

extension ConfigurationFormat<[AddressRange]> {
    static var addressRanges: Self {
        ConfigurationFormat(
            allowed: "'off', or addresses and networks with commas between, as 10.0.0.0/8, 192.168.1.1, fd00::/8",
            parse: { text in
                guard text != "off" else { return [] }
                let parts = text.split(separator: ",", omittingEmptySubsequences: false)
                let ranges = parts.compactMap { AddressRange($0.trimmingCharacters(in: .whitespaces)) }
                return ranges.count == parts.count ? ranges : nil
            },
            text: { $0.isEmpty ? "off" : $0.map(\.description).joined(separator: ", ") }
        )
    }
}
