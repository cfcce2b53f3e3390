"""Requirements of OWASP ASVS 5.0.0, each with a test named after it: docs/security.md is their table."""
