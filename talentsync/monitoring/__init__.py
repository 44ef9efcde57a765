"""How the service is: health for other programs, numbers for Prometheus, alerts for people."""
