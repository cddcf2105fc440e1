import ImageSpec
import TestSupport
import Testing
import Tokens

@Suite("Conditions over claims")
struct ClaimExpressionTests {
    private static let claims = TokenClaims([
        "repository": .string("team/app"), "ref": .string("refs/heads/main"), "run": .integer(7),
        "ratio": .number(0.5), "protected": .bool(true), "draft": .bool(false), "nothing": .null,
        "groups": .array([.string("dev"), .string("ops"), .integer(3)]),
        "project": .object(["name": .string("app"), "owner": .object(["id": .integer(9)])]),
        "kubernetes.io": .object(["namespace": .string("ci")]), "dashed-name": .string("d"),
        "quote": .string("a\"b'c\\d"), "claims": .string("odd"),
    ])

    @Test(
        "hold when what they say is so",
        arguments: [
            #"repository == "team/app""#, #"repository == 'team/app' && ref == "refs/heads/main""#,
            #"repository != "other""#, #"repository == "other" || ref startsWith "refs/heads/""#,
            #"ref matches "refs/*/main""#, #"ref matches "refs/heads/mai?""#, "protected", "!draft", "!!protected",
            "protected == true", "draft != true", "run == 7", "run == 7.0", "ratio == 0.5", "run != 8",
            #"repository in ["x", "team/app"]"#, #""ops" in groups"#, "3 in groups", "!(\"x\" in groups)",
            #"project.name == "app""#, "project.owner.id == 9", #"project["owner"].id == 9"#,
            #"claims["kubernetes.io"].namespace == "ci""#, #"claims["claims"] == "odd""#, #"dashed-name == "d""#,
            #"quote == "a\"b'c\\d""#, #"quote == 'a"b\'c\\d'"#, "true", "true || missing == 1",
            "(protected)", "protected && (draft || run == 7)", "draft && draft || protected", "'a' == 'a'",
            "protected&&!draft", "  protected  ",
        ]
    )
    func holding(text: String) throws {
        #expect(try ClaimExpression(text).holds(for: Self.claims))
    }

    @Test(
        "don't hold when it isn't so, or when there is no telling",
        arguments: [
            #"repository == "team/App""#, #"repository == "team/app " "#, "draft", "!protected", "false",
            // Nothing can be said of what isn't there, neither one thing nor its opposite.
            "missing", "!missing", #"missing == "x""#, #"missing != "x""#, #"!(missing == "x")"#, "missing == missing",
            #"missing in ["x"]"#, #"!(missing in ["x"])"#, #"!(missing startsWith "x")"#, #"!(missing matches "*")"#,
            "protected && missing", "draft || missing", "project.missing == 1", "repository.name == 1",
            // Nor of what is of another kind.
            #"run == "7""#, #"run != "7""#, #"protected == "true""#, "repository", "!repository", "nothing == 1",
            "!(nothing == 1)", #"groups == "dev""#, #"groups != "dev""#, #"run startsWith "7""#, #"run matches "*""#,
            "repository in ref", "!(repository in ref)", "groups in groups", #"ref startsWith "refs/heads/main2""#,
            "1 in []", #"ref matches "refs/heads/""#,
        ]
    )
    func notHolding(text: String) throws {
        #expect(try !ClaimExpression(text).holds(for: Self.claims))
    }

    @Test("tell texts apart that are only spelled alike")
    func unicode() throws {
        let kelvin = TokenClaims(["ref": .string("\u{212A}"), "name": .string("e\u{301}")])
        #expect(try !ClaimExpression(#"ref == "K""#).holds(for: kelvin))
        #expect(try !ClaimExpression(#"ref in ["K"]"#).holds(for: kelvin))
        #expect(try !ClaimExpression(#"ref startsWith "K""#).holds(for: kelvin))
        #expect(try !ClaimExpression("name == \"\u{e9}\"").holds(for: kelvin))
    }

    @Test(
        "that can't be read are refused, and the place is told",
        arguments: [
            ("", 1), ("   ", 4), ("==", 1), ("ref ==", 7), ("ref = \"x\"", 5), ("ref == \"x", 8), ("ref == 'x\\n'", 10),
            ("(ref == \"x\"", 12), ("ref == \"x\")", 11), ("ref == \"x\" ref", 12), ("ref & run", 5), ("\"x\"", 1),
            ("7", 1), ("ref in [", 9), ("ref in [\"x\"", 12), ("ref in [ref]", 12), ("ref startsWith ref", 16),
            ("ref matches 7", 13), ("ref == 01", 8), ("ref == 1e999", 8), ("ref == -", 8), ("ref.", 5), ("ref[0]", 5),
            ("claims == 1", 8), ("true.x", 5), ("in == 1", 1), ("ref == \"x\" &&", 14), ("réf == 1", 2),
            ("ref === 1", 7),
            ("!", 2), ("ref == [1]", 8), ("ref; run", 4), ("ref == \u{201C}x\u{201D}", 8),
        ]
    )
    func unreadable(text: String, position: Int) {
        #expect {
            try ClaimExpression(text)
        } throws: { error in
            (error as? ClaimExpressionError)?.position == position
        }
    }

    @Test("that are too long or nested too deep are refused")
    func bounds() throws {
        for text in [
            String(repeating: "(", count: 2000) + "protected" + String(repeating: ")", count: 2000),
            String(repeating: "!", count: 4000) + "protected", String(repeating: "(", count: 4000),
            Array(repeating: "protected", count: 400).joined(separator: " && "),
            "run in [" + Array(repeating: "1", count: 300).joined(separator: ",") + "]",
        ] {
            #expect(throws: ClaimExpressionError.self) { try ClaimExpression(text) }
        }
        let nested = String(repeating: "(", count: 32) + "protected" + String(repeating: ")", count: 32)
        #expect(try ClaimExpression(nested).holds(for: Self.claims))
        let long = Array(repeating: "protected", count: 300).joined(separator: " && ")
        #expect(try ClaimExpression(long).holds(for: Self.claims))
    }

    @Test("made by chance are weighed as a slow and simple reading of them says")
    func generated() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            let model = ConditionModel.generate(depth: 4, using: &generator)
            let claims = ConditionModel.claims(using: &generator)
            let text = model.text(using: &generator)
            let expression = try ClaimExpression(text)
            #expect(
                expression.holds(for: TokenClaims(claims)) == (model.value(claims) == true),
                "seed \(seed): \(text) for \(claims)"
            )
        }
    }

    @Test("made of anything are read or refused, and a place within them is told")
    func garbage() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let words = [
            "ref", "==", "!=", "!", "&&", "||", "(", ")", "[", "]", ",", ".", "in", "matches", "startsWith", "\"", "'",
            "\\", "1", "-", "true", "claims", " ", "\u{301}", "\u{1F600}", "\0", "\n", "{", "$", "é",
        ]
        for _ in 0..<3000 {
            let count = Int.random(in: 0..<20, using: &generator)
            let text = (0..<count).compactMap { _ in words.randomElement(using: &generator) }.joined()
            do {
                _ = try ClaimExpression(text).holds(for: Self.claims)
            } catch {
                #expect((1...text.count + 1).contains(error.position), "seed \(seed): \(text.debugDescription)")
            }
        }
    }
}
