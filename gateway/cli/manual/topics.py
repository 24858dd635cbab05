"""The pages of the manual that are of no single command."""

from collections.abc import Mapping

from gateway.cli.manual.exit_codes import EXIT_CODES
from gateway.cli.manual.page import Examples

TOPICS: Mapping[str, tuple[str, Examples]] = {
    "exit-codes": (
        "What the numbers mean that commands end with. Each command says in its help which of them it knows, and when.",
        tuple((str(code), means) for code, means in EXIT_CODES.items()),
    ),
    "environment": (
        "What is looked at besides the options of a command. An option counts before the environment, that before gateway.yaml.",
        (
            ("GATEWAY_CONFIG", "the site: its folder, or its gateway.yaml; --site counts before it"),
            ("GATEWAY_DATABASE__URL", "the database, instead of database.url in gateway.yaml"),
            ("GATEWAY_DATABASE__PASSWORD_FILE", "the file with its password, instead of database.password_file"),
            ("GATEWAY_RUN__HEALTH", "where probes are answered, instead of run.health"),
            ("GATEWAY_SFTP_SERVER__LISTEN", "where our SFTP server listens, instead of sftp_server.listen"),
            ("GATEWAY_LOGGING__LEVEL", "how much is logged, instead of logging.level"),
            ("GATEWAY_LOGGING__FORMAT", "how it is logged, instead of logging.format"),
            ("${NAME} in YAML files", "any variable, for secrets; it is never shown"),
            ("NO_COLOR", "no colours, where it is not empty"),
            ("COLUMNS", "how wide lists and help may be, where the terminal does not say"),
            ("./gateway.yaml", "the site, when nothing else names one; then in the folders above"),
            ("/etc/gateway/gateway.yaml", "the site of the machine, when there is none above either"),
        ),
    ),
}
