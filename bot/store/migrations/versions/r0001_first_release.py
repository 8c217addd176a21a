"""The tables of the first release."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store import types
from bot.store.word_index import word_index_statements

# Ids of revisions begin with "r". Plain numbers, 0001 to 0005, were used before the first release, and a
# database that names one of them is refused (bot/store/migrate.py).
revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table, those others point to first. Constraints get their names from `bot.store.schema`."""
    create_communities()
    create_members()
    create_links()
    create_preferences()
    create_audit()
    create_processes()
    create_outbox()
    create_lanes()
    create_pacing()
    create_captured_messages()
    create_schedules()
    create_occurrences()
    create_calendars()
    create_prompts()
    create_prompt_selection()
    create_asked_prompts()
    create_answers()
    create_anonymous_answers()
    create_conversations()
    create_reminders()
    create_discussions()
    create_topics()
    create_courses()
    create_enrollments()
    create_progress()
    create_teams()
    create_rosters()
    create_plan_fills()
    create_team_plans()
    create_learning_rows()
    create_team_meetings()
    create_exports()
    create_letters()
    create_search()
    create_strategies()
    create_ratings()
    create_reports()
    create_integrations()


def community(*, index: bool = False) -> sa.Column[Any]:
    """Return the column that says which community a row belongs to."""
    return sa.Column("community_id", sa.Integer, sa.ForeignKey("community.id"), nullable=False, index=index)


def where(condition: str) -> dict[str, Any]:
    """Return what makes an index one of only the rows for which `condition` holds."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def create_communities() -> None:
    """Create the tenants, their spaces and their settings."""
    op.create_table(
        "community",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("slug", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("created_at", types.UtcDateTime, nullable=False),
    )
    op.create_table(
        "space",
        sa.Column("key", sa.Text, primary_key=True),
        community(index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sees_replies", sa.Boolean, nullable=False),
        sa.Column("sees_people", sa.Boolean, nullable=False),
        sa.Column("people_fix", sa.Text, nullable=False),
        sa.Column("seen_at", types.UtcDateTime, nullable=False),
        sa.Column("left_at", types.UtcDateTime),
    )
    op.create_table(
        "community_option",
        sa.Column("community_id", sa.Integer, sa.ForeignKey("community.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", types.Json, nullable=False),
    )


def create_members() -> None:
    """Create people, their accounts, and which channels an account was seen in."""
    op.create_table(
        "member",
        sa.Column("id", sa.Integer, primary_key=True),
        community(index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("zone", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("sharing", sa.Text),
        sa.Column("help", sa.Text),
        sa.Column("keeps", sa.Boolean, nullable=False),
        sa.Column("noticed_at", types.UtcDateTime),
        sa.Column("created_at", types.UtcDateTime, nullable=False),
        sa.Column("erasing_at", types.UtcDateTime),
        sa.Column("erased_at", types.UtcDateTime),
    )
    op.create_table(
        "account",
        sa.Column("space", sa.Text, sa.ForeignKey("space.key"), primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        community(),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("facts", types.Json, nullable=False),
        sa.Column("stranger", sa.Boolean, nullable=False),
        sa.Column("zone", sa.Text),
        sa.Column("locale", sa.Text),
        sa.Column("direct", sa.Text),
        sa.Column("refused_at", types.UtcDateTime),
        sa.Column("seen_at", types.UtcDateTime, nullable=False),
        sa.Column("left_at", types.UtcDateTime),
    )
    op.create_table(
        "presence",
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        community(),
        sa.Index("ix_presence_person", "space", "person"),
    )
    op.create_table(
        "danger_pause",
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        community(),
        sa.Column("until", types.UtcDateTime, nullable=False),
    )


def create_links() -> None:
    """Create accounts that are linked, what that changed, and the codes that prove it."""
    op.create_table(
        "member_link",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("keeper", sa.Integer, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("joined", sa.Integer, sa.ForeignKey("member.id"), nullable=False, unique=True),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Column("joining_at", types.UtcDateTime, index=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "link_row",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("link_id", sa.Integer, sa.ForeignKey("member_link.id"), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", types.Json, nullable=False),
        sa.Column("was", types.Json, nullable=False),
        sa.Column("became", types.Json),
    )
    op.create_table(
        "link_code",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("ended_at", types.UtcDateTime),
        sa.Index("ix_link_code_account", "space", "person"),
    )
    op.create_table(
        "link_try",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Index("ix_link_try_account", "space", "person", "at"),
    )


def create_preferences() -> None:
    """Create what members prefer, when they are away, and who was erased."""
    op.create_table(
        "preferences",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        community(),
        sa.Column("reminders", sa.Text, nullable=False),
        sa.Column("quiet_from", sa.Text),
        sa.Column("quiet_to", sa.Text),
        sa.Column("direct", sa.Boolean, nullable=False),
        sa.Column("progress", sa.Text, nullable=False),
        sa.Column("stopped_at", types.UtcDateTime),
        sa.Column("resumed_at", types.UtcDateTime),
        sa.Column("hand", sa.Boolean, nullable=False),
        sa.Column("recall", sa.Boolean, nullable=False),
    )
    op.create_table(
        "away",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("starts", sa.Date, nullable=False),
        sa.Column("ends", sa.Date, nullable=False),
        sa.Index("ix_away_member", "member_id", "ends"),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Column("asked", sa.Boolean, nullable=False),
        sa.UniqueConstraint("community_id", "digest"),
    )


def create_audit() -> None:
    """Create the audit log, the operator's alerts, and the permissions that were checked."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("before", types.Json),
        sa.Column("after", types.Json),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Index("ix_audit_community_id_at", "community_id", "at"),
        sa.Index("ix_audit_member_id", "member_id"),
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("told", types.Json, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False, server_default="0"),
        sa.Column("opened_at", types.UtcDateTime, nullable=False),
        sa.Column("resolved_at", types.UtcDateTime),
        sa.Index("uq_alert_open", "community_id", "key", unique=True, **where("resolved_at IS NULL")),
    )
    op.create_table(
        "place_look",
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        community(),
        sa.Column("looked_at", types.UtcDateTime, nullable=False),
        sa.Column("code", sa.Text),
    )


