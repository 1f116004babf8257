"""How Hypothesis draws here: a busy machine is no failure."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "crypto", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("crypto")
