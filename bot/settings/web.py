"""The settings of what a running bot serves by HTTP, and of how an operator watches it."""

from __future__ import annotations

from pydantic import BaseModel, Field, SecretStr, field_validator


class WebSettings(BaseModel):
    """The playground's page, events by HTTP, and the health check."""

    model_config = {"extra": "forbid"}

    host: str = Field(
        "127.0.0.1", description="Address to listen on; anything but loopback needs the page's token"
    )
    port: int = Field(8420, ge=0, le=65535, description="Port of the page")
    public_url: str = Field(
        "",
        description="Address at which this server is reached from outside, like https://tilth.example, for calendar feeds; empty: "
        "no feeds",
    )

    @field_validator("public_url")
    @classmethod
    def _is_public_address(cls, url: str) -> str:
        if url and (not url.startswith(("https://", "http://")) or any(one in url for one in "?#@ ")):
            raise ValueError("it needs a whole address and nothing behind it, like https://tilth.example")
        return url.rstrip("/")


class WebhookSettings(BaseModel):
    """Where webhooks, which admins set up in chat, may go."""

    model_config = {"extra": "forbid"}

    private: bool = Field(
        False,
        description="Whether webhooks may go to addresses of private networks and of this machine, where services stand that "
        "trust their neighbors",
    )
    plain_http: bool = Field(
        False, description="Whether webhooks may go to http:// addresses, where others can read along"
    )


class MonitoringSettings(BaseModel):
    """Numbers for Prometheus, and a sign of life for a service that notices when it stops."""

    model_config = {"extra": "forbid"}

    host: str = Field(
        "127.0.0.1",
        description="Address of /metrics; on anything but loopback, whoever reaches it reads the numbers",
    )
    port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Port of /metrics for Prometheus, for example 9420, another one for each process; empty: none",
    )
    ping: SecretStr = Field(
        SecretStr(""),
        description="Address that is asked once a minute while posts go out and every job is on time (of healthchecks.io, "
        "Uptime Kuma and the like, which tell you when it stops); empty: none",
    )

    @field_validator("port", mode="before")
    @classmethod
    def _empty_is_none(cls, port: object) -> object:
        return None if port == "" else port

    @field_validator("ping")
    @classmethod
    def _is_an_address(cls, ping: SecretStr) -> SecretStr:
        address = ping.get_secret_value()
        if address and not address.startswith(("https://", "http://")):
            raise ValueError("it needs a whole address, which begins with https://")
        return ping
