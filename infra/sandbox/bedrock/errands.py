"""What is wanted, read from method, path and headers: Bedrock's runtime, its control plane, and Rekognition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from infra.sandbox.bedrock.refusing import Refused
from infra.sandbox.bedrock.work import Asked

MODERATION = "RekognitionService.DetectModerationLabels"
OF_MODELS = {"invoke", "invoke-with-response-stream", "converse", "converse-stream"}


@dataclass(frozen=True, slots=True)
class Errand:
    operation: str
    id: str = ""  # of the model or the guardrail, as it was asked for
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def streams(self) -> bool:
        return self.operation.endswith("-stream")

    @property
    def signed_as(self) -> str:
        return "rekognition" if self.operation == "moderate" else "bedrock"

    @property
    def content_type(self) -> str:
        return "application/x-amz-json-1.1" if self.operation == "moderate" else "application/json"


def errand_of(asked: Asked) -> Errand:
    path, _, query = asked.path.partition("?")
    parts = [unquote(part) for part in path.strip("/").split("/")]
    match asked.method, *parts:
        case "POST", "model", model, operation if operation in OF_MODELS:
            return Errand(operation, model)
        case "POST", "guardrail", guardrail, "version", _, "apply":
            return Errand("guardrail", guardrail)
        case "GET", "foundation-models":
            return Errand("models", "", dict(parse_qsl(query)))
        case "GET", "foundation-models", model:
            return Errand("models", model)
        case "POST", "" if asked.headers.get("x-amz-target") == MODERATION:
            return Errand("moderate", "rekognition")
        case _:
            raise Refused(404, "UnknownOperationException", "There is no such operation here.")
