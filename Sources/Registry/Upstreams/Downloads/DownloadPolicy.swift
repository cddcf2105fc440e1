/// How blobs are fetched from upstreams.
struct DownloadPolicy: Sendable {
    /// Smaller blobs come over one connection, in bytes.
    var smallestSplit: Int64 = 8 << 20
    /// How many connections one blob gets at most.
    var connections = 4
    /// How much a connection is asked for at first, in bytes.
    var firstSegment: Int64 = 2 << 20
    /// The least and the most that it is asked for at once after that, in bytes.
    var segments: ClosedRange<Int64> = (1 << 20)...(32 << 20)
    /// For how long a connection is to be busy with what it is asked for at once.
    var segmentTime = Duration.seconds(2)
    /// A connection that would be busy for longer than that with the last of it loses a part to a faster one.
    var longestTail = Duration.seconds(2)
    /// How long a connection is watched before it is known how fast it is.
    var trialTime = Duration.milliseconds(500)
    /// How long a connection may bring nothing until another gets its part.
    var stallTime = Duration.seconds(5)
    /// How long nothing may come from anywhere until the download is given up; what came stays.
    var patience = Duration.seconds(60)
    /// After how many bytes it is noted which are here: what a kill costs at most, for each connection.
    var noteInterval: Int64 = 1 << 20
}
