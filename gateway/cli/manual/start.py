"""The pages of the commands somebody begins with, and of those that every day has."""

from gateway.cli.manual.exit_codes import SITE, shows
from gateway.cli.manual.page import Page, Pages

FOLDERS = ("inbox/, outbox/", "where partners' files come and ours leave, unless a channel says otherwise")
VAR = ("var/", "the database, the archive of all files, and the lock of the process that works")
CONFIG = ("gateway.yaml", "who we are, how we work; partners/*.yaml and mappings/ stand beside it")

PAGES: Pages = {
    "": Page(
        """Files that come in are judged, acknowledged, made into orders, decided, shipped, invoiced and paid; every file, answer
        and deed is kept. Results go to stdout, talk to stderr. Commands that show something take --json.

        A site is a folder with a gateway.yaml. It is the one that --site names, else the one of $GATEWAY_CONFIG, else the
        nearest from here upwards, else /etc/gateway.""",
        (
            ("demo", "Two days of a house that sells, played before your eyes in a temporary folder. Needs nothing."),
            ("init my-site", "Begin a site of your own."),
            ("holds list", "What waits for somebody."),
            ("trace PO-4471", "All that happened to an order, by any number or file name."),
        ),
    ),
    "init": Page(
        """Writes gateway.yaml, one example partner, the folders for files, a .gitignore, and the schemas by which editors
        complete and check these files. What is there already stays as it is: it is said to be kept. Nothing is read, sent or
        started, and no database is made yet.""",
        (
            ("init my-site", "A site in a new folder. Next: put your own name and identity into gateway.yaml."),
            ("init", "The same here, in the present folder; files that are there are kept."),
        ),
        "0 the site is there, 2 wrong usage, 6 the folder cannot be written",
        (CONFIG, FOLDERS, (".schemas/", "for editors; made anew by 'gateway schema export'")),
        ("config check", "partner new", "run"),
    ),
    "demo": Page(
        """Everything happens in a new folder, which stays, so that you can look around in it afterwards; no file of yours is
        touched and nothing leaves the machine. It takes less than 20 seconds. In a site whose partners are those of the demo,
        that site is copied; anywhere else the one that came with the program.""",
        (
            ("demo", "Play in a temporary folder; its place is said at the end."),
            ("demo --keep my-demo", "Play in a folder of your choice, which must be new or empty."),
        ),
        f"0 played, 2 the folder is not empty, {SITE}, 6 the disk does not let us",
        see=("init", "orders list", "trace"),
    ),
    "run": Page(
        """This is the gateway itself. It looks into the inboxes and at the servers of partners, takes each complete file once,
        answers it, decides orders by the terms of the partner, delivers what is due, and does what the clock asks for:
        reminders, late acknowledgments, the nightly clean-up. Ctrl-C or SIGTERM ends it after the step it is at; nothing is
        lost or doubled when it is killed instead. SIGHUP makes it read the configuration anew; with a mistake in it the old one
        goes on.

        On SQLite one process works on a site; another one is refused. On PostgreSQL any number may.""",
        (
            ("run", "Work until somebody ends it; what happens is logged to stderr."),
            ("run --once", "Take what is there, finish it, end. For cron, and to try something."),
            ("run --health-port 8080", "Also answer probes: /health (it lives) and /ready (it can work)."),
            ("run --every 30", "Look into the folders every 30 seconds only."),
        ),
        f"0 ended as asked, also when something was held, 2 wrong usage, {SITE}, 6 a partner or folder could not be reached,"
        " 7 the database cannot be used, 8 another process works on this site",
        (CONFIG, FOLDERS, VAR, ("GATEWAY_DATABASE__URL", "another database than gateway.yaml says"),
         ("GATEWAY_RUN__HEALTH", "where probes are answered, as run.health of gateway.yaml")),
        ("health", "workers", "holds list"),
    ),
    "validate": Page(
        """Says what a partner's tester would: which sets are accepted, which are rejected and why, and what to ask the sender.
        With --partner it is judged as that partner has agreed: separators, guide, repairs. No site and no database are needed
        without --partner; nothing is stored, and nothing is sent.""",
        (
            ("validate order.edi", "The report, with a mark under what is wrong."),
            ("validate order.edi --partner acme", "By what was agreed with ACME."),
            ("validate order.edi --ack answer.edi", "Also write the 997 or 999 that would go back."),
            ("validate inbox/acme --json", "Every file of a folder; one JSON object a line."),
            ("validate order.edi --watch", "Again after each change, while you mend the file."),
        ),
        see=("mapping run", "files list"),
    ),
    "trace": Page(
        """Any number will do: a PO, our order, a shipment, a tracking number, a carton, an invoice, a credit, a payment, a claim,
        a return, a control number, or the name of a file. All that belongs together is told in the order of time, with the
        files in and out. It only looks.""",
        (
            ("trace PO-4471", "From the purchase order to its payment."),
            ("trace acme-orders-1.edi", "What became of a file that a partner sent."),
            ("trace INV0000001 --json", "The same for a program, from an invoice."),
        ),
        shows("nothing of that number or name"),
        see=("orders show", "dispatch show", "audit list"),
    ),
    "files list": Page(
        """Every file that was taken in, whoever sent it, with its state: processed, held, in quarantine, or a repetition of
        one that came before. The bytes are kept in the archive as long as 'retention' of gateway.yaml says. It only looks.""",
        (
            ("files list", "The files of all partners."),
            ("files list --partner acme", "Those of one partner."),
            ("files list --json", "For a program; with the ids by which others name them."),
        ),
        shows("partner"),
        see=("trace", "holds list", "dispatch list"),
    ),
    "files": Page("", (("files list --partner acme", "What ACME sent, and what became of it."),), see=("dispatch", "trace")),
    "acks": Page(
        """Each document of ours that leaves may be answered by a 997 or 999 within the time agreed in the partner file. What is
        late is told by itself, as an alert; here you look.""",
        (("acks overdue", "What should have been answered by now."),),
        see=("dispatch show", "promises", "alerts list"),
    ),
    "acks due": Page(
        "It only looks: nothing is sent, and nobody is reminded.",
        (
            ("acks due", "Everything that waits for an answer, the most urgent first."),
            ("acks due --partner acme", "Only what ACME has to answer."),
        ),
        see=("acks overdue", "dispatch show"),
    ),
    "acks overdue": Page(
        "Made for checks by a program too: it ends with 1 as soon as one answer is late. It only looks.",
        (
            ("acks overdue", "What is late, since when, and of whom."),
            ("acks overdue --json", "The same as a list; empty when nothing is late."),
        ),
        see=("acks due", "dispatch resend"),
    ),
    "promises": Page(
        """An answer, a shipment or an invoice that a partner was promised by a day. What is late costs money where the agreement
        says so; that money stands beside it. It only looks.""",
        (
            ("promises", "What is due next, and what is late already."),
            ("promises --partner acme --all", "Also what was kept, for a talk with ACME."),
            ("promises --json", "For a program."),
        ),
        see=("acks overdue", "orders list", "stock backorders"),
    ),
    "dispatch": Page(
        """Files that leave wait here until they are delivered. What a partner's server does not take is tried again by itself,
        later and later, and given up after the time of 'delivery' in gateway.yaml; then a person decides.""",
        (
            ("dispatch list --state given-up", "What nobody tries any more."),
            ("dispatch retry --partner acme", "Try again at once, after the partner has mended it."),
        ),
        see=("channels list", "partner test", "acks due"),
    ),
    "dispatch list": Page(
        "It only looks. The newest come first; --last says how many.",
        (
            ("dispatch list", "The last 50 files."),
            ("dispatch list --state waiting", "What could not leave yet, and why."),
            ("dispatch list --partner acme --document 810", "The invoices that went to ACME."),
        ),
        see=("dispatch show", "channels list"),
    ),
    "dispatch show": Page(
        "It only looks. A file is named by its id or by its name.",
        (("dispatch show 856_S1_000000012.edi", "One file with its whole history."),),
        see=("dispatch resend", "dispatch retry", "trace"),
    ),
    "dispatch resend": Page(
        """For a partner who has lost a file that was delivered. Without --new-number it is the same bytes under the same name, which
        a partner who has it already will call a duplicate. With --new-number it is another interchange with the same content.
        The first one stays in the list as it is.""",
        (
            ('dispatch resend 856_S1_000000012.edi --note "they lost it" --dry-run', "See what would leave. Nothing does."),
            ('dispatch resend 856_S1_000000012.edi --note "they lost it"', "Let it leave."),
            ('dispatch resend 856_S1_000000012.edi --note "refused" --new-number', "As another file, for one that refuses a repetition."),
        ),
        see=("dispatch show", "acks due"),
    ),
    "dispatch retry": Page(
        """What waits is tried again by itself; this is for when you know that the other side works again. With --partner the
        channels of the partner are opened again too. Nothing is sent twice: what was delivered is refused.""",
        (
            ("dispatch retry --partner acme", "All that could not leave to ACME."),
            ("dispatch retry 856_S1_000000012.edi", "One file."),
        ),
        see=("dispatch list", "channels list", "partner test"),
    ),
    "dispatch cancel": Page(
        "The order or invoice it tells of does not change: cancel that too, if it is what you mean.",
        (('dispatch cancel 856_S1_000000012.edi --note "sent by mail"', "It will not leave; the note says why."),),
        see=("dispatch list", "orders cancel"),
    ),
    "channels": Page("", (("channels list", "Which way to or from a partner fails, and since when."),), see=("partner test",)),
    "channels list": Page(
        "It only looks. A channel that was stopped, as for a changed host key, is opened again by 'gateway partner test'.",
        (
            ("channels list", "All channels with their state."),
            ("channels list --json", "For monitoring: failures and the moment of the next try."),
        ),
        see=("partner test", "dispatch list", "alerts list"),
    ),
}  # fmt: skip
