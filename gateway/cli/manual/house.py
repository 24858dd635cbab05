"""The pages of what keeps a site in order: configuration, database, people to be told, and the bad day."""

from gateway.cli.manual.exit_codes import SITE, shows
from gateway.cli.manual.page import Page, Pages

PAGES: Pages = {
    "config": Page(
        "Everything that was written for a site: gateway.yaml, partner files, mappings.",
        (("config check", "Is it in order?"), ("config show", "What counts, and who says so.")),
        see=("partner check", "mapping check"),
    ),
    "config check": Page(
        """It only looks, and needs neither network nor database. Each problem has file, line and column, what is wrong, and what was
        probably meant. A running gateway does the same before it takes a changed configuration.""",
        (
            ("config check", "All problems at once."),
            ("config check --json", "For an editor or a pipeline."),
            ("config check --site /etc/gateway", "Of another site."),
        ),
        "0 in order, perhaps with warnings, 1 there are errors, 2 wrong usage, 5 no such site",
        (("gateway.yaml, partners/, mappings/", "what is checked"), ("GATEWAY_SECTION__KEY", "what the environment says instead")),
        ("config show", "partner check", "mapping check"),
    ),
    "config show": Page(
        "It only looks. With --partner the values that count for that partner, with the file that says each.",
        (
            ("config show", "All settings of gateway.yaml that are said."),
            ("config show --partner acme", "What counts for ACME."),
            ("config show --all --json", "Everything, for a program."),
        ),
        files=(
            ("GATEWAY_DATABASE__URL, GATEWAY_DATABASE__PASSWORD_FILE", "where the database is"),
            ("GATEWAY_RUN__HEALTH, GATEWAY_SFTP_SERVER__LISTEN", "where we listen"),
        ),
        see=("config check", "config plan", "partner show"),
    ),
    "config plan": Page(
        "Read it before a restart or reload, above all before a partner goes from 'testing' to 'live'.",
        (
            ("config plan", "Compared with what the running process used last."),
            ("config plan --against HEAD", "Compared with what git has."),
            ("config plan --against /backup/site", "Compared with another folder."),
        ),
        files=(("gateway.yaml, partners/, mappings/", "what is compared"),),
        see=("config check", "config reload", "mapping replay"),
    ),
    "config reload": Page(
        "The same as SIGHUP to the process, but it waits and says what came of it.",
        (("config reload", "After 'gateway config plan' showed what you meant."),),
        see=("config plan", "run", "workers"),
    ),
    "doctor": Page(
        """For the first start on a machine, after an upgrade, and on a bad day. Each thing that is not in order has the command that
        repairs it. No file of a partner is taken and none of ours sent.""",
        (
            ("doctor", "Everything that can be seen from here."),
            ("doctor --connect", "Also try the servers of partners."),
            ("doctor --quiet --strict", "For a nightly job: silent, and 0, when all is well."),
        ),
        see=("health", "config check", "partner test"),
    ),
    "explain-code": Page(
        """Whatever we say has a code; so has what stands in an acknowledgment of a partner. It only looks, and needs a site only for
        the id of a hold or alert.""",
        (
            ("explain-code X-STRUCTURE", "One code of ours."),
            ("explain-code AK403 7", "A code of a 997: what did they mean?"),
            ("explain-code C", "All codes about the content of documents."),
            ("explain-code", "All codes."),
        ),
        see=("holds show", "alerts show", "validate"),
    ),
    "health": Page(
        """Each thing that is looked at has a line: the processes and when they were last heard of, the database, the folders, the disk. It
        changes nothing. Made for systemd, Docker and monitoring too.""",
        (
            ("health", "Everything."),
            ("health --live", "Only whether the processes live: what a watchdog should ask, for a full disk is not cured by a restart."),
            ("health --json", "For a program."),
        ),
        f"0 all is well, 1 something is wrong, 2 wrong usage, {SITE}",
        see=("run", "workers", "alerts list"),
    ),
    "workers": Page(
        "It only looks.",
        (("workers", "Who works here."), ("workers --json", "For a program.")),
        shows(),
        see=("health", "units list"),
    ),
    "units": Page(
        """What is to be done is kept in the database in small pieces, so that nothing is lost when a process ends. What failed again and again
        waits here for a person.""",
        (("units list --failed", "What failed for good."), ("units retry --all", "Try all of it again.")),
        see=("workers", "alerts list"),
    ),
    "units list": Page(
        "It only looks.",
        (("units list", "Everything that is not done."), ("units list --failed", "What failed for good.")),
        shows(),
        see=("units retry", "health"),
    ),
    "units retry": Page(
        "Each piece is safe to be done again: what it did already is not doubled.",
        (("units retry in:4f1c", "One, as the list names it."), ("units retry --all", "All that failed.")),
        see=("units list",),
    ),
    "alerts": Page(
        """What needs somebody is told once, over the routes of gateway.yaml: by mail, webhook or file. It ends by itself when its
        cause is gone.""",
        (("alerts list", "What is open."), ("alerts test office", "Does a message arrive?")),
        see=("holds list", "health"),
    ),
    "alerts list": Page(
        "It only looks.",
        (("alerts list", "What is open."), ("alerts list --all", "Also what is over."), ("alerts list --json", "For a program.")),
        see=("alerts show", "holds list"),
    ),
    "alerts show": Page(
        "It only looks.",
        (("alerts show A-1a2b3c4d", "One, with everybody who was told."),),
        see=("alerts close",),
    ),
    "alerts close": Page(
        "Only needed where the cause cannot be seen by the gateway. If it is still there, it is told again.",
        (('alerts close A-1a2b3c4d --note "the disk was cleared"', "It is over; the note says why."),),
        see=("alerts list",),
    ),
    "alerts test": Page(
        "The message says that it is only a test. No alert is made.",
        (("alerts test office", "A route of gateway.yaml."), ("alerts test partner:acme", "The route to a partner.")),
        see=("alerts list", "config check"),
    ),
    "alerts digest": Page(
        "Sent every day at the time that gateway.yaml says. Without --send it is only printed.",
        (("alerts digest", "Read it now."), ("alerts digest --send", "Send it now.")),
        see=("alerts list", "promises"),
    ),
    "audit": Page(
        """Every deed of a person, and what touched the security of the site, is an entry in a chain: none can be changed or taken out
        unseen.""",
        (("audit list --who ann --last 20", "What Ann did lately."), ("audit verify", "Is the chain whole?")),
        see=("trace",),
    ),
    "audit list": Page(
        "It only looks.",
        (
            ("audit list --who ann --last 20", "The latest 20 things that Ann did."),
            ("audit list --subject SO-0000001", "All that was done to one order."),
            ("audit list --json", "For a program."),
        ),
        see=("audit verify", "trace"),
    ),
    "audit verify": Page(
        "It only looks, and reads the whole chain. After a copy of the database was brought back it says what the copy lacks.",
        (("audit verify", "Once a month, and when in doubt."),),
        see=("audit list", "db check"),
    ),
    "db": Page(
        """A site has one database: SQLite in var/, which needs no service, or PostgreSQL, which lets many processes work on it.""",
        (("db backup monday.db", "A copy while the site works."), ("db check", "Is it whole?")),
        files=(("database in gateway.yaml", "which one"), ("GATEWAY_DATABASE__URL", "another one than that")),
        see=("health", "audit verify"),
    ),
    "db upgrade": Page(
        """Needed once after a new version was installed, with no process at work: keep a copy first ('gateway db backup'). Commands that
        work on a site do it too where it is safe. An older version cannot use the database afterwards.""",
        (("db upgrade", "Do it now, to see that it goes well."),),
        see=("db backup", "db check"),
    ),
    "db copy": Page(
        """End 'gateway run' first. A password is not written into the command: ${NAME} is taken from the environment. Afterwards write the new address
        into gateway.yaml; the old database stays where it is.""",
        (("db copy --to 'postgresql://gateway:${DB_PASSWORD}@db/gateway'", "Into an empty database."),),
        see=("db check", "config show"),
    ),
    "db partitions": Page(
        "Detaching removes nothing: the months stay in the database as tables of their own, for an archive.",
        (("db partitions", "Which months there are."), ("db partitions --detach-before 2025-01", "Take out what is older.")),
        see=("db prune",),
    ),
    "db backup": Page(
        "The copy is read back and checked before it counts. It has no files in it: copy var/archive and var/journal as well, and the configuration.",
        (("db backup monday.db", "Into the present folder."), ('db backup "/backup/$(date +%F).db"', "From a nightly job.")),
        see=("db restore", "db check"),
    ),
    "db restore": Page(
        """What came or left after the copy was made is not in it: partners may have to send again, and you may have to as well. Without
        --yes it is only told what would be done.""",
        (
            ('db restore monday.db --note "the disk broke"', "See what would be done."),
            ('db restore monday.db --note "the disk broke" --yes', "Do it."),
        ),
        see=("db backup", "audit verify", "holds list"),
    ),
    "db prune": Page(
        "",
        (("db prune --dry-run", "See what would be removed. Nothing is."), ("db prune", "Remove it.")),
        files=(("retention in gateway.yaml", "how long each is kept"),),
        see=("db check", "db partitions"),
    ),
    "db check": Page(
        "It only looks: at the tables, at the latest files of the archive and all that still wait, at the counters and the audit trail.",
        (("db check", "Each thing that was looked at has a line."), ("db check --json", "For monitoring.")),
        see=("db backup", "audit verify", "health"),
    ),
    "sftp": Page(
        """Partners may bring and fetch their files at a server of ours. It is off until 'sftp_server' of gateway.yaml switches it on, and
        runs within 'gateway run'.""",
        (("sftp show", "Where it listens, and what to tell a partner."),),
        see=("partner test", "audit list"),
    ),
    "sftp show": Page(
        "It only looks.",
        (("sftp show", "All of it."), ("sftp show --json", "For a program.")),
        files=(("sftp_server in gateway.yaml", "where it listens"), ("sftp in a partner file", "who may log in, with which key")),
        see=("sftp unban", "sftp hash-password"),
    ),
    "sftp hash-password": Page(
        """A key is better than a password. The password is asked for, never an argument, so that it is in no history; nothing is
        stored.""",
        (
            ("sftp hash-password", "Asks twice and prints the line for the partner file."),
            ("sftp hash-password < password.txt", "Read from a file, in a script."),
        ),
        see=("sftp show",),
    ),
    "sftp unban": Page(
        "Addresses that fail too often are turned away for a while, and are heard again by themselves. This does it at once.",
        (('sftp unban 192.0.2.7 --note "they have a new password"', "Hear them again."),),
        see=("sftp show", "audit list"),
    ),
    "bench": Page(
        "Takes about a minute. End other work on the machine first, else that is measured too.",
        (
            ("bench", "A thousand orders of ten lines."),
            ("bench --orders 5000", "More of them, for a surer figure."),
            ("bench --orders 5000 --lines 40", "Larger ones."),
            ("bench --workers 4", "Also four processes at once, on PostgreSQL."),
        ),
        see=("health", "workers"),
    ),
    "help": Page(
        """The same as --help behind the command. Two pages are of no single command: exit-codes, and environment.""",
        (
            ("help orders ship", "One command."),
            ("help orders", "A group of commands."),
            ("help exit-codes", "What the numbers mean that commands end with."),
        ),
        "0 shown, 2 no such command",
        see=("completion",),
    ),
    "completion": Page(
        """Then the Tab key completes commands, options, and what the site has: partners, mappings, orders, kinds of documents. Nothing is installed: the
        script is printed, with a line on where it belongs. Where there is no site, or it is broken, completion says nothing.""",
        (
            ("completion bash", "Read it first."),
            ("completion bash > ~/.local/share/bash-completion/completions/gateway", "For bash; from the next shell on."),
            ("completion zsh > ~/.zfunc/_gateway", "For zsh, with ~/.zfunc in fpath before compinit."),
            ("completion fish > ~/.config/fish/completions/gateway.fish", "For fish."),
        ),
        "0 printed, 2 no such shell",
        (("_GATEWAY_COMPLETE", "set by the script while it asks; not for people"),),
        ("help",),
    ),
}  # fmt: skip
