import Testing

@testable import Sandbox

@Suite("Variables of links")
struct LinkVariableTests {
    @Test("are docker's: the first port, rows of ports, each port, the name, and what the other one has")
    func variables() throws {
        let variables = LinkVariables(
            alias: "my-db",
            owner: "web",
            address: try #require(IPAddress("10.90.0.2")),
            ports: [
                ContainerPort(53, .udp), ContainerPort(82), ContainerPort(80), ContainerPort(81), ContainerPort(443),
            ],
            environment: ["PATH=/bin", "A=1=2", "HOME=/", "odd"]
        )
        func port(_ number: Int, _ transport: String) -> [String] {
            let name = "MY_DB_PORT_\(number)_\(transport.uppercased())"
            return [
                "\(name)=\(transport)://10.90.0.2:\(number)", "\(name)_ADDR=10.90.0.2", "\(name)_PORT=\(number)",
                "\(name)_PROTO=\(transport)",
            ]
        }
        let row = [
            "MY_DB_PORT_80_TCP_START=tcp://10.90.0.2:80", "MY_DB_PORT_80_TCP_ADDR=10.90.0.2",
            "MY_DB_PORT_80_TCP_PROTO=tcp",
            "MY_DB_PORT_80_TCP_PORT_START=80", "MY_DB_PORT_80_TCP_END=tcp://10.90.0.2:82",
            "MY_DB_PORT_80_TCP_PORT_END=82",
        ]
        let ports = port(80, "tcp") + port(81, "tcp") + port(82, "tcp") + port(443, "tcp") + port(53, "udp")
        let named = ["MY_DB_NAME=/web/my-db", "MY_DB_ENV_A=1=2"]
        #expect(variables.all == ["MY_DB_PORT=tcp://10.90.0.2:80"] + row + ports + named)
    }

    @Test("of one without ports are its name and what it has")
    func withoutPorts() throws {
        let address = try #require(IPAddress("10.90.0.2"))
        let variables = LinkVariables(alias: "db", owner: "web", address: address, ports: [], environment: [])
        #expect(variables.all == ["DB_NAME=/web/db"])
    }
}
