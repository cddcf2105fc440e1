import SystemPackage

/// Everything that can be told of a tree: for each entry its kind, mode, owner, size, times, links, attributes, content.
enum TreeListing {
    static func lines(of folder: FilePath) throws -> [String] {
        let script = """
            cd \(folder)
            find . -mindepth 1 -printf '%p %y %m %U:%G %s %T@ %n %l\\n' | sed -E 's/ d ([0-9]+) ([0-9:]+) [0-9]+/ d \\1 \\2/'
            find . -mindepth 1 -type f -exec sha256sum {} +
            find . \\( -type b -o -type c \\) -printf '%p ' -exec stat -c '%t:%T' {} \\;
            getfattr --recursive --no-dereference --dump --match=- . 2>/dev/null || true
            """
        return try Shell.run("{ \(script)\n} | LC_ALL=C sort").split(separator: "\n").map(String.init)
    }

    /// The lines that only one of two trees has, marked by which.
    static func differences(_ first: FilePath, _ second: FilePath) throws -> [String] {
        let (first, second) = (Set(try lines(of: first)), Set(try lines(of: second)))
        return (first.subtracting(second).map { "- \($0)" } + second.subtracting(first).map { "+ \($0)" }).sorted()
    }
}
