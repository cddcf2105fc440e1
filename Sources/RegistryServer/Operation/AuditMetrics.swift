import Instruments
import Registry

/// Writes how the audit does.
package enum AuditMetrics {
    package static func write(_ audit: AuditLog, to text: inout MetricsText) {
        text.begin("berthd_audit_entries_total", .counter, "Entries of the audit, other than those kept with a change.")
        text.sample("berthd_audit_entries_total", ["result": "kept"], audit.kept.value)
        text.sample("berthd_audit_entries_total", ["result": "dropped"], audit.dropped.value)
    }
}
