"""The benchmark: how much the portal takes, against a floor; `make bench`."""
