"""Every setting there is, once: the value, ``.env.example``, ``--help`` and the README are made from this."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a setting's text is read as; `warmxfer_tui.settings.parse` has a reader for each."""

    CREDENTIAL = "credential"
    NAME = "name"
    KEY = "key"
    NUMBER = "number"
    LINE = "number or sip: address"
    REGION = "region"
    URL = "url"
    API = "API address"
    PORT = "port"
    DAYS = "days"
    MINUTES = "minutes"
    SECONDS = "seconds"
    TARGETS = "file of targets"
    LOG = "new file"
    SWITCH = "yes or no"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: where its value comes from, what it is, and what a person needs to know about it."""

    name: str
    """Its name in a ``.env`` file and in the environment."""
    attr: str
    """Its name in `Settings`."""
    kind: Kind
    help: str
    """One sentence without a full stop."""
    default: str = ""
    """As it would be written in ``.env``; empty means: not set."""
    flag: str = ""
    """The command line's name; a secret has none, since every user of a machine can read command lines."""
    group: str = ""
    account: bool = False
    """Needed as soon as there is an account, that is with an API key."""
    where: str = ""
    """Where a person finds the value."""
    secret: bool = False


_TELNYX = "Your Telnyx account (none of these: the built-in simulator)"
_YOU = "You"
_SOUND = "What a customer on hold hears (at most one; none: the sound that comes with warmxfer)"
_HOOKS = "How Telnyx reaches this console"
_REST = "The rest"

TABLE: tuple[Setting, ...] = (
    Setting(
        "TELNYX_API_KEY",
        "api_key",
        Kind.CREDENTIAL,
        "API key (V2)",
        group=_TELNYX,
        where="portal.telnyx.com, API Keys",
        secret=True,
    ),
    Setting(
        "TELNYX_PUBLIC_KEY",
        "public_key",
        Kind.KEY,
        "public key that signs the webhooks, in base64",
        flag="--public-key",
        group=_TELNYX,
        account=True,
        where="portal.telnyx.com, Keys & Credentials, Public Key",
    ),
    Setting(
        "TELNYX_CONNECTION_ID",
        "connection_id",
        Kind.NAME,
        "id of the Call Control application (Voice API)",
        flag="--connection-id",
        group=_TELNYX,
        account=True,
        where="portal.telnyx.com, Voice API applications",
    ),
    Setting(
        "TELNYX_PHONE_NUMBER",
        "phone_number",
        Kind.NUMBER,
        "your Telnyx number: customers call it, dials show it",
        flag="--phone-number",
        group=_TELNYX,
        account=True,
        where="portal.telnyx.com, My Numbers",
    ),
    Setting(
        "TELNYX_BASE_URL",
        "base_url",
        Kind.API,
        "address of the API, ending in /v2; with http:// only on this machine, or the key would be seen",
        default="https://api.telnyx.com/v2",
        flag="--base-url",
        group=_TELNYX,
    ),
    Setting(
        "WARMXFER_SIMULATOR",
        "simulator",
        Kind.SWITCH,
        "use the built-in simulator even if there is an API key",
        default="no",
        flag="--simulator",
        group=_TELNYX,
    ),
    Setting(
        "AGENT_LINE",
        "agent_line",
        Kind.LINE,
        "the phone you talk through: a number or a sip: address",
        flag="--line",
        group=_YOU,
        account=True,
        where="a phone beside you",
    ),
    Setting(
        "AGENT_LINE_KEEP",
        "agent_line_keep",
        Kind.MINUTES,
        "minutes your line stays up after a call; it is billed meanwhile; 0 hangs up at once",
        default="10",
        flag="--line-keep",
        group=_YOU,
    ),
    Setting(
        "AGENT_LINE_TRUSTED",
        "agent_line_trusted",
        Kind.SWITCH,
        "a sip: line counts as up when it answers, without a digit or Enter to confirm that you are there",
        default="no",
        flag="--line-trusted",
        group=_YOU,
    ),
    Setting(
        "AGENT_NAME",
        "agent_name",
        Kind.NAME,
        "your name, as a colleague hears and reads it",
        default="your agent",
        flag="--name",
        group=_YOU,
    ),
    Setting(
        "DESK_NAME",
        "desk_name",
        Kind.NAME,
        "this desk's own name: it leaves the calls of every other desk alone",
        default="desk",
        flag="--desk",
        group=_YOU,
    ),
    Setting(
        "DEFAULT_REGION",
        "default_region",
        Kind.REGION,
        "two letters of the country in which a number without + is read",
        default="US",
        flag="--region",
        group=_YOU,
    ),
    Setting(
        "TARGETS_FILE",
        "targets",
        Kind.TARGETS,
        "file with the colleagues you hand customers to, a line each: name, number, team (or no team); "
        "or TOML, a [[target]] each",
        flag="--targets",
        group=_YOU,
    ),
    Setting(
        "HOLD_AUDIO_URL",
        "hold_audio_url",
        Kind.URL,
        "address of a wav or mp3 file that Telnyx can fetch",
        flag="--hold-url",
        group=_SOUND,
    ),
    Setting(
        "HOLD_MEDIA_NAME",
        "hold_media_name",
        Kind.NAME,
        "name of a file in your account's media storage",
        flag="--hold-media",
        group=_SOUND,
    ),
    Setting(
        "HOLD_SECONDS",
        "hold_seconds",
        Kind.SECONDS,
        "length of that file in seconds; the hold is sent again before it runs out",
        default="60",
        flag="--hold-seconds",
        group=_SOUND,
    ),
    Setting(
        "LISTEN_HOST",
        "listen_host",
        Kind.NAME,
        "address on which webhooks are received",
        default="127.0.0.1",
        flag="--host",
        group=_HOOKS,
    ),
    Setting(
        "LISTEN_PORT",
        "listen_port",
        Kind.PORT,
        "port on which webhooks are received; 0 takes any that is free; not set, so does the simulator",
        default="8787",
        flag="--port",
        group=_HOOKS,
    ),
    Setting(
        "PUBLIC_URL",
        "public_url",
        Kind.URL,
        "address under which Telnyx reaches that port; in the portal, the application's webhook URL is this "
        "with /webhooks behind it; shown and checked, never sent",
        flag="--public-url",
        group=_HOOKS,
    ),
    Setting(
        "WARMXFER_LOG",
        "log",
        Kind.LOG,
        "where the log goes; without it, into the state folder",
        flag="--log",
        group=_REST,
    ),
    Setting(
        "WARMXFER_LOG_NUMBERS",
        "log_numbers",
        Kind.SWITCH,
        "write phone numbers into the log unmasked",
        default="no",
        flag="--log-numbers",
        group=_REST,
    ),
    Setting(
        "WARMXFER_JOURNAL_DAYS",
        "journal_days",
        Kind.DAYS,
        "days after which the journal forgets a call",
        default="90",
        flag="--journal-days",
        group=_REST,
    ),
)
