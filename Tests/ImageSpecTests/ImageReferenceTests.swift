import ImageSpec
import Testing

@Suite("Image references")
struct ImageReferenceTests {
    @Test(
        "are completed as docker completes them",
        arguments: [
            ("nginx", "docker.io/library/nginx:latest"),
            ("team/app:1", "docker.io/team/app:1"),
            ("index.docker.io/nginx", "docker.io/library/nginx:latest"),
            ("daocloud.io/library/nginx", "daocloud.io/library/nginx:latest"),
            ("localhost:5000/x", "localhost:5000/x:latest"),
            ("localhost/x", "localhost/x:latest"),
            ("[::1]:5000/x", "[::1]:5000/x:latest"),
        ]
    )
    func completion(text: String, full: String) throws {
        #expect(try ImageReference(text).description == full)
    }
}
