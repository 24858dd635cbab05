"""The pages of what is done with partners, their mappings and their codes."""

from gateway.cli.manual.exit_codes import SITE, does, shows
from gateway.cli.manual.page import Page, Pages

MAPPINGS = (
    ("mappings/OWNER/NAME.yaml", "a mapping of the site; NAME.tests/ beside it has its tests"),
    ("OWNER 'x12', 'csv', ...", "built in; a mapping of the site extends them"),
)
PARTNERS = (("partners/NAME.yaml", "who the partner is and what was agreed"),)
PAGES: Pages = {
    "partner": Page(
        """A partner is a file in the folder 'partners'. As long as its status is 'draft' nothing is read or sent; 'testing' keeps
        its orders apart, 'live' is business.""",
        (
            ("partner new bigmart --from order.edi", "Begin with what they sent."),
            ("partner check bigmart", "Is it in order?"),
            ("partner test bigmart", "Can its channels be used?"),
        ),
        see=("mapping new", "config check"),
    ),
    "partner new": Page(
        """Writes partners/NAME.yaml, and its folders. From an X12 sample it takes their identity and version, from CSV or XML it
        drafts a mapping too. What cannot be known is marked in the file. It begins as a draft, which nothing reads yet.""",
        (
            ("partner new bigmart --from order.edi", "From an order they sent."),
            ("partner new corner-shop --from bestellung.csv", "From a CSV file; also drafts its mapping."),
            ("partner new bigmart", "From nothing: a form to fill in."),
        ),
        f"0 written, 2 the name or the sample cannot be used, {SITE} or file, 8 there is one of this name",
        PARTNERS,
        ("partner check", "mapping test", "partner test"),
    ),
    "partner list": Page(
        "It only looks.",
        (("partner list", "All partners with status and mappings."), ("partner list --json", "For a program.")),
        f"0 shown, 2 wrong usage, {SITE}",
        PARTNERS,
        ("partner show",),
    ),
    "partner show": Page(
        "It only looks. Secrets are shown as ***.",
        (("partner show acme", "What was said, and what counts where nothing was."), ("partner show acme --json", "For a program.")),
        f"0 shown, 2 wrong usage, {SITE} or partner",
        PARTNERS,
        ("partner check", "config show"),
    ),
    "partner check": Page(
        "It only looks, and needs neither network nor database. All problems are shown at once, each with file, line and advice.",
        (("partner check acme", "The partner file and the mappings in mappings/acme."),),
        f"0 in order, 1 there are errors, 2 wrong usage, {SITE} or partner",
        PARTNERS,
        ("config check", "mapping check", "partner test"),
    ),
    "partner test": Page(
        """Goes as far as it can: name, connection, host key, login, folders, rights; and says where it ends. With --write it also puts a
        small file there and removes it. No file of the partner is taken, and none of ours sent.""",
        (
            ("partner test acme", "All channels of ACME."),
            ("partner test acme --write", "With a small file to try, put there and removed."),
            ("partner test acme --channel out", "One of them."),
        ),
        see=("channels list", "partner scan-host-key"),
    ),
    "partner scan-host-key": Page(
        """What a server says of itself may be a lie: compare the fingerprint with what the partner tells you by telephone before the
        line goes into the partner file.""",
        (
            ("partner scan-host-key sftp.example.com", "At the usual port, 22."),
            ("partner scan-host-key sftp.example.com --port 2222", "At another one."),
        ),
        see=("partner test",),
    ),
    "mapping": Page(
        """A mapping says in YAML how a file of a partner is read into one of our documents, or one of ours is written. All these commands
        try and look; only 'new' and 'test --update' write, and only into the folder 'mappings'.""",
        (
            ("mapping new bigmart/850 --from x12/850 --sample order.edi", "Begin with one that is there and a file they sent."),
            ("mapping test bigmart/850", "Does it still do what it did?"),
            ("mapping explain bigmart/850 order.edi", "Where does each value come from?"),
        ),
        files=MAPPINGS,
        see=("partner check", "values list"),
    ),
    "mapping check": Page(
        "It only looks. Names of the site and built-in ones, or a file that stands anywhere.",
        (
            ("mapping check", "All mappings of the site."),
            ("mapping check bigmart/850 --strict", "One; a warning counts too."),
            ("mapping check draft.yaml", "A file that is in no site yet."),
        ),
        files=MAPPINGS,
        see=("mapping test", "config check"),
    ),
    "mapping list": Page(
        "It only looks. Without a site the built-in ones are listed.",
        (("mapping list", "All."), ("mapping list --json", "For a program.")),
        f"0 shown, 2 wrong usage, {SITE}",
        MAPPINGS,
        ("mapping show",),
    ),
    "mapping show": Page(
        "It only looks.",
        (
            ("mapping show x12/850", "A built-in one, whole."),
            ("mapping show bigmart/850 --tree", "Target by target: what each reads."),
            ("mapping show bigmart/850 --diff x12/850", "Only what is BigMart's own."),
        ),
        f"0 shown, 2 wrong usage, {SITE} or mapping",
        MAPPINGS,
        ("mapping explain",),
    ),
    "mapping run": Page(
        """Nothing is stored or sent. For a mapping that writes, FILE is one of our documents in YAML or JSON, and what would leave is
        printed. --param gives what else would come from the partner file, --today the business date.""",
        (
            ("mapping run x12/850 order.edi", "The orders of a file."),
            ("mapping run bigmart/850 order.edi --partner bigmart --json", "With what was agreed; for a program."),
            ("mapping run x12/810 invoice.yaml --partner acme", "What an invoice looks like that leaves."),
        ),
        see=("mapping explain", "mapping test"),
    ),
    "mapping test": Page(
        """A test is a folder with an input and what is expected of it. --update writes what comes now as what is expected: it shows the
        difference and asks first; --yes does not ask, and without a terminal it is needed.""",
        (
            ("mapping test", "All mappings of the site."),
            ("mapping test bigmart/850", "One."),
            ("mapping test bigmart/850 --update", "Take the differences as right, after you have read them."),
        ),
        files=MAPPINGS,
        see=("mapping run", "mapping replay"),
    ),
    "mapping explain": Page(
        "Nothing is stored or sent; --html writes the page it names.",
        (
            ("mapping explain x12/850 order.edi", "Every value."),
            ("mapping explain x12/850 order.edi --field lines[1].quantity", "One of them."),
            ("mapping explain x12/850 order.edi --html look.html", "File and fields side by side, to click through."),
        ),
        see=("mapping coverage", "mapping run"),
    ),
    "mapping coverage": Page(
        "It only looks. What no rule reads may be worth a rule, or an entry under 'ignore'.",
        (
            ("mapping coverage x12/850 order.edi", "Of one file."),
            ("mapping coverage bigmart/850 samples/one.edi samples/two.edi", "Of several together."),
        ),
        see=("mapping explain", "values list"),
    ),
    "mapping new": Page(
        "",
        (
            ("mapping new bigmart/850 --from x12/850 --sample order.edi", "What differs from the usual 850 is marked."),
            ("mapping new corner-shop/orders --sample bestellung.csv", "A draft of the titles of a CSV file."),
        ),
        files=MAPPINGS,
        see=("mapping check", "mapping test", "partner new"),
    ),
    "mapping replay": Page(
        "For the moment before a changed mapping is used: what would have been different with real files?",
        (
            ("mapping replay bigmart/850 --last 50", "The last 50 files it read."),
            ("mapping replay bigmart/850 --against x12/850", "Beside what another mapping makes of them."),
        ),
        see=("mapping test", "files list"),
    ),
    "values": Page(
        """Partners use a code that nobody told us of, or send data that no rule reads. Each is listed once, however often it comes, and
        decided once.""",
        (("values list", "What is to be decided."), ('values set V-3 CA --note "a case"', "Say what one means.")),
        see=("holds list", "mapping coverage"),
    ),
    "values list": Page(
        "It only looks.",
        (("values list", "What is open, the most frequent first."), ("values list --all --json", "Everything, for a program.")),
        shows(),
        see=("values set", "values ignore"),
    ),
    "values set": Page(
        "Documents that wait for this code wait on until they are released, and are read anew then; the command that does it is said.",
        (
            ('values set V-3 CA --note "BigMart writes CS for a case"', "What they call CS is our CA."),
            ("values set V-3 --as-is", "It means what it says."),
        ),
        does("written", "code", "it was decided already"),
        MAPPINGS,
        ("values list", "holds release"),
    ),
    "values ignore": Page(
        "It is not listed again.",
        (('values ignore V-4 --note "retail price, not needed"', "We know, and do not want it."),),
        does("noted", "code", "it was decided already"),
        MAPPINGS,
        ("values list",),
    ),
    "import": Page(
        """For a file that no channel brought: it is checked, archived, taken and answered in the same way, and recorded as imported
        by hand. The same bytes are not taken twice. 'incoming' is what is on its way to us, 'open-items' what customers owe
        elsewhere.""",
        (
            ("import items items.csv", "Our items."),
            ("import stock count.csv", "What a warehouse counted."),
            ("import item-ids their-numbers.csv --partner acme", "How a partner calls our items."),
        ),
        "0 taken, 1 something of it is held or refused, 2 wrong usage, 4 broken configuration, 5 no such site, file or partner, "
        "6 it is taken, and what follows could not be delivered yet, 7 the database cannot be used, 8 another process works on the site",
        see=("files list", "holds list"),
    ),
    "schema": Page("", (("schema export", "So that an editor completes and checks YAML files."),), see=("config check",)),
    "schema export": Page(
        """Editors that know JSON Schema (VS Code with the YAML extension, JetBrains) then complete keys and mark mistakes while you
        type. Needed again after an upgrade; other settings of the editor stay.""",
        (
            ("schema export", "For the site."),
            ("schema export --out schemas", "Into a folder of your choice, without touching any editor."),
        ),
        f"0 written, 2 wrong usage, {SITE}, 6 the folder cannot be written",
        ((".schemas/*.json", "the schemas"), (".vscode/settings.json", "where VS Code finds them")),
        ("config check", "mapping check"),
    ),
}  # fmt: skip
