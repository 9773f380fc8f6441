"""The base of every shape that is only sent: described in the OpenAPI document, never validated."""

from pydantic import BaseModel, ConfigDict


class Sent(BaseModel):
    """A response or a part of one. Its schema is built when the document is asked for."""

    model_config = ConfigDict(defer_build=True)
