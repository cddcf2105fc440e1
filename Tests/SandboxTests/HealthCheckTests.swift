import Testing

@testable import Sandbox

@Suite("Health checks")
struct HealthCheckTests {
    private var configuration: HealthConfiguration {
        get throws {
            var configuration = try #require(HealthConfiguration(test: ["CMD", "probe"]))
            (configuration.interval, configuration.timeout, configuration.retries) = (10, 5, 2)
            return configuration
        }
    }

    private func look(_ status: Int32) -> HealthState.Look {
        HealthState.Look(start: 0, end: 1, exitStatus: status, output: "")
    }

    @Test("the first look is an interval after the start, and the next one after the end of that")
    func times() throws {
        var check = HealthCheck(try configuration, now: 100)
        let result1 = check.step(now: 109)
        #expect(result1 == nil)
        #expect(check.due == 110)
        let result2 = check.step(now: 110)
        #expect(result2 == .look)
        #expect(check.due == 115)
        let result3 = check.step(now: 112)
        #expect(result3 == nil)
        _ = check.looked(look(0), now: 113)
        #expect(check.due == 123)
    }

    @Test("one that takes too long is given up once")
    func timeout() throws {
        var check = HealthCheck(try configuration, now: 0)
        let result4 = check.step(now: 10)
        #expect(result4 == .look)
        let result5 = check.step(now: 15)
        #expect(result5 == .giveUp)
        let result6 = check.step(now: 1000)
        #expect(result6 == nil)
        let result7 = check.looked(look(-1), now: 1001)
        #expect(!result7)
        #expect(check.state.failuresInARow == 1)
        #expect(check.due == 1011)
    }

    @Test("it is healthy after one success, and unhealthy after as many failures in a row as are allowed")
    func status() throws {
        var check = HealthCheck(try configuration, now: 0)
        #expect(check.state.status == .starting)
        let result8 = check.looked(look(0), now: 10)
        #expect(result8)
        #expect(check.state.status == .healthy)
        let result9 = check.looked(look(1), now: 20)
        #expect(!result9)
        let result10 = check.looked(look(0), now: 30)
        #expect(!result10)
        let result11 = check.looked(look(1), now: 40)
        #expect(!result11)
        let result12 = check.looked(look(1), now: 50)
        #expect(result12)
        #expect(check.state.status == .unhealthy)
        let result13 = check.looked(look(0), now: 60)
        #expect(result13)
        #expect(check.state.status == .healthy)
        #expect(check.state.looks.count == 5)
    }

    @Test("failures of the start period don't count, a success in it does")
    func startPeriod() throws {
        var patient = try configuration
        patient.startPeriod = 100
        var check = HealthCheck(patient, now: 0)
        for time in stride(from: 10.0, to: 100, by: 10) {
            let result14 = check.looked(look(1), now: time)
            #expect(!result14)
        }
        #expect(check.state.status == .starting)
        let result15 = check.looked(look(1), now: 100)
        #expect(!result15)
        let result16 = check.looked(look(1), now: 110)
        #expect(result16)
        #expect(check.state.status == .unhealthy)
    }

    @Test(
        "what an image says of it",
        arguments: [
            (["CMD", "a", "b"], ["a", "b"]), (["CMD-SHELL", "a b"], ["/bin/sh", "-c", "a b"]), (["NONE"], nil),
            ([], nil),
            (["CMD"], nil), (["SOMETHING", "else"], nil),
        ] as [([String], [String]?)]
    )
    func test(test: [String], arguments: [String]?) {
        #expect(HealthConfiguration(test: test)?.arguments == arguments)
    }
}
