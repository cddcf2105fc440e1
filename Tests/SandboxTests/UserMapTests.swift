import Testing
import UserNamespaces

@Suite("How users are mapped")
struct UserMapTests {
    @Test("the caller is root inside, and the ranges of /etc/subuid follow one another behind")
    func ranges() {
        let text = "other:5:5\ntester:100000:65536\n4712:300000:10\n\n# no line\ntester:1:2:3\ntester:x:1\ntester:7:0\n"
        let map = UserMap(
            users: SubordinateRanges(in: text, of: 4712, named: "tester").extents(own: 4712),
            groups: SubordinateRanges(in: "", of: 4712, named: "tester").extents(own: 4000)
        )
        #expect("\(map)" == "0:4712:1,1:100000:65536,65537:300000:10/0:4000:1")
        #expect(map.contains(user: 0) && map.contains(user: 1) && map.contains(user: 65546))
        #expect(!map.contains(user: 65547) && !map.contains(group: 1))
        #expect(UserMap("\(map)") == map)
    }

    @Test(
        "ranges that the kernel can't have are passed over: root's own, and beyond the last number",
        arguments: ["tester:0:10", "tester:4294967295:2", "tester:-1:5", "tester:1:4294967296"]
    )
    func impossible(line: String) {
        #expect(SubordinateRanges(in: line, of: 4712, named: "tester").extents(own: 1).count == 1)
    }

    @Test("more than there are numbers are cut off, and more lines than the kernel takes")
    func bounds() {
        let most = "t:1:4294967294\n"
        #expect(SubordinateRanges(in: most + most, of: 1, named: "t").extents(own: 1).count == 2)
        let many = (0..<1000).map { "t:\(1 + $0 * 10):10\n" }.joined()
        #expect(SubordinateRanges(in: many, of: 1, named: "t").extents(own: 1).count < 340)
    }

    @Test(
        "what is no map isn't taken for one",
        arguments: [
            "", "/", "0:1:1", "0:1/0:1", "0:1:0/0:1:1", "0:1:1/0:1:1/0:1:1", "0:1:-1/0:1:1", "0:4294967295:2/0:1:1",
            "a:b:c/d:e:f", "0:1:1,/0:1:1",
        ]
    )
    func malformed(text: String) {
        #expect(UserMap(text) == nil)
    }
}
