"""Every metric: its name, kind, labels and what it says; ``by_process`` is counted by one process, the others by the database."""

from dataclasses import dataclass

COUNTER, GAUGE, HISTOGRAM = "counter", "gauge", "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. A gauge of the database is the same from each process of a site: ask ``max``, not ``sum``."""

    name: str
    kind: str
    says: str
    labels: tuple[str, ...] = ()
    by_process: bool = False


METRICS = (
    # what a process does
    Metric("gateway_files_received_total", COUNTER, "Files taken from channels.", by_process=True),
    Metric("gateway_documents_total", COUNTER, "Documents by what became of them: mapped, held, rejected, sent. One that is held later counts for both.", ("type", "direction", "result"), by_process=True),
    Metric("gateway_document_processing_seconds", HISTOGRAM, "Time to map one document of a file and act on it.", by_process=True),
    Metric("gateway_duplicates_total", COUNTER, "What came again: the same bytes, interchange number or order.", ("kind",), by_process=True),
    Metric("gateway_channel_failures_total", COUNTER, "Tries to use a channel that failed.", ("channel",), by_process=True),
    Metric("gateway_sftp_logins_total", COUNTER, "Logins at our SFTP server: accepted, refused, banned.", ("result",), by_process=True),
    Metric("gateway_units_done_total", COUNTER, "Units of work done.", by_process=True),
    Metric("gateway_loop_age_seconds", GAUGE, "Time since a loop of the process came round.", ("loop",), by_process=True),
    Metric("gateway_scrape_errors_total", COUNTER, "Scrapes for which the database could not be asked; they show what it said before.", by_process=True),
    Metric("gateway_figures_age_seconds", GAUGE, "How old the figures of the database are.", by_process=True),
    Metric("gateway_build_info", GAUGE, "1; the labels say what runs.", ("version", "schema", "python"), by_process=True),
    # what stands in the database
    Metric("gateway_database_up", GAUGE, "1 when the database answered the last question, else 0."),
    Metric("gateway_documents_held", GAUGE, "Files, documents and orders that wait for somebody."),
    Metric("gateway_holds", GAUGE, "The same by kind (FILE, DATA, ORDER) and code.", ("kind", "code")),
    Metric("gateway_outbox_pending", GAUGE, "Files to be handed over."),
    Metric("gateway_outbox_oldest_age_seconds", GAUGE, "How long the first of them waits."),
    Metric("gateway_ack_overdue", GAUGE, "Files of ours that were not acknowledged in time, by document.", ("type",)),
    Metric("gateway_channel_up", GAUGE, "1 when a channel worked when it was last used, 0 when it fails or is stopped.", ("channel",)),
    Metric("gateway_channel_last_success_timestamp_seconds", GAUGE, "When a channel last worked.", ("channel",)),
    Metric("gateway_files_waiting", GAUGE, "Files taken and not read yet."),
    Metric("gateway_files_oldest_waiting_age_seconds", GAUGE, "How long the first of them waits."),
    Metric("gateway_units", GAUGE, "Units of work: waiting, running, failed for good.", ("state",)),
    Metric("gateway_alerts_open", GAUGE, "Open alerts; of the kind hold those by code are what is held, by cause.", ("kind", "severity", "code")),
    Metric("gateway_promises_late", GAUGE, "Promises that were missed and are still to be kept.", ("measure",)),
    Metric("gateway_notices_waiting", GAUGE, "Mails and webhooks that are to leave."),
    Metric("gateway_workers", GAUGE, "Processes that work on the site."),
    Metric("gateway_sftp_banned_addresses", GAUGE, "Addresses that are shut out of our SFTP server."),
    Metric("gateway_disk_free_bytes", GAUGE, "Free on the disk of var."),
    Metric("gateway_disk_reserve_bytes", GAUGE, "What is to stay free: with less no new file is taken."),
)  # fmt: skip
NAMED = {each.name: each for each in METRICS}
OF_THE_PROCESS = (
    "process_cpu_seconds_total", "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_open_fds",
    "process_max_fds", "process_start_time_seconds",
)  # fmt: skip
"""What the client of Prometheus says of any process on Linux."""
