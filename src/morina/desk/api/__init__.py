"""The REST API beside the desk: captures in; reads, alerts, hotlists, cameras and pictures out."""

from morina.desk.api.router import serve

__all__ = ["serve"]
