"""What Bedrock says when it does not do what it was asked: its own words, its exception, and the HTTP status."""

import json
from collections.abc import Mapping
from typing import Any

CORAL = "http://internal.amazon.com/coral/com.amazon.bedrock/"

INVALID_ID = "The provided model identifier is invalid."
END_OF_LIFE = (
    "This model version has reached the end of its life. Please refer to the AWS documentation for more details."
)
LEGACY = (
    "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the "
    "last 30 days. Please upgrade to an active model on Amazon Bedrock"
)
NO_ACCESS = (
    "Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace "
    "actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to this model. Refer to "
    "the Amazon Bedrock documentation for further details. Your AWS Marketplace subscription for this model cannot be "
    "completed at this time. If you recently fixed this issue, try again after 2 minutes."
)
TOO_MANY = "Too many requests, please wait before trying again."
INPUT_BLOCKED = (
    "This request has been blocked by our content filters. Please adjust your text prompt to submit a new request."
)
NOT_ENGLISH = "Prompts in languages other than English are not supported."  # invented: AWS's own words are not known

# What an error of this status is called, and what it says where a fault does not say otherwise.
EXCEPTIONS: Mapping[int, tuple[str, str]] = {
    400: ("ValidationException", INVALID_ID),
    403: ("AccessDeniedException", NO_ACCESS),
    404: ("ResourceNotFoundException", END_OF_LIFE),
    408: ("ModelTimeoutException", "Model has timed out in processing the request. Try your request again."),
    424: ("ModelErrorException", "The request failed due to an error while processing the model. Try again later."),
    429: ("ThrottlingException", TOO_MANY),
    500: ("InternalServerException", "The system encountered an unexpected error during processing. Try again."),
    503: ("ServiceUnavailableException", "Bedrock is unable to process your request."),
}


class Refused(Exception):
    """A call that failed: the status, the exception's name, and what is said."""

    def __init__(self, status: int, kind: str, message: str, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status, self.kind, self.message, self.more = status, kind, message, more or {}

    @property
    def headers(self) -> dict[str, str]:
        return {"x-amzn-ErrorType": f"{self.kind}:{CORAL}", "Content-Type": "application/json"}

    @property
    def body(self) -> bytes:
        return json.dumps({"message": self.message, **self.more}).encode()

    @property
    def rekognition_body(self) -> bytes:
        """The older protocol names the exception in the body."""
        return json.dumps({"__type": self.kind, "Message": self.message}).encode()


class Cut(ConnectionResetError):
    """The line was cut before an answer."""


def error(status: int, kind: str = "", message: str = "") -> Refused:
    """The exception of this status, under another name or with other words where they are given."""
    usual, says = EXCEPTIONS.get(status, ("InternalServerException", ""))
    more = {"originalStatusCode": 500, "resourceName": "model"} if status == 424 else {}
    return Refused(status, kind or usual, message or says, more)


def invalid(message: str) -> Refused:
    return Refused(400, "ValidationException", message)


def detail(message: str) -> Refused:
    """As Stability's models say it: JSON within the message."""
    return invalid(json.dumps({"detail": message}))


def malformed(what: str) -> Refused:
    """As Amazon's own models say it."""
    return invalid(f"Malformed input request: {what}, please reformat your input and try again.")


def on_demand(model: str) -> Refused:
    return invalid(
        f"Invocation of model ID {model} with on-demand throughput isn’t supported. Retry your request with the ID or "
        "ARN of an inference profile that contains this model."
    )


def not_found(message: str) -> Refused:
    return Refused(404, "ResourceNotFoundException", message)


def denied(kind: str, message: str) -> Refused:
    return Refused(403, kind, message)


def throttled() -> Refused:
    return error(429)
