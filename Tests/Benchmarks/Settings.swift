/// How much of everything.
struct Settings: Encodable {
    var rounds = 3
    /// Bytes of the large blob.
    var blobSize = 1 << 30
    /// How long a sample of small requests takes, in seconds.
    var requestSeconds = 5
    /// Connections that make small requests.
    var connections = 64
    /// Whole blobs that the single stream gets, one after the other.
    var singleStreamRepeats = 4
    var streams = 16
    var images = 1000
    var imageClients = 16
    var tags = 100_000
    var repositories = 10_000
    /// Uploads, and as many downloads, at once.
    var crowd = 50
    var crowdBlobSize = 256 << 20
    /// Of the image that clients pull and push, compressed, in bytes: about that much.
    var imageSize = 200 << 20
    /// In the client's store.
    var localImages = 1000
    /// Containers that are run one after the other for one number.
    var runs = 20
    /// Containers that are started at once.
    var containersAtOnce = 100
    /// Containers that are listed.
    var listedContainers = 200
    /// Containers that are run before what they have left is counted.
    var runsBeforeCount = 1000
    /// Clients that try wrong passwords while others pull.
    var wrongLogins = 1000
    /// Of each kind of request whose times are compared.
    var timedRequests = 20_000
    /// Let berthd and docker-registry write a line a request, as they do unless told otherwise.
    var accessLog = false

    /// Everything smaller: says whether things work, and roughly how fast.
    static let quick = Settings(
        rounds: 1,
        blobSize: 256 << 20,
        requestSeconds: 2,
        images: 200,
        tags: 10_000,
        repositories: 1_000,
        crowd: 10,
        crowdBlobSize: 64 << 20,
        imageSize: 40 << 20,
        runs: 5,
        containersAtOnce: 20,
        listedContainers: 50,
        runsBeforeCount: 100,
        wrongLogins: 200,
        timedRequests: 2000
    )
}
