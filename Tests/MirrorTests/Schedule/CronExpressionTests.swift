import Glibc
import Mirror
import TestSupport
import Testing

@Suite("Cron expressions", .serialized)
struct CronExpressionTests {
    /// 2026-11-25 08:04:34 UTC, a Wednesday.
    private static let now = 1_795_593_874

    @Test(
        "the next time is the one that the expression means",
        arguments: [
            ("* * * * *", 1_795_593_900), ("30 3 * * *", 1_795_663_800), ("*/15 * * * *", 1_795_594_500),
            ("0 9-17/4 * * mon-fri", 1_795_597_200), ("0 0 1 jan *", 1_798_761_600), ("0 0 29 2 *", 1_835_395_200),
            ("5,10 8 25 11 *", 1_795_593_900), ("0 0 * * 7", 1_795_910_400), ("@daily", 1_795_651_200),
            ("0 0 13 * fri", 1_795_737_600), ("5/20 * * * *", 1_795_593_900), ("@hourly", 1_795_597_200),
            ("@weekly", 1_795_910_400), ("@monthly", 1_796_083_200),
        ]
    )
    func next(text: String, expected: Int) throws {
        #expect(try CronExpression(text).next(after: Self.now, in: .utc) == expected)
    }

    @Test(
        "what is no expression is refused",
        arguments: [
            "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
            "*/0 * * * *", "5-1 * * * *", "a * * * *", "-1 * * * *", "1- * * * *", "1,,2 * * * *", "@never",
            "* * * foo *", "*/999999999999999999999 * * * *", "99999999999999999999 * * * *", "+5 * * * *",
            "0 0 30 2 *", "0 0 31 4,6,9,11 *",
        ]
    )
    func refused(text: String) {
        #expect(throws: CronError.self) { try CronExpression(text) }
    }

    @Test("both fields for days restricted, one is enough; a star leaves it to the other")
    func days() throws {
        let either = try CronExpression("0 0 13 * fri")
        // Friday, November 27; Sunday, December 13.
        #expect(either.matches(1_795_737_600, in: .utc) && either.matches(1_797_120_000, in: .utc))
        let fridays = try CronExpression("0 0 * * fri")
        #expect(fridays.matches(1_795_737_600, in: .utc) && !fridays.matches(1_797_120_000, in: .utc))
    }

    @Test("the next time is later, matches, and no matching minute lies between", arguments: [UInt64](1...12))
    func property(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        // As in Berlin: the clock changes twice a year. And as on Lord Howe Island: by half an hour.
        let zones = ["UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"]
        setenv("TZ", zones[Int(seed) % zones.count], 1)
        tzset()
        defer {
            unsetenv("TZ")
            tzset()
        }
        for _ in 0..<10 {
            let text = Self.expression(&generator)
            guard let expression = try? CronExpression(text) else { continue }
            // Near a change of the clock as often as not: March 29 and October 25, 2026.
            let changes = [1_774_746_000, 1_792_890_000, 1_775_314_800]
            let change = generator.happens(1, outOf: 2) ? changes.randomElement(using: &generator) : nil
            let anchor = change ?? Int.random(in: 0...2_000_000_000, using: &generator)
            let start = anchor + Int.random(in: -90_000...90_000, using: &generator)
            for zone in CronZone.allCases {
                guard let next = expression.next(after: start, in: zone) else { continue }
                #expect(next > start && next % 60 == 0, "\(text) after \(start)")
                #expect(expression.matches(next, in: zone), "\(text) after \(start)")
                var minute = start - start % 60 + 60
                let end = min(next, start + 3 * 86_400)
                while minute < end, !expression.matches(minute, in: zone) { minute += 60 }
                #expect(minute >= end, "\(text) after \(start) comes at \(minute) in \(zone)")
            }
        }
    }

    @Test("in spring a minute that the clock leaves out doesn't come; in autumn one that it shows twice comes twice")
    func clockChanges() throws {
        setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1)
        tzset()
        defer {
            unsetenv("TZ")
            tzset()
        }
        let expression = try CronExpression("30 2 * * *")
        // March 28, 02:30 CET; on the 29th there is none.
        let spring = try #require(expression.next(after: 1_774_650_000, in: .local))
        #expect(spring == 1_774_661_400)
        #expect(expression.next(after: spring, in: .local) == 1_774_661_400 + 2 * 86_400 - 3600)
        let autumn = try #require(expression.next(after: 1_792_880_000, in: .local))
        #expect(expression.next(after: autumn, in: .local) == autumn + 3600)
    }

    @Test("jitter puts a time off by no more than it says")
    func jitter() throws {
        var generator = SeededGenerator(seed: 7)
        let schedule = Schedule(try CronExpression("@hourly"), zone: .utc, jitter: .seconds(300))
        var delays: [Duration] = []
        for _ in 0..<50 {
            let next = try #require(schedule.next(after: Self.now, using: &generator))
            #expect(next.time == 1_795_597_200)
            delays.append(next.delay)
        }
        #expect(delays.allSatisfy { $0 >= .zero && $0 <= .seconds(300) } && Set(delays).count > 10)
    }

    private static func expression(_ generator: inout SeededGenerator) -> String {
        [0...59, 0...23, 1...31, 1...12, 0...7].map { range in
            switch Int.random(in: 0...4, using: &generator) {
            case 0, 1: return "*"
            case 2: return "*/\(Int.random(in: 1...20, using: &generator))"
            case 3: return "\(Int.random(in: range, using: &generator))"
            default:
                let first = Int.random(in: range, using: &generator)
                let last = Int.random(in: first...range.upperBound, using: &generator)
                return "\(first)-\(last),\(Int.random(in: range, using: &generator))"
            }
        }.joined(separator: " ")
    }
}
