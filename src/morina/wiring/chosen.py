"""What the desk and alerts need of the settings, as they know it."""

from morina.alerts import AlertRules
from morina.desk.services import Limits
from morina.settings import Settings


def rules_of(settings: Settings) -> AlertRules:
    """How alerts fold and end."""
    alerts = settings.alerts
    return AlertRules(
        fold_within_s=alerts.fold_within_s,
        live_within_s=alerts.live_within_s,
        expire_after_s=alerts.expire_after_s,
    )


def limits_of(settings: Settings) -> Limits:
    """What the desk bounds what it is given by."""
    return Limits(
        upload_bytes=settings.desk.upload_bytes,
        push_bytes=settings.push.bytes,
        sortie_bytes=settings.aerial.upload_bytes,
        certificate_header=settings.push.certificate_header,
        proxies=settings.push.proxies,
        behind_tls_proxy=settings.desk.behind_tls_proxy,
        sign_ins_a_minute=settings.desk.sign_ins_a_minute,
        requests_a_second=settings.desk.requests_a_second,
        image_pixels=settings.desk.image_pixels,
        look_alike_swaps=settings.matching.look_alike_swaps,
        live_within_s=settings.alerts.live_within_s,
        misread_share=settings.matching.misread_share,
        reads_a_day=settings.matching.reads_a_day,
        tiles=settings.desk.tiles,
        metrics_from_loopback=settings.health.metrics_from_loopback,
    )
