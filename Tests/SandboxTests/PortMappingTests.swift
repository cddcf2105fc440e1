import Sandbox
import Testing

@Suite("Published ports")
struct PortMappingTests {
    private func described(_ text: String) throws -> [String] {
        try PortMapping.parse(text).map { mapping in
            let host = mapping.hostPorts.map {
                $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
            }
            return "\(mapping.address.map { "\($0)" } ?? "*") \(host ?? "any") \(mapping.target)"
        }
    }

    @Test(
        "are said as docker's are",
        arguments: [
            ("80", ["* any 80/tcp"]), ("53/udp", ["* any 53/udp"]), ("8002:80", ["* 8002 80/tcp"]),
            ("127.0.0.1:8002:80/tcp", ["127.0.0.1 8002 80/tcp"]), ("127.0.0.1::80", ["127.0.0.1 any 80/tcp"]),
            ("[::1]:8002:80", ["::1 8002 80/tcp"]), ("8000-8001:80-81", ["* 8000 80/tcp", "* 8001 81/tcp"]),
            ("8000-8010:80", ["* 8000-8010 80/tcp"]), ("80-81", ["* any 80/tcp", "* any 81/tcp"]),
        ]
    )
    func parsed(text: String, expected: [String]) throws {
        #expect(try described(text) == expected)
    }

    @Test(
        "that can't be are refused",
        arguments: [
            "", ":", "x", "80/sctp2", "0", "70000", "-1", "8002:", "a:80", "8000-8001:80-82", "81-80", "1.2.3:1:2",
            "1.2.3.4.5:1:2", "[::1]", "[::1]:80", "[::1", "127.0.0.1:80:80:80", "1-65535", "80:1-65535",
        ]
    )
    func refused(text: String) {
        #expect(throws: NetworkError.self) { try PortMapping.parse(text) }
    }
}
