/// Why a volume can't be made as it was asked for.
enum VolumeOptionError: Error, Equatable {
    case unknownDriver(String)
}

extension VolumeOptionError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownDriver(let driver): "there is no volume driver '\(driver)': use 'local'"
        }
    }
}
