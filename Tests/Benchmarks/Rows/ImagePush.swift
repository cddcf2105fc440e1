/// Many small images, each with a config and layers of its own, pushed by several clients at once.
struct ImagePush: Benchmark {
    let name = "images"
    let images: Int
    let clients: Int

    var contestants: [Contestant] { [.berthd, .dockerRegistry] }

    var measures: [Measure] {
        [
            Measure(
                key: "images-rate",
                title: "\(images) small images pushed by \(clients) clients",
                unit: "images/s",
                better: .higher,
                goals: [.atLeast(2, of: .dockerRegistry)]
            ),
            Measure(key: "images-cpu", title: "… the server's CPU time", unit: "ms/image", better: .lower),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        try bench.withFreshFolder { folder in
            try bench.withServer(contestant, data: folder) { server in
                let port = server.port
                let before = server.processorTime
                let watch = Stopwatch()
                try onThreads(clients) { client in
                    let connection = try Connection(port: port)
                    for image in stride(from: client, to: images, by: clients) {
                        try Self.push(image, over: connection, to: "bench/client-\(client)")
                    }
                }
                let seconds = watch.seconds
                return [
                    "images-rate": Double(images) / seconds,
                    "images-cpu": (server.processorTime - before) * 1000 / Double(images),
                ]
            }
        }
    }

    private static func push(_ image: Int, over connection: Connection, to repository: String) throws {
        let config = #"{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers"},"image":\#(image)}"#
        let layers = try (0..<(1 + image % 2)).map { _ in try randomBytes(count: 2048) }
        try connection.pushImage(config: Array(config.utf8), layers: layers, to: repository, tag: "image-\(image)")
    }
}