def create_processes() -> None:
    """Create what processes share: leases, the adapters' state, the guard against restored backups."""
    op.create_table(
        "lease",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("until", types.UtcDateTime, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "shelf",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", types.Json),
    )
    op.create_table(
        "secret_name",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
    )
    op.create_table(
        "epoch",
        sa.Column("instance", sa.Text, primary_key=True),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Column("wary_until", types.UtcDateTime),
    )


def outbox_message() -> list[sa.Column[Any]]:
    """Return what is said, and to whom."""
    return [
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("channel", sa.Text),
        sa.Column("thread", sa.Text),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("message", sa.Text),
        sa.Column("card", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("marker", sa.Text, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("after", sa.Text),
    ]


def outbox_state() -> list[sa.Column[Any]]:
    """Return how far it has come, and who is sending it."""
    return [
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("strikes", sa.Integer, nullable=False),
        sa.Column("look", sa.Text),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", types.UtcDateTime),
    ]


def outbox_times() -> list[sa.Column[Any]]:
    """Return when it may be sent, when it was, and what came back."""
    return [
        sa.Column("due_at", types.UtcDateTime, nullable=False),
        sa.Column("not_before", types.UtcDateTime, nullable=False),
        sa.Column("expires_at", types.UtcDateTime),
        sa.Column("send_started_at", types.UtcDateTime),
        sa.Column("first_sent_at", types.UtcDateTime),
        sa.Column("called_after", types.UtcDateTime),
        sa.Column("unclear_at", types.UtcDateTime),
        sa.Column("alerted_at", types.UtcDateTime),
        sa.Column("external_id", sa.Text),
        sa.Column("sent_at", types.UtcDateTime),
        sa.Column("error", sa.Text),
        sa.Column("sweep_at", types.UtcDateTime),
        sa.Column("swept_at", types.UtcDateTime),
        sa.Column("extras", sa.Integer, nullable=False),
        sa.Column("created_at", types.UtcDateTime, nullable=False),
    ]


def create_outbox() -> None:
    """Create the outbox: what Tilth is about to say, and what became of it."""
    op.create_table(
        "outbox",
        *outbox_message(),
        *outbox_state(),
        *outbox_times(),
        sa.Index("ix_outbox_after", "after", **where("state = 'pending' AND \"after\" IS NOT NULL")),
        sa.Index("ix_outbox_expires", "platform", "expires_at", **where("state = 'pending'")),
        sa.Index("ix_outbox_kind", "kind", **where("card IS NOT NULL")),
        sa.Index(
            "ix_outbox_lane",
            "space",
            "lane",
            "priority",
            "id",
            **where("state = 'pending' AND look != 'refused'"),
        ),
        sa.Index("ix_outbox_pending", "platform", "not_before", **where("state = 'pending'")),
        sa.Index("ix_outbox_person", "space", "person"),
        sa.Index("ix_outbox_sending", "platform", "space", **where("state = 'sending'")),
        sa.Index("ix_outbox_spoken", "space", "not_before", **where("verb = 'post'")),
        sa.Index("ix_outbox_sweep", "platform", "sweep_at", **where("sweep_at IS NOT NULL")),
        sa.Index(
            "ix_outbox_tried", "space", "lane", "priority", "id", **where("state = 'pending' AND attempt > 0")
        ),
        sa.Index(
            "ix_outbox_unseen",
            "platform",
            "priority",
            "not_before",
            **where("state = 'pending' AND (look IS NULL OR look = 'refused')"),
        ),
        sa.Index("uq_outbox_doubt", "space", "lane", unique=True, **where("state IN ('sending', 'unknown')")),
    )


def create_lanes() -> None:
    """Create which row of each lane is next, and in which lanes something has changed."""
    op.create_table(
        "lane",
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("lane", sa.Text, primary_key=True),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("head", sa.Integer, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("due_at", types.UtcDateTime, nullable=False),
        sa.Column("ready_at", types.UtcDateTime),
        sa.Index("ix_lane_later", "platform", "ready_at", **where("ready_at IS NOT NULL")),
        sa.Index(
            "ix_lane_ready", "platform", "space", "priority", "due_at", "head", **where("ready_at IS NULL")
        ),
    )
    op.create_table(
        "lane_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Index("ix_lane_change_platform", "platform", "id"),
    )


def create_pacing() -> None:
    """Create the pace at which a space may be spoken to."""
    op.create_table(
        "pace",
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("lane", sa.Text, primary_key=True),
        sa.Column("ready_at", types.UtcDateTime, nullable=False),
    )
    op.create_table(
        "circuit",
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("lane", sa.Text, primary_key=True),
        sa.Column("open_until", types.UtcDateTime, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
    )


def create_captured_messages() -> None:
    """Create the watched threads and the messages read in them."""
    op.create_table(
        "watched",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("ref", sa.Integer, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("since", types.UtcDateTime, nullable=False),
        sa.Column("until", types.UtcDateTime, nullable=False),
        sa.Column("scan_at", types.UtcDateTime),
        sa.Column("scanned_at", types.UtcDateTime),
        sa.Column("invited", sa.Integer, nullable=False),
        sa.Index("ix_watched_person", "space", "person", **where("person IS NOT NULL")),
        sa.Index("ix_watched_scan_at", "scan_at"),
        sa.Index("ix_watched_until", "until"),
        sa.Index("uq_watched_place", "space", "channel", "thread", "subject", "ref", unique=True),
    )
    op.create_table(
        "heard",
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("message", sa.Text, primary_key=True),
        community(),
        sa.Column("watched_id", sa.Integer, sa.ForeignKey("watched.id", ondelete="CASCADE"), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Column("version", types.UtcDateTime, nullable=False),
        sa.Column("deleted_at", types.UtcDateTime),
        sa.Column("missing_at", types.UtcDateTime),
        sa.Column("counts", sa.Boolean, nullable=False),
        sa.Column("chosen_at", types.UtcDateTime),
        sa.Index("ix_heard_person", "space", "person"),
        sa.Index("ix_heard_thread", "watched_id", "person", "at"),
    )
    op.create_table(
        "held_message",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("thread", sa.Text),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("value", types.Json),
        sa.Column("said_at", types.UtcDateTime, nullable=False),
        sa.Column("until", types.UtcDateTime, nullable=False),
        sa.Index("ix_held_message_until", "until"),
        sa.Index("uq_held_message", "space", "channel", "message", unique=True),
    )


def create_schedules() -> None:
    """Create schedules: a rule in local time, and how far it is planned."""
    op.create_table(
        "schedule",
        sa.Column("id", sa.Integer, primary_key=True),
        community(index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("anchor", sa.Date, nullable=False),
        sa.Column("paused_until", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("catch_up", sa.Text, nullable=False),
        sa.Column("grace_minutes", sa.Integer, nullable=False),
        sa.Column("break_policy", sa.Text, nullable=False),
        sa.Column("direct", sa.Boolean, nullable=False),
        sa.Column("open_minutes", sa.Integer),
        sa.Column("headsup_minutes", sa.Integer),
        sa.Column("approver", sa.Text),
        sa.Column("unapproved", sa.Text, nullable=False),
        sa.Column("instead_of", sa.Integer),
        sa.Column("instead_key", sa.Text),
        sa.Column("details", types.Json, nullable=False),
        sa.Column("cursor", types.UtcDateTime, nullable=False),
        sa.Column("plan_at", types.UtcDateTime, index=True),
        sa.Column("created_at", types.UtcDateTime, nullable=False),
        sa.Index("uq_schedule_community_id_name", "community_id", "name", unique=True),
    )
    op.create_table(
        "schedule_place",
        sa.Column(
            "schedule_id", sa.Integer, sa.ForeignKey("schedule.id", ondelete="CASCADE"), primary_key=True
        ),
        community(),
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("pings", sa.Text, nullable=False),
        sa.Column("suspended", sa.Text, nullable=False),
    )


def create_occurrences() -> None:
    """Create the dated instances of schedules."""
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column(
            "schedule_id", sa.Integer, sa.ForeignKey("schedule.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("due_at", types.UtcDateTime, nullable=False),
        sa.Column("owed_at", types.UtcDateTime, nullable=False),
        sa.Column("fire_at", types.UtcDateTime, nullable=False),
        sa.Column("wall", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("queued_at", types.UtcDateTime),
        sa.Index("ix_occurrence_community_id_fire_at", "community_id", "fire_at"),
        sa.Index("ix_occurrence_state_fire_at", "state", "fire_at", "schedule_id"),
        sa.Index("uq_occurrence_schedule_id_key", "schedule_id", "key", unique=True),
        sqlite_autoincrement=True,
    )


def create_calendars() -> None:
    """Create calendars and the breaks they contain."""
    op.create_table(
        "calendar_source",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("details", types.Json, nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("removed_at", types.UtcDateTime),
        sa.Column("lay_at", types.UtcDateTime),
        sa.Index("ix_calendar_source_community_id", "community_id"),
        sa.Index("ix_calendar_source_lay_at", "lay_at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "away_break",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("starts", sa.Date, nullable=False),
        sa.Column("ends", sa.Date, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("source", sa.Integer),
        sa.Index("ix_away_break_community_id_ends", "community_id", "ends"),
    )


def create_prompts() -> None:
    """Create the bank of prompts and the members' suggestions."""
    op.create_table(
        "prompt",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("deck", sa.Text, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("content", types.Json, nullable=False),
        sa.Column("retired_at", types.UtcDateTime),
        sa.Column("retired_by", sa.Text),
        sa.Column("origin", sa.Text, nullable=False, server_default="file"),
        sa.Column("tags", types.Json),
        sa.Column("turn", sa.Integer),
        sa.Column("lesson_opens_at", types.UtcDateTime),
        sa.Column("lesson_closes_at", types.UtcDateTime),
        sa.UniqueConstraint("community_id", "deck", "slug"),
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("deck", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("fate", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("prompt_id", sa.Integer, sa.ForeignKey("prompt.id")),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Column("decided_at", types.UtcDateTime),
        sa.Index("ix_suggestion_community_id_fate", "community_id", "fate", "id"),
        sqlite_autoincrement=True,
    )


def create_prompt_selection() -> None:
    """Create which prompt was chosen for a date, and which was shown ahead of it."""
    op.create_table(
        "drawn",
        sa.Column("occurrence_id", sa.Integer, primary_key=True),
        community(),
        sa.Column("schedule_id", sa.Integer, nullable=False, index=True),
        sa.Column("prompt_id", sa.Integer, sa.ForeignKey("prompt.id"), nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
    )
    op.create_table(
        "headsup",
        sa.Column("schedule_id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        community(),
        sa.Column("choice", sa.Integer, index=True),
        sa.Column("told_at", types.UtcDateTime),
        sa.Column("approved_at", types.UtcDateTime),
        sa.Column("over_at", types.UtcDateTime),
    )


def create_asked_prompts() -> None:
    """Create prompts that were posted, where, and who skipped them."""
    op.create_table(
        "asking",
        sa.Column("occurrence_id", sa.Integer, primary_key=True),
        community(),
        sa.Column("schedule_id", sa.Integer, nullable=False),
        sa.Column("prompt_id", sa.Integer, sa.ForeignKey("prompt.id"), nullable=False),
        sa.Column("prompt", types.Json, nullable=False),
        sa.Column("direct", sa.Boolean, nullable=False),
        sa.Column("anonymous", sa.Boolean, nullable=False),
        sa.Column("opened_at", types.UtcDateTime, nullable=False),
        sa.Column("closes_at", types.UtcDateTime, nullable=False),
        sa.Column("closing_since", types.UtcDateTime),
        sa.Column("closed_at", types.UtcDateTime),
        sa.Column("answered", sa.Integer),
        sa.Column("picked", types.Json),
        sa.Column("stale_at", types.UtcDateTime),
        sa.Index("ix_asking_community", "community_id", "opened_at"),
        sa.Index("ix_asking_open", "closed_at", "closes_at"),
        sa.Index("ix_asking_stale_at", "stale_at"),
    )
    op.create_table(
        "asked_in",
        sa.Column("occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), primary_key=True),
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        community(),
        sa.Column("message", sa.Text),
        sa.Column("thread", sa.Text),
        sa.Column("digest", sa.Text),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("listen_after", sa.Text),
        sa.Index("ix_asked_in_listen", "occurrence_id", **where("listen_after IS NOT NULL")),
        sa.Index("ix_asked_in_place", "space", "channel"),
    )
    op.create_table(
        "told_count",
        sa.Column("occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), primary_key=True),
        community(),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.Column("unseen", sa.Integer, nullable=False),
    )
    op.create_table(
        "standing_card",
        sa.Column("occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), primary_key=True),
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        community(),
        sa.Column("person", sa.Text),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("shown", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("due_at", types.UtcDateTime, index=True),
        sa.Index("ix_standing_card_person", "space", "person", **where("person IS NOT NULL")),
    )
    op.create_table(
        "skip",
        sa.Column("occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        community(),
        sa.Index("ix_skip_member_id", "member_id"),
    )


def create_answers() -> None:
    """Create answers and their parts."""
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("sharing", sa.Text, nullable=False),
        sa.Column("first_at", types.UtcDateTime, nullable=False),
        sa.Column("shared_at", types.UtcDateTime, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("withdrawn_at", types.UtcDateTime),
        sa.Column("replaced_at", types.UtcDateTime),
        sa.Column("hidden_at", types.UtcDateTime),
        sa.Column("hidden_for", sa.Text),
        sa.UniqueConstraint("occurrence_id", "member_id"),
        sa.Index("ix_answer_member", "member_id", "first_at"),
        sa.Index("ix_answer_shared", "occurrence_id", "sharing", "shared_at", "id"),
    )
    op.create_table(
        "last_look",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), primary_key=True),
        community(),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Index("ix_last_look_occurrence", "occurrence_id"),
    )
    op.create_table(
        "opening",
        sa.Column("answer_id", sa.Integer, sa.ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        community(),
        sa.Index("ix_opening_member", "member_id"),
    )
    op.create_table(
        "answer_report",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("answer_id", sa.Integer, sa.ForeignKey("answer.id", ondelete="CASCADE"), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Column("settled_at", types.UtcDateTime),
        sa.UniqueConstraint("answer_id", "member_id"),
        sa.Index("ix_answer_report_member_id", "member_id", "at"),
        sa.Index("ix_answer_report_community_id", "community_id", "settled_at"),
    )
    op.create_table(
        "seen_note",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("note", sa.Text, primary_key=True),
        community(),
        sa.Column("at", types.UtcDateTime, nullable=False),
    )
    op.create_table(
        "part",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column(
            "answer_id",
            sa.Integer,
            sa.ForeignKey("answer.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("via", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("question", sa.Integer),
        sa.Column("value", types.Json),
        sa.Column("said_at", types.UtcDateTime, nullable=False),
        sa.Column("edited_at", types.UtcDateTime),
        sa.Column("said_in", sa.Text),
        sa.Index("ix_part_said_in", "said_in", **where("said_in IS NOT NULL")),
        sa.Index("uq_part_source", "source", unique=True),
    )


def create_anonymous_answers() -> None:
    """Create anonymous answers, sealed and published. On SQLite they lie by their random keys: no row has a number."""
    op.create_table(
        "anonymous_key",
        sa.Column(
            "occurrence_id",
            sa.Integer,
            sa.ForeignKey("asking.occurrence_id"),
            primary_key=True,
            autoincrement=False,
        ),
        community(),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table(
        "sealed_answer",
        sa.Column(
            "occurrence_id",
            sa.Integer,
            sa.ForeignKey("asking.occurrence_id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("receipt", sa.Text, primary_key=True),
        community(),
        sa.Column("sealed", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "anonymous_ticket",
        sa.Column(
            "occurrence_id",
            sa.Integer,
            sa.ForeignKey("asking.occurrence_id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("mark", sa.Text, primary_key=True),
        community(),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "anonymous_answer",
        sa.Column("id", sa.Text, primary_key=True),
        community(),
        sa.Column(
            "occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), nullable=False, index=True
        ),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Index("uq_anonymous_answer_receipt", "receipt", unique=True),
        sqlite_with_rowid=False,
    )


def create_conversations() -> None:
    """Create thanks for answers, and private conversations about them."""
    op.create_table(
        "thanks",
        sa.Column("answer_id", sa.Integer, sa.ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        community(),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Column("told_at", types.UtcDateTime),
        sa.Index("ix_thanks_member_id", "member_id"),
    )
    op.create_table(
        "thanks_due",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        community(),
        sa.Column("at", types.UtcDateTime, nullable=False, index=True),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), nullable=False),
        sa.Column("answer_id", sa.Integer, sa.ForeignKey("answer.id", ondelete="SET NULL")),
        sa.Column("reader_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("author_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("begun_at", types.UtcDateTime, nullable=False),
        sa.Column("ended_by", sa.Integer, sa.ForeignKey("member.id")),
        sa.UniqueConstraint("answer_id", "reader_id"),
        sa.Index("ix_conversation_reader_id", "reader_id", "author_id"),
        sa.Index("ix_conversation_author_id", "author_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "private_reply",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column(
            "conversation_id",
            sa.Integer,
            sa.ForeignKey("conversation.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("writer_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("space", sa.Text),
        sa.Column("channel", sa.Text),
        sa.Column("message", sa.Text),
        sa.Index("uq_private_reply_source", "source", unique=True),
        sa.Index("ix_private_reply_post", "space", "channel", "message"),
        sa.Index("ix_private_reply_writer_id", "writer_id", "at"),
        sqlite_autoincrement=True,
    )


def create_reminders() -> None:
    """Create reminders that are due or were sent, and the series a member has silenced."""
    op.create_table(
        "asked_after",
        sa.Column("occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), primary_key=True),
        community(),
        sa.Column("again_at", types.UtcDateTime),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Column("withdrawn_at", types.UtcDateTime),
        sa.UniqueConstraint("member_id", "reason", "period"),
        sa.Index("ix_reminder_at", "at"),
        sa.Index("ix_reminder_member", "member_id", "at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "snooze",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("series", sa.Text, primary_key=True),
        community(),
        sa.Column("until", types.UtcDateTime, nullable=False),
    )


def discussion_plan() -> list[sa.Column[Any]]:
    """Return what is planned, and who approved it."""
    return [
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column(
            "schedule_id", sa.Integer, sa.ForeignKey("schedule.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("occurrence_id", sa.Integer),
        sa.Column("number", sa.Integer),
        sa.Column("name", sa.Text),
        sa.Column("topic_id", sa.Integer),
    ]


def discussion_thread() -> list[sa.Column[Any]]:
    """Return where the thread is, and when it opens and closes."""
    return [
        sa.Column("space", sa.Text),
        sa.Column("channel", sa.Text),
        sa.Column("message", sa.Text),
        sa.Column("thread", sa.Text),
        sa.Column("post", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("said_again", sa.Integer, nullable=False),
        sa.Column("opened_at", types.UtcDateTime),
        sa.Column("closes_at", types.UtcDateTime),
        sa.Column("reopen_at", types.UtcDateTime),
        sa.Column("closing_since", types.UtcDateTime),
        sa.Column("closed_at", types.UtcDateTime),
        sa.Column("people", sa.Integer),
        sa.Column("pinned", sa.Boolean, nullable=False),
    ]


def discussion_meeting() -> list[sa.Column[Any]]:
    """Return when and where people meet."""
    return [
        sa.Column("meets_at", types.UtcDateTime),
        sa.Column("ends_at", types.UtcDateTime),
        sa.Column("seats", sa.Integer),
        sa.Column("where", sa.Text),
        sa.Column("listed", sa.Text),
        sa.Column("list_wanted", sa.Integer, nullable=False),
        sa.Column("list_done", sa.Integer, nullable=False),
        sa.Column("list_tried_at", types.UtcDateTime),
        sa.Column("called_off_at", types.UtcDateTime),
        sa.Column("reminded", sa.Integer, nullable=False),
    ]


def create_discussions() -> None:
    """Create discussions: the thread, its opening and closing, and a meeting if it has one."""
    op.create_table(
        "discussion",
        *discussion_plan(),
        *discussion_thread(),
        *discussion_meeting(),
        sa.Index("ix_discussion_closes_at", "closed_at", "closes_at"),
        sa.Index("ix_discussion_community_id_opened_at", "community_id", "opened_at"),
        sa.Index("ix_discussion_meets_at", "meets_at"),
        sa.Index("uq_discussion_schedule_id_key", "schedule_id", "key", unique=True),
    )


def create_topics() -> None:
    """Create queued topics and replies to invitations."""
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column(
            "schedule_id", sa.Integer, sa.ForeignKey("schedule.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("added_by", sa.Integer, sa.ForeignKey("member.id")),
        sa.Column("added_at", types.UtcDateTime, nullable=False),
        sa.Column("used_at", types.UtcDateTime),
        sa.Column("dropped_at", types.UtcDateTime),
        sa.Index("ix_topic_schedule_id", "schedule_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rsvp",
        sa.Column(
            "discussion_id", sa.Integer, sa.ForeignKey("discussion.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        community(),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Index("ix_rsvp_member_id", "member_id"),
    )


def create_courses() -> None:
    """Create courses, who is enrolled by itself, and what course hosts delivered."""
    op.create_table(
        "course",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("content", types.Json, nullable=False),
        sa.Column("retired_at", types.UtcDateTime),
        sa.UniqueConstraint("community_id", "slug"),
    )
    op.create_table(
        "enrollment_rule",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("created_at", types.UtcDateTime, nullable=False),
        sa.Column("made_by", sa.Integer),
        sa.UniqueConstraint("course_id", "kind", "value"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hook_delivery",
        sa.Column("community_id", sa.Integer, sa.ForeignKey("community.id"), primary_key=True),
        sa.Column("hook", sa.Text, primary_key=True),
        sa.Column("delivery", sa.Text, primary_key=True),
        sa.Column("taken_at", types.UtcDateTime, nullable=False, index=True),
    )
    op.create_table(
        "progress_draft",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("made_by", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("course_id", sa.Integer),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("chosen", types.Json, nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False, index=True),
        sqlite_autoincrement=True,
    )


def create_enrollments() -> None:
    """Create who takes which course."""
    op.create_table(
        "enrollment",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("joined_at", types.UtcDateTime, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("paused_at", types.UtcDateTime),
        sa.Column("paused_until", sa.Date),
        sa.Column("left_at", types.UtcDateTime),
        sa.Column("left_by", sa.Text),
        sa.Column("done_at", types.UtcDateTime),
        sa.Column("alive_at", types.UtcDateTime, nullable=False),
        sa.Column("release_at", types.UtcDateTime),
        sa.Column("remind_at", types.UtcDateTime),
        sa.Column("paused_by", sa.Text),
        sa.Column("silent_at", types.UtcDateTime),
        sa.UniqueConstraint("course_id", "member_id"),
        sa.Index("ix_enrollment_release", "release_at"),
        sa.Index("ix_enrollment_silent", "silent_at"),
        sa.Index("ix_enrollment_member", "member_id", "community_id"),
        sa.Index("ix_enrollment_remind", "remind_at"),
        sqlite_autoincrement=True,
    )


def create_progress() -> None:
    """Create where a member is in each lesson."""
    op.create_table(
        "progress",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("enrollment_id", sa.Integer, sa.ForeignKey("enrollment.id"), nullable=False),
        sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("lesson", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("content", types.Json, nullable=False),
        sa.Column("released_at", types.UtcDateTime, nullable=False),
        sa.Column("due_at", types.UtcDateTime, nullable=False),
        sa.Column("started_at", types.UtcDateTime),
        sa.Column("done_at", types.UtcDateTime),
        sa.Column("how", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("told_at", types.UtcDateTime),
        sa.Column("asked_at", types.UtcDateTime),
        sa.UniqueConstraint("enrollment_id", "lesson"),
        sa.Index("ix_progress_course", "course_id", "member_id"),
        sa.Index("ix_progress_member", "member_id", "community_id"),
    )


def create_plan_fills() -> None:
    """Create which parts of a team's plan were written into, for the lessons that ask for them."""
    op.create_table(
        "plan_fill",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Index("ix_plan_fill_team", "team_id", "part"),
    )


def create_learning_rows() -> None:
    """Create what members and leads settle about lessons."""
    op.create_table(
        "lesson_hold",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), primary_key=True),
        sa.Column("lesson", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        community(),
        sa.Column("day", sa.Date, nullable=False),
    )
    op.create_table(
        "cohort",
        sa.Column("rule_id", sa.Integer, sa.ForeignKey("enrollment_rule.id"), primary_key=True),
        community(),
        sa.Column("starts", sa.Date, nullable=False),
        sa.Column("space", sa.Text),
        sa.Column("channel", sa.Text),
    )
    op.create_table(
        "quiz_attempt",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), primary_key=True),
        sa.Column("lesson", sa.Text, primary_key=True),
        community(),
        sa.Column("chosen", types.Json, nullable=False),
        sa.Column("right", sa.Integer, nullable=False),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
    )
    op.create_table(
        "buddy",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), primary_key=True),
        community(),
        sa.Column("mate_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("last_id", sa.Integer),
        sa.Column("asked_at", types.UtcDateTime, nullable=False),
    )


def create_teams() -> None:
    """Create teams, their members and their weekly totals."""
    op.create_table(
        "team",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("created_at", types.UtcDateTime, nullable=False),
        sa.Column("archived_at", types.UtcDateTime),
        sa.Column("next_id", sa.Integer),
        sa.UniqueConstraint("community_id", "folded"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "teammate",
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        community(),
        sa.Column("lead", sa.Boolean, nullable=False),
        sa.Column("joined_at", types.UtcDateTime, nullable=False),
        sa.Column("left_at", types.UtcDateTime),
        sa.Index("ix_teammate_member", "member_id"),
    )
    op.create_table(
        "membership_notice",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("membership", sa.Text, nullable=False),
        sa.Column("subject", sa.Integer, nullable=False),
        sa.Column("made_by", sa.Integer),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("due_at", types.UtcDateTime, nullable=False),
        sa.Column("key", sa.Text),
        sa.UniqueConstraint("member_id", "membership", "subject"),
        sa.Index("ix_membership_notice_due_at", "due_at"),
        sa.Index("ix_membership_notice_key", "key"),
        sa.Index("ix_membership_notice_made_by", "made_by"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "team_week",
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), primary_key=True),
        sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), primary_key=True),
        sa.Column("week", sa.Text, primary_key=True),
        community(),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Index("ix_team_week_community", "community_id", "week"),
    )
    op.create_table(
        "team_total",
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), primary_key=True),
        sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), primary_key=True),
        sa.Column("week", sa.Text, primary_key=True),
        community(),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("lessons", sa.Integer, nullable=False),
        sa.Column("counted_at", types.UtcDateTime, nullable=False),
    )
    op.create_table(
        "counted_member",
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), primary_key=True),
        sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id"), primary_key=True),
        sa.Column("week", sa.Text, primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        community(),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Index("ix_counted_member_member_id", "member_id"),
    )
    op.create_table(
        "counted_week",
        sa.Column("community_id", sa.Integer, sa.ForeignKey("community.id"), primary_key=True),
        sa.Column("week", sa.Text, nullable=False),
    )
    op.create_table(
        "team_comparison",
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), primary_key=True),
        sa.Column("other_id", sa.Integer, sa.ForeignKey("team.id"), primary_key=True),
        community(),
        sa.Column("asked_at", types.UtcDateTime, nullable=False),
        sa.Column("agreed_at", types.UtcDateTime),
    )
    op.create_table(
        "team_handover",
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), primary_key=True),
        community(),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("offered_by", sa.Integer, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
    )


def create_rosters() -> None:
    """Create what imports of teams are about to do, and what they did."""
    op.create_table(
        "roster",
        sa.Column("id", sa.Integer, primary_key=True),
        community(index=True),
        sa.Column("made_by", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False, index=True),
        sa.Column("imported_at", types.UtcDateTime),
        sa.Column("undone_at", types.UtcDateTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "roster_row",
        sa.Column("roster_id", sa.Integer, sa.ForeignKey("roster.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True, index=True),
        community(),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("lead", sa.Boolean, nullable=False),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id", ondelete="SET NULL"), index=True),
        sa.Column("joined", sa.Boolean, nullable=False),
        sa.Column("led", sa.Boolean, nullable=False),
        sa.Column("made_team", sa.Boolean, nullable=False),
    )


def create_plan_canvases() -> None:
    """Create what is known of the canvases on which plans stand."""
    op.create_table(
        "plan_canvas",
        sa.Column("ref", sa.Text, primary_key=True),
        community(),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), nullable=False, index=True),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("canvas", sa.Text),
        sa.Column("lines", types.Json, nullable=False),
        sa.Column("sign", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("going_on", sa.Boolean, nullable=False),
        sa.Column("leaving", sa.Boolean, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("asking", sa.Boolean, nullable=False),
        sa.Column("look_at", types.UtcDateTime, index=True),
    )


def create_team_plans() -> None:
    """What a team decided, what stood there before, what waits to be saved, and which plans are shared."""
    op.create_table(
        "plan_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("about_id", sa.Integer),
        sa.Column("words", types.Json, nullable=False),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("day", sa.Date),
        sa.Column("author_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("done_at", types.UtcDateTime),
        sa.Column("gone_at", types.UtcDateTime),
        sa.Index("ix_plan_entry_team", "team_id", "part"),
        sa.Index("ix_plan_entry_day", "day"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plan_revision",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("entry_id", sa.Integer, sa.ForeignKey("plan_entry.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sheet", sa.Text, nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Column("words", types.Json),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("day", sa.Date),
        sa.Column("done_at", types.UtcDateTime),
        sa.Column("gone_at", types.UtcDateTime),
        sa.Column("on_canvas", sa.Boolean, nullable=False),
        sa.UniqueConstraint("entry_id", "version"),
        sa.Index("ix_plan_revision_team", "team_id", "id"),
        sa.Index("ix_plan_revision_at", "at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plan_share",
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), primary_key=True),
        community(),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("at", types.UtcDateTime, nullable=False),
    )
    op.create_table(
        "plan_place",
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), primary_key=True),
        community(),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("channel", sa.Text),
        sa.Column("thread", sa.Text),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("lost", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("named", sa.Text, nullable=False),
        sa.Column("due_at", types.UtcDateTime, index=True),
        sa.Column("made", sa.Boolean, nullable=False),
        sa.Column("carried", sa.Boolean, nullable=False),
        sa.Column("uncarried", sa.Text),
    )
    op.create_table(
        "team_room",
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), primary_key=True),
        community(),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("channel", sa.Text),
        sa.Column("thread", sa.Text),
        sa.Column("making_at", types.UtcDateTime),
        sa.Column("admitted", sa.Text),
        sa.Column("admit_at", types.UtcDateTime),
    )
    create_plan_canvases()
    op.create_table(
        "room_farewell",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("thread", sa.Text),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False, index=True),
        sa.Column("due_at", types.UtcDateTime, nullable=False, index=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plan_draft",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("line", sa.Text),
        sa.Column("sheet", sa.Text, nullable=False),
        sa.Column("entry_id", sa.Integer),
        sa.Column("about_id", sa.Integer),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("words", types.Json, nullable=False),
        sa.Column("clash", types.Json, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    create_check_ins()


def create_team_meetings() -> None:
    """Create the meetings of teams."""
    op.create_table(
        "team_meeting",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), nullable=False, index=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("thread", sa.Text),
        sa.Column("meets_at", types.UtcDateTime, nullable=False),
        sa.Column("lesson", sa.Text, nullable=False),
        sa.Column("online", sa.Boolean, nullable=False),
        sa.Column("tells", sa.Boolean, nullable=False),
        sa.Column("agenda", types.Json, nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("bell", sa.Text),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("runs_in", sa.Text),
        sa.Column("started_at", types.UtcDateTime),
        sa.Column("moved_at", types.UtcDateTime),
        sa.Column("ended_at", types.UtcDateTime),
        sa.Column("summary", sa.Text),
        sa.Column("called_off_at", types.UtcDateTime),
        sa.Index("ix_team_meeting_open", "ended_at", "called_off_at"),
        sqlite_autoincrement=True,
    )


def create_check_ins() -> None:
    """What plans are asked about and on which day, who is asked and what they said, and which leads hear of it."""
    op.create_table(
        "plan_check",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("entry_id", sa.Integer, sa.ForeignKey("plan_entry.id"), nullable=False),
        sa.Column("weeks", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("due_at", types.UtcDateTime, index=True),
        sa.Column("asked_at", types.UtcDateTime),
        sa.Column("made_at", types.UtcDateTime, nullable=False, index=True),
        sa.UniqueConstraint("entry_id", "weeks", "day"),
        sa.Index("ix_plan_check_team", "team_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plan_question",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("check_id", sa.Integer, sa.ForeignKey("plan_check.id"), nullable=False),
        sa.Column("entry_id", sa.Integer, sa.ForeignKey("plan_entry.id"), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("again_at", types.UtcDateTime, index=True),
        sa.Column("reminder_id", sa.Integer),
        sa.Column("state", sa.Text),
        sa.Column("words", types.Json, nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        sa.Column("said_at", types.UtcDateTime),
        sa.UniqueConstraint("check_id", "member_id"),
        sa.Index("ix_plan_question_team", "team_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "stuck_notice",
        sa.Column("question_id", sa.Integer, primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True, index=True),
        community(),
        sa.Column("tell_at", types.UtcDateTime, nullable=False, index=True),
        sa.Column("key", sa.Text, index=True),
        sa.Column("told_at", types.UtcDateTime),
    )


def create_exports() -> None:
    """Create what moderators asked to export, and the finished files until they are got."""
    op.create_table(
        "export_job",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("scope", types.Json, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("seen", types.Json),
        sa.Column("owner", sa.Text),
        sa.Column("made_at", types.UtcDateTime, nullable=False, index=True),
        sa.Column("beat_at", types.UtcDateTime, nullable=False),
        sa.Index("ix_export_job_state", "state", "beat_at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "export_piece",
        sa.Column(
            "job_id",
            sa.Integer,
            sa.ForeignKey("export_job.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        community(),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False, index=True),
    )


def create_letters() -> None:
    """Create which private letters were offered."""
    op.create_table(
        "letter_offer",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True, autoincrement=False),
        sa.Column("occasion", sa.Text, primary_key=True),
        community(),
        sa.Column("made_at", types.UtcDateTime, nullable=False, index=True),
        sa.Column("look_at", types.UtcDateTime),
        sa.Column("offered_at", types.UtcDateTime),
        sa.Index("ix_letter_offer_look", "look_at"),
    )


def create_search() -> None:
    """Create what can be found by words, and the full-text index that follows it."""
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("ref", sa.Integer, nullable=False),
        sa.Column("at", types.UtcDateTime, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("lesson", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Index("uq_search_entry_ref", "kind", "ref", unique=True),
        sa.Index("ix_search_entry_lesson", "community_id", "lesson"),
    )
    for statement in word_index_statements(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)


def create_strategies() -> None:
    """Create what somebody found to work, and who tried it."""
    op.create_table(
        "strategy",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("author_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("saver_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("whom", sa.Text, nullable=False),
        sa.Column("happened", sa.Text, nullable=False),
        sa.Column("learned", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("lesson", sa.Text, nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("ask_at", types.UtcDateTime, index=True),
        sa.Column("agreed_at", types.UtcDateTime),
        sa.Column("withdrawn_at", types.UtcDateTime),
        sa.Column("retired_at", types.UtcDateTime),
        sa.Index("ix_strategy_community_id", "community_id", "agreed_at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "strategy_try",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("strategy_id", sa.Integer, sa.ForeignKey("strategy.id", ondelete="CASCADE")),
        sa.Column("answer_id", sa.Integer, sa.ForeignKey("answer.id", ondelete="CASCADE")),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("tried_at", types.UtcDateTime, nullable=False),
        sa.Column("ask_at", types.UtcDateTime, index=True),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("shared_at", types.UtcDateTime),
        sa.UniqueConstraint("strategy_id", "member_id"),
        sa.UniqueConstraint("answer_id", "member_id"),
    )


def create_ratings() -> None:
    """Taps about prompts and lessons that wait to be counted, and what was counted."""
    op.create_table(
        "rating",
        sa.Column("community_id", sa.Integer, sa.ForeignKey("community.id"), primary_key=True),
        sa.Column("thing", sa.Text, primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True, index=True),
        sa.Column("choice", sa.Text),
        sa.Column("at", types.UtcDateTime, nullable=False, index=True),
    )
    op.create_table(
        "rating_total",
        sa.Column("community_id", sa.Integer, sa.ForeignKey("community.id"), primary_key=True),
        sa.Column("thing", sa.Text, primary_key=True),
        sa.Column("yes", sa.Integer, nullable=False),
        sa.Column("so_so", sa.Integer, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("counted_at", types.UtcDateTime),
        sa.Column("due_at", types.UtcDateTime, index=True),
    )


def create_integrations() -> None:
    """Webhooks, and calendar feeds."""
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer, primary_key=True),
        community(index=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("events", types.Json, nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("paused_at", types.UtcDateTime),
        sa.Column("paused_for", sa.Text),
        sa.Column("answered_at", types.UtcDateTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer, primary_key=True),
        community(index=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), index=True),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("salt", sa.Text, nullable=False, unique=True),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
    )


def create_reports() -> None:
    """What was counted of prompts, scales and weeks when they were over."""
    op.create_table(
        "report_prompt",
        sa.Column("occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), primary_key=True),
        community(),
        sa.Column("week", sa.Text, nullable=False),
        sa.Column("asked", sa.Integer),
        sa.Column("answered", sa.Integer),
        sa.Column("everybody", sa.Boolean, nullable=False),
        sa.Column("opened", sa.Integer),
        sa.Column("words", sa.Integer),
        sa.Column("counted_at", types.UtcDateTime, nullable=False),
        sa.Index("ix_report_prompt_week", "community_id", "week"),
    )
    op.create_table(
        "report_scale",
        sa.Column("occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), primary_key=True),
        sa.Column("question", sa.Integer, primary_key=True),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), primary_key=True),
        community(),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
    )
    op.create_table(
        "highlight",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("occurrence_id", sa.Integer, sa.ForeignKey("asking.occurrence_id"), nullable=False),
        sa.Column("answer_id", sa.Integer, sa.ForeignKey("answer.id", ondelete="SET NULL")),
        sa.Column("author_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("asker_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.Column("asked_at", types.UtcDateTime, nullable=False),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("named", sa.Boolean, nullable=False),
        sa.Column("decided_at", types.UtcDateTime),
        sa.Column("key", sa.Text),
        sa.Column("space", sa.Text),
        sa.Column("channel", sa.Text),
        sa.Column("message", sa.Text),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("sign", sa.Text),
        sa.Index("uq_highlight_answer", "answer_id", unique=True),
        sa.Index("ix_highlight_occurrence", "occurrence_id"),
        sa.Index("ix_highlight_author", "author_id", "asked_at"),
        sa.Index("ix_highlight_community", "community_id", "asked_at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "monthly_choice",
        sa.Column("community_id", sa.Integer, sa.ForeignKey("community.id"), primary_key=True),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("told", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_table(
        "monthly_card",
        sa.Column("id", sa.Integer, primary_key=True),
        community(),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("posted_at", types.UtcDateTime, nullable=False, index=True),
        sa.Column("key", sa.Text, index=True),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.UniqueConstraint("community_id", "month"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "monthly_thing",
        sa.Column(
            "card_id", sa.Integer, sa.ForeignKey("monthly_card.id", ondelete="CASCADE"), primary_key=True
        ),
        community(),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("ref", sa.Integer, nullable=False),
        sa.Column("occurrence_id", sa.Integer, index=True),
        sa.Index("ix_monthly_thing_ref", "kind", "ref"),
    )
    op.create_table(
        "report_week",
        sa.Column("community_id", sa.Integer, sa.ForeignKey("community.id"), primary_key=True),
        sa.Column("week", sa.Text, primary_key=True),
        sa.Column("reminders", sa.Integer),
        sa.Column("reminded", sa.Integer),
        sa.Column("muted", sa.Integer),
        sa.Column("counted_at", types.UtcDateTime, nullable=False),
        sa.Column("noted_at", types.UtcDateTime),
        sa.Column("again_at", types.UtcDateTime),
    )
