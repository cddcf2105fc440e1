// swift-tools-version:6.1
import PackageDescription

/// Warnings are errors in our own targets.
let strict: [SwiftSetting] = [.unsafeFlags(["-warnings-as-errors"])]
let strictC: [CSetting] = [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]

/// Clients and monitors start thousands of times a day, and a third of a start would go to loading libraries: in a release
/// they have within them what the linker scripts in that folder name, and show their own names to nobody.
let standingAlone: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-L", "\(Context.packageDirectory)/Sources/StaticLibraries",
            "-Xclang-linker", "-static-libgcc", "-Xlinker", "--no-export-dynamic",
        ],
        .when(platforms: [.linux], configuration: .release)
    )
]

let nio = "swift-nio"
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "berth",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "berthd", targets: ["berthd"]),
        .executable(name: "berth", targets: ["berth"]),
        .executable(name: "berth-monitor", targets: ["berth-monitor"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // The vocabulary: no I/O.
        .target(name: "CDigest", cSettings: strictC, linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "ImageSpec", dependencies: ["CDigest"], swiftSettings: strict),

        // What both need to read configuration files.
        .target(name: "ConfigurationText", dependencies: [system], swiftSettings: strict),

        // Who may do what: the words and the rules, no I/O.
        .target(name: "Access", dependencies: ["ImageSpec"], swiftSettings: strict),
        // Signed tokens, ours and others'.
        .target(
            name: "Tokens",
            dependencies: [
                "Access", "ImageSpec",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: strict
        ),
        // The system's crypt_r.
        .target(name: "CPassword", cSettings: strictC, linkerSettings: [.linkedLibrary("crypt")]),

        // The server's rooms.
        .target(name: "CCachedRead", cSettings: strictC),
        .target(name: "CWriteBack", cSettings: strictC),
        .target(name: "Instruments", swiftSettings: strict),
        .target(
            name: "Storage",
            dependencies: [
                "Access", "CWriteBack", "ImageSpec", "Instruments",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                system,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Registry",
            dependencies: [
                "Access", "ConfigurationText", "CPassword", "Credentials", "ImageSpec", "Instruments", "RegistryClient",
                "Storage", "Tokens", system,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "RegistryServer",
            dependencies: [
                "Access", "CCachedRead", "ImageSpec", "Instruments", "Registry", "Tokens",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: nio),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),

        // The client's rooms.
        .target(
            name: "Credentials",
            dependencies: ["ConfigurationText", "ImageSpec", system],
            swiftSettings: strict
        ),
        .target(
            name: "RegistryClient",
            dependencies: [
                "ConfigurationText", "Credentials", "ImageSpec", system,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Mirror",
            dependencies: ["CArchive", "ImageSpec", "RegistryClient", .product(name: "NIOCore", package: nio), system],
            swiftSettings: strict
        ),
        // A mirror's plan as a file, for both programs.
        .target(
            name: "MirrorPlans",
            dependencies: ["ConfigurationText", "ImageSpec", "Mirror", "RegistryClient", "Yams", system],
            swiftSettings: strict
        ),
        .systemLibrary(name: "CArchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CISAL", providers: [.apt(["libisal-dev"])]),
        .target(name: "CConfinement", dependencies: ["CSandbox"], cSettings: strictC),
        .target(
            name: "ImageStore",
            dependencies: [
                "CArchive", "CConfinement", "CISAL", "CSandbox", "ImageSpec", "RegistryClient",
                "UserNamespaces",
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                system,
            ],
            swiftSettings: strict
        ),
        .target(name: "CSandbox", cSettings: strictC),
        // Light, for the monitor is: one of it runs beside each container.
        .target(name: "CNetlink", cSettings: strictC),
        .target(name: "UserNamespaces", dependencies: ["CSandbox", system], swiftSettings: strict),
        .target(
            name: "Sandbox",
            dependencies: ["CNetlink", "CSandbox", "UserNamespaces", system],
            swiftSettings: strict
        ),
        .systemLibrary(name: "CSeccomp", providers: [.apt(["libseccomp-dev"])]),
        .target(name: "Seccomp", dependencies: ["CSeccomp", system], swiftSettings: strict),

        // The programs.
        .executableTarget(
            name: "berthd",
            dependencies: [
                "Access", "ConfigurationText", "Credentials", "ImageSpec", "Instruments", "Mirror", "MirrorPlans",
                "Registry", "RegistryClient", "RegistryServer", "Storage", "Tokens", "Yams",
                .product(name: "NIOCore", package: nio),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                system,
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "berth",
            dependencies: [
                "ConfigurationText", "Credentials", "ImageSpec", "ImageStore", "Mirror", "MirrorPlans",
                "RegistryClient", "Sandbox", "Seccomp", "UserNamespaces", "Yams",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                system,
            ],
            swiftSettings: strict,
            linkerSettings: standingAlone
        ),

        .executableTarget(
            name: "berth-monitor",
            dependencies: ["Sandbox", system],
            swiftSettings: strict,
            linkerSettings: standingAlone
        ),

        // What `make bench` runs; it isn't shipped.
        .executableTarget(
            name: "berth-bench",
            dependencies: [
                "ImageSpec", system,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Benchmarks",
            swiftSettings: strict
        ),

        // What several of the tests' targets use.
        .target(name: "TestSupport", dependencies: [system], path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "ImageSpecTests", dependencies: ["ImageSpec", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "AccessTests", dependencies: ["Access", "ImageSpec", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TokensTests",
            dependencies: [
                "Access", "ImageSpec", "TestSupport", "Tokens", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "Access", "ImageSpec", "Storage", "TestSupport", system, .product(name: "NIOCore", package: nio),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RegistryTests",
            dependencies: [
                "Access", "ImageSpec", "Registry", "Storage", "TestSupport", "Tokens", system,
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: nio), .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CredentialsTests",
            dependencies: ["Credentials", "ImageSpec", system],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RegistryClientTests",
            dependencies: [
                "ImageSpec", "RegistryClient", "TestSupport", .product(name: "NIOHTTP1", package: nio), system,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "MirrorTests",
            dependencies: ["ImageSpec", "Mirror", "RegistryClient", "TestSupport", system],
            swiftSettings: strict
        ),
        .testTarget(name: "ImageStoreTests", dependencies: ["ImageStore", "berth", system], swiftSettings: strict),
        .testTarget(name: "SeccompTests", dependencies: ["Seccomp", system], swiftSettings: strict),
        .testTarget(
            name: "SandboxTests",
            dependencies: ["Sandbox", "TestSupport", "UserNamespaces", "berth-monitor", system],
            swiftSettings: strict
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Access", "ImageSpec", "ImageStore", "Mirror", "Registry", "RegistryClient", "RegistryServer",
                "Storage",
                "TestSupport", "Tokens", "berth", "berth-monitor", "berthd",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                system,
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOPosix", package: nio),
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
