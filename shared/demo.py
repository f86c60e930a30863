"""What the synthetic demo and the page that lets one log in as its cast agree on."""

# Accounts with an address of this (reserved, RFC 2606) domain are the demo's cast: `/demo` lists them.
CAST_DOMAIN = "cast.example.org"
